-- One row per completed learner-tool unit of a known employee: was it trained on stale content?
--
-- Only the newest day of a course is known: content that is younger than the completion was
-- another one then (`unknown_version`). A release on the completion day counts, because use begins
-- the day after. Adoption is that at the largest N.

with

completions as (

    select * from {{ ref('int_unit_completions') }}

    where
        program_id = 'all'
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

-- many completions : one content, because the completed course teaches the tool on its day; one
-- completion : its one checkpoint.
unit_contents as (

    select
        completions.employee_id,
        completions.tool_id,
        completions.course_id,
        case
            when ages.content_date > completions.completion_date then 'unknown_version'
            when completions.completion_date >= ages.stale_from_date then 'stale'
            when
                completions.completion_date >= ages.content_date
                and ages.content_date >= ages.first_release_date
                then 'rest'
            else 'not_measured'
        end as content_word,
        checkpoints.is_eligible,
        checkpoints.is_adopted

    from completions

    inner join ages
        on completions.course_id = ages.course_id
        and completions.tool_id = ages.tool_id

    inner join checkpoints
        on completions.employee_id = checkpoints.employee_id
        and completions.tool_id = checkpoints.tool_id

)

select * from unit_contents
