-- One row per delivered row of who holds a role of an organisation (full copies, one a date).
-- Within a copy each (organisation, role, worker) counts once. Every copy stays kept: the table has
-- no history of its own, the copies are the history.

with

source_rows as (

    select * from {{ source('workday', 'organization_role_worker') }}

),

parsed as (

    select
        {{ clean_text('organization_id') }} as organization_id,
        {{ clean_text('role_id') }} as role_id,
        {{ clean_text('associated_worker_id') }} as associated_worker_id,
        coalesce({{ try_cast('_fivetran_deleted', 'boolean') }}, false) as is_deleted,
        {{ delivered_row('workday', 'organization_role_worker') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        organization_id,
        role_id,
        associated_worker_id,
        is_deleted,
        case
            when
                organization_id is null
                or role_id is null
                or associated_worker_id is null
                then delivered_text
        end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        organization_id,
        role_id,
        associated_worker_id,
        is_deleted,
        organization_id is null
        or role_id is null
        or associated_worker_id is null as is_key_missing,
        row_number() over (
            partition by organization_id, role_id, associated_worker_id, extracted_at
            order by case when is_deleted then 1 else 0 end, source_file desc
        ) as copy_rank,
        raw_text,
        source_file,
        extracted_at

    from typed

),

judged as (

    select
        organization_id,
        role_id,
        associated_worker_id,
        case
            when is_key_missing then 'quarantined'
            when copy_rank > 1 or is_deleted then 'superseded'
            else 'kept'
        end as row_status,
        case
            when is_key_missing then 'missing_role_key'
            when copy_rank > 1 then 'repeated_in_copy'
            when is_deleted then 'deleted_in_source'
        end as status_reason,
        raw_text,
        organization_id || '|' || role_id || '|' || associated_worker_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
