-- One row per employee, alias and start of validity: the work mail (as work_email and, when the var
-- work_email_is_upn is true, as upn) and the internal id.

with

mail_addresses as (

    select * from {{ ref('stg_bamboohr__mail_addresses') }}

),

people as (

    select * from {{ ref('base_bamboohr__employees') }}

    where row_status = 'kept'

),

aliases as (

    {% for alias_type in ['work_email'] + (['upn'] if var('work_email_is_upn') else []) %}
    select
        employee_id,
        '{{ alias_type }}' as alias_type,
        address as alias_value,
        valid_from,
        valid_to,
        source_record_id,
        extracted_at,
        source_file

    from mail_addresses

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

    from people

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
