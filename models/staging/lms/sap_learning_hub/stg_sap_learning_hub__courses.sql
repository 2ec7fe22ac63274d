-- One row per learning activity that a kept row names.

with

records as (

    select * from {{ ref('base_sap_learning_hub__learning_activities') }}

    where row_status = 'kept'

),

courses as (
    {{ learning_record_courses('sap_learning_hub') }}
)

select * from courses
