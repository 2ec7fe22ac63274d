-- One row per delivered row of BambooHR's job info (and per document without rows), judged. A
-- delivery that lists an employee has all of the employee's rows, so the newest one replaces the
-- older ones whole; who is not in it keeps the rows of the last delivery that had them. Of several
-- rows of one date the one entered last (greatest row id) holds.

with

job_info_rows as (

    select * from {{ ref('stg_bamboohr__job_info_rows') }}

),

people as (

    select * from {{ ref('stg_bamboohr__people') }}

),

typed as (

    select
        *,
        {{ contract_value('job_date_text', 'date', none) }} as job_date

    from job_info_rows

),

-- many job rows : zero or one person; a row of somebody no report lists is quarantined
screened as (

    select
        typed.*,
        people.employee_id,
        case
            when not typed.is_row and not typed.is_empty_page then 'unreadable_page'
            when typed.is_row and typed.bamboohr_id is null then 'missing_employee_id'
            when typed.is_row and typed.job_date_text is null then 'missing_job_date'
            when typed.is_row and typed.job_date is null then 'unreadable_job_date'
            when typed.is_row and people.employee_id is null then 'unknown_employee'
        end as quarantine_reason

    from typed

    left join people
        on typed.bamboohr_id = people.bamboohr_id

),

with_newest as (

    select
        *,
        max(extracted_at) over (
            partition by bamboohr_id, quarantine_reason is null
        ) as newest_extracted_at,
        max(source_file) over (
            partition by bamboohr_id, quarantine_reason is null, extracted_at
        ) as last_source_file

    from screened

),

ranked as (

    select
        *,
        extracted_at < newest_extracted_at or source_file < last_source_file as is_replaced,
        row_number() over (
            partition by bamboohr_id, job_date, extracted_at, source_file, quarantine_reason is null
            order by row_number_in_bamboohr desc nulls last, raw_text desc
        ) as rank_of_day

    from with_newest

),

judged as (

    select
        bamboohr_id,
        employee_id,
        job_date,
        job_title,
        department,
        division,
        location,
        names_manager,
        case
            when quarantine_reason is not null then 'quarantined'
            when is_empty_page or is_replaced or rank_of_day > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when is_empty_page then 'empty_page'
            when is_replaced then 'newer_rows_of_employee'
            when rank_of_day > 1 then 'later_row_of_the_day'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        bamboohr_id || '|' || coalesce(cast(job_date as string), '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
