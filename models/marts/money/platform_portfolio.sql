-- One row per learning platform: what it costs a year, what is learned there, and what would be
-- lost without it.
--
-- Completions are those of the 365 days up to as_of_date. Costs per head are ranges: high is the
-- whole year's cost, low that of the days since the platform's first completion, if they are fewer;
-- adopters that cannot be judged are all (low) or none (high). A rule with thresholds names
-- candidates for consolidation; whoever decides reads the columns of what would be lost.

with

figures as (

    select * from {{ ref('int_platform_figures') }}

),

judged as (

    select
        *,
        case when n_days_since_first > 365 then 365 else n_days_since_first end
            as n_days_observed,
        annual_cost * case when n_days_since_first > 365 then 365 else n_days_since_first end
        / 365 as observed_cost,
        {{ safe_rate('n_courses_elsewhere', 'n_courses') }} as course_overlap_rate,
        {{ safe_rate('n_completions', 'n_completions_of_all') }} as completion_share

    from figures

),

platform_portfolio as (

    select
        platform,
        case when is_delivered then 'measured' else 'not measured' end as learning_status,
        case when not is_delivered then 'no_feed' end as learning_status_reason,
        n_contracts,
        annual_cost,
        currency,
        contract_seats,
        contract_end,
        has_outcome_data_clause,
        refresh_cadence_months,
        integrates_xapi,
        integrates_scorm,
        first_completion_date,
        case when is_delivered then n_days_observed end as n_days_observed,
        {% for name in [
            'n_courses', 'n_courses_elsewhere', 'course_overlap_rate', 'n_learners',
            'n_learners_elsewhere', 'n_completions', 'completion_share',
            'n_completions_offered_elsewhere', 'n_completions_attributed',
        ] %}
        case when is_delivered then {{ name }} end as {{ name }},
        {% endfor %}
        {{ safe_rate('n_completions_attributed', 'n_completions') }} as hris_join_rate,
        {{ wilson_low('n_completions_attributed', 'n_completions') }} as hris_join_rate_low,
        {{ wilson_high('n_completions_attributed', 'n_completions') }} as hris_join_rate_high,
        {% for name in ['n_units', 'n_units_judged', 'n_adopters'] %}
        case when is_delivered then {{ name }} end as {{ name }},
        {% endfor %}
        {% for name, people in {
            'cost_per_completion': ['n_completions', 'n_completions'],
            'cost_per_adopter': ['n_adopters + n_units - n_units_judged', 'n_adopters'],
        }.items() %}
        observed_cost / nullif({{ people[0] }}, 0) as {{ name }}_low,
        annual_cost / nullif({{ people[1] }}, 0) as {{ name }}_high,
        {% endfor %}
        case when is_delivered then n_courses - n_courses_elsewhere end as n_courses_lost,
        case when is_delivered then n_learners_of_lost_courses end as n_learners_of_lost_courses,
        case when is_delivered then n_learners - n_learners_elsewhere end as n_learners_only_here,
        case
            when n_contracts = 0 or not is_delivered or n_completions_of_all is null
                then 'cannot tell'
            when
                course_overlap_rate >= {{ var('portfolio_overlap_rate') }}
                and completion_share <= {{ var('portfolio_small_share') }}
                then 'candidate'
            else 'keep'
        end as consolidation_verdict,
        case
            when not is_delivered then 'no_feed'
            when n_contracts = 0 then 'no_contract'
            when n_completions_of_all is null then 'no_completions'
            when coalesce(course_overlap_rate < {{ var('portfolio_overlap_rate') }}, true)
                then 'few_courses_elsewhere'
            when completion_share > {{ var('portfolio_small_share') }} then 'many_completions'
        end as consolidation_reason,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from platform_portfolio
