-- One row per program, tool, dimension, value and week since the index date (-4 … -1, 1 … 26): who
-- is active of those who can be judged, who falls back, and Kaplan-Meier times to first use and to
-- lapse.
--
-- lapse_rate counts its weeks from the first use, not from the index date. Figures of first use and
-- lapse are NULL before the index date: nobody is waiting yet.

with

{% set survival_counts = {
    'first_use': ['n_waiting', 'n_first_use'],
    'lapse': ['n_using', 'n_lapsed'],
} %}
curve_counts as (

    select * from {{ ref('int_curve_counts') }}

),

curve_survival as (

    select * from {{ ref('int_curve_survival') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- one week : zero or one estimate (none before the index date); many : the one row of settings.
-- Nobody is at risk of falling back in the first week, which has none before it.
curves as (

    select
        curve_counts.program_id,
        curve_counts.tool_id,
        curve_counts.dimension,
        curve_counts.dimension_value,
        cast(curve_counts.week_number as integer) as week_number,
        cast(
            7 * curve_counts.week_number
            + case when curve_counts.week_number < 0 then 6 else 0 end as integer
        ) as last_day_number,
        curve_counts.n_completed,
        curve_counts.n_window_open,
        curve_counts.n_completed - curve_counts.n_at_risk - curve_counts.n_window_open
            as n_not_judged,
        curve_counts.n_at_risk,
        curve_counts.n_active,
        {{ safe_rate('curve_counts.n_active', 'curve_counts.n_at_risk') }} as active_rate,
        {{ wilson_low('curve_counts.n_active', 'curve_counts.n_at_risk') }} as active_rate_low,
        {{ wilson_high('curve_counts.n_active', 'curve_counts.n_at_risk') }} as active_rate_high,
        {% for name in ['n_reversion_at_risk', 'n_reverted'] %}
        case
            when curve_counts.week_number > {{ 0 - var('curve_weeks_before') }}
                then curve_counts.{{ name }}
        end as {{ name }},
        {% endfor %}
        {% set reversion = ('curve_counts.n_reverted', 'curve_counts.n_reversion_at_risk') %}
        {{ safe_rate(*reversion) }} as reversion_rate,
        {{ wilson_low(*reversion) }} as reversion_rate_low,
        {{ wilson_high(*reversion) }} as reversion_rate_high,
        {% for kind, names in survival_counts.items() %}
        curve_survival.n_{{ kind }}_at_risk as {{ names[0] }},
        curve_survival.n_{{ kind }}_events as {{ names[1] }},
        case
            when curve_survival.n_{{ kind }}_at_risk > 0
                then 1e0 - curve_survival.{{ kind }}_survival
        end as {{ kind }}_rate,
        {% endfor %}
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        settings.as_of_date,
        settings.rules_hash

    from curve_counts

    left join curve_survival
        on curve_counts.program_id = curve_survival.program_id
        and curve_counts.tool_id = curve_survival.tool_id
        and curve_counts.dimension = curve_survival.dimension
        and curve_counts.dimension_value = curve_survival.dimension_value
        and curve_counts.week_number = curve_survival.week_number

    cross join settings

)

select * from curves
