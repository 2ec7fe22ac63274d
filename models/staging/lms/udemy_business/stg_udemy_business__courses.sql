-- One row per course that an activity names.

with

records as (

    select * from {{ ref('base_udemy_business__user_course_activity') }}

    where row_status = 'kept'

),

courses as (

    {{ learning_record_courses('udemy_business') }}

)

select * from courses
