-- Question: do our courses still teach the tool people have, and did it matter?
-- Say: the column `sentence`. To rewrite first: what is still taught and stale, most people first.
-- Observed, not proven: who is trained later is trained on older content. Read n_unknown_version
-- and n_not_measured before the share.

{{ config(meta={'joins': [{
    'name': 'content_rows_to_course_titles',
    'join': 'courses',
    'kind': 'equality',
    'keys': [['course_id', 'course_id']],
}]}) }}

{% set floor = display_floor() %}

with

freshness as (

    select * from {{ ref('content_freshness') }}

),

courses as (

    select
        course_id,
        title

    from {{ ref('dim_courses') }}

),

{% set counts = ['n_adopted_stale', 'n_eligible_stale', 'n_adopted_rest', 'n_eligible_rest'] %}
compared as (

    select
        *,
        adoption_rate_stale - adoption_rate_rest as difference,
        {{ newcombe_low(*counts) }} as difference_low,
        {{ newcombe_high(*counts) }} as difference_high

    from freshness

),

-- many rows : zero or one course of a catalogue (none: `all`, or not listed).
titled as (

    select
        compared.tool_id,
        compared.course_id,
        compared.platform,
        courses.title,
        compared.is_taught,
        compared.content_date,
        compared.n_releases_since,
        compared.is_within_cadence,
        compared.content_status,
        compared.not_measured_reason,
        compared.n_completed,
        compared.n_unknown_version,
        compared.n_not_measured,
        compared.n_judged,
        compared.n_stale,
        compared.stale_rate,
        compared.n_eligible_stale,
        compared.adoption_rate_stale,
        compared.n_eligible_rest,
        compared.adoption_rate_rest,
        compared.difference,
        compared.difference_low,
        compared.difference_high

    from compared

    left join courses
        on compared.course_id = courses.course_id

),

with_verdict as (

    select
        *,
        case
            when n_judged = 0 then 'not measured'
            when n_eligible_stale < {{ floor }} or n_eligible_rest < {{ floor }}
                then 'insufficient evidence'
            when difference_low > 0 then 'people trained on stale content adopt more'
            when difference_high < 0 then 'people trained on stale content adopt less'
            else 'no significant difference'
        end as verdict

    from titled

),

answer as (

    select
        *,
        tool_id || ', '
        || case course_id
            when 'all' then 'all courses'
            else coalesce('"' || title || '" (' || platform || ')', course_id)
        end
        || ': '
        || case
            when n_judged = 0
                then
                    'not measured'
                    || coalesce(' (' || replace(not_measured_reason, '_', ' ') || ')', '')
            when
                n_judged < {{ floor }}
                or (n_stale > 0 and n_stale < {{ floor }})
                or (n_stale < n_judged and n_judged - n_stale < {{ floor }})
                then 'of too few can it be told how old the content was'
            else
                'of those of whom it can be told ' || {{ told_percent('stale_rate') }}
                || ' learned from content {{ var('content_stale_releases') }} releases old or more'
                || case
                    when n_completed > n_judged
                        then
                            ' (of ' || {{ told_count('n_completed - n_judged') }}
                            || ' more it cannot be told)'
                    else ''
                end
        end
        || case
            when verdict = 'not measured' then '.'
            when verdict = 'insufficient evidence'
                then '. Too few on one side or both to compare who adopted.'
            else
                '. Of them ' || {{ told_percent('adoption_rate_stale') }}
                || ' adopted, of the rest ' || {{ told_percent('adoption_rate_rest') }}
                || ': ' || verdict
                || '. Observed, not proven.'
        end
        || case
            when is_taught and content_status = 'stale'
                then
                    ' It is ' || cast(n_releases_since as string)
                    || ' releases old and still taught: rewrite it.'
            else ''
        end as sentence

    from with_verdict

)

select * from answer
order by
    tool_id asc,
    case when course_id = 'all' then 0 else 1 end asc,
    case when is_taught and content_status = 'stale' then 0 else 1 end asc,
    n_completed desc,
    course_id asc
