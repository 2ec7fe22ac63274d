-- One row per program, tool (and `all`) and manager group: reversion from one checkpoint to the
-- next.
--
-- Reversion: adopted at the earlier checkpoint, not at the later one, among units eligible at both
-- and adopted at the earlier.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

per_unit as (

    select
        program_id,
        employee_id,
        tool_id,
        {% for n in [30, 60, 90] %}
        bool_or(case when checkpoint_day = {{ n }} then is_adopted end) as is_adopted_{{ n }},
        {% endfor %}
        manager_group

    from unit_checkpoints

    group by
        program_id,
        employee_id,
        tool_id,
        manager_group

),

flagged as (

    select
        program_id,
        tool_id,
        manager_group,
        is_adopted_30 and is_adopted_60 is not null as is_at_risk_30_60,
        is_adopted_30 and not is_adopted_60 as is_reverted_30_60,
        is_adopted_60 and is_adopted_90 is not null as is_at_risk_60_90,
        is_adopted_60 and not is_adopted_90 as is_reverted_60_90

    from per_unit

),

{% for level in ['tool_id', "'all'"] %}
{% set name = 'per_tool' if loop.first else 'over_tools' %}
{{ name }} as (

    select
        program_id,
        {{ level }} as tool_id,
        manager_group,
        cast(sum(case when is_at_risk_30_60 then 1 else 0 end) as bigint) as n_at_risk_30_60,
        cast(sum(case when is_reverted_30_60 then 1 else 0 end) as bigint) as n_reverted_30_60,
        cast(sum(case when is_at_risk_60_90 then 1 else 0 end) as bigint) as n_at_risk_60_90,
        cast(sum(case when is_reverted_60_90 then 1 else 0 end) as bigint) as n_reverted_60_90

    from flagged

    group by
        program_id,
        {{ 'tool_id,' if loop.first }}
        manager_group

),

{% endfor %}
reversions as (

    select
        program_id,
        tool_id,
        manager_group,
        n_at_risk_30_60,
        n_reverted_30_60,
        n_at_risk_60_90,
        n_reverted_60_90

    from per_tool

    union all

    select
        program_id,
        tool_id,
        manager_group,
        n_at_risk_30_60,
        n_reverted_30_60,
        n_at_risk_60_90,
        n_reverted_60_90

    from over_tools

)

select * from reversions
