-- One row per delivered row of the organisations of Workday positions; only the newest full copy is
-- kept. The table has sync time only (`_fivetran_start`), no effective date.

with

source_rows as (

    select * from {{ source('workday', 'worker_position_organization_history') }}

),

parsed as (

    select
        {{ clean_text('worker_id') }} as worker_id,
        {{ clean_text('position_id') }} as position_id,
        {{ clean_text('organization_id') }} as organization_id,
        {{ parse_timestamp('_fivetran_start') }} as recorded_at,
        {{ parse_timestamp('_fivetran_end') }} as recorded_until,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        {{ delivered_row('workday', 'worker_position_organization_history') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        worker_id,
        position_id,
        organization_id,
        recorded_at,
        recorded_until,
        synced_at,
        case
            when
                worker_id is null
                or position_id is null
                or organization_id is null
                or recorded_at is null
                then delivered_text
        end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        worker_id,
        position_id,
        organization_id,
        recorded_at,
        recorded_until,
        case
            when worker_id is null or position_id is null or organization_id is null
                then 'missing_assignment_key'
            when recorded_at is null then 'unreadable_sync_time'
        end as quarantine_reason,
        max(extracted_at) over () as newest_extracted_at,
        row_number() over (
            partition by worker_id, position_id, organization_id, recorded_at, extracted_at
            order by
                source_file desc,
                synced_at desc nulls last,
                recorded_until desc nulls last
        ) as copy_rank,
        raw_text,
        source_file,
        extracted_at

    from typed

),

judged as (

    select
        worker_id,
        position_id,
        organization_id,
        recorded_at,
        recorded_until,
        case
            when quarantine_reason is not null then 'quarantined'
            when extracted_at < newest_extracted_at or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when extracted_at < newest_extracted_at then 'older_copy'
            when copy_rank > 1 then 'repeated_in_copy'
        end as status_reason,
        raw_text,
        worker_id
        || '|'
        || position_id
        || '|'
        || organization_id
        || '|'
        || cast(recorded_at as string)
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
