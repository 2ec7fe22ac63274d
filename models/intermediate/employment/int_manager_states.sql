-- One row per employee and period: what the person is to those who name them as manager.
--
-- state: `working`, `terminated` (next_manager_id takes over) or `absent` (no HR row covers the
-- period). The periods of one employee follow each other from always to still, without gap.

with

employment_intervals as (

    select * from {{ ref('int_employment_intervals') }}

),

with_neighbours as (

    select
        employee_id,
        valid_from,
        valid_to,
        is_terminated,
        case when is_terminated then manager_employee_id end as next_manager_id,
        coalesce(
            lag(valid_to) over (partition by employee_id order by valid_from),
            {{ always() }}
        ) as earlier_end,
        lead(valid_from) over (partition by employee_id order by valid_from) as next_start

    from employment_intervals

),

pieces as (

    select
        employee_id,
        valid_from,
        case when is_terminated then 'terminated' else 'working' end as state,
        next_manager_id

    from with_neighbours

    union all

    select
        employee_id,
        earlier_end as valid_from,
        'absent' as state,
        cast(null as string) as next_manager_id

    from with_neighbours

    where earlier_end < valid_from

    union all

    select
        employee_id,
        valid_to as valid_from,
        'absent' as state,
        cast(null as string) as next_manager_id

    from with_neighbours

    where
        next_start is null
        and valid_to < {{ still() }}

),

-- A manager's other changes (department, role) must not cut the time of their reports.
changes as (

    select
        employee_id,
        valid_from,
        state,
        next_manager_id,
        coalesce(
            lag(state) over (partition by employee_id order by valid_from) = state
            and lag(next_manager_id) over (partition by employee_id order by valid_from)
            is not distinct from next_manager_id,
            false
        ) as is_same_as_before

    from pieces

),

manager_states as (

    select
        employee_id,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by employee_id order by valid_from),
            {{ still() }}
        ) as valid_to,
        state,
        next_manager_id

    from changes

    where not is_same_as_before

)

select * from manager_states
