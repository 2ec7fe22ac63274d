-- One row per comparison, program, tool, N, stratum, manager and lead bin: eligible reports of
-- known managers and how many adopted.
--
-- A comparison is `crude` (one stratum, also over all tools) or `adjusted` (role group and baseline
-- are the stratum). Over all tools the adjusted one has a stratum per tool, too, so it is summed
-- from these rows.

with

cells as (

    select * from {{ ref('int_activation_cells') }}

    where
        activation_lead_bin <> 'unknown'
        and n_eligible > 0

),

sums as (

    {% for level in ['tool_id', "'all'"] %}
    select
        'crude' as comparison,
        program_id,
        {{ level }} as tool_id,
        checkpoint_day,
        'all' as role_group,
        'all' as baseline_status,
        manager_group,
        activation_lead_bin,
        cast(sum(n_eligible) as bigint) as n_eligible,
        cast(sum(n_adopted) as bigint) as n_adopted

    from cells

    group by
        program_id,
        {{ 'tool_id,' if level == 'tool_id' }}
        checkpoint_day,
        manager_group,
        activation_lead_bin

    union all

    {% endfor %}
    select
        'adjusted' as comparison,
        program_id,
        tool_id,
        checkpoint_day,
        role_group,
        baseline_status,
        manager_group,
        activation_lead_bin,
        n_eligible,
        n_adopted

    from cells

)

select * from sums
