-- One row per program, tool, N, dimension and value: completion rate and adoption rate side by
-- side, with every reason why a completed unit is not judged.
--
-- `unattributed` rows carry n_completed only and are outside `all`. tool_id `all` counts units over
-- tools, not people.

with

adoption_counts as (

    select * from {{ ref('int_adoption_counts') }}

),

programs as (

    select * from {{ ref('stg_reference__programs') }}

),

benchmark as (

    select
        max(case when metric_id = 'adoption_typical' then low end) as benchmark_low,
        max(case when metric_id = 'adoption_typical' then high end) as benchmark_high

    from {{ ref('stg_reference__benchmarks') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many rows : zero or one program (none: program `all`); the one row of benchmarks and of settings.
rates as (

    select
        adoption_counts.program_id,
        adoption_counts.tool_id,
        cast(adoption_counts.checkpoint_day as integer) as checkpoint_day,
        adoption_counts.dimension,
        adoption_counts.dimension_value,
        adoption_counts.n_assigned,
        adoption_counts.n_assigned_completed,
        {{ safe_rate('adoption_counts.n_assigned_completed', 'adoption_counts.n_assigned') }}
            as completion_rate,
        {{ wilson_low('adoption_counts.n_assigned_completed', 'adoption_counts.n_assigned') }}
            as completion_rate_low,
        {{ wilson_high('adoption_counts.n_assigned_completed', 'adoption_counts.n_assigned') }}
            as completion_rate_high,
        adoption_counts.n_completed,
        adoption_counts.n_self_enrolled,
        adoption_counts.n_eligible,
        adoption_counts.n_adopted,
        {{ safe_rate('adoption_counts.n_adopted', 'adoption_counts.n_eligible') }} as adoption_rate,
        {{ wilson_low('adoption_counts.n_adopted', 'adoption_counts.n_eligible') }}
            as adoption_rate_low,
        {{ wilson_high('adoption_counts.n_adopted', 'adoption_counts.n_eligible') }}
            as adoption_rate_high,
        {{ safe_rate(
            'adoption_counts.n_adopted',
            '(adoption_counts.n_eligible + adoption_counts.n_left_before_day_n)'
        ) }} as adoption_rate_if_leavers_none,
        {{ safe_rate(
            '(adoption_counts.n_adopted + adoption_counts.n_left_before_day_n)',
            '(adoption_counts.n_eligible + adoption_counts.n_left_before_day_n)'
        ) }} as adoption_rate_if_leavers_all,
        adoption_counts.n_window_open,
        adoption_counts.n_completed - adoption_counts.n_window_open as n_matured,
        {{ safe_rate('adoption_counts.n_eligible', 'adoption_counts.n_completed') }}
            as judged_rate,
        case
            when adoption_counts.n_eligible >= {{ display_floor() }} then 'sufficient'
            else 'insufficient evidence'
        end as evidence,
        adoption_counts.n_left_before_day_n,
        adoption_counts.n_feed_gap,
        adoption_counts.n_licence_unknown,
        adoption_counts.n_no_licence,
        adoption_counts.n_on_leave,
        adoption_counts.n_new,
        adoption_counts.n_new_adopted,
        {{ safe_rate('adoption_counts.n_new_adopted', 'adoption_counts.n_new') }}
            as conversion_rate,
        {{ wilson_low('adoption_counts.n_new_adopted', 'adoption_counts.n_new') }}
            as conversion_rate_low,
        {{ wilson_high('adoption_counts.n_new_adopted', 'adoption_counts.n_new') }}
            as conversion_rate_high,
        adoption_counts.n_existing,
        adoption_counts.n_existing_adopted,
        {{ safe_rate('adoption_counts.n_existing_adopted', 'adoption_counts.n_existing') }}
            as retention_rate,
        {{ wilson_low('adoption_counts.n_existing_adopted', 'adoption_counts.n_existing') }}
            as retention_rate_low,
        {{ wilson_high('adoption_counts.n_existing_adopted', 'adoption_counts.n_existing') }}
            as retention_rate_high,
        adoption_counts.n_tried,
        adoption_counts.n_habitual,
        adoption_counts.n_daily,
        {% set days_now = ('adoption_counts.n_active_days * 7', 'adoption_counts.n_known_days') %}
        {% set days_before = (
            'adoption_counts.n_baseline_active_days * 7', 'adoption_counts.n_baseline_known_days'
        ) %}
        {{ safe_rate(*days_now) }} as active_days_per_week,
        {{ safe_rate(*days_before) }} as baseline_active_days_per_week,
        {{ safe_rate(*days_now) }} - {{ safe_rate(*days_before) }} as active_days_per_week_change,
        coalesce(programs.adoption_target, {{ var('default_adoption_target') }}e0) as target_rate,
        benchmark.benchmark_low,
        benchmark.benchmark_high,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        settings.as_of_date,
        settings.rules_hash

    from adoption_counts

    left join programs
        on adoption_counts.program_id = programs.program_id

    cross join benchmark

    cross join settings

)

select * from rates
