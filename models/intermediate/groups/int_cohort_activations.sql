-- One row per program, tool (and `all`) and known manager: activation status and lead of the
-- cohort.
--
-- The lead is the median over the cohort's completed units; bins take its whole days. An enabled
-- manager whose reports completed nothing yet has no lead and no status.

with

activations as (

    select * from {{ ref('int_unit_activations') }}

),

leads as (

    select
        program_id,
        tool_id,
        manager_group,
        {{ median_of('lead_days') }} as activation_lead_days,
        count(enabled_date) > 0 as is_manager_enabled

    from activations

    group by
        program_id,
        tool_id,
        manager_group

    union all

    select
        program_id,
        'all' as tool_id,
        manager_group,
        {{ median_of('lead_days') }} as activation_lead_days,
        count(enabled_date) > 0 as is_manager_enabled

    from activations

    group by
        program_id,
        manager_group

),

cohort_activations as (

    select
        program_id,
        tool_id,
        manager_group,
        activation_lead_days,
        {{ activation_lead_bin('activation_lead_days', 'is_manager_enabled') }}
            as activation_lead_bin,
        case
            when not is_manager_enabled then 'not_activated'
            when floor(activation_lead_days) < 0 then 'after_report'
            when activation_lead_days is not null then 'activated'
        end as activation_status

    from leads

)

select * from cohort_activations
