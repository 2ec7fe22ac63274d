-- One row per program, tool, N, dimension and value, as BI may read it: small cells hidden.
--
-- The gap needs both denominators at or above the display floor, everything about adoption needs
-- n_eligible there.

with

{% set floor = display_floor() %}
certification_gaps as (

    select * from {{ ref('certification_gaps') }}

),

judged as (

    select
        *,
        coalesce(n_assigned >= {{ floor }}, false) as shows_completion,
        coalesce(n_eligible >= {{ floor }}, false) as shows_adoption

    from certification_gaps

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        {{ shown_where('shows_completion', [
            'n_assigned', 'n_assigned_completed', 'completion_rate'
        ]) }},
        {{ shown_where('shows_adoption', ['n_eligible', 'n_adopted', 'adoption_rate']) }},
        {{ shown_where('shows_completion and shows_adoption', ['certification_gap']) }},
        target_rate,
        {{ shown_where('shows_adoption', [
            'gap_to_target', 'missing_adopters', 'share_of_missing_adopters', 'gap_rank',
            'net_missing_adopters', 'contribution_rate', 'p_value', 'p_value_adjusted'
        ]) }},
        not shows_completion
        or not shows_adoption
            as is_suppressed,
        {{ suppression_reasons({
            'few_assigned': 'shows_completion',
            'few_eligible': 'shows_adoption',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
