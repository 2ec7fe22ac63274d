-- dim_programs as BI may read it: nothing in it is about a person.

with

dim_programs as (

    select * from {{ ref('dim_programs') }}

),

published as (

    select
        program_id,
        program_name,
        track,
        starts_on,
        ends_on,
        completion_rule,
        completion_window_days,
        adoption_target,
        metric_owner

    from dim_programs

)

select * from published
