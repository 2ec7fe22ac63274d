-- One row per program, wave and gate, and one for all its gates: whether the wave was, or is, ready
-- to start, and what is missing.
--
-- A wave with a failed gate is blocked. With none failed and one not measured nobody can say. A
-- wave that has not started is judged as it stands on as_of_date.

with

readiness as (

    select * from {{ ref('int_readiness_rows') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many rows : the one row of settings.
with_rates as (

    select
        readiness.program_id,
        readiness.wave_id,
        readiness.wave_name,
        readiness.gate,
        readiness.starts_on,
        readiness.judged_on,
        readiness.is_started,
        readiness.n_people,
        readiness.due_on,
        readiness.recorded_on,
        readiness.n_met,
        readiness.n_judged,
        readiness.n_unknown,
        {% for name, expression in {
            'met_rate': safe_rate('readiness.n_met', 'readiness.n_judged'),
            'met_rate_low': wilson_low('readiness.n_met', 'readiness.n_judged'),
            'met_rate_high': wilson_high('readiness.n_met', 'readiness.n_judged'),
        }.items() %}
        case when readiness.threshold_rate is not null then {{ expression }} end as {{ name }},
        {% endfor %}
        readiness.threshold_rate,
        readiness.status,
        readiness.missing,
        readiness.not_measured,
        case
            when readiness.not_measured is not null and readiness.n_judged = 0
                then 'nothing to judge by'
            when readiness.gate = 'all' then readiness.n_met || ' of 4 gates passed'
            {% for name, words in readiness_gates().items() %}
            when readiness.gate = '{{ name }}'
                then
                    readiness.n_met || ' of ' || readiness.n_judged || ' {{ words.counted }}'
            {% endfor %}
        end as evidence,
        settings.as_of_date,
        settings.rules_hash

    from readiness

    cross join settings

)

select * from with_rates
