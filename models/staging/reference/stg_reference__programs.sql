-- One row per training program; both dates are inside the program, NULL is open.

with

programs as (

    select
        {{ reference_columns(ref('programs'), {
            'program_id': 'string',
            'program_name': 'string',
            'track': 'string',
            'starts_on': 'date',
            'ends_on': 'date',
            'completion_rule': 'string',
            'completion_window_days': 'integer',
            'adoption_target': 'double',
            'training_budget': 'double',
            'change_budget': 'double',
            'metric_owner': 'string'
        }) }}

    from {{ ref('programs') }}

)

select * from programs
