-- Finds rows of adoption_rates where a numerator is larger than its denominator, or a count is
-- negative.
-- When it matters: always; the rate would be above 1 or the interval undefined.
-- How to fix: numerator and denominator were counted under different conditions. Compare both in
-- int_checkpoint_counts (adoption) or int_assignment_counts (completion).

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where dimension <> 'unattributed'

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        n_assigned,
        n_assigned_completed,
        n_completed,
        n_self_enrolled,
        n_eligible,
        n_adopted,
        n_tried,
        n_habitual,
        n_daily,
        n_new,
        n_new_adopted,
        n_existing,
        n_existing_adopted

    from adoption_rates

    where
        n_assigned_completed > n_assigned
        or n_self_enrolled > n_completed
        or n_eligible > n_completed
        or greatest(n_adopted, n_tried, n_habitual, n_daily) > n_eligible
        or n_daily > n_adopted
        or n_new + n_existing > n_eligible
        or n_new_adopted > n_new
        or n_existing_adopted > n_existing
        or n_new_adopted + n_existing_adopted > n_adopted
        or least(n_assigned_completed, n_self_enrolled, n_adopted, n_tried, n_habitual, n_daily) < 0

)

select * from broken
