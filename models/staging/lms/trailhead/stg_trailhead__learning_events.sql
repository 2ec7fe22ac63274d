-- One row per assignment and end of a badge that has a time.

with

records as (

    select * from {{ ref('base_trailhead__user_badges') }}

    where row_status = 'kept'

),

learning_events as (
    {{ learning_record_events('trailhead') }}
)

select * from learning_events
