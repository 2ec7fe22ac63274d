-- One row per Degreed user (or employee id without one) for whom a completion tells an employee id.

with

records as (

    select * from {{ ref('base_degreed__completions') }}

    where row_status = 'kept'

),

aliases as (

    {{ learning_record_aliases('degreed') }}

)

select * from aliases
