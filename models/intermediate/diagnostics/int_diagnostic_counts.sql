-- One row per program: what is counted of each failure mode, 0 where there is nothing.

with

programs as (

    select * from {{ ref('stg_reference__programs') }}

),

content as (

    select * from {{ ref('int_program_content') }}

),

practice as (

    select * from {{ ref('int_program_practice') }}

),

manager_leads as (

    select * from {{ ref('int_program_manager_leads') }}

),

follow_ups as (

    select * from {{ ref('int_program_follow_ups') }}

),

outcomes as (

    select * from {{ ref('int_program_outcomes') }}

),

enablement_courses as (

    select distinct program_id

    from {{ ref('int_program_courses') }}

    where course_role = 'manager_enablement'

),

feeds as (

    select count(distinct feed) as n_feeds

    from {{ ref('feed_files') }}

    where feed in ('surveys', 'outcomes')

),

-- one program : zero or one row of each count (none: nothing to count); the one row of feeds.
counts as (

    select
        programs.program_id,
        programs.training_budget,
        programs.change_budget,
        coalesce(practice.n_people, 0) as n_people,
        coalesce(content.n_role_specific, 0) as n_role_specific,
        coalesce(content.n_known, 0) as n_known_completions,
        coalesce(content.n_completions, 0) as n_completions,
        coalesce(practice.n_with_access, 0) as n_with_access,
        coalesce(practice.n_known, 0) as n_known_access,
        coalesce(practice.n_units, 0) as n_units,
        enablement_courses.program_id is not null as has_enablement_course,
        coalesce(manager_leads.n_in_time, 0) as n_managers_in_time,
        coalesce(manager_leads.n_managers, 0) as n_managers,
        coalesce(follow_ups.n_followed, 0) as n_followed,
        coalesce(follow_ups.n_known, 0) as n_known_follow_ups,
        coalesce(outcomes.n_judged, 0) + feeds.n_feeds as n_measures,
        coalesce(outcomes.n_to_come, 0) as n_measures_to_come,
        coalesce(outcomes.n_later_checkpoints, 0) + 2 as n_all_measures,
        coalesce(outcomes.n_at_risk, 0) as n_at_risk,
        coalesce(outcomes.n_reverted, 0) as n_reverted

    from programs

    left join content
        on programs.program_id = content.program_id

    left join practice
        on programs.program_id = practice.program_id

    left join manager_leads
        on programs.program_id = manager_leads.program_id

    left join follow_ups
        on programs.program_id = follow_ups.program_id

    left join outcomes
        on programs.program_id = outcomes.program_id

    left join enablement_courses
        on programs.program_id = enablement_courses.program_id

    cross join feeds

)

select * from counts
