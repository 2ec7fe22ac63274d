-- Finds days on which int_manager_spans gives an employed person another manager than
-- int_people_on_dates does.
-- When it matters: always; usage_segments and adoption_rates would file one person under two.
-- How to fix: both walk the same chain of terminated managers, one by day and one by period;
-- compare their rules in int_managers_on_dates and int_manager_spans.
{{ config(meta={'joins': [{
    'name': 'days_of_people_to_manager_spans',
    'join': 'manager_spans',
    'kind': 'as_of',
    'keys': [['employee_id', 'employee_id']],
    'as_of': {'date': 'on_date', 'from': 'valid_from', 'to': 'valid_to', 'gaps': 'allowed'},
    'cardinality': 'many_to_one',
}]}) }}

with

people_on_dates as (

    select * from {{ ref('int_people_on_dates') }}

    where
        is_employed
        and {{ 'true' if var('curve_managers') else 'false' }}

),

manager_spans as (

    select * from {{ ref('int_manager_spans') }}

),

-- many days : zero or one period. A day without one stays and is broken.
broken as (

    select
        people_on_dates.employee_id,
        people_on_dates.on_date,
        people_on_dates.manager_group,
        manager_spans.manager_group as manager_group_of_span

    from people_on_dates

    left join manager_spans
        on people_on_dates.employee_id = manager_spans.employee_id
        and people_on_dates.on_date >= manager_spans.valid_from
        and people_on_dates.on_date < manager_spans.valid_to

    where people_on_dates.manager_group is distinct from manager_spans.manager_group

)

select * from broken
