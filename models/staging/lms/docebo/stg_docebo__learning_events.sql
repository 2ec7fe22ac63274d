-- One row per assignment, enrolment, first access and completion of an enrolment.

with

records as (

    select * from {{ ref('base_docebo__users_courses') }}

    where row_status = 'kept'

),

events as (

    {{ learning_record_events('docebo') }}

)

select * from events
