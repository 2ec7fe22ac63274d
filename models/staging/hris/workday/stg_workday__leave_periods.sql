-- One row per employee and start of a leave; of several requests with one start the longest stays.
-- The end is the actual one, else the day before the first day back at work, else the estimate;
-- with none of them the leave is open.

with

leaves as (

    select
        employee_id,
        leave_start_date,
        case
            when leave_end_date is not null then leave_end_date
            when first_day_of_work > leave_start_date then {{ add_days('first_day_of_work', -1) }}
            when estimated_leave_end_date >= leave_start_date then estimated_leave_end_date
        end as leave_end,
        leave_type,
        source_record_id,
        extracted_at,
        source_file

    from {{ ref('base_workday__worker_leave_status') }}

    where row_status = 'kept'

),

ranked as (

    select
        employee_id,
        leave_start_date,
        leave_end,
        leave_type,
        row_number() over (
            partition by employee_id, leave_start_date
            order by coalesce(leave_end, {{ still() }}) desc, source_record_id
        ) as length_rank,
        source_record_id,
        extracted_at,
        source_file

    from leaves

),

renamed as (

    select
        employee_id,
        leave_start_date as leave_start,
        leave_end,
        leave_type,
        'workday' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from ranked

    where length_rank = 1

)

select * from renamed
