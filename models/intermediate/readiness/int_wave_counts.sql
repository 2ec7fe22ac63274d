-- One row per program and wave: people, and what is counted of each gate.

with

waves as (

    select * from {{ ref('int_program_waves') }}

),

people as (

    select
        program_id,
        wave_id,
        count(*) as n_people

    from {{ ref('int_wave_people') }}

    group by program_id, wave_id

),

access as (

    select
        program_id,
        wave_id,
        count(*) as n_pairs,
        count(has_access) as n_known_pairs,
        cast(sum(case when has_access then 1 else 0 end) as bigint) as n_accessible_pairs

    from {{ ref('int_wave_access') }}

    group by program_id, wave_id

),

managers as (

    select
        program_id,
        wave_id,
        count(*) as n_managers,
        cast(sum(case when is_trained_in_time then 1 else 0 end) as bigint)
            as n_managers_in_time

    from {{ ref('int_wave_managers') }}

    group by program_id, wave_id

),

tools as (

    select
        program_id,
        wave_id,
        count(*) as n_tools

    from {{ ref('int_wave_tools') }}

    group by program_id, wave_id

),

enablement_courses as (

    select
        program_id,
        count(*) as n_enablement_courses

    from {{ ref('int_program_courses') }}

    where course_role = 'manager_enablement'

    group by program_id

),

-- one wave : zero or one count of people, pairs, managers and tools (none: there are none). Many
-- waves : zero or one count of enablement courses of their program.
counts as (

    select
        waves.program_id,
        waves.wave_id,
        coalesce(people.n_people, 0) as n_people,
        coalesce(tools.n_tools, 0) as n_tools,
        coalesce(access.n_pairs, 0) as n_pairs,
        coalesce(access.n_known_pairs, 0) as n_known_pairs,
        coalesce(access.n_accessible_pairs, 0) as n_accessible_pairs,
        coalesce(enablement_courses.n_enablement_courses, 0) as n_enablement_courses,
        coalesce(managers.n_managers, 0) as n_managers,
        coalesce(managers.n_managers_in_time, 0) as n_managers_in_time

    from waves

    left join people
        on waves.program_id = people.program_id
        and waves.wave_id = people.wave_id

    left join access
        on waves.program_id = access.program_id
        and waves.wave_id = access.wave_id

    left join managers
        on waves.program_id = managers.program_id
        and waves.wave_id = managers.wave_id

    left join tools
        on waves.program_id = tools.program_id
        and waves.wave_id = tools.wave_id

    left join enablement_courses
        on waves.program_id = enablement_courses.program_id

)

select * from counts
