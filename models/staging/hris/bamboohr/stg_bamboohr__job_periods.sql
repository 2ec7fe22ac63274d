-- One row per person and start of a job: from its job info row until the next one. A person without
-- job info rows is employed from the hire date on; title and place are then known only from the
-- first report on (sync_snapshot), as the newest report has them; a report that names another
-- manager starts a new period. (With job info a change of manager is a row of its own, and another
-- name for the same row is a correction.)

with

job_rows as (

    select * from {{ ref('base_bamboohr__job_info') }}

    where row_status = 'kept'

),

people as (

    select * from {{ ref('stg_bamboohr__people') }}

),

with_previous_manager as (

    select
        bamboohr_id,
        listed_on,
        manager_employee_id,
        lag(manager_employee_id) over (partition by bamboohr_id order by listed_on)
            as previous_manager_employee_id,
        row_number() over (partition by bamboohr_id order by listed_on) as report_number

    from {{ ref('stg_bamboohr__supervisors') }}

),

manager_changes as (

    select
        bamboohr_id,
        listed_on

    from with_previous_manager

    where
        report_number > 1
        and manager_employee_id is distinct from previous_manager_employee_id

),

-- one person : zero or more reports that name another manager than the one before. Who has none is
-- dropped here, and has the rows of the hire and the first report below.
with_changes as (

    select
        people.*,
        manager_changes.listed_on as changed_on

    from people

    inner join manager_changes
        on people.bamboohr_id = manager_changes.bamboohr_id

),

all_rows as (

    select
        bamboohr_id,
        employee_id,
        job_date as valid_from,
        job_title,
        department,
        division,
        location,
        names_manager,
        'business_effective' as valid_basis,
        true as is_job_row,
        source_record_id,
        extracted_at,
        source_file

    from job_rows

    union all

    select
        bamboohr_id,
        employee_id,
        greatest(first_listed_on, hire_date) as valid_from,
        job_title,
        department,
        division,
        location,
        false as names_manager,
        'sync_snapshot' as valid_basis,
        false as is_job_row,
        source_record_id || '|report' as source_record_id,
        extracted_at,
        source_file

    from people

    union all

    select
        bamboohr_id,
        employee_id,
        hire_date as valid_from,
        cast(null as string) as job_title,
        cast(null as string) as department,
        cast(null as string) as division,
        cast(null as string) as location,
        true as names_manager,
        'business_effective' as valid_basis,
        false as is_job_row,
        source_record_id || '|hire' as source_record_id,
        extracted_at,
        source_file

    from people

    where hire_date < first_listed_on

    union all

    select
        bamboohr_id,
        employee_id,
        changed_on as valid_from,
        job_title,
        department,
        division,
        location,
        false as names_manager,
        'sync_snapshot' as valid_basis,
        false as is_job_row,
        source_record_id || '|report|' || cast(changed_on as string) as source_record_id,
        extracted_at,
        source_file

    from with_changes

    where changed_on > greatest(first_listed_on, coalesce(hire_date, first_listed_on))

),

counted as (

    select
        *,
        max(case when is_job_row then 1 else 0 end) over (partition by bamboohr_id) as has_job_rows

    from all_rows

),

periods as (

    select
        bamboohr_id,
        employee_id,
        valid_from,
        lead(valid_from) over (partition by bamboohr_id order by valid_from) as valid_to,
        job_title,
        department,
        division,
        location,
        names_manager,
        valid_basis,
        source_record_id,
        extracted_at,
        source_file

    from counted

    where is_job_row or has_job_rows = 0

)

select * from periods
