-- Finds platforms and months of ten completions or more of which a fifth took over twenty times as
-- long as their course, or half less than a twentieth of it.
-- When it matters: always; a duration in milliseconds, minutes or hours that is read as seconds
-- falsifies training hours, what they cost, and which completions look clicked through.
-- How to fix: ask the vendor for the unit, and convert in staging. Warns only: a platform may keep
-- the clock running, or people may click through. Courses without a listed length are not judged.
{{ config(severity='warn') }}

with

attempts as (

    select
        platform,
        {{ month_of('completion_date') }} as completion_month,
        duration_seconds,
        60 * course_minutes as course_seconds

    from {{ ref('int_completion_attempts') }}

    where
        duration_seconds > 0
        and course_minutes > 0

),

per_month as (

    select
        platform,
        completion_month,
        cast(count(*) as bigint) as n_attempts,
        cast(sum(
            case when duration_seconds > 20 * course_seconds then 1 else 0 end
        ) as bigint) as n_too_long,
        cast(sum(
            case when 20 * duration_seconds < course_seconds then 1 else 0 end
        ) as bigint) as n_too_short

    from attempts

    group by
        platform,
        completion_month

),

strange as (

    select * from per_month

    where
        n_attempts >= 10
        and (5 * n_too_long >= n_attempts or 2 * n_too_short >= n_attempts)

)

select * from strange
