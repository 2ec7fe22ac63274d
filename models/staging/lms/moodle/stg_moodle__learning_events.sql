-- One row per enrolment, start and completion of a course.

with

records as (

    select * from {{ ref('base_moodle__course_completions') }}

    where row_status = 'kept'

),

events as (

    {{ learning_record_events('moodle') }}

)

select * from events
