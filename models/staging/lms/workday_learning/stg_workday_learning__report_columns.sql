-- One row: the tenant's column of every field, NULL where the report has none for it. There is one
-- row also where nothing is mapped.

with

mapping as (

    select * from {{ ref('stg_workday_learning__mapping') }}

),

report_columns as (

    select
        {% for field in workday_learning_fields() %}
        max(case when field = '{{ field }}' then report_column end) as {{ field }}_column,
        {% endfor %}
        cast(count(*) as bigint) as mapped_field_count

    from mapping

)

select * from report_columns
