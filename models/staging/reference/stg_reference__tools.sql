-- One row per AI tool whose adoption is measured.

with

tools as (

    select
        {{ reference_columns(ref('tools'), {
            'tool_id': 'string',
            'tool_name': 'string',
            'vendor': 'string',
            'licence_model': 'string',
            'restatement_lag_days': 'integer',
            'is_approved': 'boolean'
        }) }}

    from {{ ref('tools') }}

)

select * from tools
