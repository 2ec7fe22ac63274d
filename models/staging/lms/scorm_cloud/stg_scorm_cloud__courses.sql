-- One row per course that a registration names, with its newest version.

with

records as (

    select * from {{ ref('base_scorm_cloud__registrations') }}

    where row_status = 'kept'

),

courses as (

    {{ learning_record_courses('scorm_cloud') }}

)

select * from courses
