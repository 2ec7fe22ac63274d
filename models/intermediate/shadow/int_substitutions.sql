-- One row per person of int_trained_windows and consumer tool (or `all`) with use in a window: of
-- the consumer tool before or after the training, or of a tool approved in its place after it.

with

windows as (

    select * from {{ ref('int_trained_windows') }}

),

shadow_days as (

    select * from {{ ref('int_shadow_days') }}

    where employee_id is not null

),

approved_days as (

    select * from {{ ref('int_approved_days') }}

),

approved_tools as (

    select * from {{ ref('int_approved_tools') }}

),

-- one person : zero or many days with use in the windows, or between them, where it proves nothing.
shadow_use as (

    select
        windows.employee_id,
        shadow_days.consumer_tool,
        shadow_days.usage_date < windows.completion_date as is_before,
        shadow_days.usage_date >= windows.after_start as is_after

    from windows

    inner join shadow_days
        on windows.employee_id = shadow_days.employee_id
        and windows.before_start <= shadow_days.usage_date
        and windows.after_end >= shadow_days.usage_date

),

-- one person : zero or many days and weeks of approved use in the later window; each is of the
-- consumer tools in whose place the tool is approved.
approved_use as (

    select distinct
        windows.employee_id,
        approved_tools.consumer_tool

    from windows

    inner join approved_days
        on windows.employee_id = approved_days.employee_id
        and windows.after_start <= approved_days.first_day
        and windows.after_end >= approved_days.last_day

    inner join approved_tools
        on approved_days.tool_id = approved_tools.tool_id

),

stacked as (

    {% for consumer_tool in ['consumer_tool', "'all'"] %}
    select
        employee_id,
        {{ consumer_tool }} as consumer_tool,
        is_before,
        is_after,
        false as is_approved_after

    from shadow_use

    where is_before or is_after

    union all

    {% endfor %}
    select
        employee_id,
        consumer_tool,
        false as is_before,
        false as is_after,
        true as is_approved_after

    from approved_use

),

per_person as (

    select
        employee_id,
        consumer_tool,
        bool_or(is_before) as is_before,
        bool_or(is_after) as is_after,
        bool_or(is_approved_after) as is_approved_after

    from stacked

    group by
        employee_id,
        consumer_tool

),

-- many tools : one person, which a guard insists on.
substitutions as (

    select
        per_person.employee_id,
        per_person.consumer_tool,
        per_person.is_before,
        per_person.is_after,
        per_person.is_approved_after,
        attributes.track,
        attributes.audience,
        attributes.role_group,
        attributes.department,
        attributes.location

    from per_person

    left join windows as attributes
        on per_person.employee_id = attributes.employee_id

)

select * from substitutions
