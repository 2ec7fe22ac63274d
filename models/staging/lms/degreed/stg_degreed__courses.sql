-- One row per content that a completion names.

with

records as (

    select * from {{ ref('base_degreed__completions') }}

    where row_status = 'kept'

),

courses as (

    {{ learning_record_courses('degreed') }}

)

select * from courses
