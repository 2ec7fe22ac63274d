-- One row per row delivered: what arrived, for which days. A delivery that is reported again
-- replaces its earlier report.
{{ config(materialized='table') }}

{% set columns = {
    'feed': 'code',
    'tool_id': 'text',
    'delivery_id': 'text',
    'received_at': 'timestamp',
    'date_from': 'date',
    'date_to': 'date',
    'max_complete_date': 'date',
    'row_count': 'bigint',
    'population_scope': 'code',
    'is_concealed': 'boolean',
    'is_failed': 'boolean',
} %}
{% set required_values = ['feed', 'delivery_id'] %}
{% set key = ['feed', 'tool_id', 'delivery_id'] %}

with

source as (

    select * from {{ source('generic_usage', 'deliveries') }}

),

parsed as (

    {{ parse_feed_rows(source('generic_usage', 'deliveries'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'delivered_again') }}

)

select * from judged
