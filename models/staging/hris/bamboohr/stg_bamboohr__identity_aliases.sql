-- One row per employee, alias and start of validity: the work mail (as work_email and, when the var
-- work_email_is_upn is true, as upn) and the internal id. A report has no history of addresses: the
-- first one holds since always, a new one from the first report that shows it.

with

copies as (

    select * from {{ ref('base_bamboohr__employees') }}

    where is_listed

),

compared as (

    select
        bamboohr_id,
        work_email,
        cast(extracted_at as date) as listed_on,
        row_number() over (partition by bamboohr_id order by extracted_at) as copy_number,
        lag(work_email) over (partition by bamboohr_id order by extracted_at) as previous_email,
        last_value(employee_id) over (
            partition by bamboohr_id
            order by extracted_at
            rows between unbounded preceding and unbounded following
        ) as employee_id,
        source_record_id,
        extracted_at,
        source_file

    from copies

),

changes as (

    select
        employee_id,
        work_email,
        case when copy_number > 1 then listed_on end as valid_from,
        lead(listed_on) over (partition by bamboohr_id order by extracted_at) as valid_to,
        source_record_id,
        extracted_at,
        source_file

    from compared

    where copy_number = 1 or work_email is distinct from previous_email

),

aliases as (

    {% for alias_type in ['work_email'] + (['upn'] if var('work_email_is_upn') else []) %}
    select
        employee_id,
        '{{ alias_type }}' as alias_type,
        work_email as alias_value,
        valid_from,
        valid_to,
        source_record_id,
        extracted_at,
        source_file

    from changes

    where work_email like '%_@_%'

    union all
    {% endfor %}

    select
        employee_id,
        'bamboohr_id' as alias_type,
        lower(bamboohr_id) as alias_value,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        source_record_id,
        extracted_at,
        source_file

    from copies

    where row_status = 'kept'

),

renamed as (

    select
        employee_id,
        alias_type,
        alias_value,
        valid_from,
        valid_to,
        'hris_export' as method,
        cast(1.0 as double) as confidence,
        'bamboohr' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from aliases

)

select * from renamed
