-- One row per course and tool, and a row `all` per tool, as BI may read it: figures of few people
-- are hidden, and none follows from the courses that are shown and `all`.
--
-- Days, releases and status are about courses and always shown. adoption_rates publishes the units
-- of each tool and platform, so one more course is hidden where the hidden ones are few together.

with

{% set floor = display_floor() %}
{% set parts = ['n_stale', 'n_rest', 'n_unknown_version', 'n_not_measured'] %}
{% set sides = ['n_eligible_stale', 'n_eligible_rest', 'n_eligible_unknown'] %}
freshness as (

    select
        *,
        course_id = 'all' as is_all,
        n_eligible - coalesce(n_eligible_stale, 0) - coalesce(n_eligible_rest, 0)
            as n_eligible_unknown

    from {{ ref('content_freshness') }}

),

-- Courses large enough, without the smallest of them where those too small are few together: on
-- their platform, then in their tool.
{% for count, large, shows, before in [
    ('n_completed', 'n_completed >= ' ~ floor, 'shows_completed', 'freshness'),
    ('n_eligible', 'shows_completed and n_eligible >= ' ~ floor, 'shows_eligible',
        'with_shows_completed'),
] %}
{% for level, partition, is_large, flag, source in [
    ('platform', 'tool_id, platform', large, shows ~ '_on_platform', before),
    ('tool', 'tool_id', shows ~ '_on_platform', shows, 'with_' ~ shows ~ '_on_platform'),
] %}
beside_{{ flag }} as (

    select
        *,
        sum(case when is_all or ({{ is_large }}) then 0 else {{ count }} end) over (
            partition by {{ partition }}
        ) as hidden_by_{{ flag }},
        min(case when not is_all and {{ is_large }} then {{ count }} end) over (
            partition by {{ partition }}
        ) as smallest_of_{{ flag }}

    from {{ source }}

),

with_{{ flag }} as (

    select
        *,
        {{ is_large }}
        and (
            is_all
            or {{ count }} > smallest_of_{{ flag }}
            or {{ none_or_enough('hidden_by_' ~ flag) }}
        ) as {{ flag }}

    from beside_{{ flag }}

),

{% endfor %}
{% endfor %}
alone as (

    select
        *,
        shows_completed
        {% for part in parts %}
        and {{ none_or_enough(part) }}
        {% endfor %}
            as shows_own_parts,
        shows_eligible
        {% for count in parts + sides %}
        and {{ none_or_enough(count) }}
        {% endfor %}
            as shows_own_sides

    from with_shows_eligible

),

-- What the hidden courses of a tool add up to.
beside_courses as (

    select
        {% for name, counts in {'parts': parts, 'sides': sides}.items() %}
        {% for count in counts %}
        sum(case when is_all or shows_own_{{ name }} then 0 else coalesce({{ count }}, 0) end)
            over (partition by tool_id) as hidden_{{ count }},
        {% endfor %}
        {% endfor %}
        *

    from alone

),

judged as (

    select
        {% for name, counts in {'parts': parts, 'sides': parts + sides}.items() %}
        shows_own_{{ name }}
        {% for count in counts %}
        and (not is_all or {{ none_or_enough('hidden_' ~ count) }})
        {% endfor %}
            as shows_{{ name }},
        {% endfor %}
        *

    from beside_courses

),

published as (

    select
        program_id,
        tool_id,
        course_id,
        platform,
        checkpoint_day,
        is_taught,
        content_date,
        n_days_since_update,
        is_within_cadence,
        latest_release_date,
        n_releases_since,
        content_status,
        not_measured_reason,
        {{ shown_where('shows_completed', ['n_completed']) }},
        {{ shown_where('shows_parts', [
            'n_unknown_version', 'n_not_measured', 'n_judged', 'n_stale', 'stale_rate',
            'stale_rate_low', 'stale_rate_high', 'n_rest'
        ]) }},
        {{ shown_where('shows_eligible', [
            'n_eligible', 'n_adopted', 'adoption_rate', 'adoption_rate_low', 'adoption_rate_high'
        ]) }},
        {% for side in ['stale', 'rest'] %}
        {% set eligible = 'n_eligible_' ~ side %}
        {{ shown_where('shows_sides and ' ~ eligible ~ ' >= ' ~ floor, [
            eligible, 'n_adopted_' ~ side, 'adoption_rate_' ~ side,
            'adoption_rate_' ~ side ~ '_low', 'adoption_rate_' ~ side ~ '_high'
        ]) }},
        {% endfor %}
        not (shows_completed and shows_parts and shows_eligible)
        or (n_judged > 0 and not shows_sides) as is_suppressed,
        {{ suppression_reasons({
            'few_completed': 'shows_completed',
            'few_of_a_kind': 'shows_parts',
            'few_eligible': 'shows_eligible',
            'few_eligible_of_a_kind': 'n_judged = 0 or shows_sides',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
