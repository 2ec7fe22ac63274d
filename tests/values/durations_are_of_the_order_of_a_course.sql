-- Finds deliveries of learning in which half of the durations, ten or more, are over 100 hours or
-- under a minute.
-- When it matters: always; a duration in milliseconds or minutes that is read as seconds falsifies
-- training hours, what they cost, and which completions look clicked through.
-- How to fix: ask the vendor for the unit, and convert in staging. Warns only: a platform may keep
-- the clock running, or sell films of half a minute.
{{ config(severity='warn') }}

with

learning_events as (

    select * from {{ ref('learning_events') }}

    where duration_seconds > 0

),

per_file as (

    select
        source_file,
        cast(count(*) as bigint) as n_durations,
        cast(sum(case when duration_seconds > 360000 then 1 else 0 end) as bigint) as n_too_long,
        cast(sum(case when duration_seconds < 60 then 1 else 0 end) as bigint) as n_too_short

    from learning_events

    group by source_file

),

strange as (

    select * from per_file

    where
        n_durations >= 10
        and (2 * n_too_long >= n_durations or 2 * n_too_short >= n_durations)

)

select * from strange
