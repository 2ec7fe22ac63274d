-- One row per assignment, enrolment, start and first completion of a course. The export has no date
-- of the assignment except assigned_on, which not every version sends.

with

records as (

    select * from {{ ref('base_udemy_business__user_course_activity') }}

    where row_status = 'kept'

),

events as (

    {{ learning_record_events('udemy_business') }}

)

select * from events
