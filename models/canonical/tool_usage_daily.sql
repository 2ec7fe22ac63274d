-- One row per source, tool, alias, usage date and surface.
--
-- Vendors restate past days: the newest extraction wins, also when it reports less. Two rows in one
-- extraction: the active one, then the one with more interactions. n_superseded counts the others.

{% set columns = {
    'tool_id': 'string',
    'alias_type': 'string',
    'alias_value': 'string',
    'usage_date': 'date',
    'surface': 'string',
    'interactions': 'bigint',
    'sessions': 'bigint',
    'is_active': 'boolean',
    'is_final': 'boolean',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('tool_usage_daily', columns) }}
),

ranked as (

    select
        tool_id,
        alias_type,
        alias_value,
        usage_date,
        surface,
        interactions,
        sessions,
        is_active,
        is_final,
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        row_number() over (
            partition by source_system, tool_id, alias_type, alias_value, usage_date, surface
            order by
                extracted_at desc,
                is_active desc nulls last,
                interactions desc nulls last,
                sessions desc nulls last,
                source_file desc,
                source_record_id desc
        ) as extraction_rank,
        count(*) over (
            partition by source_system, tool_id, alias_type, alias_value, usage_date, surface
        ) as n_extractions

    from rows_of_all_vendors

),

newest as (

    select
        tool_id,
        alias_type,
        alias_value,
        usage_date,
        surface,
        interactions,
        sessions,
        is_active,
        is_final,
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        cast(n_extractions - 1 as bigint) as n_superseded

    from ranked

    where extraction_rank = 1

)

select * from newest
