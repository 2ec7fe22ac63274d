-- One row per employee, alias and start of validity: the user id (SuccessFactors Learning names
-- people by it), and the work mail as work_email and, when the var work_email_is_upn is true, as
-- upn. Work is what its type says, or the primary address of a type that is a mere option id.

with

work_emails as (

    select
        *,
        row_number() over (
            partition by employee_id, email_address, coalesce(listed_from, {{ always() }})
            order by coalesce(listed_until, {{ still() }}) desc, source_record_id asc
        ) as length_rank

    from {{ ref('base_successfactors_ec__per_email') }}

    where
        row_status = 'kept'
        and (
            coalesce(email_type, '') in ('b', 'business', 'work')
            or (
                coalesce(is_primary, true)
                and coalesce(email_type, '') not in ('p', 'personal', 'private', 'home')
            )
        )

),

users as (

    select * from {{ ref('stg_successfactors_ec__employees') }}

),

aliases as (

    {% for alias_type in ['work_email'] + (['upn'] if var('work_email_is_upn') else []) %}
    select
        employee_id,
        '{{ alias_type }}' as alias_type,
        email_address as alias_value,
        listed_from as valid_from,
        listed_until as valid_to,
        source_record_id,
        extracted_at,
        source_file

    from work_emails

    where length_rank = 1

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
