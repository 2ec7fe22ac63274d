-- One row per whole month and consumer tool (or `all`) with requests of accounts that no employee
-- of its last day held: unknown and disputed accounts, and those of people who have left.

with

shadow_days as (

    select * from {{ ref('int_shadow_days') }}

),

months as (

    select * from {{ ref('int_shadow_months') }}

    where is_whole_month

),

shadow_people as (

    select * from {{ ref('int_shadow_people') }}

),

-- many days : zero or one whole month (days of others are excluded), and zero or one person
-- employed on its last day: those without are what is counted here.
named as (

    select
        shadow_days.alias_type,
        shadow_days.alias_value,
        shadow_days.consumer_tool,
        shadow_days.n_requests,
        months.usage_month,
        shadow_people.employee_id

    from shadow_days

    inner join months
        on shadow_days.month_start = months.month_start

    left join shadow_people
        on shadow_days.employee_id = shadow_people.employee_id
        and shadow_days.month_start = shadow_people.month_start

),

stacked as (

    {% for consumer_tool in ['consumer_tool', "'all'"] %}
    select
        usage_month,
        {{ consumer_tool }} as consumer_tool,
        alias_type,
        alias_value,
        n_requests

    from named

    where employee_id is null

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

per_account as (

    select
        usage_month,
        consumer_tool,
        alias_type,
        alias_value,
        sum(n_requests) as n_requests

    from stacked

    group by
        usage_month,
        consumer_tool,
        alias_type,
        alias_value

),

unattributed as (

    select
        usage_month,
        consumer_tool,
        cast(sum(n_requests) as bigint) as n_requests,
        cast(count(*) as bigint) as n_accounts

    from per_account

    group by
        usage_month,
        consumer_tool

)

select * from unattributed
