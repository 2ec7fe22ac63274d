-- One row per badge that a kept row names.

with

records as (

    select * from {{ ref('base_trailhead__user_badges') }}

    where row_status = 'kept'

),

courses as (
    {{ learning_record_courses('trailhead') }}
)

select * from courses
