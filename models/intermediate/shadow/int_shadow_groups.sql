-- One row per month (or `all`), dimension and value: its people, whatever tool they use.
--
-- Of a month: those employed on its last day. Of `all`: the trained whose use before and after the
-- training is known, in the groups of their completion day.

with

shadow_people as (

    select * from {{ ref('int_shadow_people') }}

),

trained_windows as (

    select * from {{ ref('int_trained_windows') }}

),

shadow_groups as (

    {% for dimension, value in shadow_dimensions().items() %}
    select
        usage_month,
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        cast(count(*) as bigint) as n_people,
        cast(sum(case when is_trained then 1 else 0 end) as bigint) as n_trained,
        cast(0 as bigint) as n_judged

    from shadow_people

    group by
        {{ value ~ ',' if dimension != 'all' }}
        usage_month

    union all

    select
        'all' as usage_month,
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        cast(0 as bigint) as n_people,
        cast(0 as bigint) as n_trained,
        cast(count(*) as bigint) as n_judged

    from trained_windows
    {% if dimension == 'all' %}
    having count(*) > 0
    {% else %}
    group by {{ value }}
    {% endif %}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from shadow_groups
