-- One row per failed file of a usage feed and tool it may have spoken for, as a failed delivery.
--
-- A full snapshot names no days: the one before it stays in force.

with

source as (

    select * from {{ source('intake', 'failed_deliveries') }}

),

renamed as (

    select
        relation as feed,
        tool_id,
        source_file as delivery_id,
        cast(file_date as timestamp) as received_at,
        first_day as date_from,
        last_day as date_to,
        last_day as max_complete_date,
        n_rows as row_count,
        'all' as population_scope,
        false as is_concealed,
        true as is_failed,
        source_system,
        'failed check|' || source_file || '|' || coalesce(tool_id, '') as source_record_id,
        cast(file_date as timestamp) as extracted_at,
        source_file

    from source

)

select * from renamed
