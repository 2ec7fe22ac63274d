-- One row per program and wave: what the reference files record of its policy and of success
-- stories.
--
-- In time is before the wave's first day, and not after as_of_date. A policy row without a wave is
-- for every wave of the program. Nothing recorded is not the same as not done: has_stories says
-- whether stories are recorded at all.

with

waves as (

    select * from {{ ref('int_program_waves') }}

),

wave_policies as (

    select * from {{ ref('stg_reference__program_gates') }}

    where
        gate = 'policy_communicated'
        and wave_id is not null

),

program_policies as (

    select * from {{ ref('stg_reference__program_gates') }}

    where
        gate = 'policy_communicated'
        and wave_id is null

),

stories as (

    select * from {{ ref('stg_reference__success_stories') }}

    where published_on is not null

),

any_stories as (

    select count(*) > 0 as has_stories

    from stories

),

{% set records = {
    'wave_policies': ('policy', 'met_on'),
    'program_policies': ('policy', 'met_on'),
    'stories': ('story', 'published_on'),
} %}
-- one wave : many policies of its own, many of its program, many stories of its program. A wave
-- without one is excluded here.
recorded as (

    {% for record, (kind, recorded_on) in records.items() %}
    select
        waves.program_id,
        waves.wave_id,
        '{{ kind }}' as record_kind,
        {{ record }}.{{ recorded_on }} as recorded_on,
        coalesce(
            {{ record }}.{{ recorded_on }} < waves.starts_on
            and {{ record }}.{{ recorded_on }} <= waves.judged_on,
            false
        ) as is_in_time

    from waves

    inner join {{ record }}
        on waves.program_id = {{ record }}.program_id
        {{ 'and waves.wave_id = wave_policies.wave_id' if loop.first }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

counted as (

    select
        program_id,
        wave_id,
        {% for kind in ['policy', 'story'] %}
        cast(sum(case when record_kind = '{{ kind }}' then 1 else 0 end) as bigint)
            as n_{{ kind }},
        cast(sum(
            case when record_kind = '{{ kind }}' and is_in_time then 1 else 0 end
        ) as bigint) as n_{{ kind }}_in_time,
        {% endfor %}
        max(case when record_kind = 'policy' then recorded_on end) as policy_on,
        min(case when record_kind = 'story' then recorded_on end) as story_on

    from recorded

    group by program_id, wave_id

),

-- one wave : zero or one row of counts (none: nothing is recorded); the one row of any_stories.
wave_records as (

    select
        waves.program_id,
        waves.wave_id,
        coalesce(counted.n_policy, 0) as n_policies,
        coalesce(counted.n_policy_in_time, 0) as n_policies_in_time,
        counted.policy_on,
        any_stories.has_stories,
        coalesce(counted.n_story, 0) as n_stories,
        coalesce(counted.n_story_in_time, 0) as n_stories_in_time,
        counted.story_on

    from waves

    left join counted
        on waves.program_id = counted.program_id
        and waves.wave_id = counted.wave_id

    cross join any_stories

)

select * from wave_records
