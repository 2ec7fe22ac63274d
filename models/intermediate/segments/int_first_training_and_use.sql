-- One row per employee and tool with a completion or use: the index date of the learner-tool unit,
-- and the end of the first week with use within the delivered history. NULL: never.

with

units as (

    select * from {{ ref('int_units') }}

    where
        program_id = 'all'
        and is_attributed
        and completion_date is not null

),

segment_spans as (

    select * from {{ ref('int_segment_spans') }}

    where is_first_use

),

stacked as (

    select
        employee_id,
        tool_id,
        completion_date,
        cast(null as date) as first_use_week_end

    from units

    union all

    select
        employee_id,
        tool_id,
        cast(null as date) as completion_date,
        {{ add_days('week_start_date', 6) }} as first_use_week_end

    from segment_spans

),

first_training_and_use as (

    select
        employee_id,
        tool_id,
        max(completion_date) as completion_date,
        max(first_use_week_end) as first_use_week_end

    from stacked

    group by
        employee_id,
        tool_id

)

select * from first_training_and_use
