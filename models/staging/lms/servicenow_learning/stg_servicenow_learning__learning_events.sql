-- One row per assignment, enrolment, start and end of an attempt that has a time.

with

records as (

    select * from {{ ref('base_servicenow_learning__training_records') }}

    where row_status = 'kept'

),

learning_events as (
    {{ learning_record_events('servicenow_learning') }}
)

select * from learning_events
