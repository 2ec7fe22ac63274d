-- One row per row of the newest snapshot, which replaces the older ones. Two people may claim one
-- alias on the same day; both claims stay, the conflict is judged downstream.
{{ config(materialized='table') }}

{% set columns = {
    'employee_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'valid_from': 'date',
    'valid_to': 'date',
    'method': 'text',
    'confidence': 'text',
} %}
{% set required_values = ['employee_id', 'alias_type', 'alias_value'] %}
{% set key = ['employee_id', 'alias_type', 'alias_value', 'valid_from'] %}

with

source as (

    select * from {{ source('generic_hris', 'identity_aliases') }}

    where is_newest_delivery

),

parsed as (

    {{ parse_feed_rows(source('generic_hris', 'identity_aliases'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'repeated_in_snapshot') }}

)

select * from judged
