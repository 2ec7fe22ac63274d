-- One row per completed learner-tool unit of a known employee: was it trained on stale content?
--
-- Of several courses completed at the same instant, most of them days without a time, the one with
-- the newest content counts. Only the newest day of a course is known: content younger than the
-- completion was another one then (`unknown_version`). A release on the completion day counts,
-- because use begins the day after. Adoption is that at the largest N.

with

completions as (

    select * from {{ ref('int_unit_completions') }}

    where
        program_id = 'all'
        and is_attributed

),

events as (

    select * from {{ ref('int_unit_events') }}

    where
        program_id = 'all'
        and training_event = 'satisfied'
        and is_attributed

),

ages as (

    select * from {{ ref('int_content_ages') }}

),

checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

    where
        program_id = 'all'
        and checkpoint_day = {{ var('checkpoint_days') | max }}

),

-- one completion : its events, more than one where several come at the same instant; many events :
-- one content, because the completed course teaches the tool on its day.
candidates as (

    select
        completions.employee_id,
        completions.tool_id,
        completions.completion_date,
        ages.course_id,
        ages.content_date,
        ages.first_release_date,
        ages.stale_from_date,
        row_number() over (
            partition by completions.employee_id, completions.tool_id
            order by ages.content_date desc nulls last, ages.course_id asc
        ) as content_rank

    from completions

    inner join events
        on completions.employee_id = events.employee_id
        and completions.tool_id = events.tool_id
        and completions.completion_date = events.event_date
        and completions.occurred_at = events.occurred_at
        and completions.platform = events.source_system

    inner join ages
        on events.course_id = ages.course_id
        and events.tool_id = ages.tool_id

),

-- one unit : its one checkpoint.
unit_contents as (

    select
        candidates.employee_id,
        candidates.tool_id,
        candidates.course_id,
        case
            when candidates.content_date > candidates.completion_date then 'unknown_version'
            when candidates.completion_date >= candidates.stale_from_date then 'stale'
            when
                candidates.completion_date >= candidates.content_date
                and candidates.content_date >= candidates.first_release_date
                then 'rest'
            else 'not_measured'
        end as content_word,
        checkpoints.is_eligible,
        checkpoints.is_adopted

    from candidates

    inner join checkpoints
        on candidates.employee_id = checkpoints.employee_id
        and candidates.tool_id = checkpoints.tool_id

    where candidates.content_rank = 1

)

select * from unit_contents
