-- One row per employee, alias and start of validity: the user id (SuccessFactors Learning names
-- people by it), and the work mail as work_email and, when the var work_email_is_upn is true, as
-- upn.

with

mail_addresses as (

    select * from {{ ref('stg_successfactors_ec__mail_addresses') }}

),

users as (

    select * from {{ ref('stg_successfactors_ec__employees') }}

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
        'sap_user_id' as alias_type,
        lower(employee_id) as alias_value,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        source_record_id,
        extracted_at,
        source_file

    from users

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
        'successfactors_ec' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from aliases

)

select * from renamed
