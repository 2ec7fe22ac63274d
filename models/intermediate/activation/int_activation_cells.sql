-- One row per program, tool, N, manager, lead bin, role group and baseline: reports and how many of
-- them adopted.
--
-- The lead is each report's own, from the manager's first enablement to the report's index date:
-- one team may be in several bins, because some of it was trained before its manager. Reversion is
-- the same on each N. Reports without a known manager have the bin `unknown`.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

activations as (

    select * from {{ ref('int_unit_activations') }}

    where member_by = 'completion'

),

unit_reversions as (

    select * from {{ ref('int_unit_reversions') }}

),

-- many checkpoints, one per N : zero or one activation (none: no known manager) and one row of
-- reversion.
with_leads as (

    select
        unit_checkpoints.program_id,
        unit_checkpoints.tool_id,
        unit_checkpoints.checkpoint_day,
        unit_checkpoints.manager_group,
        case
            when unit_checkpoints.manager_status = 'known'
                then {{ activation_lead_bin(
                    'activations.lead_days', 'activations.enabled_date is not null'
                ) }}
            else 'unknown'
        end as activation_lead_bin,
        coalesce(unit_checkpoints.role_group, 'unknown') as role_group,
        unit_checkpoints.baseline_status,
        unit_checkpoints.is_eligible,
        unit_checkpoints.is_adopted,
        unit_reversions.is_at_risk_30_60,
        unit_reversions.is_reverted_30_60,
        unit_reversions.is_at_risk_60_90,
        unit_reversions.is_reverted_60_90

    from unit_checkpoints

    left join activations
        on unit_checkpoints.program_id = activations.program_id
        and unit_checkpoints.employee_id = activations.employee_id
        and unit_checkpoints.tool_id = activations.tool_id

    inner join unit_reversions
        on unit_checkpoints.program_id = unit_reversions.program_id
        and unit_checkpoints.employee_id = unit_reversions.employee_id
        and unit_checkpoints.tool_id = unit_reversions.tool_id

),

cells as (

    select
        {% for name in [
            'eligible', 'adopted', 'at_risk_30_60', 'reverted_30_60', 'at_risk_60_90',
            'reverted_60_90'
        ] %}
        cast(sum(case when is_{{ name }} then 1 else 0 end) as bigint) as n_{{ name }},
        {% endfor %}
        count(*) as n_completed,
        program_id,
        tool_id,
        checkpoint_day,
        manager_group,
        activation_lead_bin,
        role_group,
        baseline_status

    from with_leads

    group by
        program_id,
        tool_id,
        checkpoint_day,
        manager_group,
        activation_lead_bin,
        role_group,
        baseline_status

)

select * from cells
