-- One row per completed unit (program, employee, tool): whether it was at risk of reversion from
-- one checkpoint to the next, and whether it reverted.
--
-- Reversion: adopted at the earlier checkpoint, not at the later one, among units eligible at both
-- and adopted at the earlier. Everybody else has false or NULL: count the flags that are true.

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

reversions as (

    select
        program_id,
        employee_id,
        tool_id,
        manager_group,
        is_adopted_30 and is_adopted_60 is not null as is_at_risk_30_60,
        is_adopted_30 and not is_adopted_60 as is_reverted_30_60,
        is_adopted_60 and is_adopted_90 is not null as is_at_risk_60_90,
        is_adopted_60 and not is_adopted_90 as is_reverted_60_90

    from per_unit

)

select * from reversions
