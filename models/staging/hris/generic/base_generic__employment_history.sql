-- One row per row of the newest snapshot, which replaces the older ones and is kept whole:
-- versions of one row are told apart downstream by recorded_at. Only an exact copy is superseded.
{{ config(materialized='table') }}

{% set columns = {
    'employee_id': 'text',
    'valid_from': 'date',
    'valid_to': 'date',
    'seq': 'bigint',
    'manager_employee_id': 'text',
    'job_title': 'text',
    'job_family': 'text',
    'role_group': 'text',
    'department': 'text',
    'division': 'text',
    'location': 'text',
    'cost_center': 'text',
    'employment_status': 'text',
    'is_primary': 'boolean',
    'valid_basis': 'code',
    'recorded_at': 'timestamp',
} %}
{% set required_values = ['employee_id'] %}
{% set key = columns | list %}

with

source as (

    select * from {{ source('generic_hris', 'employment_history') }}

    where is_newest_delivery

),

parsed as (

    {{ parse_feed_rows(
        source('generic_hris', 'employment_history'), columns, required_values,
        extra={'record_hash': 'substr(' ~ sha256_text(row_as_text(columns)) ~ ', 1, 16)'}
    ) }}

),

ranked as (

    {{ rank_feed_rows(columns, key, carry=['record_hash']) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'repeated_in_snapshot', record_id='record_hash') }}

)

select * from judged
