-- One row per badge earned or withdrawn that has a time.

with

records as (

    select * from {{ ref('base_google_skills__badges') }}

    where row_status = 'kept'

),

learning_events as (
    {{ learning_record_events('google_skills') }}
)

select * from learning_events
