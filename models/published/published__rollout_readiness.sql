-- One row per program, wave and gate, as BI may read it: access and managers of few people are
-- hidden, their status too, because it says what most of them did.
--
-- The row of a wave is then made of the gates that are shown: a failed one blocks the wave whatever
-- the hidden ones are, and without one nobody is told that the wave is ready.

with

{% set floor = display_floor() %}
{% set gates = readiness_gates() %}
readiness as (

    select * from {{ ref('rollout_readiness') }}

),

judged as (

    select
        *,
        n_people >= {{ floor }} as shows_people,
        -- Policies and stories are nobody's; what is not measured says nothing of anybody.
        gate not in ('tools_deployed', 'managers_trained')
        or (n_people >= {{ floor }} and n_judged >= {{ floor }})
        or (n_judged = 0 and status = 'not measured') as shows_gate

    from readiness

),

of_waves as (

    select
        *,
        not bool_or(not shows_gate) over one_wave as shows_wave,
        {% for gate in gates %}
        max(case when gate = '{{ gate }}' and shows_gate then status end) over one_wave
            as status_of_{{ gate }},
        {% endfor %}
        bool_or(gate <> 'all' and shows_gate and status = 'fail') over one_wave as is_blocked

    from judged

    window one_wave as (partition by program_id, wave_id)

),

shown as (

    select
        *,
        case
            when gate = 'all' then shows_wave
            when gate in ('tools_deployed', 'managers_trained') then shows_gate and shows_people
            else true
        end as shows_counts,
        case when gate = 'all' then shows_wave or is_blocked else shows_gate end as shows_status

    from of_waves

),

published as (

    select
        program_id,
        wave_id,
        wave_name,
        gate,
        starts_on,
        judged_on,
        is_started,
        {{ shown_where('shows_people', ['n_people']) }},
        due_on,
        recorded_on,
        {{ shown_where('shows_counts', [
            'n_met', 'n_judged', 'n_unknown', 'met_rate', 'met_rate_low', 'met_rate_high'
        ]) }},
        threshold_rate,
        {{ shown_where('shows_status', ['status']) }},
        case
            when gate = 'all' then {{ gates_with_status('fail', 'status_of_') }}
            when shows_gate then missing
        end as missing,
        case
            when gate = 'all' then {{ gates_with_status('not measured', 'status_of_') }}
            when shows_gate then not_measured
        end as not_measured,
        {{ shown_where('shows_counts', ['evidence']) }},
        not shows_people or not shows_counts or not shows_status as is_suppressed,
        {{ suppression_reasons({
            'few_people': 'shows_people',
            'few_judged': 'shows_counts',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from shown

)

select * from published
