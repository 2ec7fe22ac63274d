-- One row per start and end of an activity that has a time.

with

records as (

    select * from {{ ref('base_sap_learning_hub__learning_activities') }}

    where row_status = 'kept'

),

learning_events as (
    {{ learning_record_events('sap_learning_hub') }}
)

select * from learning_events
