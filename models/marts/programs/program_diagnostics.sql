-- One row per program and failure mode: a measured share beside what is asked for, and the verdict.
--
-- Every mode is a share of which more is better: of completions, units, managers, measures, money.
-- It warns where at least half of what is asked for is there. Reversion stands beside follow-ups
-- and decides nothing.

with

modes as (

    select * from {{ ref('int_diagnostic_modes') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many modes : the one row of settings.
diagnostics as (

    select
        modes.program_id,
        modes.failure_mode,
        modes.status,
        modes.n_people,
        modes.numerator,
        modes.denominator,
        modes.n_unknown,
        modes.numerator / nullif(modes.denominator, 0) as measured_rate,
        {% for name, end in {
            'measured_rate_low': wilson_low('modes.numerator', 'modes.denominator'),
            'measured_rate_high': wilson_high('modes.numerator', 'modes.denominator'),
        }.items() %}
        case when modes.is_of_people then {{ end }} end as {{ name }},
        {% endfor %}
        modes.threshold_rate,
        {{ var('diagnostic_warn_share') }}e0 * modes.threshold_rate as warn_rate,
        case
            when modes.status <> 'not measured' then null
            when modes.nothing_to_judge is not null then modes.nothing_to_judge
            {% for mode, terms in failure_modes().items() %}
            when modes.failure_mode = '{{ mode }}' then '{{ terms.unknown }}'
            {% endfor %}
        end as not_measured,
        case
            when coalesce(modes.denominator, 0) = 0 or modes.nothing_to_judge is not null
                then 'nothing to judge by'
            when modes.failure_mode = 'change_underfunded'
                then
                    'change has '
                    || cast(
                        floor(100 * modes.numerator / modes.denominator + 1e-9) as bigint
                    )
                    || '% of the budget'
            {% for mode, terms in failure_modes().items() if terms.counted %}
            when modes.failure_mode = '{{ mode }}'
                then
                    cast(modes.numerator as bigint) || ' of ' || cast(modes.denominator as bigint)
                    || ' {{ terms.counted }}'
            {% endfor %}
        end as evidence,
        modes.n_at_risk,
        modes.n_reverted,
        {{ safe_rate('modes.n_reverted', 'modes.n_at_risk') }} as reversion_rate,
        {{ wilson_low('modes.n_reverted', 'modes.n_at_risk') }} as reversion_rate_low,
        {{ wilson_high('modes.n_reverted', 'modes.n_at_risk') }} as reversion_rate_high,
        settings.as_of_date,
        settings.rules_hash

    from modes

    cross join settings

)

select * from diagnostics
