-- One row per consumer tool (or `all`), month, dimension and value, as BI may read it: users of an
-- unapproved tool are told of only where they, and the others of their group, are enough.
--
-- A figure is hidden, too, where groups taken from `all`, or a tool taken from `all` tools, would
-- leave few: of the groups that are shown the smallest is then hidden with those that are not.

with

{% set floor = display_floor() %}
-- part of a row: under which condition, and whose users among which people it tells of
{% set parts = {
    'users': ['shows_people and is_users_apart', [['n_users', 'people']]],
    'halves': ['shows_users and has_whole_halves and is_halves_apart', [
        ['first_users', 'first_people'], ['second_users', 'second_people']
    ]],
    'approved': ['shows_users and (shows_halves or not is_all_months)', [
        ['approved_users', 'users_of_approved']
    ]],
    'trained_approved': ['shows_halves and shows_approved', [
        ['n_trained_shadow_and_approved', 'n_trained_shadow_users'],
        ['n_untrained_shadow_and_approved', 'n_untrained_shadow_users'],
    ]],
} %}
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
        coalesce(n_shadow_and_approved, n_substituted) as approved_users,
        case when is_all_months then n_stopped else n_shadow_users end as users_of_approved,
        n_shadow_and_approved - n_trained_shadow_and_approved as n_untrained_shadow_and_approved

    from shadow_ai

),

judged as (

    select
        *,
        coalesce(people >= {{ floor }}, true) as shows_people,
        coalesce(n_accounts >= {{ floor }}, true) as shows_accounts,
        {{ none_or_enough('first_people') }}
        and {{ none_or_enough('second_people') }} as has_whole_halves,
        {{ is_apart_from_all_tools('n_users') }} as is_users_apart,
        {{ is_apart_from_all_tools('first_users') }}
        and (
            is_all_months
            or {{ is_apart_from_all_tools('second_users') }}
        ) as is_halves_apart

    from with_parts

),

{% for part, (condition, pairs) in parts.items() %}
{{ part }}_alone as (

    select
        *,
        {{ condition }}
        {% for users, people in pairs %}
        and {{ users_among_others(users, people) }}
        {% endfor %}
            as is_{{ part }}_enough

    from {{ 'judged' if loop.first else 'with_' ~ loop.previtem[0] }}

),

with_{{ part }} as (

    select
        *,
        is_{{ part }}_enough
        {% for users, people in pairs %}
        and not {{ hides_what_is_left('is_' ~ part ~ '_enough', users, people) }}
        {% endfor %}
            as shows_{{ part }}

    from {{ part }}_alone

),

{% endfor %}
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
        {{ shown_where('shows_people', [
            'n_people', 'n_approved_users', 'approved_use_rate', 'approved_use_rate_low',
            'approved_use_rate_high', 'n_trained_judged'
        ]) }},
        {{ shown_where('shows_people and has_whole_halves', [
            'n_trained', 'n_untrained', 'n_trained_approved_users', 'trained_approved_use_rate',
            'trained_approved_use_rate_low', 'trained_approved_use_rate_high'
        ]) }},
        {{ shown_where('shows_users', [
            'n_shadow_users', 'shadow_use_rate', 'shadow_use_rate_low', 'shadow_use_rate_high',
            'n_shadow_before'
        ]) }},
        {{ shown_where('shows_users and shows_accounts', ['n_requests', 'n_accounts']) }},
        {{ shown_where('shows_halves', [
            'n_trained_shadow_users', 'trained_shadow_use_rate', 'trained_shadow_use_rate_low',
            'trained_shadow_use_rate_high', 'n_untrained_shadow_users',
            'untrained_shadow_use_rate', 'untrained_shadow_use_rate_low',
            'untrained_shadow_use_rate_high', 'n_stopped', 'stopped_rate', 'stopped_rate_low',
            'stopped_rate_high', 'n_started'
        ]) }},
        {{ shown_where('shows_approved', [
            'n_shadow_and_approved', 'n_substituted', 'substitution_rate',
            'substitution_rate_low', 'substitution_rate_high'
        ]) }},
        {{ shown_where('shows_trained_approved', ['n_trained_shadow_and_approved']) }},
        not shows_people
        or not has_whole_halves
        or not shows_trained_approved
        or not shows_accounts as is_suppressed,
        {{ suppression_reasons({
            'few_people': 'shows_people',
            'few_trained_or_untrained': 'not shows_people or has_whole_halves',
            'few_users_or_few_others': 'not shows_people or shows_users',
            'few_users_of_a_half': 'not shows_users or shows_halves',
            'few_users_of_approved_tools': 'not shows_halves or shows_trained_approved',
            'few_accounts': 'shows_accounts',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from with_trained_approved

)

select * from published
