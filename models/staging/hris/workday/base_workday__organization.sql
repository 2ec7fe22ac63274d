-- One row per delivered row of Workday organisations (full copies, one a date). The newest copy of
-- an id is kept even when it has since vanished: history still needs the name it had.

with

source_rows as (

    select * from {{ source('workday', 'organization') }}

),

parsed as (

    select
        {{ clean_text('id') }} as organization_id,
        {{ clean_text('name') }} as organization_name,
        upper({{ clean_text('type') }}) as organization_type,
        {{ clean_text('superior_organization_id') }} as superior_organization_id,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        {{ delivered_row('workday', 'organization') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        organization_id,
        organization_name,
        organization_type,
        superior_organization_id,
        synced_at,
        case when organization_id is null then delivered_text end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        organization_id,
        organization_name,
        organization_type,
        superior_organization_id,
        synced_at,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by organization_id
            order by
                extracted_at desc,
                source_file desc,
                synced_at desc nulls last,
                organization_name asc nulls last,
                organization_type asc nulls last,
                superior_organization_id asc nulls last
        ) as copy_rank

    from typed

),

judged as (

    select
        organization_id,
        organization_name,
        organization_type,
        superior_organization_id,
        case
            when organization_id is null then 'quarantined'
            when copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when organization_id is null then 'missing_organization_id'
            when copy_rank > 1 then 'repeated_in_newer_copy'
        end as status_reason,
        raw_text,
        organization_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
