-- One row per employee.
--
-- When two HR systems name one employee_id, the newest extraction stays and the others are counted
-- in n_superseded: a person must not be two rows.

{% set columns = {
    'employee_id': 'string',
    'hire_date': 'date',
    'original_hire_date': 'date',
    'termination_date': 'date',
    'country': 'string',
    'timezone': 'string',
    'is_contingent': 'boolean',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('employees', columns) }}
),

ranked as (

    select
        employee_id,
        hire_date,
        original_hire_date,
        termination_date,
        country,
        timezone,
        is_contingent,
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        row_number() over (
            partition by employee_id
            order by extracted_at desc, source_system asc, source_record_id asc
        ) as extraction_rank,
        count(*) over (partition by employee_id) as n_extractions

    from rows_of_all_vendors

),

newest as (

    select
        employee_id,
        hire_date,
        original_hire_date,
        termination_date,
        country,
        timezone,
        is_contingent,
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        cast(n_extractions - 1 as bigint) as n_superseded

    from ranked

    where extraction_rank = 1

)

select * from newest
