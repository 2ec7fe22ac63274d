-- Finds rows `all` of content_freshness that are not the sum of the tool's courses, or of
-- adoption_rates, and rows whose units are of several kinds or of none.
-- When it matters: always; a unit was lost, or stands under two courses.
-- How to fix: compare int_unit_contents with int_unit_completions for the tool.

{{ config(meta={'joins': [{
    'name': 'content_rows_to_adoption_rates',
    'join': 'adoption_rates',
    'kind': 'equality',
    'keys': [
        ['program_id', 'program_id'], ['tool_id', 'tool_id'], ['checkpoint_day', 'checkpoint_day']
    ],
}]}) }}

{% set parts = [
    'n_unknown_version', 'n_not_measured', 'n_stale', 'n_rest', 'n_eligible_stale',
    'n_adopted_stale', 'n_eligible_rest', 'n_adopted_rest'
] %}
{% set whole = ['n_completed', 'n_eligible', 'n_adopted'] %}

with

freshness as (

    select
        {% for name in parts + whole %}
        coalesce({{ name }}, 0) as {{ name }},
        sum(case when course_id <> 'all' then coalesce({{ name }}, 0) else 0 end) over (
            partition by tool_id
        ) as courses_{{ name }},
        {% endfor %}
        program_id,
        tool_id,
        course_id,
        checkpoint_day

    from {{ ref('content_freshness') }}

),

adoption_rates as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        n_completed as n_all_completed,
        n_eligible as n_all_eligible,
        n_adopted as n_all_adopted

    from {{ ref('adoption_rates') }}

    where dimension = 'all'

),

-- many courses : zero or one row of adoption_rates (none: nobody was assigned or completed).
compared as (

    select
        {% for name in parts + whole %}
        freshness.{{ name }},
        freshness.courses_{{ name }},
        {% endfor %}
        freshness.tool_id,
        freshness.course_id,
        coalesce(adoption_rates.n_all_completed, 0) as n_all_completed,
        coalesce(adoption_rates.n_all_eligible, 0) as n_all_eligible,
        coalesce(adoption_rates.n_all_adopted, 0) as n_all_adopted

    from freshness

    left join adoption_rates
        on freshness.program_id = adoption_rates.program_id
        and freshness.tool_id = adoption_rates.tool_id
        and freshness.checkpoint_day = adoption_rates.checkpoint_day

),

broken as (

    select * from compared

    where
        n_completed <> n_stale + n_rest + n_unknown_version + n_not_measured
        or n_eligible_stale + n_eligible_rest > n_eligible
        or n_adopted_stale > n_eligible_stale
        or n_adopted_rest > n_eligible_rest
        or (
            course_id = 'all'
            and (
                n_completed <> n_all_completed
                or n_eligible <> n_all_eligible
                or n_adopted <> n_all_adopted
                {% for name in parts + whole %}
                or {{ name }} <> courses_{{ name }}
                {% endfor %}
            )
        )

)

select * from broken
