-- One row per user, with place and time zone of the job row in effect on the newest delivery's day
-- (else of the first one to come). A terminated row starts on the day after the last one: the
-- termination date is the day before the last unbroken run of terminated rows.

with

job_rows as (

    select
        *,
        cast(max(extracted_at) over () as date) as delivered_on,
        max(case when employment_status is distinct from 'terminated' then start_date end) over (
            partition by user_id
        ) as last_employed_start

    from {{ ref('base_successfactors_ec__emp_job') }}

    where row_status = 'kept'

),

ranked as (

    select
        *,
        min(
            case
                when
                    employment_status = 'terminated'
                    and (last_employed_start is null or start_date > last_employed_start)
                    then start_date
            end
        ) over (partition by user_id) as terminated_from,
        row_number() over (
            partition by user_id
            order by
                case when start_date <= delivered_on then start_date end desc nulls last,
                start_date asc
        ) as effect_rank

    from job_rows

),

employees as (

    select
        user_id as employee_id,
        hire_date,
        original_hire_date,
        {{ add_days('terminated_from', -1) }} as termination_date,
        country,
        timezone,
        is_contingent,
        'successfactors_ec' as source_system,
        user_id as source_record_id,
        extracted_at,
        source_file

    from ranked

    where effect_rank = 1

)

select * from employees
