-- One row per worker and period in which the worker is employed or terminated; the periods of a
-- worker touch and cover all time. Only workers who left at least once have rows.
-- Workday's termination date is the last day worked: the state changes on the day after.

with

worker_versions as (

    select
        worker_id,
        hire_date,
        case
            when is_hire_rescinded then hire_date
            when termination_date >= coalesce(hire_date, termination_date)
                then {{ add_days('termination_date', 1) }}
            when end_employment_date >= coalesce(hire_date, end_employment_date)
                then {{ add_days('end_employment_date', 1) }}
            when is_terminated then active_status_date
        end as terminated_from,
        recorded_at

    from {{ ref('base_workday__worker_history') }}

    where row_status = 'kept'

),

-- A version recorded later that is hired before this termination corrects (or rescinds) it; one
-- that is hired on or after it is a rehire.
with_later_hires as (

    select
        worker_id,
        terminated_from,
        row_number() over (partition by worker_id order by recorded_at desc) as recency,
        min(hire_date) over (
            partition by worker_id
            order by recorded_at
            rows between 1 following and unbounded following
        ) as rehired_on

    from worker_versions

),

terminations as (

    select
        worker_id,
        terminated_from,
        rehired_on,
        lag(rehired_on) over (partition by worker_id order by terminated_from) as employed_from,
        lead(terminated_from)
            over (partition by worker_id order by terminated_from)
            as next_terminated_from

    from with_later_hires

    where
        terminated_from is not null
        and (recency = 1 or rehired_on >= terminated_from)

),

states as (

    select
        worker_id,
        'active' as employment_status,
        employed_from as valid_from,
        terminated_from as valid_to

    from terminations

    union all

    select
        worker_id,
        'terminated' as employment_status,
        terminated_from as valid_from,
        rehired_on as valid_to

    from terminations

    union all

    select
        worker_id,
        'active' as employment_status,
        rehired_on as valid_from,
        cast(null as date) as valid_to

    from terminations

    where
        rehired_on is not null
        and next_terminated_from is null

),

periods as (

    select
        worker_id,
        employment_status,
        valid_from,
        valid_to

    from states

    where
        valid_from is null
        or valid_to is null
        or valid_from < valid_to

)

select * from periods
