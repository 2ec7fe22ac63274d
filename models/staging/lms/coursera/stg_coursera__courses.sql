-- One row per content that an enrolment names; a specialization is a path.

with

records as (

    select * from {{ ref('base_coursera__enrollment_reports') }}

    where row_status = 'kept'

),

courses as (

    {{ learning_record_courses('coursera') }}

)

select * from courses
