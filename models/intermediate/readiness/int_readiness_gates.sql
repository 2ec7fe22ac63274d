-- One row per program, wave and gate: how many of those asked for met it, and its status.
--
-- A share passes or fails only where those whose state is unknown could not change it: otherwise,
-- and where there is nothing to judge by, the gate is not measured and not_measured says why.

with

waves as (

    select * from {{ ref('int_program_waves') }}

),

counts as (

    select * from {{ ref('int_wave_counts') }}

),

records as (

    select * from {{ ref('int_wave_records') }}

),

-- one wave : one row of counts and one of records, which have every wave.
measured as (

    select
        waves.*,
        counts.n_people,
        counts.n_tools,
        counts.n_pairs,
        counts.n_known_pairs,
        counts.n_accessible_pairs,
        counts.n_enablement_courses,
        counts.n_managers,
        counts.n_managers_in_time,
        records.n_policies,
        records.n_policies_in_time,
        records.policy_on,
        records.has_stories,
        records.n_stories,
        records.n_stories_in_time,
        records.story_on

    from waves

    inner join counts
        on waves.program_id = counts.program_id
        and waves.wave_id = counts.wave_id

    inner join records
        on waves.program_id = records.program_id
        and waves.wave_id = records.wave_id

),

{% set gates = {
    'tools_deployed': {
        'n_met': 'n_accessible_pairs', 'n_judged': 'n_known_pairs',
        'n_unknown': 'n_pairs - n_known_pairs', 'share': var('readiness_tool_share'), 'lead': 0,
        'recorded_on': 'cast(null as date)',
        'nothing': {'n_people = 0': 'wave_people', 'n_tools = 0': 'program_tools'},
    },
    'managers_trained': {
        'n_met': 'n_managers_in_time', 'n_judged': 'n_managers', 'n_unknown': 'cast(0 as bigint)',
        'share': var('readiness_manager_share'), 'lead': var('manager_lead_days'),
        'recorded_on': 'cast(null as date)',
        'nothing': {
            'n_enablement_courses = 0': 'enablement_courses', 'n_people = 0': 'wave_people',
            'n_managers = 0': 'known_managers'
        },
    },
    'policy_communicated': {
        'n_met': 'n_policies_in_time', 'n_judged': 'n_policies',
        'n_unknown': 'cast(0 as bigint)', 'share': 1, 'lead': 1, 'recorded_on': 'policy_on',
        'nothing': {'n_policies = 0': 'program_gates'},
    },
    'success_story': {
        'n_met': 'n_stories_in_time', 'n_judged': 'n_stories', 'n_unknown': 'cast(0 as bigint)',
        'share': 0, 'lead': 1, 'recorded_on': 'story_on',
        'nothing': {'not has_stories': 'success_stories'},
    },
} %}
stacked as (

    {% for gate, terms in gates.items() %}
    select
        program_id,
        wave_id,
        wave_name,
        starts_on,
        judged_on,
        is_started,
        n_people,
        '{{ gate }}' as gate,
        {{ add_days('starts_on', '-' ~ terms.lead) }} as due_on,
        {{ terms.recorded_on }} as recorded_on,
        {{ terms.n_met }} as n_met,
        {{ terms.n_judged }} as n_judged,
        {{ terms.n_unknown }} as n_unknown,
        {{ terms.share }}e0 as required_share,
        case
            {% for nothing, reason in terms.nothing.items() %}
            when {{ nothing }} then '{{ reason }}'
            {% endfor %}
        end as nothing_to_judge

    from measured

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- A story is needed, whatever the others: at least one, and no share of those published.
judged as (

    select
        *,
        case
            when nothing_to_judge is not null then 'not measured'
            when gate = 'success_story' and n_met = 0 then 'fail'
            when n_met >= required_share * (n_judged + n_unknown) - 1e-9 then 'pass'
            when n_met + n_unknown < required_share * (n_judged + n_unknown) - 1e-9 then 'fail'
            else 'not measured'
        end as status

    from stacked

)

select * from judged
