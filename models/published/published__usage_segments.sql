-- One row per tool (or `all`), week, dimension and value, as BI may read it: small groups hidden.
--
-- Counts and rates need n_people at or above the display floor; segments also need as many people
-- with enough history, or nobody with any. Complementary suppression is not done here.

with

{% set floor = display_floor() %}
usage_segments as (

    select * from {{ ref('usage_segments') }}

),

judged as (

    select
        *,
        {% for weeks in ['12w', '4w'] %}
        coalesce(
            n_people >= {{ floor }}
            and (
                n_people - n_insufficient_history_{{ weeks }} >= {{ floor }}
                or n_people = n_insufficient_history_{{ weeks }}
            ),
            false
        ) as shows_segments_{{ weeks }},
        {% endfor %}
        coalesce(n_people >= {{ floor }}, false) as shows_counts

    from usage_segments

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        week_start_date,
        week_end_date,
        n_uncovered_days,
        n_uncovered_days_12w,
        n_uncovered_days_4w,
        {{ shown_where('shows_counts', ['n_people']) }},
        {% for weeks in ['12w', '4w'] %}
        {{ shown_where('shows_segments_' ~ weeks, [
            'n_non_user_' ~ weeks, 'n_low_' ~ weeks, 'n_novice_' ~ weeks, 'n_habitual_' ~ weeks,
            'n_power_' ~ weeks, 'n_insufficient_history_' ~ weeks
        ]) }},
        {% endfor %}
        {{ shown_where('shows_counts', [
            'n_active', 'active_rate', 'active_rate_low', 'active_rate_high', 'n_daily',
            'daily_rate', 'daily_rate_low', 'daily_rate_high', 'n_monthly_active',
            'monthly_active_rate', 'monthly_active_rate_low', 'monthly_active_rate_high',
            'n_tried', 'tried_rate', 'tried_rate_low', 'tried_rate_high', 'n_newly_active',
            'n_retained', 'n_resurrected', 'n_lapsed', 'n_dormant', 'n_never_active'
        ]) }},
        not shows_counts
        or not shows_segments_12w
        or not shows_segments_4w
            as is_suppressed,
        {{ suppression_reasons({
            'few_people': 'shows_counts',
            'few_with_history_12w': 'shows_segments_12w',
            'few_with_history_4w': 'shows_segments_4w',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
