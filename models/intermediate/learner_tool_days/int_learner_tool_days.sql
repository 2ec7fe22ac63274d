-- One row per employee, tool, index date and day with an observed action, from the first baseline
-- day to the last checkpoint day.
--
-- day_number = usage date - index date; day 0 is stored and never counted. Days without a row are
-- inactive or unknown, which int_coverage_days tells.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

usage_days as (

    select * from {{ ref('int_usage_days') }}

),

-- one index date : many observed days. Index dates without use match nothing; use outside the
-- window is excluded: no figure counts it.
learner_tool_days as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        usage_days.usage_date,
        {{ days_between('usage_days.usage_date', 'index_dates.completion_date') }} as day_number,
        usage_days.interactions,
        usage_days.n_surfaces

    from index_dates

    inner join usage_days
        on index_dates.employee_id = usage_days.employee_id
        and index_dates.tool_id = usage_days.tool_id
        and usage_days.usage_date
        >= {{ add_days('index_dates.completion_date', '-' ~ var('baseline_days')) }}
        and usage_days.usage_date
        <= {{ add_days('index_dates.completion_date', var('checkpoint_days') | max) }}

)

select * from learner_tool_days
