-- One row per employee, alias and start of validity: work e-mails (as work_email and, when the var
-- workday_email_is_upn is true, as upn) and the Workday user id. Home addresses are left out: they
-- sign in nowhere at work. Mail periods come from the dated copies, the user id is the newest one.

with

work_emails as (

    select
        employee_id,
        email_address,
        listed_from,
        listed_until,
        row_number() over (
            partition by employee_id, email_address, coalesce(listed_from, {{ always() }})
            order by coalesce(listed_until, {{ still() }}) desc, source_record_id
        ) as length_rank,
        source_record_id,
        extracted_at,
        source_file

    from {{ ref('base_workday__person_contact_email_address') }}

    where
        row_status = 'kept'
        and {{ regex_matches('email_code', '(^|[^A-Z])WORK([^A-Z]|$)') }}

),

user_ids as (

    select
        employee_id,
        user_id,
        row_number() over (
            partition by employee_id
            order by recorded_at desc, worker_id asc
        ) as recency,
        source_record_id,
        extracted_at,
        source_file

    from {{ ref('base_workday__worker_history') }}

    where
        row_status = 'kept'
        and user_id is not null

),

aliases as (

    {% for alias_type in ['work_email'] + (['upn'] if var('workday_email_is_upn') else []) %}
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
        'workday_user_id' as alias_type,
        user_id as alias_value,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        source_record_id,
        extracted_at,
        source_file

    from user_ids

    where recency = 1

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
        'workday' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from aliases

)

select * from renamed
