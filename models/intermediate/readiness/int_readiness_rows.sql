-- One row per program, wave and gate, and one per wave with the gate `all`: its status and what is
-- missing.
--
-- The row of a wave counts gates: met, judged and not measured. One failed gate blocks the wave.

with

gates as (

    select * from {{ ref('int_readiness_gates') }}

),

{% set names = readiness_gates() %}
waves as (

    select
        program_id,
        wave_id,
        wave_name,
        starts_on,
        judged_on,
        is_started,
        n_people,
        {% for name in names %}
        max(case when gate = '{{ name }}' then status end) as {{ name }},
        {% endfor %}
        cast(sum(case when status = 'pass' then 1 else 0 end) as bigint) as n_met,
        cast(sum(case when status <> 'not measured' then 1 else 0 end) as bigint) as n_judged,
        cast(sum(case when status = 'not measured' then 1 else 0 end) as bigint) as n_unknown,
        max(due_on) as due_on

    from gates

    group by
        program_id,
        wave_id,
        wave_name,
        starts_on,
        judged_on,
        is_started,
        n_people

),

readiness as (

    select
        program_id,
        wave_id,
        wave_name,
        starts_on,
        judged_on,
        is_started,
        gate,
        n_people,
        due_on,
        recorded_on,
        n_met,
        n_judged,
        n_unknown,
        status,
        case when gate in ('tools_deployed', 'managers_trained') then required_share end
            as threshold_rate,
        case
            {% for name, words in names.items() %}
            when status = 'fail' and gate = '{{ name }}' then '{{ words.missing }}'
            {% endfor %}
        end as missing,
        case when status = 'not measured' then coalesce(nothing_to_judge, 'licence_feed') end
            as not_measured

    from gates

    union all

    select
        program_id,
        wave_id,
        wave_name,
        starts_on,
        judged_on,
        is_started,
        'all' as gate,
        n_people,
        due_on,
        cast(null as date) as recorded_on,
        n_met,
        n_judged,
        n_unknown,
        case
            when n_met < n_judged then 'fail'
            when n_unknown > 0 then 'not measured'
            else 'pass'
        end as status,
        cast(null as double) as threshold_rate,
        {{ gates_with_status('fail') }} as missing,
        {{ gates_with_status('not measured') }} as not_measured

    from waves

)

select * from readiness
