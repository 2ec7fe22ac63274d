-- One row per employee number in the reports: the number is the employee's own, for ever.
--
-- alias_value is in lower case like every alias, employee_id as Workday writes it. None where the
-- report names people by mail.

with

report_entries as (

    select
        *,
        row_number() over (
            partition by employee_id_text
            order by extracted_at desc, source_file desc
        ) as recency

    from {{ ref('stg_workday_learning__report_entries') }}

    where employee_id_text is not null

),

aliases as (

    select
        employee_id_text as employee_id,
        'workday_employee_id' as alias_type,
        lower(employee_id_text) as alias_value,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        'lms_report' as method,
        cast(1 as double) as confidence,
        'workday_learning' as source_system,
        employee_id_text as source_record_id,
        extracted_at,
        source_file

    from report_entries

    where recency = 1

)

select * from aliases
