-- One row per employee, tool, index date and N with observed use from day 1 to N: daily feeds.

with

{% set block = var('block_days') %}
learner_tool_days as (

    select * from {{ ref('int_learner_tool_days') }}

    where day_number >= 1

),

{% for n in var('checkpoint_days') %}
use_at_{{ n }} as (

    select
        employee_id,
        tool_id,
        completion_date,
        {{ n }} as checkpoint_day,
        cast(count(*) as integer) as active_days_since_completion,
        cast(sum(interactions) as bigint) as interactions_since_completion,
        cast(sum(case when day_number > {{ n - block }} then 1 else 0 end) as integer)
            as active_days_last_7,
        cast(sum(case when day_number > {{ n - block }} then interactions else 0 end) as bigint)
            as interactions_last_7,
        {% for b in range(4) %}
        {{ '+ ' if not loop.first }}max(case
            when
                day_number > {{ n - block * (b + 1) }} and day_number <= {{ n - block * b }}
                then 1
            else 0
        end)
        {% endfor %}
            as n_active_blocks

    from learner_tool_days

    where day_number <= {{ n }}

    group by
        employee_id,
        tool_id,
        completion_date

),

{% endfor %}
use_at_checkpoints as (

    {% for n in var('checkpoint_days') %}
    select
        employee_id,
        tool_id,
        completion_date,
        checkpoint_day,
        active_days_since_completion,
        interactions_since_completion,
        active_days_last_7,
        interactions_last_7,
        cast(n_active_blocks as integer) as n_active_blocks

    from use_at_{{ n }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from use_at_checkpoints
