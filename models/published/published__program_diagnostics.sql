-- One row per program and failure mode, as BI may read it: shares of few people are hidden with
-- their verdict, because it says what most of them did.

with

{% set floor = display_floor() %}
diagnostics as (

    select * from {{ ref('program_diagnostics') }}

),

judged as (

    select
        *,
        n_people >= {{ floor }} as shows_people,
        n_at_risk is null or n_at_risk >= {{ floor }} as shows_reversion,
        failure_mode in ('inputs_not_outcomes', 'change_underfunded')
        or (
            n_people >= {{ floor }}
            and (coalesce(denominator, 0) = 0 or denominator >= {{ floor }})
        ) as shows_share,
        -- What nothing is known of says nothing of anybody.
        failure_mode in ('inputs_not_outcomes', 'change_underfunded')
        or coalesce(denominator, 0) = 0
        or (n_people >= {{ floor }} and denominator >= {{ floor }}) as shows_status

    from diagnostics

),

published as (

    select
        program_id,
        failure_mode,
        {{ shown_where('shows_status', ['status']) }},
        {{ shown_where('shows_people', ['n_people']) }},
        {{ shown_where('shows_share', [
            'numerator', 'denominator', 'n_unknown', 'measured_rate', 'measured_rate_low',
            'measured_rate_high'
        ]) }},
        threshold_rate,
        warn_rate,
        {{ shown_where('shows_status', ['not_measured']) }},
        {{ shown_where('shows_share', ['evidence']) }},
        {{ shown_where('shows_reversion', [
            'n_at_risk', 'n_reverted', 'reversion_rate', 'reversion_rate_low',
            'reversion_rate_high'
        ]) }},
        not shows_people
        or not shows_share
        or not shows_status
        or not shows_reversion
            as is_suppressed,
        {{ suppression_reasons({
            'few_people': 'shows_people',
            'few_judged': 'shows_share',
            'few_adopted_at_first': 'shows_reversion',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
