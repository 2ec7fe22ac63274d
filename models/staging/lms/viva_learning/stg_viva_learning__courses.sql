-- One row per learning content that an activity names. The activities carry no titles.

with

records as (

    select * from {{ ref('base_viva_learning__learning_course_activities') }}

    where row_status = 'kept'

),

courses as (

    {{ learning_record_courses('viva_learning') }}

)

select * from courses
