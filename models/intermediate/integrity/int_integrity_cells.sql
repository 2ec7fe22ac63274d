-- One row per program, tool, N and combination of signals: completed, eligible and adopted units.
--
-- What a rule says of a unit is a word here: `flagged`, `clear`, or `not_judged`.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

integrity as (

    select
        {% for rule, parts in integrity_rules().items() if rule != 'no_rule' %}
        case
            when {{ parts.flag }} then 'flagged'
            when not {{ parts.flag }} then 'clear'
            else 'not_judged'
        end as {{ rule }},
        {% endfor %}
        program_id,
        employee_id,
        tool_id,
        has_duration,
        has_score

    from {{ ref('int_completion_integrity') }}

),

{% set signals = ['has_duration', 'has_score'] %}
{% do signals.extend(integrity_rules().keys() | reject('equalto', 'no_rule')) %}
-- many checkpoints, one per N : the one row of signals of the unit.
cells as (

    select
        unit_checkpoints.program_id,
        unit_checkpoints.tool_id,
        unit_checkpoints.checkpoint_day,
        {% for signal in signals %}
        integrity.{{ signal }},
        {% endfor %}
        count(*) as n_completed,
        count(case when unit_checkpoints.is_eligible then 1 end) as n_eligible,
        count(case when unit_checkpoints.is_adopted then 1 end) as n_adopted

    from unit_checkpoints

    inner join integrity
        on unit_checkpoints.program_id = integrity.program_id
        and unit_checkpoints.employee_id = integrity.employee_id
        and unit_checkpoints.tool_id = integrity.tool_id

    group by
        unit_checkpoints.program_id,
        unit_checkpoints.tool_id,
        {% for signal in signals %}
        integrity.{{ signal }},
        {% endfor %}
        unit_checkpoints.checkpoint_day

)

select * from cells
