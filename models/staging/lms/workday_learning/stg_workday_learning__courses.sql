-- One row per learning content that a kept entry names.

with

records as (

    select * from {{ ref('base_workday_learning__learning_enrollments') }}

    where row_status = 'kept'

),

courses as (
    {{ learning_record_courses('workday_learning') }}
)

select * from courses
