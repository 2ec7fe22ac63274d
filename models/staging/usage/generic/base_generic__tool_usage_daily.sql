-- One row per row delivered, built again only for the months whose files changed. The newest file
-- that holds a key decides, also when it reports less; within one day's files the active row, then
-- the one with more interactions. Rows without a readable date are kept under month 0001-01-01.
-- source_record_id is only filled where a row is set aside: elsewhere it is the alias again.
-- depends_on: {{ ref('stg_generic__usage_months') }}
{{ config(
    materialized='monthly',
    month_column='usage_month',
    months='stg_generic__usage_months'
) }}

{% set columns = {
    'tool_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'usage_date': 'date',
    'surface': 'text',
    'interactions': 'bigint',
    'sessions': 'bigint',
    'is_active': 'boolean',
    'is_final': 'boolean',
} %}
{% set required_values = ['tool_id', 'alias_type', 'alias_value', 'usage_date'] %}
{% set key = ['tool_id', 'alias_type', 'alias_value', 'usage_date', 'surface_key'] %}
{% set usage_date = contract_date(source('generic_usage', 'tool_usage_daily'), 'usage_date') %}
{% set interactions = contract_value(
    'interactions', 'bigint',
    native_types(source('generic_usage', 'tool_usage_daily')).get('interactions')
) | trim %}

with

source as (

    select * from {{ source('generic_usage', 'tool_usage_daily') }}

    where {{ built_months(usage_date) }}

),

parsed as (

    {{ parse_feed_rows(
        source('generic_usage', 'tool_usage_daily'), columns, required_values,
        extra={'surface_key': 'coalesce(' ~ clean_text('surface') ~ ", 'unspecified')"},
        checks={
            'bad_date_usage_date': 'not ' ~ is_calendar_day(usage_date),
            'negative_interactions': interactions ~ ' < 0',
            'absurd_interactions': interactions ~ ' > ' ~ most_interactions_a_day(),
        }
    ) }}

),

ranked as (

    {{ rank_feed_rows(columns, key, order=['is_active', 'interactions', 'sessions']) }}

),

judged as (

    {{ judge_feed_rows(
        columns, key, 'restated',
        record_id='case when problem is not null then alias_value end'
    ) }}

),

with_month as (

    select
        {{ columns | join(',\n        ') }},
        row_status,
        status_reason,
        raw_text,
        source_record_id,
        source_file,
        extracted_at,
        {{ month_of('usage_date') }} as usage_month

    from judged

)

select * from with_month
