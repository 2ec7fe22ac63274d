-- One row per employee and period of employment with one manager group: pseudonym, `no_manager` or
-- `unknown`, by the rules of int_managers_on_dates, for every day instead of the days asked for.
--
-- Empty where the var curve_managers is false.

with

employed as (

    select * from {{ ref('int_employment_intervals') }}

    where
        not is_terminated
        and {{ 'true' if var('curve_managers') else 'false' }}

),

manager_states as (

    select * from {{ ref('int_manager_states') }}

),

manager_employees as (

    select
        employee_id,
        employee_key

    from {{ ref('int_employees') }}

),

-- one period : one or many states of the named manager, which follow each other without gap. Nobody
-- named, or somebody HR has no row of: the period stays whole, as greatest and least skip NULL.
named_manager as (

    select
        employed.employee_id,
        greatest(employed.valid_from, named_states.valid_from) as valid_from,
        least(employed.valid_to, named_states.valid_to) as valid_to,
        employed.manager_employee_id,
        coalesce(named_states.state, 'absent') as manager_state,
        named_states.next_manager_id

    from employed

    left join manager_states as named_states
        on employed.manager_employee_id = named_states.employee_id
        and employed.valid_from < named_states.valid_to
        and employed.valid_to > named_states.valid_from

),

-- Terminated managers are rare; only their reports walk up the chain. `candidate_id` is the one
-- asked next; status NULL: not decided yet.
step_1 as (

    select
        employee_id,
        valid_from,
        valid_to,
        case
            when manager_state = 'terminated' and next_manager_id <> employee_id
                then next_manager_id
        end as candidate_id,
        case
            when manager_state = 'working' and manager_employee_id <> employee_id
                then manager_employee_id
        end as manager_employee_id,
        case
            when manager_employee_id is null then 'no_manager'
            when manager_employee_id = employee_id or manager_state = 'absent' then 'unknown'
            when manager_state = 'working' then 'known'
            when next_manager_id is null then 'no_manager'
            when next_manager_id = employee_id then 'unknown'
        end as manager_status

    from named_manager

),

{% for step in range(2, var('manager_chain_steps') + 2) %}
-- one period : one or many states of the candidate; none: unknown. The last step passes on nobody:
-- a terminated candidate there is one too many, whomever their row names.
step_{{ step }} as (

    select
        waiting.employee_id,
        greatest(waiting.valid_from, candidate_states.valid_from) as valid_from,
        least(waiting.valid_to, candidate_states.valid_to) as valid_to,
        case
            when
                candidate_states.state = 'terminated'
                and candidate_states.next_manager_id <> waiting.employee_id
                then candidate_states.next_manager_id
        end as candidate_id,
        case
            when waiting.manager_status is not null then waiting.manager_employee_id
            when candidate_states.state = 'working' then candidate_states.employee_id
        end as manager_employee_id,
        case
            when waiting.manager_status is not null then waiting.manager_status
            when coalesce(candidate_states.state, 'absent') = 'absent' then 'unknown'
            when candidate_states.state = 'working' then 'known'
            {% if not loop.last %}
            when candidate_states.next_manager_id is null then 'no_manager'
            when candidate_states.next_manager_id = waiting.employee_id then 'unknown'
            {% endif %}
        end as manager_status

    from step_{{ step - 1 }} as waiting

    left join manager_states as candidate_states
        on waiting.candidate_id = candidate_states.employee_id
        and waiting.valid_from < candidate_states.valid_to
        and waiting.valid_to > candidate_states.valid_from

    {{ 'where waiting.manager_status is null' if step == 2 }}

),

{% endfor %}
decided as (

    select
        employee_id,
        valid_from,
        valid_to,
        manager_employee_id,
        manager_status

    from step_1

    where manager_status is not null

    union all

    select
        employee_id,
        valid_from,
        valid_to,
        manager_employee_id,
        coalesce(manager_status, 'unknown') as manager_status

    from step_{{ var('manager_chain_steps') + 1 }}

),

-- many periods : zero or one employee (none: no_manager or unknown).
manager_spans as (

    select
        decided.employee_id,
        decided.valid_from,
        decided.valid_to,
        coalesce(manager_employees.employee_key, decided.manager_status) as manager_group

    from decided

    left join manager_employees
        on decided.manager_employee_id = manager_employees.employee_id

)

select * from manager_spans
