-- One row per employee and tool with a seat on the seat date, a completion, or both.
--
-- What was held and paid, the index date, the hours of training, and the verdict of the last
-- checkpoint. n_seats 0: trained, no seat on the day (or seats not measured).

with

{% set last_day = var('checkpoint_days') | max %}
seats as (

    select * from {{ ref('int_licence_seats') }}

    where employee_id is not null

),

completions as (

    select * from {{ ref('int_unit_checkpoints') }}

    where
        program_id = 'all'
        and checkpoint_day = {{ last_day }}

),

training_hours as (

    select * from {{ ref('int_training_hours') }}

),

-- many completions : one sum of hours, because a completion is a satisfying event.
trained as (

    select
        completions.employee_id,
        completions.tool_id,
        completions.completion_date,
        completions.is_eligible,
        completions.is_adopted,
        training_hours.training_hours

    from completions

    inner join training_hours
        on completions.employee_id = training_hours.employee_id
        and completions.tool_id = training_hours.tool_id

),

stacked as (

    select
        employee_id,
        tool_id,
        1 as is_seat,
        case when monthly_cost is null then 1 else 0 end as is_without_cost,
        monthly_cost,
        cast(null as date) as completion_date,
        cast(null as boolean) as is_eligible,
        cast(null as boolean) as is_adopted,
        cast(null as double) as training_hours

    from seats

    union all

    select
        employee_id,
        tool_id,
        0 as is_seat,
        0 as is_without_cost,
        cast(null as double) as monthly_cost,
        completion_date,
        is_eligible,
        is_adopted,
        training_hours

    from trained

),

holdings as (

    select
        employee_id,
        tool_id,
        cast(sum(is_seat) as bigint) as n_seats,
        cast(sum(is_without_cost) as bigint) as n_seats_without_cost,
        sum(monthly_cost) as monthly_cost,
        max(completion_date) as completion_date,
        bool_or(is_eligible) as is_judged,
        bool_or(is_adopted) as is_adopted,
        max(training_hours) as training_hours

    from stacked

    group by
        employee_id,
        tool_id

)

select * from holdings
