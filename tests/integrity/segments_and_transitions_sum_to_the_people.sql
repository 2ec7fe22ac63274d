-- Finds rows of usage_segments where the segments (over 12 or over 4 weeks) or the transitions do
-- not add up to n_people, where a part is larger than its whole, or where a count is negative.
-- When it matters: always; a person is in two segments or in none.
-- How to fix: use was counted of somebody who is not in the population of the week, or with other
-- attributes. Compare int_segment_cells with int_population_counts.

with

usage_segments as (

    select * from {{ ref('usage_segments') }}

),

broken as (

    select
        tool_id,
        week_start_date,
        dimension,
        dimension_value,
        n_people,
        n_active,
        n_tried,
        n_non_user_12w,
        n_non_user_4w,
        n_newly_active,
        n_never_active

    from usage_segments

    where
        {% for weeks in ['12w', '4w'] %}
        n_non_user_{{ weeks }} + n_low_{{ weeks }} + n_novice_{{ weeks }} + n_habitual_{{ weeks }}
        + n_power_{{ weeks }} + n_insufficient_history_{{ weeks }} <> n_people
        or least(
            n_non_user_{{ weeks }}, n_low_{{ weeks }}, n_novice_{{ weeks }},
            n_habitual_{{ weeks }}, n_power_{{ weeks }}, n_insufficient_history_{{ weeks }}
        ) < 0
        or
        {% endfor %}
        n_newly_active + n_retained + n_resurrected + n_lapsed + n_dormant + n_never_active
        <> n_people
        or n_newly_active + n_retained + n_resurrected <> n_active
        or least(
            n_newly_active, n_retained, n_resurrected, n_lapsed, n_dormant, n_never_active
        ) < 0
        or (n_newly_active is null) <> (n_never_active is null)
        or (n_uncovered_days > 0 and n_newly_active is not null)
        or n_people <= 0
        or n_daily > n_active
        or n_active > n_monthly_active
        or n_monthly_active > n_tried
        or n_tried > n_people

)

select * from broken
