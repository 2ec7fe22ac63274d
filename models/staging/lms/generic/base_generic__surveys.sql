-- One row per row delivered. An answer that is delivered again replaces its earlier copy.
{{ config(materialized='table') }}

{% set columns = {
    'response_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'survey_kind': 'code',
    'question_id': 'text',
    'value_number': 'double',
    'value_text': 'text',
    'responded_at': 'timestamp',
} %}
{% set required_values = ['response_id', 'question_id'] %}
{% set key = ['response_id', 'question_id'] %}

with

source as (

    select * from {{ source('generic_lms', 'surveys') }}

),

parsed as (

    {{ parse_feed_rows(source('generic_lms', 'surveys'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'delivered_again') }}

)

select * from judged
