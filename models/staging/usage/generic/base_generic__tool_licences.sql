-- One row per row of the newest snapshot, which replaces the older ones, so a seat that is no
-- longer in it is withdrawn.
{{ config(materialized='table') }}

{% set columns = {
    'tool_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'valid_from': 'date',
    'valid_to': 'date',
    'status': 'code',
    'monthly_cost': 'double',
} %}
{% set required_values = ['tool_id', 'alias_type', 'alias_value'] %}
{% set key = ['tool_id', 'alias_type', 'alias_value', 'valid_from'] %}

with

source as (

    select * from {{ source('generic_usage', 'tool_licences') }}

    where is_newest_delivery

),

parsed as (

    {{ parse_feed_rows(source('generic_usage', 'tool_licences'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'repeated_in_snapshot') }}

)

select * from judged
