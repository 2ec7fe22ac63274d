-- One row per row of the newest snapshot, which replaces the older ones, so a leave that is no
-- longer in it is withdrawn.
{{ config(materialized='table') }}

{% set columns = {
    'employee_id': 'text',
    'leave_start': 'date',
    'leave_end': 'date',
    'leave_type': 'text',
} %}
{% set required_values = ['employee_id', 'leave_start'] %}
{% set key = ['employee_id', 'leave_start'] %}

with

source as (

    select * from {{ source('generic_hris', 'leave_periods') }}

    where is_newest_delivery

),

parsed as (

    {{ parse_feed_rows(source('generic_hris', 'leave_periods'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'repeated_in_snapshot') }}

)

select * from judged
