-- One row per course that an enrolment names; its runs are one course.

with

records as (

    select * from {{ ref('base_edx_business__enrollments') }}

    where row_status = 'kept'

),

courses as (

    {{ learning_record_courses('edx_business') }}

)

select * from courses
