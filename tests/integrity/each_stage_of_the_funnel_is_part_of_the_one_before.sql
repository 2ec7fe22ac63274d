-- Finds rows of adoption_funnels with a stage larger than the one before it, or whose completed
-- units are not licensed, without licence or not judged.
-- When it matters: always; a step rate above 1 or a unit lost between two stages is wrong.
-- How to fix: int_funnel_units; each stage must repeat the condition of the one before it.

with

adoption_funnels as (

    select * from {{ ref('adoption_funnels') }}

),

broken as (

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        n_assigned,
        n_completed,
        n_licensed,
        n_no_licence,
        n_not_judged,
        n_tried,
        n_weekly_active,
        n_habitual

    from adoption_funnels

    where
        n_completed > n_assigned
        or n_completed is distinct from n_licensed + n_no_licence + n_not_judged
        or n_tried > n_licensed
        or n_weekly_active > n_tried
        or n_habitual > n_weekly_active

)

select * from broken
