-- Finds rows of adoption_rates whose completed units are not eligible plus each reason why not,
-- and unattributed rows that carry more than n_completed.
-- When it matters: always; a unit without a status is in no rate and nobody would miss it.
-- How to fix: a status was added or renamed. Follow int_checkpoint_statuses to
-- int_checkpoint_counts and int_adoption_counts, where every status has a count of its own.

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        n_completed,
        n_eligible,
        n_window_open,
        n_left_before_day_n,
        n_feed_gap,
        n_licence_unknown,
        n_no_licence,
        n_on_leave

    from adoption_rates

    where
        (
            dimension <> 'unattributed'
            and n_completed is distinct from
            n_eligible + n_window_open + n_left_before_day_n + n_feed_gap + n_licence_unknown
            + n_no_licence + n_on_leave
        )
        or (
            dimension = 'unattributed'
            and coalesce(
                n_assigned, n_assigned_completed, n_eligible, n_adopted, n_new, n_existing
            ) is not null
        )

)

select * from broken
