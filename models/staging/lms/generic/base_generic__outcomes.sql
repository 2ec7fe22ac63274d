-- One row per row delivered. A value that is delivered again for the same period is a restatement
-- and replaces the earlier one.
{{ config(materialized='table') }}

{% set columns = {
    'subject_type': 'code',
    'subject_id': 'text',
    'metric_id': 'code',
    'period_start': 'date',
    'period_end': 'date',
    'value': 'double',
    'exposure': 'double',
} %}
{% set required_values = [
    'subject_type', 'subject_id', 'metric_id', 'period_start', 'period_end',
] %}
{% set key = ['subject_type', 'subject_id', 'metric_id', 'period_start', 'period_end'] %}

with

source as (

    select * from {{ source('generic_lms', 'outcomes') }}

),

parsed as (

    {{ parse_feed_rows(source('generic_lms', 'outcomes'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'delivered_again') }}

)

select * from judged
