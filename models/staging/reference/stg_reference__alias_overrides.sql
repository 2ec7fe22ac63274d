-- One row per decision of a person that an alias belongs to an employee; valid_to is exclusive.

with

alias_overrides as (

    select
        {{ reference_columns(ref('alias_overrides'), {
            'alias_type': 'string',
            'alias_value': 'string',
            'employee_id': 'string',
            'valid_from': 'date',
            'valid_to': 'date',
            'reason': 'string'
        }) }}

    from {{ ref('alias_overrides') }}

)

select * from alias_overrides
