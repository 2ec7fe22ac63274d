-- One row per program, tool (and `all`) and manager group: reversion from one checkpoint to the
-- next.

with

unit_reversions as (

    select * from {{ ref('int_unit_reversions') }}

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

    from unit_reversions

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
