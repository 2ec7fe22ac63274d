-- One row per tool (or `all`), dimension and value, as BI may read it: seats and completers of
-- small groups hidden, with their costs, which would tell how many there are.
--
-- What is judged of few is hidden with all its parts, or the rest would follow by subtraction.
-- Stated budgets are no figures of people. Complementary suppression is not done here.

with

{% set floor = display_floor() %}
licence_value as (

    select * from {{ ref('licence_value') }}

),

-- What is not measured has nothing to hide.
judged as (

    select
        *,
        n_seats is null or n_seats >= {{ floor }} as shows_seats,
        coalesce(n_seats, {{ floor }}) >= {{ floor }}
        and (
            n_judged_seats is null
            or n_judged_seats = 0
            or n_judged_seats >= {{ floor }}
        ) as shows_use,
        -- Seats less those of the untrained are trained people, of whom adopters are a part.
        coalesce(n_seats, {{ floor }}) >= {{ floor }}
        and {{ none_or_enough('n_seats - coalesce(n_untrained_seats, 0)') }}
        and {{ none_or_enough(
            'n_seats - coalesce(n_untrained_seats, 0) - coalesce(n_adopters_not_judged, 0)'
        ) }} as shows_trained,
        n_completers is null or n_completers >= {{ floor }} as shows_completers,
        coalesce(n_completers, {{ floor }}) >= {{ floor }}
        and (
            n_judged_completers is null
            or n_judged_completers = 0
            or n_judged_completers >= {{ floor }}
        ) as shows_gap

    from licence_value

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        seat_status,
        seat_status_reason,
        n_tools,
        n_tools_measured,
        seat_date,
        use_through_date,
        {{ shown_where('shows_seats', [
            'n_seats', 'n_leaver_seats', 'n_seats_without_cost', 'monthly_cost'
        ]) }},
        {{ shown_where('shows_trained', [
            'n_untrained_seats', 'untrained_rate', 'untrained_rate_low', 'untrained_rate_high',
            'untrained_monthly_cost', 'n_adopters', 'n_adopters_not_judged',
            'cost_per_adopter_low', 'cost_per_adopter_high'
        ]) }},
        {{ shown_where('shows_use', [
            'n_active_seats', 'n_idle_seats', 'n_new_seats', 'n_unknown_use_seats',
            'n_never_used_seats', 'n_judged_seats', 'idle_rate', 'idle_rate_low',
            'idle_rate_high', 'n_weekly_active', 'idle_monthly_cost_low',
            'idle_monthly_cost_high', 'cost_per_weekly_active'
        ]) }},
        {{ shown_where('shows_completers', ['n_completers']) }},
        {{ shown_where('shows_gap', [
            'n_completers_active', 'n_completers_not_using', 'n_completers_new',
            'n_completers_unknown', 'n_judged_completers', 'not_using_rate',
            'not_using_rate_low', 'not_using_rate_high', 'n_gap_without_hours',
            'gap_training_hours_low', 'gap_training_hours_high'
        ]) }},
        {{ shown_where('shows_gap and shows_seats', [
            'n_gap_seats', 'gap_monthly_cost_low', 'gap_monthly_cost_high'
        ]) }},
        n_programs,
        n_programs_without_budget,
        training_budget,
        not shows_seats
        or not shows_trained
        or not shows_use
        or not shows_completers
        or not shows_gap as is_suppressed,
        {{ suppression_reasons({
            'few_seats': 'shows_seats',
            'few_trained_holders': 'not shows_seats or shows_trained',
            'few_judged_seats': 'shows_use',
            'few_completers': 'shows_completers',
            'few_judged_completers': 'shows_gap',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
