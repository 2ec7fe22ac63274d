-- One row per program, metric and track (and `all`): what people achieved before and after
-- training, how that differs from people nobody had trained yet, and whether the exam predicts it.
--
-- Observational: who is trained first may have changed anyway. Numbers are rounded to nine
-- decimals, so that the order in which people are summed does not show. A program without anything
-- to compare has one row, metric `none`, that says why.

{% set floor = display_floor() %}

with

programs as (

    select distinct program_id from {{ ref('int_completion_attempts') }}

),

estimates as (

    select * from {{ ref('int_outcome_estimates') }}

),

delivered as (

    select count(*) as n_outcomes from {{ ref('outcomes') }}

    where subject_type = 'employee'

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- one program : many metrics and tracks (none: nothing to compare); the one row of the feed and of
-- settings.
compared as (

    select
        programs.program_id,
        coalesce(estimates.metric_id, 'none') as metric_id,
        coalesce(estimates.track, 'all') as track,
        {{ outcome_direction('estimates.metric_id') }} as good_direction,
        estimates.n_trained is not null as is_measured,
        case
            when estimates.n_trained is not null then null
            when delivered.n_outcomes = 0 then 'no_outcomes'
            else 'no_periods_before_and_after'
        end as not_measured_reason,
        coalesce(estimates.n_trained, 0) as n_trained,
        estimates.mean_before,
        estimates.mean_after,
        estimates.mean_change,
        {{ t_95('nullif(estimates.n_trained - 1, 0)') }} * estimates.change_error as change_half,
        coalesce(estimates.n_supported, 0) as n_supported,
        coalesce(estimates.n_controls, 0) as n_controls,
        coalesce(least(estimates.n_supported, estimates.n_controls) >= {{ floor }}, false)
            as has_difference,
        estimates.difference,
        {{ t_95('nullif(least(estimates.n_supported, estimates.n_controls) - 1, 0)') }}
        * estimates.difference_error as difference_half,
        coalesce(estimates.n_exams, 0) as n_exams,
        estimates.exam_correlation,
        case
            when abs(estimates.exam_correlation) < 1 - 1e-9
                then 0.5e0 * ln((1 + estimates.exam_correlation) / (1 - estimates.exam_correlation))
        end as exam_z,
        {{ z_95() }} / sqrt(nullif(greatest(estimates.n_exams - 3, 0), 0)) as exam_half,
        settings.as_of_date,
        settings.rules_hash

    from programs

    left join estimates
        on programs.program_id = estimates.program_id

    cross join delivered

    cross join settings

),

outcome_changes as (

    select
        program_id,
        metric_id,
        track,
        good_direction,
        'observational' as evidence_kind,
        is_measured,
        not_measured_reason,
        n_trained,
        {% for name in ['mean_before', 'mean_after', 'mean_change'] %}
        round({{ name }}, 9) as {{ name }},
        {% endfor %}
        round(mean_change - change_half, 9) as mean_change_low,
        round(mean_change + change_half, 9) as mean_change_high,
        n_supported,
        n_controls,
        {% for end, sign in {'': none, '_low': '-', '_high': '+'}.items() %}
        case
            when has_difference
                then round(difference{{ ' ' ~ sign ~ ' difference_half' if sign }}, 9)
        end as difference{{ end }},
        {% endfor %}
        n_exams,
        round(exam_correlation, 9) as exam_correlation,
        {% for end, sign in {'low': '-', 'high': '+'}.items() %}
        round(
            (exp(2 * (exam_z {{ sign }} exam_half)) - 1)
            / (exp(2 * (exam_z {{ sign }} exam_half)) + 1),
            9
        ) as exam_correlation_{{ end }},
        {% endfor %}
        case
            when not is_measured then null
            when not has_difference or good_direction is null then 'cannot tell'
            when abs(difference) <= difference_half then 'no significant difference'
            when (difference > 0) = (good_direction = 'up') then 'better'
            else 'worse'
        end as verdict,
        case
            when not is_measured then null
            when n_controls = 0 then 'no_control'
            when not has_difference then 'few_people'
            when good_direction is null then 'unknown_direction'
        end as verdict_reason,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from compared

)

select * from outcome_changes
