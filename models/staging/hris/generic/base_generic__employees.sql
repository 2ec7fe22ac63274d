-- One row per row of the newest snapshot, which replaces the older ones; of two rows for one
-- person in it the last file's stays.
{{ config(materialized='table') }}

{% set columns = {
    'employee_id': 'text',
    'hire_date': 'date',
    'original_hire_date': 'date',
    'termination_date': 'date',
    'country': 'text',
    'timezone': 'text',
    'is_contingent': 'boolean',
} %}
{% set required_values = ['employee_id'] %}
{% set key = ['employee_id'] %}

with

source as (

    select * from {{ source('generic_hris', 'employees') }}

    where is_newest_delivery

),

parsed as (

    {{ parse_feed_rows(source('generic_hris', 'employees'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'repeated_in_snapshot') }}

)

select * from judged
