-- One row per program with completed units: which checkpoints of 60 days or more are judged, and
-- how many who used the tool at the first checkpoint no longer did at the last.

{% set days = var('checkpoint_days') %}
{% set later_days = days | select('ge', 60) | list %}

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

    where program_id <> 'all'

),

units as (

    select
        program_id,
        employee_id,
        tool_id,
        bool_or(checkpoint_day = {{ days | min }} and is_eligible and is_adopted)
            as is_adopted_first,
        bool_or(checkpoint_day = {{ days | max }} and is_eligible) as is_judged_last,
        bool_or(checkpoint_day = {{ days | max }} and is_eligible and is_adopted)
            as is_adopted_last,
        {% for day in later_days %}
        max(case when checkpoint_day = {{ day }} then status end) as status_{{ day }},
        {% endfor %}
        min(completion_date) as completion_date

    from unit_checkpoints

    group by
        program_id,
        employee_id,
        tool_id

),

counted as (

    select
        program_id,
        {% for day in later_days %}
        sum(case when status_{{ day }} = 'eligible' then 1 else 0 end) as n_eligible_{{ day }},
        sum(case when status_{{ day }} in ('eligible', 'window_open') then 1 else 0 end)
            as n_possible_{{ day }},
        {% endfor %}
        cast(sum(case when is_adopted_first and is_judged_last then 1 else 0 end) as bigint)
            as n_at_risk,
        cast(sum(
            case
                when is_adopted_first and is_judged_last and not is_adopted_last then 1
                else 0
            end
        ) as bigint) as n_reverted

    from units

    group by program_id

),

outcomes as (

    select
        program_id,
        cast(
            0
            {% for day in later_days %}
            + case when n_eligible_{{ day }} >= {{ display_floor() }} then 1 else 0 end
            {% endfor %}
            as bigint
        ) as n_judged,
        cast(
            0
            {% for day in later_days %}
            + case
                when
                    n_eligible_{{ day }} < {{ display_floor() }}
                    and n_possible_{{ day }} >= {{ display_floor() }}
                    then 1
                else 0
            end
            {% endfor %}
            as bigint
        ) as n_to_come,
        cast({{ later_days | length }} as bigint) as n_later_checkpoints,
        n_at_risk,
        n_reverted

    from counted

)

select * from outcomes
