-- One row per consumer tool (or `all`), month, dimension and value, as BI may read it: users of an
-- unapproved tool are told of only where they, and the others of their group, are enough.
--
-- A figure is hidden, too, where groups taken from `all`, or a tool taken from `all` tools, would
-- leave few: of the groups that are shown the smallest is then hidden with those that are not; of
-- a tool whose hidden groups leave few of all tools, every group of the dimension.

with

{% set floor = display_floor() %}
-- part of a row: what it needs; numbers of people, each none or enough; users among people; and
-- what must be none or enough if this tool is taken from `all` tools. Where each of the trained and
-- the untrained are, so are both together.
{% set parts = {
    'people': ['coalesce(people >= ' ~ floor ~ ', true)', ['people'], [], []],
    'trained': ['shows_people', ['n_trained', 'n_untrained'], [], []],
    'approved_people': ['shows_people', ['n_approved_users', 'n_not_approved'], [], []],
    'trained_approved_people': ['shows_trained and shows_approved_people', [
        'n_trained_approved_users', 'n_untrained_approved_users', 'n_trained_not_approved',
        'n_untrained_not_approved'
    ], [], []],
    'users': ['shows_people', [], [['n_users', 'people']], ['n_users']],
    'halves': ['shows_users and shows_trained', [], [
        ['first_users', 'first_people'], ['second_users', 'second_people']
    ], ['first_users', 'n_untrained_shadow_users', 'n_users_after']],
    'approved': ['shows_halves and shows_trained_approved_people', [], [
        ['approved_users', 'users_of_approved'],
        ['n_trained_shadow_and_approved', 'n_trained_shadow_users'],
        ['n_trained_shadow_and_approved', 'n_trained_approved_users'],
        ['n_trained_shadow_not_approved', 'n_trained_not_approved'],
        ['n_untrained_shadow_and_approved', 'n_untrained_shadow_users'],
        ['n_untrained_shadow_and_approved', 'n_untrained_approved_users'],
        ['n_untrained_shadow_not_approved', 'n_untrained_not_approved'],
    ], [
        'n_trained_shadow_and_approved', 'n_trained_shadow_not_approved',
        'n_untrained_shadow_and_approved', 'n_untrained_shadow_not_approved'
    ]],
} %}
{% set of_tools = parts.values() | map(attribute=3) | sum(start=[]) + ['n_accounts'] %}
shadow_ai as (

    select
        *,
        usage_month = 'all' as is_all_months

    from {{ ref('shadow_ai') }}

),

-- The users of a month are trained or not; those from before the training went on or stopped, as
-- others started.
with_parts as (

    select
        *,
        coalesce(n_people, n_trained_judged) as people,
        coalesce(n_shadow_users, n_shadow_before) as n_users,
        coalesce(n_trained, n_shadow_before) as first_people,
        coalesce(n_untrained, n_trained_judged - n_shadow_before) as second_people,
        coalesce(n_trained_shadow_users, n_shadow_before - n_stopped) as first_users,
        coalesce(n_untrained_shadow_users, n_started) as second_users,
        n_shadow_before - n_stopped + n_started as n_users_after,
        coalesce(n_shadow_and_approved, n_substituted) as approved_users,
        case when is_all_months then n_stopped else n_shadow_users end as users_of_approved,
        n_people - n_approved_users as n_not_approved,
        n_trained - n_trained_approved_users as n_trained_not_approved,
        n_trained_shadow_users - n_trained_shadow_and_approved as n_trained_shadow_not_approved,
        n_approved_users - n_trained_approved_users as n_untrained_approved_users,
        n_shadow_and_approved - n_trained_shadow_and_approved as n_untrained_shadow_and_approved

    from shadow_ai

),

with_untrained as (

    select
        *,
        n_untrained - n_untrained_approved_users as n_untrained_not_approved,
        n_untrained_shadow_users - n_untrained_shadow_and_approved
            as n_untrained_shadow_not_approved

    from with_parts

),

with_gaps as (

    select
        {% for count in of_tools %}
        {{ gap_to_all_tools(count) }} as gap_of_{{ count }},
        {% endfor %}
        *

    from with_untrained

),

-- Each part by its own numbers.
with_enough as (

    select
        {% for part, (condition, counts, pairs, gaps) in parts.items() %}
        {{ are_enough(counts, pairs, gaps) }} as is_{{ part }}_enough,
        {% endfor %}
        *

    from with_gaps

),

