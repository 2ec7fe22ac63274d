-- One row per course that a kept row names.

with

records as (

    select * from {{ ref('base_servicenow_learning__training_records') }}

    where row_status = 'kept'

),

courses as (
    {{ learning_record_courses('servicenow_learning') }}
)

select * from courses
