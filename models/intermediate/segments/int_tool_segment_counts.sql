-- One row per tool, judged week, dimension and value with people: the counts of usage_segments.
--
-- Who is not counted by use is a non-user, or has too short a history: the person's, or the tool's.
-- Transitions are NULL where the week or the one before it was not wholly delivered.

with

population_counts as (

    select * from {{ ref('int_population_counts') }}

),

cells as (

    select * from {{ ref('int_segment_cells') }}

),

judged_weeks as (

    select * from {{ ref('int_judged_weeks') }}

),

{% set used = [
    'n_active', 'n_daily', 'n_monthly_active', 'n_newly_active', 'n_retained', 'n_lapsed',
    'n_low_12w', 'n_novice_12w', 'n_habitual_12w', 'n_power_12w', 'n_low_4w', 'n_novice_4w',
    'n_habitual_4w', 'n_power_4w'
] %}
use_counts as (

    {% for dimension in segment_dimensions() %}
    select
        tool_id,
        week_start_date,
        {% for name in used %}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor %}
        '{{ dimension.name }}' as dimension,
        {{ dimension.value }} as dimension_value

    from cells

    where {{ '' if dimension.per_manager else 'not ' }}is_manager_cell

    group by
        tool_id,
        {{ dimension.value ~ ',' if dimension.name != 'all' }}
        week_start_date

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- many groups : one judged week; one group : zero or one count of use (none: no use lately).
with_use as (

    select
        population_counts.tool_id,
        population_counts.week_start_date,
        judged_weeks.week_end_date,
        population_counts.dimension,
        population_counts.dimension_value,
        judged_weeks.n_uncovered_days,
        judged_weeks.n_uncovered_days_12w,
        judged_weeks.n_uncovered_days_4w,
        judged_weeks.has_transitions,
        {% for name in used %}
        coalesce(use_counts.{{ name }}, 0) as {{ name }},
        {% endfor %}
        population_counts.n_people,
        population_counts.n_tried,
        case
            when judged_weeks.has_history_12w then population_counts.n_new_12w
            else population_counts.n_people
        end as n_insufficient_history_12w,
        case
            when judged_weeks.has_history_4w then population_counts.n_new_4w
            else population_counts.n_people
        end as n_insufficient_history_4w

    from population_counts

    inner join judged_weeks
        on population_counts.tool_id = judged_weeks.tool_id
        and population_counts.week_start_date = judged_weeks.week_start_date

    left join use_counts
        on population_counts.tool_id = use_counts.tool_id
        and population_counts.week_start_date = use_counts.week_start_date
        and population_counts.dimension = use_counts.dimension
        and population_counts.dimension_value = use_counts.dimension_value

),

tool_segment_counts as (

    select
        tool_id,
        week_start_date,
        week_end_date,
        dimension,
        dimension_value,
        n_uncovered_days,
        n_uncovered_days_12w,
        n_uncovered_days_4w,
        n_people,
        n_active,
        n_daily,
        n_monthly_active,
        n_tried,
        {% for weeks in ['12w', '4w'] %}
        n_people - n_insufficient_history_{{ weeks }} - n_low_{{ weeks }} - n_novice_{{ weeks }}
        - n_habitual_{{ weeks }} - n_power_{{ weeks }} as n_non_user_{{ weeks }},
        n_low_{{ weeks }},
        n_novice_{{ weeks }},
        n_habitual_{{ weeks }},
        n_power_{{ weeks }},
        n_insufficient_history_{{ weeks }},
        {% endfor %}
        case when has_transitions then n_newly_active end as n_newly_active,
        case when has_transitions then n_retained end as n_retained,
        case when has_transitions then n_active - n_newly_active - n_retained end as n_resurrected,
        case when has_transitions then n_lapsed end as n_lapsed,
        case when has_transitions then n_tried - n_active - n_lapsed end as n_dormant,
        case when has_transitions then n_people - n_tried end as n_never_active

    from with_use

)

select * from tool_segment_counts
