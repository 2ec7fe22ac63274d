-- Finds manager cohorts that are ranked below the display floor, that are no manager, or that are
-- not ranked though they are large enough.
-- When it matters: always; a rank of a team of three names people.
-- How to fix: is_ranked in manager_cohorts reads the var min_cell and n_eligible.

with

manager_cohorts as (

    select * from {{ ref('manager_cohorts') }}

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        manager_key,
        n_eligible,
        adoption_rank

    from manager_cohorts

    where
        (adoption_rank is not null) <> (
            n_eligible >= {{ var('min_cell') }}
            and manager_key not in ('no_manager', 'unknown')
        )

)

select * from broken
