-- One row per recorded gate of a program, or of one of its waves, that no feed tells: when it was
-- met. met_on NULL: planned, not met.

with

program_gates as (

    select
        {{ reference_columns(ref('program_gates'), {
            'program_id': 'string',
            'wave_id': 'string',
            'gate': 'string',
            'met_on': 'date',
            'note': 'string'
        }) }}

    from {{ ref('program_gates') }}

)

select * from program_gates
