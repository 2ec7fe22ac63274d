-- One row per learning platform, as BI may read it: what few learners did is hidden.
--
-- Shares of all completions sum to one: where a platform is hidden, no other's share is shown, or
-- its completions would follow. Contracts and courses are no figures of people.

with

{% set floor = display_floor() %}
portfolio as (

    select * from {{ ref('platform_portfolio') }}

),

-- What is not measured has nothing to hide. A platform where nobody learned shows no zero, as no
-- other cell below the floor does.
judged as (

    select
        *,
        n_learners is null or n_learners >= {{ floor }} as shows_learners,
        n_units is null or n_units_judged >= {{ floor }} as shows_adopters

    from portfolio

),

with_others as (

    select
        *,
        not bool_or(not shows_learners) over () as shows_shares

    from judged

),

published as (

    select
        platform,
        learning_status,
        learning_status_reason,
        n_contracts,
        annual_cost,
        currency,
        contract_seats,
        contract_end,
        has_outcome_data_clause,
        refresh_cadence_months,
        integrates_xapi,
        integrates_scorm,
        {{ shown_where('shows_learners', ['first_completion_date', 'n_days_observed']) }},
        n_courses,
        n_courses_elsewhere,
        course_overlap_rate,
        {{ shown_where('shows_learners', [
            'n_learners', 'n_learners_elsewhere', 'n_completions'
        ]) }},
        {{ shown_where('shows_learners and shows_shares', ['completion_share']) }},
        {{ shown_where('shows_learners', [
            'n_completions_offered_elsewhere', 'n_completions_attributed', 'hris_join_rate',
            'hris_join_rate_low', 'hris_join_rate_high'
        ]) }},
        {{ shown_where('shows_learners and shows_adopters', [
            'n_units', 'n_units_judged', 'n_adopters'
        ]) }},
        {{ shown_where('shows_learners', [
            'cost_per_completion_low', 'cost_per_completion_high'
        ]) }},
        {{ shown_where('shows_learners and shows_adopters', [
            'cost_per_adopter_low', 'cost_per_adopter_high'
        ]) }},
        n_courses_lost,
        {{ shown_where('shows_learners', [
            'n_learners_of_lost_courses', 'n_learners_only_here'
        ]) }},
        consolidation_verdict,
        consolidation_reason,
        not shows_learners or not shows_adopters or not shows_shares as is_suppressed,
        {{ suppression_reasons({
            'few_learners': 'shows_learners',
            'few_judged': 'shows_adopters',
            'few_learners_elsewhere': 'shows_shares or not shows_learners',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from with_others

)

select * from published
