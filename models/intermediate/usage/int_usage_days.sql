-- One row per employee, tool and day on which an intentional action was observed.
--
-- Surfaces and aliases of one person add up to one day. Days without an action are not stored:
-- whether they are inactive or unknown follows from int_coverage_days. Period rows only prove
-- their first and last active date, with no count of interactions.
-- depends_on: {{ ref('int_usage_months') }}
{{ config(materialized='monthly', month_column='usage_month', months='int_usage_months') }}

with

usage_rows as (

    select * from {{ ref('int_usage_rows_matched') }}

    where
        is_active
        and employee_id is not null
        and {{ built_months('usage_date') }}

),

usage_weeks as (

    select * from {{ ref('int_usage_weeks') }}

),

observed as (

    select
        employee_id,
        tool_id,
        usage_date,
        coalesce(interactions, 0) as interactions,
        surface

    from usage_rows

    union all

    select
        employee_id,
        tool_id,
        first_active_date as usage_date,
        0 as interactions,
        cast(null as string) as surface

    from usage_weeks

    where
        first_active_date is not null
        and {{ built_months('first_active_date') }}

    union all

    select
        employee_id,
        tool_id,
        last_active_date as usage_date,
        0 as interactions,
        cast(null as string) as surface

    from usage_weeks

    where
        last_active_date is not null
        and {{ built_months('last_active_date') }}

),

-- Counting the surfaces in two steps is much faster than count(distinct).
surface_days as (

    select
        employee_id,
        tool_id,
        usage_date,
        surface,
        sum(interactions) as interactions

    from observed

    group by
        employee_id,
        tool_id,
        usage_date,
        surface

),

usage_days as (

    select
        employee_id,
        tool_id,
        usage_date,
        cast(sum(interactions) as bigint) as interactions,
        cast(count(surface) as bigint) as n_surfaces,
        {{ month_of('usage_date') }} as usage_month

    from surface_days

    group by
        employee_id,
        tool_id,
        usage_date

)

select * from usage_days
