-- One row per employee and day of int_employment_on_dates: who manages them that day.
--
-- While the named manager is terminated on the day, the manager named by their own row takes
-- over (is_manager_replaced). manager_status: known, no_manager (a row that names nobody) or
-- unknown (no row, the learner met again, a cycle, or a chain beyond manager_chain_steps).

with

on_dates as (

    select * from {{ ref('int_employment_on_dates') }}

),

employment_intervals as (

    select
        employee_id,
        valid_from,
        valid_to,
        is_terminated,
        manager_employee_id

    from {{ ref('int_employment_intervals') }}

),

-- many days : zero or one deciding row of the named manager. Without one: unknown.
named_manager as (

    select
        on_dates.employee_id,
        on_dates.on_date,
        on_dates.has_hr_row,
        on_dates.manager_employee_id,
        named_manager_rows.employee_id is not null as has_manager_row,
        coalesce(named_manager_rows.is_terminated, false) as is_manager_terminated,
        named_manager_rows.manager_employee_id as next_manager_id

    from on_dates

    left join employment_intervals as named_manager_rows
        on on_dates.manager_employee_id = named_manager_rows.employee_id
        and on_dates.on_date >= named_manager_rows.valid_from
        and on_dates.on_date < named_manager_rows.valid_to

),

decided_at_once as (

    select
        employee_id,
        on_date,
        case
            when has_manager_row and manager_employee_id <> employee_id then manager_employee_id
        end as manager_employee_id,
        case
            when not has_hr_row then 'unknown'
            when manager_employee_id is null then 'no_manager'
            when has_manager_row and manager_employee_id <> employee_id then 'known'
            else 'unknown'
        end as manager_status,
        false as is_manager_replaced

    from named_manager

    where not is_manager_terminated or manager_employee_id = employee_id

),

-- Terminated managers are rare; only their reports walk up the chain. `candidate_id` is the one
-- asked next, NULL once decided.
step_1 as (

    select
        employee_id,
        on_date,
        case when next_manager_id <> employee_id then next_manager_id end as candidate_id,
        cast(null as string) as manager_employee_id,
        case
            when next_manager_id is null then 'no_manager'
            when next_manager_id = employee_id then 'unknown'
        end as manager_status

    from named_manager

    where is_manager_terminated and manager_employee_id <> employee_id

),

{% for step in range(2, var('manager_chain_steps') + 2) %}
-- many reports : zero or one deciding row of the candidate. Without one: unknown. The last step
-- passes on nobody: a terminated candidate there is one too many, whomever their row names.
step_{{ step }} as (

    select
        step_{{ step - 1 }}.employee_id,
        step_{{ step - 1 }}.on_date,
        case
            when
                candidate_rows.is_terminated
                and candidate_rows.manager_employee_id <> step_{{ step - 1 }}.employee_id
                then candidate_rows.manager_employee_id
        end as candidate_id,
        case
            when step_{{ step - 1 }}.manager_status is not null
                then step_{{ step - 1 }}.manager_employee_id
            when not candidate_rows.is_terminated then candidate_rows.employee_id
        end as manager_employee_id,
        case
            when step_{{ step - 1 }}.manager_status is not null
                then step_{{ step - 1 }}.manager_status
            when candidate_rows.employee_id is null then 'unknown'
            when not candidate_rows.is_terminated then 'known'
            {% if not loop.last %}
            when candidate_rows.manager_employee_id is null then 'no_manager'
            when candidate_rows.manager_employee_id = step_{{ step - 1 }}.employee_id
                then 'unknown'
            {% endif %}
        end as manager_status

    from step_{{ step - 1 }}

    left join employment_intervals as candidate_rows
        on step_{{ step - 1 }}.candidate_id = candidate_rows.employee_id
        and step_{{ step - 1 }}.on_date >= candidate_rows.valid_from
        and step_{{ step - 1 }}.on_date < candidate_rows.valid_to

),

{% endfor %}
decided as (

    select
        employee_id,
        on_date,
        manager_employee_id,
        manager_status,
        is_manager_replaced

    from decided_at_once

    union all

    select
        employee_id,
        on_date,
        manager_employee_id,
        coalesce(manager_status, 'unknown') as manager_status,
        true as is_manager_replaced

    from step_{{ var('manager_chain_steps') + 1 }}

)

select * from decided
