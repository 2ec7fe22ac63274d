-- One row per enrolment and end of a membership. The export knows no assignments.

with

records as (

    select * from {{ ref('base_coursera__enrollment_reports') }}

    where row_status = 'kept'

),

events as (

    {{ learning_record_events('coursera') }}

)

select * from events
