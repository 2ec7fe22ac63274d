-- One row per whole month, employee employed on its last day and consumer tool (or `all`), if the
-- person used the consumer tool in the month, or a tool that is approved in its place.
--
-- Requests of people who had left by the last day are not here: int_shadow_unattributed has them.

with

shadow_days as (

    select * from {{ ref('int_shadow_days') }}

    where employee_id is not null

),

approved_days as (

    select
        employee_id,
        tool_id,
        {{ month_of('first_day') }} as month_start

    from {{ ref('int_approved_days') }}

    where {{ month_of('first_day') }} = {{ month_of('last_day') }}

),

approved_tools as (

    select * from {{ ref('int_approved_tools') }}

),

shadow_people as (

    select * from {{ ref('int_shadow_people') }}

),

used as (

    select distinct
        employee_id,
        tool_id,
        month_start

    from approved_days

),

-- many months of use : the consumer tools in whose place the tool is approved, one at least.
approved_use as (

    select distinct
        used.employee_id,
        used.month_start,
        approved_tools.consumer_tool

    from used

    inner join approved_tools
        on used.tool_id = approved_tools.tool_id

),

stacked as (

    {% for consumer_tool in ['consumer_tool', "'all'"] %}
    select
        employee_id,
        month_start,
        {{ consumer_tool }} as consumer_tool,
        n_requests,
        true as is_shadow,
        false as is_approved

    from shadow_days

    union all

    {% endfor %}
    select
        employee_id,
        month_start,
        consumer_tool,
        0 as n_requests,
        false as is_shadow,
        true as is_approved

    from approved_use

),

per_person as (

    select
        employee_id,
        month_start,
        consumer_tool,
        sum(n_requests) as n_requests,
        bool_or(is_shadow) as is_shadow_user,
        bool_or(is_approved) as is_approved_user

    from stacked

    group by
        employee_id,
        month_start,
        consumer_tool

),

-- many tools of a person's month : zero or one person employed on its last day. Others, and months
-- that are not whole, are excluded.
shadow_use as (

    select
        per_person.employee_id,
        per_person.month_start,
        per_person.consumer_tool,
        per_person.n_requests,
        per_person.is_shadow_user,
        per_person.is_approved_user,
        shadow_people.usage_month,
        shadow_people.track,
        shadow_people.audience,
        shadow_people.role_group,
        shadow_people.department,
        shadow_people.location,
        shadow_people.is_trained

    from per_person

    inner join shadow_people
        on per_person.employee_id = shadow_people.employee_id
        and per_person.month_start = shadow_people.month_start

)

select * from shadow_use