-- Spark resolves a query in 100 passes and takes about three for each CTE over windows: a part
-- without gaps is one CTE, not three.
{% for part, (condition, counts, pairs, gaps) in parts.items() %}
{% set shown = '(' ~ condition ~ ' and is_' ~ part ~ '_enough)' %}
{{ part ~ '_left' if gaps else 'with_' ~ part }} as (

    select
        *,
        {{ shown }}
        {% for count in counts %}
        and not {{ hides_few_left(shown, count) }}
        {% endfor %}
        {% for users, people in pairs %}
        and not {{ hides_what_is_left(shown, users, people) }}
        {% endfor %}
            as {{ 'leaves_enough' if gaps else 'shows' }}_{{ part }}

    from {{ 'with_enough' if loop.first else 'with_' ~ loop.previtem[0] }}

),

{% if gaps %}
{{ part }}_of_tools as (

    select
        *,
        leaves_enough_{{ part }}
        and max(
            case when consumer_tool = 'all' and not leaves_enough_{{ part }} then 1 else 0 end
        ) over (partition by usage_month, dimension, dimension_value) = 0
            as is_{{ part }}_of_all_tools_shown

    from {{ part }}_left

),

with_{{ part }} as (

    select
        *,
        leaves_enough_{{ part }}
        {% for count in gaps %}
        and {{ is_rest_apart_from_all_tools(
            'is_' ~ part ~ '_of_all_tools_shown', 'gap_of_' ~ count
        ) }}
        {% endfor %}
            as shows_{{ part }}

    from {{ part }}_of_tools

),

{% endif %}
{% endfor %}
with_accounts as (

    select
        *,
        coalesce(n_accounts >= {{ floor }}, true)
        and {{ none_or_enough('gap_of_n_accounts') }} as shows_accounts

    from with_approved

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        consumer_tool,
        usage_month,
        log_status,
        log_status_reason,
        n_approved_tools,
        n_approved_tools_unknown,
        n_approved_days,
        {{ shown_where('shows_people', ['n_people', 'n_trained_judged']) }},
        {{ shown_where('shows_trained', ['n_trained', 'n_untrained']) }},
        {{ shown_where('shows_approved_people', [
            'n_approved_users', 'approved_use_rate', 'approved_use_rate_low',
            'approved_use_rate_high'
        ]) }},
        {{ shown_where('shows_trained_approved_people', [
            'n_trained_approved_users', 'trained_approved_use_rate',
            'trained_approved_use_rate_low', 'trained_approved_use_rate_high'
        ]) }},
        {{ shown_where('shows_users', [
            'n_shadow_users', 'shadow_use_rate', 'shadow_use_rate_low', 'shadow_use_rate_high',
            'n_shadow_before'
        ]) }},
        {{ shown_where("shows_users and shows_accounts and consumer_tool = 'all'", [
            'n_requests'
        ]) }},
        {{ shown_where('shows_accounts', ['n_accounts']) }},
        {{ shown_where('shows_halves', [
            'n_trained_shadow_users', 'trained_shadow_use_rate', 'trained_shadow_use_rate_low',
            'trained_shadow_use_rate_high', 'n_untrained_shadow_users',
            'untrained_shadow_use_rate', 'untrained_shadow_use_rate_low',
            'untrained_shadow_use_rate_high', 'n_stopped', 'stopped_rate', 'stopped_rate_low',
            'stopped_rate_high', 'n_started'
        ]) }},
        {{ shown_where('shows_approved', [
            'n_shadow_and_approved', 'n_trained_shadow_and_approved', 'n_substituted',
            'substitution_rate', 'substitution_rate_low', 'substitution_rate_high'
        ]) }},
        not shows_trained_approved_people
        or not shows_approved
        or not shows_accounts as is_suppressed,
        {{ suppression_reasons({
            'few_people': 'shows_people',
            'few_trained_or_untrained': 'not shows_people or shows_trained',
            'few_with_or_without_approved_tools': 'not shows_people or shows_approved_people',
            'few_of_a_half_with_or_without_approved_tools': 'not shows_trained '
                ~ 'or not shows_approved_people or shows_trained_approved_people',
            'few_users_or_few_others': 'not shows_people or shows_users',
            'few_users_of_a_half': 'not shows_users or not shows_trained or shows_halves',
            'few_users_of_approved_tools': 'not shows_halves '
                ~ 'or not shows_trained_approved_people or shows_approved',
            'few_accounts': 'shows_accounts',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from with_accounts

)

select * from published
