-- One row per enrolment and end (passed or withdrawn) of a person in a course run.

with

records as (

    select * from {{ ref('base_edx_business__enrollments') }}

    where row_status = 'kept'

),

events as (

    {{ learning_record_events('edx_business') }}

)

select * from events
