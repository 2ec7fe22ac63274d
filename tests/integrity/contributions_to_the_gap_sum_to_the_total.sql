-- Finds dimensions whose net missing adopters do not sum to those of `all`, and rows of
-- gap_priorities that do not say what certification_gaps does.
-- When it matters: always; contributions say how much of the gap a group explains.
-- How to fix: a unit was lost from a group (certification_gaps), or gap_priorities rounds.
{{ config(meta={'joins': [{
    'name': 'priorities_to_gaps',
    'join': 'net_gaps',
    'kind': 'equality',
    'keys': [
        ['program_id', 'program_id'], ['tool_id', 'tool_id'], ['checkpoint_day', 'checkpoint_day'],
        ['dimension', 'dimension'], ['dimension_value', 'dimension_value'],
    ],
    'cardinality': 'one_to_one',
}]}) }}

with

net_gaps as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        target_rate * n_eligible - n_adopted as net_missing_adopters

    from {{ ref('certification_gaps') }}

),

gap_priorities as (

    select * from {{ ref('gap_priorities') }}

),

per_dimension as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        sum(net_missing_adopters) as net_missing_adopters

    from net_gaps

    group by
        program_id,
        tool_id,
        checkpoint_day,
        dimension

),

beside_all as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        net_missing_adopters,
        max(case when dimension = 'all' then net_missing_adopters end) over (
            partition by program_id, tool_id, checkpoint_day
        ) as net_missing_adopters_of_all

    from per_dimension

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        net_missing_adopters,
        net_missing_adopters_of_all

    from beside_all

    where
        net_missing_adopters_of_all is null
        or abs(net_missing_adopters - net_missing_adopters_of_all) > 1e-6

    union all

    select
        gap_priorities.program_id,
        gap_priorities.tool_id,
        gap_priorities.checkpoint_day,
        gap_priorities.dimension,
        gap_priorities.net_missing_adopters,
        net_gaps.net_missing_adopters as net_missing_adopters_of_all

    from gap_priorities

    -- one priority : one gap; a priority without one is broken.
    left join net_gaps
        on gap_priorities.program_id = net_gaps.program_id
        and gap_priorities.tool_id = net_gaps.tool_id
        and gap_priorities.checkpoint_day = net_gaps.checkpoint_day
        and gap_priorities.dimension = net_gaps.dimension
        and gap_priorities.dimension_value = net_gaps.dimension_value

    where
        net_gaps.net_missing_adopters is null
        or abs(gap_priorities.net_missing_adopters - net_gaps.net_missing_adopters) > 1e-9

)

select * from broken
