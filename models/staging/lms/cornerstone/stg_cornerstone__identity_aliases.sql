-- One row per Cornerstone user with HR's employee number: whose transcript it is, for ever.

with

users as (

    select * from {{ ref('base_cornerstone__users_core') }}

    where row_status = 'kept'

),

aliases as (

    select
        user_ref as employee_id,
        'cornerstone_user_id' as alias_type,
        user_id as alias_value,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        'lms_user_list' as method,
        cast(1 as double) as confidence,
        'cornerstone' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from users

)

select * from aliases
