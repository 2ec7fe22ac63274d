-- One row per delivered row of the roles of Workday organisations (full copies, one a date). The
-- newest copy of (organisation, role) is kept, also when it has since vanished.

with

source_rows as (

    select * from {{ source('workday', 'organization_role') }}

),

parsed as (

    select
        {{ clean_text('organization_id') }} as organization_id,
        {{ clean_text('role_id') }} as role_id,
        lower({{ clean_text('organization_role_code') }}) as role_code,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        {{ delivered_row('workday', 'organization_role') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        organization_id,
        role_id,
        role_code,
        synced_at,
        case when organization_id is null or role_id is null then delivered_text end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        organization_id,
        role_id,
        role_code,
        synced_at,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by organization_id, role_id
            order by
                extracted_at desc,
                source_file desc,
                synced_at desc nulls last,
                role_code asc nulls last
        ) as copy_rank

    from typed

),

judged as (

    select
        organization_id,
        role_id,
        role_code,
        case
            when organization_id is null or role_id is null then 'quarantined'
            when copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when organization_id is null or role_id is null then 'missing_role_key'
            when copy_rank > 1 then 'repeated_in_newer_copy'
        end as status_reason,
        raw_text,
        organization_id || '|' || role_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
