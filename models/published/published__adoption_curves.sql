-- One row per program, tool, dimension, value and week, as BI may read it: small cells hidden.
--
-- Each family of figures needs its own denominator at or above the display floor; who was judged is
-- shown from n_completed on, unless few were: the other counts would give them away. Week by week
-- differences are not looked at here: that is complementary suppression.

with

{% set floor = display_floor() %}
adoption_curves as (

    select * from {{ ref('adoption_curves') }}

),

judged as (

    select
        *,
        n_completed >= {{ floor }} and (n_at_risk >= {{ floor }} or n_at_risk = 0) as shows_counts,
        n_at_risk >= {{ floor }} as shows_activity,
        coalesce(n_reversion_at_risk >= {{ floor }}, false) and n_at_risk >= {{ floor }}
            as shows_reversion,
        coalesce(n_waiting >= {{ floor }}, false) as shows_first_use,
        coalesce(n_using >= {{ floor }}, false) as shows_lapse

    from adoption_curves

),

published as (

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        week_number,
        last_day_number,
        {{ shown_where('shows_counts', [
            'n_completed', 'n_window_open', 'n_not_judged', 'n_at_risk'
        ]) }},
        {{ shown_where('shows_activity', [
            'n_active', 'active_rate', 'active_rate_low', 'active_rate_high'
        ]) }},
        {{ shown_where('shows_reversion', [
            'n_reversion_at_risk', 'n_reverted', 'reversion_rate', 'reversion_rate_low',
            'reversion_rate_high'
        ]) }},
        {{ shown_where('shows_first_use', ['n_waiting', 'n_first_use', 'first_use_rate']) }},
        {{ shown_where('shows_lapse', ['n_using', 'n_lapsed', 'lapse_rate']) }},
        not shows_counts
        or not shows_activity
        or not shows_reversion
        or not shows_first_use
        or not shows_lapse
            as is_suppressed,
        {{ suppression_reasons({
            'few_completed_or_at_risk': 'shows_counts',
            'few_at_risk': 'shows_activity',
            'few_active_before': 'shows_reversion',
            'few_waiting': 'shows_first_use',
            'few_using': 'shows_lapse',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
