-- One row per assignment, start and completion of an activity.

with

records as (

    select * from {{ ref('base_viva_learning__learning_course_activities') }}

    where row_status = 'kept'

),

events as (

    {{ learning_record_events('viva_learning') }}

)

select * from events
