-- One row per program, course and the course's role in it (learner or manager_enablement).

with

program_courses as (

    select
        {{ reference_columns(ref('program_courses'), {
            'program_id': 'string',
            'source_system': 'string',
            'source_course_id': 'string',
            'course_role': 'string',
            'is_required': 'boolean'
        }) }}

    from {{ ref('program_courses') }}

)

select * from program_courses
