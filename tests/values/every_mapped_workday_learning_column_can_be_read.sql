-- Finds rows of workday_learning_columns.csv that nothing can be read with: a field nobody knows,
-- one that is mapped twice or to no column, and fields that are missing though no entry can do
-- without.
-- When it matters: when workday_learning is enabled; its models wait until the file is right.
-- How to fix: `problem` says what is wrong; docs/reference/adapters.md lists the fields.

{{ config(enabled='workday_learning' in var('enabled_sources')) }}

with

mapping as (

    select * from {{ ref('stg_workday_learning__mapping') }}

),

report_columns as (

    select * from {{ ref('stg_workday_learning__report_columns') }}

),

problems as (

    select
        field,
        min(report_column) as report_column,
        case
            when field is null then 'no field is named'
            when
                field not in (
                    {% for field in workday_learning_fields() %}
                    '{{ field }}',
                    {% endfor %}
                    ''
                )
                then 'nobody knows this field'
            when count(*) > 1 then 'the field is mapped more than once'
            when min(report_column) is null then 'no column is named'
            when min(report_column) like '%[%' or min(report_column) like '%*%'
                then 'no alias of Workday has such a character'
        end as problem

    from mapping

    group by field

    union all

    {% for field in ['course_id', 'status', 'ended_at'] %}
    select
        '{{ field }}' as field,
        {{ field }}_column as report_column,
        case when {{ field }}_column is null then 'the field must be mapped' end as problem

    from report_columns

    union all

    {% endfor %}
    select
        'employee_id, work_email' as field,
        coalesce(employee_id_column, work_email_column) as report_column,
        case
            when (employee_id_column is null) = (work_email_column is null)
                then 'exactly one of the two must be mapped'
        end as problem

    from report_columns

)

select * from problems

where problem is not null
