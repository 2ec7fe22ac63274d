-- One row per row of workday_learning_columns.csv: which column of the tenant's report is what.

with

mapping as (

    select
        {{ reference_columns(ref('workday_learning_columns'), {
            'field': 'string',
            'report_column': 'string'
        }) }}

    from {{ ref('workday_learning_columns') }}

)

select * from mapping
