-- One row per consumer tool (or `all`), month (or `all`), dimension and value: the counts of
-- shadow_ai before anything is divided.
--
-- Every group has a row for every consumer tool, also where nobody uses it. There is a row of
-- dimension `all` for each month that the web logs touch, and for month `all`; `unattributed` has
-- what nobody of the groups asked for.

with

tools as (

    select * from {{ ref('int_consumer_tools') }}

),

listed_tools as (

    select * from {{ ref('int_consumer_tools') }}

    where n_domains > 0

),

group_tools as (

    select * from {{ ref('int_consumer_tools') }}

    where n_domains > 0

),

months as (

    select * from {{ ref('int_shadow_months') }}

),

people_groups as (

    select * from {{ ref('int_shadow_groups') }}

),

shadow_use as (

    select * from {{ ref('int_shadow_use') }}

),

substitutions as (

    select * from {{ ref('int_substitutions') }}

),

unattributed as (

    select * from {{ ref('int_shadow_unattributed') }}

),

-- each month × each consumer tool.
month_tools as (

    select
        months.usage_month,
        listed_tools.consumer_tool

    from months

    cross join listed_tools

),

-- each group × each consumer tool.
groups_by_tool as (

    select
        people_groups.usage_month,
        group_tools.consumer_tool,
        people_groups.dimension,
        people_groups.dimension_value,
        {{ count_shadow({
            'n_people': 'people_groups.n_people',
            'n_trained': 'people_groups.n_trained',
            'n_trained_judged': 'people_groups.n_judged',
        }) }}

    from people_groups

    cross join group_tools

),

stacked as (

    {% for usage_month, source in [('usage_month', 'month_tools'), ("'all'", 'tools')] %}
    select
        {{ usage_month }} as usage_month,
        consumer_tool,
        'all' as dimension,
        'all' as dimension_value,
        {{ count_shadow({}) }}

    from {{ source }}

    union all

    {% endfor %}
    select * from groups_by_tool

    {% for dimension, value in shadow_dimensions().items() %}
    union all

    select
        usage_month,
        consumer_tool,
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        {{ count_shadow(counts_of_shadow_use()) }}

    from shadow_use

    union all

    select
        'all' as usage_month,
        consumer_tool,
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        {{ count_shadow(counts_of_substitution()) }}

    from substitutions

    {% endfor %}
    union all

    select
        usage_month,
        consumer_tool,
        'unattributed' as dimension,
        'unattributed' as dimension_value,
        {{ count_shadow({'n_requests': 'n_requests', 'n_accounts': 'n_accounts'}) }}

    from unattributed

),

shadow_counts as (

    select
        {% for name in shadow_counts() %}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor %}
        usage_month,
        consumer_tool,
        dimension,
        dimension_value

    from stacked

    group by
        usage_month,
        consumer_tool,
        dimension,
        dimension_value

)

select * from shadow_counts
