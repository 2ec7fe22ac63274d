-- One row per program, tool, N, dimension and value: the counts behind every rate.
--
-- Completion counts group by the attributes of the assignment day, adoption counts by those of the
-- index date; a value may have only one of them. `unattributed` rows carry n_completed only.

with

{% set counts = [
    'n_completed', 'n_self_enrolled', 'n_eligible', 'n_adopted', 'n_tried', 'n_habitual', 'n_daily',
    'n_window_open', 'n_left_before_day_n', 'n_feed_gap', 'n_licence_unknown', 'n_no_licence',
    'n_on_leave', 'n_new', 'n_new_adopted', 'n_existing', 'n_existing_adopted'
] + (day_sums().keys() | list) %}
checkpoint_counts as (

    select * from {{ ref('int_checkpoint_counts') }}

),

assignment_counts as (

    select * from {{ ref('int_assignment_counts') }}

),

unattributed_counts as (

    select * from {{ ref('int_unattributed_counts') }}

),

-- Every program and tool has an `unattributed` row, with 0 where everybody could be named.
unattributed_or_none as (

    select
        program_id,
        tool_id,
        n_completed

    from unattributed_counts

    union all

    select
        program_id,
        tool_id,
        0 as n_completed

    from checkpoint_counts

    where dimension = 'all'

    union all

    select
        program_id,
        tool_id,
        0 as n_completed

    from assignment_counts

    where dimension = 'all'

),

stacked as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        {{ counts | join(',\n        ') }},
        0 as n_assigned,
        0 as n_assigned_completed

    from checkpoint_counts

    {% for checkpoint_day in var('checkpoint_days') %}
    union all

    select
        program_id,
        tool_id,
        {{ checkpoint_day }} as checkpoint_day,
        dimension,
        dimension_value,
        {% for name in counts %}
        0 as {{ name }},
        {% endfor %}
        n_assigned,
        n_assigned_completed

    from assignment_counts

    union all

    select
        program_id,
        tool_id,
        {{ checkpoint_day }} as checkpoint_day,
        'unattributed' as dimension,
        'unattributed' as dimension_value,
        {% for name in counts %}
        {{ name if name == 'n_completed' else 'cast(null as bigint) as ' ~ name }},
        {% endfor %}
        cast(null as bigint) as n_assigned,
        cast(null as bigint) as n_assigned_completed

    from unattributed_or_none

    {% endfor %}
),

summed as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        {% for name in counts %}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor %}
        cast(sum(n_assigned) as bigint) as n_assigned,
        cast(sum(n_assigned_completed) as bigint) as n_assigned_completed

    from stacked

    group by
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value

)

select * from summed
