-- One row per delivered user report file and per listing of seats. A report covers the days it
-- names (report_start_day to report_end_day, else the days in it); one with a line that is no JSON
-- was cut off and is `part`. A complete listing of seats
-- covers the days since the complete one before it (the first: since its oldest seat); an
-- incomplete one is `part` of the population and covers nothing.

with

report_lines as (

    select * from {{ ref('base_github_copilot__users_1_day') }}

),

reports as (

    select
        source_file,
        extracted_at,
        min(coalesce(report_start_day, usage_date)) as date_from,
        max(coalesce(report_end_day, usage_date)) as date_to,
        count(usage_date) as row_count,
        max(case when status_reason = 'unreadable_json' then 1 else 0 end) = 1 as is_cut_off

    from report_lines

    group by source_file, extracted_at

    having count(usage_date) > 0

),

listings as (

    select * from {{ ref('stg_github_copilot__seat_listings') }}

),

deliveries as (

    select
        'tool_usage_daily' as feed,
        source_file as delivery_id,
        extracted_at as received_at,
        date_from,
        date_to,
        row_count,
        case when is_cut_off then 'part' else 'all' end as population_scope,
        source_file,
        extracted_at

    from reports

    union all

    select
        'tool_licences' as feed,
        page_folder || '#' || cast(cast(extracted_at as date) as string) as delivery_id,
        extracted_at as received_at,
        least(
            cast(coalesce(previous_complete_at, first_created_at, extracted_at) as date),
            cast(extracted_at as date)
        ) as date_from,
        cast(extracted_at as date) as date_to,
        seat_count as row_count,
        case when is_complete then 'all' else 'part' end as population_scope,
        page_folder as source_file,
        extracted_at

    from listings

),

renamed as (

    select
        'github_copilot' as source_system,
        feed,
        '{{ vendor_tool_id("github_copilot") }}' as tool_id,
        delivery_id,
        received_at,
        date_from,
        date_to,
        date_to as max_complete_date,
        cast(row_count as bigint) as row_count,
        population_scope,
        false as is_concealed,
        false as is_failed,
        delivery_id as source_record_id,
        extracted_at,
        source_file

    from deliveries

)

select * from renamed
