-- One row per person in BambooHR (internal id), as the newest report says it, with the first day of
-- not being employed. The termination date is the last day of employment. A person who is inactive
-- without one left on the day of the first report that shows it.

with

copies as (

    select * from {{ ref('base_bamboohr__employees') }}

    where is_listed

),

with_last_active as (

    select
        *,
        min(extracted_at) over (partition by bamboohr_id) as first_listed_at,
        max(case when not is_inactive then extracted_at end) over (
            partition by bamboohr_id
        ) as last_active_at

    from copies

),

with_inactive_since as (

    select
        *,
        min(
            case
                when
                    is_inactive
                    and (last_active_at is null or extracted_at > last_active_at)
                    then extracted_at
            end
        ) over (partition by bamboohr_id) as inactive_since

    from with_last_active

),

people as (

    select
        bamboohr_id,
        employee_id,
        job_title,
        department,
        division,
        location,
        hire_date,
        case
            when termination_date >= coalesce(hire_date, termination_date)
                then {{ add_days('termination_date', 1) }}
            else cast(inactive_since as date)
        end as terminated_from,
        cast(first_listed_at as date) as first_listed_on,
        source_record_id,
        source_file,
        extracted_at

    from with_inactive_since

    where row_status = 'kept'

)

select * from people
