-- One row per course that a completion row names.

with

records as (

    select * from {{ ref('base_moodle__course_completions') }}

    where row_status = 'kept'

),

courses as (

    {{ learning_record_courses('moodle') }}

)

select * from courses
