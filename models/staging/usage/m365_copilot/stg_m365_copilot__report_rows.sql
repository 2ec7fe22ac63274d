-- One row per delivered row of the report, whatever form it came in: CSV of the API, JSON of the
-- API, or export of the admin centre. A view: the rows stand in the base models.
{{ config(materialized='view') }}

with

{% set forms = [
    'usage_user_detail', 'usage_user_detail_pages', 'admin_center_user_activity',
] %}
report_rows as (

    {% for form in forms %}
    select
        refreshed_on,
        upn,
        any_app_on,
        {% for name in m365_dates() %}
        {{ name }},
        {% endfor %}
        is_concealed,
        {{ 'has_next_page' if form == 'usage_user_detail_pages' else 'false' }} as has_next_page,
        row_status,
        status_reason,
        source_record_id,
        source_file,
        extracted_at

    from {{ ref('base_m365_copilot__' ~ form) }}

    {% if not loop.last %}
    union all

    {% endif %}
    {% endfor %}
)

select * from report_rows
