-- One row per course and tool it teaches, and a row `all` per tool: is the content as old as the
-- tool's last releases, how many were trained on stale content, and do they use the tool as the
-- rest do?
--
-- Units have one course, that of their index date, so that courses add up to `all`. What is not
-- known is neither stale nor fresh and says what is missing.

with

ages as (

    select * from {{ ref('int_content_ages') }}

),

counts as (

    select * from {{ ref('int_content_counts') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

courses_and_all as (

    select
        tool_id,
        course_id,
        is_taught,
        content_date,
        latest_release_date,
        n_releases_since,
        content_status,
        not_measured_reason

    from ages

    union all

    select distinct
        tool_id,
        'all' as course_id,
        cast(null as boolean) as is_taught,
        cast(null as date) as content_date,
        latest_release_date,
        cast(null as integer) as n_releases_since,
        cast(null as string) as content_status,
        cast(null as string) as not_measured_reason

    from ages

),

{% set of_units = [
    'n_completed', 'n_eligible', 'n_adopted', 'n_stale', 'n_rest', 'n_unknown_version',
    'n_not_measured', 'n_eligible_stale', 'n_adopted_stale', 'n_eligible_rest', 'n_adopted_rest'
] %}
-- one course and tool : zero or one count (none: nobody completed it first); the one row of
-- settings.
counted as (

    select
        courses_and_all.tool_id,
        courses_and_all.course_id,
        courses_and_all.is_taught,
        courses_and_all.content_date,
        courses_and_all.latest_release_date,
        courses_and_all.n_releases_since,
        courses_and_all.content_status,
        courses_and_all.not_measured_reason,
        {% for name in of_units %}
        coalesce(counts.{{ name }}, 0) as {{ name }},
        {% endfor %}
        case
            when courses_and_all.content_date <= settings.as_of_date
                then {{ days_between('settings.as_of_date', 'courses_and_all.content_date') }}
        end as n_days_since_update,
        settings.as_of_date,
        settings.rules_hash

    from courses_and_all

    left join counts
        on courses_and_all.tool_id = counts.tool_id
        and courses_and_all.course_id = counts.course_id

    cross join settings

),

-- Where nobody can be judged there are no figures, not figures of 0.
judged as (

    select
        tool_id,
        course_id,
        is_taught,
        content_date,
        n_days_since_update,
        n_days_since_update <= {{ var('content_cadence_days') }} as is_within_cadence,
        latest_release_date,
        n_releases_since,
        content_status,
        not_measured_reason,
        n_completed,
        n_eligible,
        n_adopted,
        n_stale + n_rest as n_judged,
        n_unknown_version,
        n_not_measured,
        {% for name in [
            'n_stale', 'n_rest', 'n_eligible_stale', 'n_adopted_stale', 'n_eligible_rest',
            'n_adopted_rest'
        ] %}
        case when n_stale + n_rest > 0 then {{ name }} end as {{ name }},
        {% endfor %}
        as_of_date,
        rules_hash

    from counted

),

content_freshness as (

    select
        'all' as program_id,
        tool_id,
        course_id,
        case when course_id <> 'all' then {{ regex_get('course_id', '^[^:]+') }} end as platform,
        {{ var('checkpoint_days') | max }} as checkpoint_day,
        is_taught,
        content_date,
        n_days_since_update,
        is_within_cadence,
        latest_release_date,
        n_releases_since,
        content_status,
        not_measured_reason,
        n_completed,
        n_unknown_version,
        n_not_measured,
        n_judged,
        n_stale,
        {{ safe_rate('n_stale', 'n_judged') }} as stale_rate,
        {{ wilson_low('n_stale', 'n_judged') }} as stale_rate_low,
        {{ wilson_high('n_stale', 'n_judged') }} as stale_rate_high,
        n_rest,
        {% for suffix in ['', '_stale', '_rest'] %}
        {% set adopted, eligible = 'n_adopted' ~ suffix, 'n_eligible' ~ suffix %}
        {{ eligible }},
        {{ adopted }},
        {{ safe_rate(adopted, eligible) }} as adoption_rate{{ suffix }},
        {{ wilson_low(adopted, eligible) }} as adoption_rate{{ suffix }}_low,
        {{ wilson_high(adopted, eligible) }} as adoption_rate{{ suffix }}_high,
        {% endfor %}
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from content_freshness
