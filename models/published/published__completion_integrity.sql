-- One row per program, tool, N and rule, as BI may read it: nobody can be found among few flagged
-- or few others, nor by taking rules from `any_rule`, or tools or programs from `all`.

with

{% set floor = display_floor() %}
{% set sides = ['n_eligible_suspicious', 'n_eligible_rest'] %}
integrity as (

    select
        *,
        n_judged - n_suspicious as n_rest,
        rule_name in ('any_rule', 'no_rule') as is_of_all_rules,
        tool_id = 'all' as is_of_all_tools

    from {{ ref('completion_integrity') }}

),

with_rest as (

    select
        {% for count in ['n_completed', 'n_suspicious', 'n_rest'] + sides %}
        {{ beside_programs(count, 'tool_id, checkpoint_day, rule_name') }},
        {% endfor %}
        *

    from integrity

),

-- How far `any_rule` goes beyond each rule.
beside_any_rule as (

    select
        {% for name in ['n_suspicious'] + sides %}
        abs(
            max(case when rule_name = 'any_rule' then {{ name }} end) over (
                partition by program_id, tool_id, checkpoint_day
            ) - {{ name }}
        ) as gap_of_{{ name }},
        {% endfor %}
        *

    from with_rest

),

alone as (

    select
        *,
        case
            when is_of_all_rules or not is_measured then 0
            {% for name in ['n_suspicious'] + sides %}
            when not {{ none_or_enough('gap_of_' ~ name) }} then 1
            {% endfor %}
            else 0
        end as has_small_gap,
        n_judged >= {{ floor }}
        and {{ none_or_enough('n_suspicious') }}
        and {{ none_or_enough('n_rest') }}
        and {{ is_apart_from_all('n_suspicious') }}
        and {{ is_apart_from_all('n_rest') }} as shows_own_counts,
        {{ none_or_enough('n_eligible_suspicious') }}
        and {{ none_or_enough('n_eligible_rest') }}
        and {{ is_apart_from_all('n_eligible_suspicious') }}
        and {{ is_apart_from_all('n_eligible_rest') }} as shows_own_sides

    from beside_any_rule

),

with_rules as (

    select
        {% for name, shows in {
            'counts': 'shows_own_counts', 'sides': 'shows_own_counts and shows_own_sides'
        }.items() %}
        {{ shows }}
        and (
            not is_of_all_rules
            or max(case
                when has_small_gap = 1 then 1
                when rule_name = 'any_rule' and not ({{ shows }}) then 1
                else 0
            end) over (partition by program_id, tool_id, checkpoint_day) = 0
        ) as shows_rule_{{ name }},
        {% endfor %}
        *

    from alone

),

-- What the hidden tools of the same rule add up to.
beside_tools as (

    select
        *,
        {% for shows, names in {
            'shows_rule_counts': ['n_suspicious', 'n_rest'], 'shows_rule_sides': sides
        }.items() %}
        {% set is_hidden = 'is_measured and not is_of_all_tools and not ' ~ shows %}
        sum(case when {{ is_hidden }} then 1 else 0 end) over one_rule as tools_without_{{ shows }},
        {% for name in names %}
        sum(case when {{ is_hidden }} then {{ name }} else 0 end) over one_rule
            as hidden_{{ name }},
        {% endfor %}
        {% endfor %}
        n_completed >= {{ floor }}
        and {{ is_apart_from_all('n_completed') }} as shows_completed

    from with_rules

    window one_rule as (partition by program_id, checkpoint_day, rule_name)

),

judged as (

    select
        {% for name, shows, names in [
            ('counts', 'shows_rule_counts', ['n_suspicious', 'n_rest']),
            ('sides', 'shows_rule_sides', sides),
        ] %}
        {% set hidden = 'tools_without_' ~ shows %}
        {{ shows }}
        and (
            not is_of_all_tools
            or {{ hidden }} = 0
            or (
                {{ hidden }} > 1
                {% for count in names %}
                and {{ none_or_enough('hidden_' ~ count) }}
                {% endfor %}
            )
        ) as shows_{{ name }},
        {% endfor %}
        *

    from beside_tools

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        rule_name,
        is_measured,
        not_measured_reason,
        {{ shown_where('shows_completed', ['n_completed']) }},
        {{ shown_where('shows_counts', [
            'n_judged', 'n_suspicious', 'suspicious_rate', 'suspicious_rate_low',
            'suspicious_rate_high'
        ]) }},
        {% for side in ['suspicious', 'rest'] %}
        {% set eligible = 'n_eligible_' ~ side %}
        {{ shown_where('shows_counts and shows_sides and ' ~ eligible ~ ' >= ' ~ floor, [
            eligible, 'n_adopted_' ~ side, 'adoption_rate_' ~ side,
            'adoption_rate_' ~ side ~ '_low', 'adoption_rate_' ~ side ~ '_high'
        ]) }},
        {% endfor %}
        not shows_completed
        or (is_measured and not (shows_counts and shows_sides)) as is_suppressed,
        {{ suppression_reasons({
            'few_completed': 'shows_completed',
            'few_suspicious_or_few_others': 'not is_measured or shows_counts',
            'few_eligible_of_either': 'not is_measured or shows_sides',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
