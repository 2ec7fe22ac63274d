-- One row per learning platform: its contract terms, courses, learners, completions and adopters
-- of the 365 days up to as_of_date, as counts.
--
-- Counts are 0 also where nothing of the platform is delivered; platform_portfolio says so.

with

platforms as (

    select * from {{ ref('int_platforms') }}

),

courses as (

    select
        platform,
        cast(count(*) as bigint) as n_courses,
        cast(sum(case when n_platforms > 1 then 1 else 0 end) as bigint) as n_courses_elsewhere

    from {{ ref('int_platform_courses') }}

    group by platform

),

learners as (

    select
        platform,
        learner_id,
        bool_or(is_learner_elsewhere) as is_elsewhere,
        bool_or(not is_offered_elsewhere) as has_course_only_here,
        count(*) as n_completions,
        sum(case when is_attributed then 1 else 0 end) as n_attributed,
        sum(case when is_offered_elsewhere then 1 else 0 end) as n_offered_elsewhere

    from {{ ref('int_platform_completions') }}

    group by
        platform,
        learner_id

),

completions as (

    select
        platform,
        cast(count(*) as bigint) as n_learners,
        cast(sum(case when is_elsewhere then 1 else 0 end) as bigint) as n_learners_elsewhere,
        cast(sum(case when has_course_only_here then 1 else 0 end) as bigint)
            as n_learners_of_lost_courses,
        cast(sum(n_completions) as bigint) as n_completions,
        cast(sum(n_attributed) as bigint) as n_completions_attributed,
        cast(sum(n_offered_elsewhere) as bigint) as n_completions_offered_elsewhere

    from learners

    group by platform

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

first_days as (

    select {{ add_days('as_of_date', -364) }} as first_date

    from settings

),

units as (

    select * from {{ ref('int_unit_checkpoints') }}

    where
        program_id = 'all'
        and checkpoint_day = {{ var('checkpoint_days') | max }}

),

-- many units : zero or one first day. Units completed before the 365 days are excluded.
adopters as (

    select
        units.platform,
        cast(count(*) as bigint) as n_units,
        cast(sum(case when units.is_eligible then 1 else 0 end) as bigint) as n_units_judged,
        cast(sum(case when units.is_adopted then 1 else 0 end) as bigint) as n_adopters

    from units

    inner join first_days
        on units.completion_date >= first_days.first_date

    group by units.platform

),

-- one platform : zero or one sum of courses, of completions and of units (none: nothing was
-- completed); the one row of settings.
platform_figures as (

    select
        {% for name in [
            'platform', 'is_delivered', 'first_completion_date', 'n_contracts', 'annual_cost',
            'currency', 'contract_seats', 'contract_end', 'has_outcome_data_clause',
            'refresh_cadence_months', 'integrates_xapi', 'integrates_scorm',
        ] %}
        platforms.{{ name }},
        {% endfor %}
        coalesce(courses.n_courses, 0) as n_courses,
        coalesce(courses.n_courses_elsewhere, 0) as n_courses_elsewhere,
        {% for name in [
            'n_learners', 'n_learners_elsewhere', 'n_learners_of_lost_courses', 'n_completions',
            'n_completions_attributed', 'n_completions_offered_elsewhere',
        ] %}
        coalesce(completions.{{ name }}, 0) as {{ name }},
        {% endfor %}
        sum(completions.n_completions) over () as n_completions_of_all,
        coalesce(adopters.n_units, 0) as n_units,
        coalesce(adopters.n_units_judged, 0) as n_units_judged,
        coalesce(adopters.n_adopters, 0) as n_adopters,
        1 + {{ days_between('settings.as_of_date', 'platforms.first_completion_date') }}
            as n_days_since_first,
        settings.as_of_date,
        settings.rules_hash

    from platforms

    left join courses
        on platforms.platform = courses.platform

    left join completions
        on platforms.platform = completions.platform

    left join adopters
        on platforms.platform = adopters.platform

    cross join settings

)

select * from platform_figures
