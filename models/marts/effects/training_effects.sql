-- One row per program, tool, estimator, aggregation and value: did use change with the training,
-- compared with people who were not trained yet? Differences in differences; as a second reading
-- (`matched`) plain differences between people who were alike before. Observational.
--
-- A comparison of few people or managers has no number. effect_points, its interval and what could
-- have been seen are points (0 to 100) of the share of weeks with use; of `matched`, of the share
-- of people with use in the last covered week of a month. Rounded to nine decimals, so that the
-- order in which clusters are summed does not show.

with

{% set shared_columns = [
    'panel_id', 'estimate', 'standard_error', 'n_treated', 'n_controls', 'n_clusters',
    'n_treated_clusters', 'n_control_clusters', 'n_cells', 'n_dropped_cells'
] %}
estimates as (

    select
        {{ shared_columns | join(',\n        ') }},
        cast(null as string) as reading,
        aggregation,
        value_number,
        pretrend_degrees_of_freedom,
        pretrend_p_value,
        cast(null as double) as treated_rate,
        cast(null as double) as control_rate

    from {{ ref('int_effect_estimates') }}

    union all

    select
        {{ shared_columns | join(',\n        ') }},
        'matched' as reading,
        case when event_time = 0 then 'overall' else 'event_time' end as aggregation,
        nullif(event_time, 0) as value_number,
        cast(null as integer) as pretrend_degrees_of_freedom,
        cast(null as double) as pretrend_p_value,
        treated_rate,
        control_rate

    from {{ ref('int_matched_estimates') }}

),

panels as (

    select * from {{ ref('int_effect_panels') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many estimates : one panel; many : the one row of settings.
with_panels as (

    select
        panels.program_id,
        panels.tool_id,
        coalesce(estimates.reading, panels.estimator) as estimator,
        estimates.aggregation,
        estimates.value_number,
        coalesce(estimates.aggregation = 'event_time' and estimates.value_number < 0, false)
            as is_lead,
        panels.control_group,
        panels.first_date,
        panels.last_date,
        case
            when estimates.estimate is null then 'few_people'
            when
                -- So many managers at most: some of the team may have entered too late.
                least(
                    estimates.n_treated_clusters, estimates.n_treated,
                    estimates.n_control_clusters, estimates.n_controls
                ) < {{ var('effect_min_clusters') }}
                -- Nobody's use differed from anybody's, up to rounding.
                or coalesce(estimates.standard_error, 0) < 1e-9
                then 'few_managers'
        end as reason_for_no_number,
        100 * estimates.estimate as effect_points,
        100 * estimates.standard_error as standard_error_points,
        estimates.estimate / nullif(estimates.standard_error, 0) as z,
        estimates.n_treated,
        estimates.n_controls,
        estimates.n_clusters,
        estimates.n_treated_clusters,
        estimates.n_control_clusters,
        estimates.n_cells,
        estimates.n_dropped_cells,
        estimates.pretrend_degrees_of_freedom,
        estimates.pretrend_p_value,
        estimates.treated_rate,
        estimates.control_rate,
        settings.as_of_date,
        settings.rules_hash

    from estimates

    inner join panels
        on estimates.panel_id = panels.panel_id

    cross join settings

),

-- Of the matched reading Student's t, as of manager_activation_effects: with 20 managers on a side
-- normal intervals are too short.
with_freedom as (

    select
        *,
        case
            when estimator = 'matched'
                then nullif(least(n_treated_clusters, n_control_clusters), 0) - 1
        end as freedom

    from with_panels

),

with_roots as (

    select
        *,
        case when freedom is null then {{ z_95() }} else {{ t_95('freedom') }} end as quantile,
        {{ t_root('z', 'freedom') }} as root

    from with_freedom

),

with_deviates as (

    select
        *,
        coalesce({{ normal_of_t_root('root', 'freedom') }}, z) as deviate

    from with_roots

),

tested as (

    select
        *,
        {{ student_p('z', 'freedom', 'deviate') }} as p_value,
        -- Seen with a probability of 80%, at 5% two-sided.
        (quantile + {{ z_power_80() }}) * standard_error_points as smallest_detectable_points,
        -- Which way the difference goes, and its interval's end nearer to none.
        case when effect_points < 0 then -1e0 else 1e0 end as direction,
        case
            when abs(effect_points) <= quantile * standard_error_points then 0e0
            else (abs(effect_points) - quantile * standard_error_points) / 100
        end as nearer_rate

    from with_deviates

),

-- How often the treated use it for each time their controls do, turned round where it is less.
with_ratios as (

    select
        *,
        case
            when least(treated_rate, control_rate) > 0 and direction > 0
                then treated_rate / control_rate
            when least(treated_rate, control_rate) > 0 then control_rate / treated_rate
        end as ratio,
        case
            when control_rate <= 0 then null
            when direction > 0 then (control_rate + nearer_rate) / control_rate
            else control_rate / nullif(control_rate - nearer_rate, 0)
        end as nearer_ratio

    from tested

),

judged as (

    select
        *,
        case
            when reason_for_no_number is not null then reason_for_no_number
            when is_lead then null
            when pretrend_p_value is null and estimator <> 'matched' then 'untested_pretrends'
            when pretrend_p_value < 0.05 then 'differing_pretrends'
            when
                p_value >= 0.05
                and smallest_detectable_points > {{ var('effect_relevant_points') }}
                then 'small_sample'
        end as verdict_reason

    from with_ratios

),

training_effects as (

    select
        program_id,
        tool_id,
        estimator,
        aggregation,
        case
            when value_number is null then 'all'
            when aggregation = 'event_time' then cast(value_number as string)
            else {{ month_of_number('value_number') }}
        end as aggregation_value,
        case when aggregation = 'event_time' then value_number end as event_month,
        is_lead,
        'observational' as evidence_kind,
        control_group,
        {% for column, expression in {
            'effect_points': 'effect_points',
            'standard_error_points': 'standard_error_points',
            'effect_points_low': 'effect_points - quantile * standard_error_points',
            'effect_points_high': 'effect_points + quantile * standard_error_points',
            'p_value': 'p_value',
            'smallest_detectable_points': 'smallest_detectable_points',
            'treated_rate': 'treated_rate',
            'control_rate': 'control_rate',
            'e_value': e_value('ratio'),
            'e_value_of_interval': e_value('nearer_ratio'),
        }.items() %}
        case when reason_for_no_number is null then round({{ expression }}, 9) end as {{ column }},
        {% endfor %}
        n_treated,
        n_controls,
        n_clusters,
        n_treated_clusters,
        n_control_clusters,
        n_cells,
        n_dropped_cells,
        pretrend_degrees_of_freedom,
        round(pretrend_p_value, 9) as pretrend_p_value,
        case
            when verdict_reason is not null then 'cannot tell'
            when p_value >= 0.05 then 'no significant difference'
            when is_lead then 'difference before training'
            else 'effect'
        end as verdict,
        verdict_reason,
        first_date as panel_first_date,
        last_date as panel_last_date,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from training_effects
