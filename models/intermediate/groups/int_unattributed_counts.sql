-- One row per program and tool with completions nobody can be named for: distinct aliases.
--
-- Together with dimension `all` they make the LMS total; they are never part of a rate.

with

units as (

    select * from {{ ref('int_units') }}

    where
        not is_attributed
        and completion_date is not null

),

counts as (

    select
        program_id,
        tool_id,
        cast(count(*) as bigint) as n_completed

    from units

    group by program_id, tool_id

    union all

    select
        program_id,
        'all' as tool_id,
        cast(count(*) as bigint) as n_completed

    from units

    group by program_id

)

select * from counts
