-- One row per registration made, started and ended (completed, passed or failed).

with

records as (

    select * from {{ ref('base_scorm_cloud__registrations') }}

    where row_status = 'kept'

),

events as (

    {{ learning_record_events('scorm_cloud') }}

)

select * from events
