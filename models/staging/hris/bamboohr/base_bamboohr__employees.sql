-- One row per employee in a BambooHR report (and per report without any), judged. The newest copy
-- of an employee is kept, also when later reports no longer list the person. Older copies are
-- superseded, but still tell when an address or a manager was listed (is_listed).

with

report_rows as (

    select * from {{ ref('stg_bamboohr__report_rows') }}

),

typed as (

    select
        *,
        {{ contract_value('hire_date_text', 'date', none) }} as hire_date,
        {{ contract_value('original_hire_date_text', 'date', none) }} as original_hire_date,
        {{ contract_value('termination_date_text', 'date', none) }} as termination_date

    from report_rows

),

screened as (

    select
        *,
        case
            when not is_employee and not is_empty_report then 'unreadable_report'
            when is_employee and bamboohr_id is null then 'missing_employee_id'
            {% for name in ['hire_date', 'original_hire_date', 'termination_date'] %}
            when {{ name }}_text is not null and {{ name }} is null then 'unreadable_{{ name }}'
            {% endfor %}
        end as quarantine_reason

    from typed

),

ranked as (

    select
        *,
        is_employee and quarantine_reason is null as is_usable,
        max(extracted_at) over (
            partition by bamboohr_id, quarantine_reason is null
        ) as newest_extracted_at,
        row_number() over (
            partition by bamboohr_id, quarantine_reason is null, extracted_at
            order by source_file desc, raw_text desc
        ) as rank_in_copy

    from screened

),

judged as (

    select
        bamboohr_id,
        coalesce(employee_number, 'bamboohr:' || bamboohr_id) as employee_id,
        work_email,
        job_title,
        department,
        division,
        location,
        country,
        supervisor_bamboohr_id,
        supervisor_number,
        has_supervisor_name,
        record_status,
        employment_kind,
        hire_date,
        original_hire_date,
        termination_date,
        coalesce(record_status = 'inactive', false)
        or coalesce(employment_kind = 'terminated', false) as is_inactive,
        is_usable and rank_in_copy = 1 as is_listed,
        case
            when quarantine_reason is not null then 'quarantined'
            when is_empty_report or rank_in_copy > 1 or extracted_at < newest_extracted_at
                then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when is_empty_report then 'empty_report'
            when rank_in_copy > 1 then 'repeated_in_copy'
            when extracted_at < newest_extracted_at then 'older_copy'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        bamboohr_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
