-- One row per row delivered. A period that is delivered again is a restatement and replaces the
-- earlier one.
{{ config(materialized='table') }}

{% set columns = {
    'tool_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'period_start': 'date',
    'period_end': 'date',
    'first_active_date': 'date',
    'last_active_date': 'date',
    'active_days': 'bigint',
    'interactions': 'bigint',
} %}
{% set required_values = ['tool_id', 'alias_type', 'alias_value', 'period_start', 'period_end'] %}
{% set key = ['tool_id', 'alias_type', 'alias_value', 'period_start', 'period_end'] %}

with

source as (

    select * from {{ source('generic_usage', 'tool_usage_period') }}

),

parsed as (

    {{ parse_feed_rows(source('generic_usage', 'tool_usage_period'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'delivered_again') }}

)

select * from judged
