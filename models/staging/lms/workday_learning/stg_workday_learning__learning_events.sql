-- One row per assignment, enrolment, start and end of an enrollment that has a time.

with

records as (

    select * from {{ ref('base_workday_learning__learning_enrollments') }}

    where row_status = 'kept'

),

learning_events as (
    {{ learning_record_events('workday_learning') }}
)

select * from learning_events
