-- One row per program and quarter (`all`: every quarter): what a board reads, and what is not
-- known.
--
-- The quarter is that of the completion, for assignment counts that of the assignment. Days other
-- than 30, 60 and 90 have no columns here; the gap is that of the last checkpoint. Counts are
-- people times tools.

with

{% set days = [30, 60, 90] %}
{% set last_day = var('checkpoint_days') | max %}
rates as (

    select
        program_id,
        checkpoint_day,
        case
            when dimension = 'all' then 'all'
            when dimension_value = 'unknown' then 'unknown'
            else
                substr(dimension_value, 1, 4) || '-Q'
                || cast(
                    cast(ceil(cast(substr(dimension_value, 6, 2) as integer) / 3e0) as integer)
                    as string
                )
        end as completion_quarter,
        n_assigned,
        n_assigned_completed,
        n_completed,
        n_eligible,
        n_adopted,
        n_window_open,
        n_feed_gap,
        n_licence_unknown,
        target_rate

    from {{ ref('adoption_rates') }}

    where
        tool_id = 'all'
        and dimension in ('all', 'completion_month')

),

effects as (

    select
        program_id,
        replace({{ string_list(
            "tool_id || ': ' || verdict || coalesce(' (' || verdict_reason || ')', '')"
        ) }}, '|', '; ') as effect_verdicts,
        bool_or(verdict <> 'cannot tell') as is_effect_known

    from {{ ref('training_effects') }}

    where
        estimator = 'completion'
        and aggregation = 'overall'

    group by program_id

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

counts as (

    select
        program_id,
        completion_quarter,
        {% for column in [
            'n_assigned', 'n_assigned_completed', 'n_completed', 'n_eligible', 'n_adopted',
            'n_window_open', 'n_feed_gap', 'n_licence_unknown'
        ] %}
        cast(sum(case when checkpoint_day = {{ last_day }} then {{ column }} else 0 end) as bigint)
            as {{ column }},
        {% endfor %}
        {% for day in days %}
        {% for column in ['n_eligible', 'n_adopted'] %}
        cast(sum(case when checkpoint_day = {{ day }} then {{ column }} end) as bigint)
            as {{ column }}_{{ day }},
        {% endfor %}
        {% endfor %}
        max(target_rate) as target_rate

    from rates

    group by
        program_id,
        completion_quarter

),

-- many quarters : zero or one program with effects (none: no panel); the one row of settings.
with_effects as (

    select
        counts.*,
        effects.effect_verdicts,
        coalesce(effects.is_effect_known, false) as is_effect_known,
        settings.as_of_date,
        settings.rules_hash

    from counts

    left join effects
        on counts.program_id = effects.program_id

    cross join settings

),

board_summary as (

    select
        program_id,
        completion_quarter,
        n_assigned,
        n_assigned_completed,
        {{ safe_rate('n_assigned_completed', 'n_assigned') }} as completion_rate,
        {{ wilson_low('n_assigned_completed', 'n_assigned') }} as completion_rate_low,
        {{ wilson_high('n_assigned_completed', 'n_assigned') }} as completion_rate_high,
        n_completed,
        {% for day in days %}
        n_eligible_{{ day }},
        n_adopted_{{ day }},
        {{ safe_rate('n_adopted_' ~ day, 'n_eligible_' ~ day) }} as adoption_rate_{{ day }},
        {{ wilson_low('n_adopted_' ~ day, 'n_eligible_' ~ day) }} as adoption_rate_{{ day }}_low,
        {{ wilson_high('n_adopted_' ~ day, 'n_eligible_' ~ day) }} as adoption_rate_{{ day }}_high,
        {% endfor %}
        cast({{ last_day }} as integer) as gap_checkpoint_day,
        n_eligible as n_eligible_last,
        {{ safe_rate('n_assigned_completed', 'n_assigned') }}
        - {{ safe_rate('n_adopted', 'n_eligible') }} as certification_gap,
        target_rate,
        effect_verdicts,
        -- Words only: a count here would be one more way to a hidden one.
        nullif(substr(
            case when n_assigned = 0 then '; no assignment is due' else '' end
            || case when n_eligible = 0 then '; nobody could be judged' else '' end
            || case
                when n_window_open > 0 then '; day {{ last_day }} is not reached for some'
                else ''
            end
            || case when n_feed_gap > 0 then '; the usage feed has gaps' else '' end
            || case when n_licence_unknown > 0 then '; seats are not known for some' else '' end
            || case when is_effect_known then '' else '; whether training had an effect' end,
            3
        ), '') as not_known,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from with_effects

)

select * from board_summary
