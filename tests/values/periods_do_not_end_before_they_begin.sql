-- Finds rows of people, positions, leave, addresses and seats whose last day lies before their
-- first.
-- When it matters: always; such a period covers no day, so the person silently has no position, no
-- leave, no address or no seat.
-- How to fix: have the source corrected; start and end are often swapped. Warns only: the rows hold
-- for nobody, and the figures of the others stand.
{{ config(severity='warn') }}

with

periods as (
    {% for relation, days in {
        'employees': ['hire_date', 'termination_date'],
        'employment_history': ['valid_from', 'valid_to'],
        'leave_periods': ['leave_start', 'leave_end'],
        'identity_aliases': ['valid_from', 'valid_to'],
        'tool_licences': ['valid_from', 'valid_to'],
    }.items() %}
    select
        '{{ relation }}' as relation_name,
        source_system,
        {{ days[0] }} as first_day,
        {{ days[1] }} as last_day,
        source_file

    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

broken as (

    select
        relation_name,
        source_system,
        source_file,
        count(*) as n_rows,
        min(first_day) as one_first_day,
        min(last_day) as one_last_day

    from periods

    where last_day < first_day

    group by relation_name, source_system, source_file

)

select * from broken
