-- One row per course that an enrolment names.

with

records as (

    select * from {{ ref('base_docebo__users_courses') }}

    where row_status = 'kept'

),

courses as (

    {{ learning_record_courses('docebo') }}

)

select * from courses
