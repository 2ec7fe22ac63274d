-- One row per badge that a kept row names.

with

records as (

    select * from {{ ref('base_google_skills__badges') }}

    where row_status = 'kept'

),

courses as (
    {{ learning_record_courses('google_skills') }}
)

select * from courses
