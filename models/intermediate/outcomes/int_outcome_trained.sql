-- One row per program, metric and person trained, with outcomes before and after the first
-- completion of the program.
--
-- People, not units: a person trained for several tools of a program counts once. The exam score is
-- the greatest of the completing attempts of that day.

with

attempts as (

    select * from {{ ref('int_completion_attempts') }}

),

changes as (

    select * from {{ ref('int_outcome_changes') }}

    where
        not is_control
        and value_before is not null
        and value_after is not null

),

first_dates as (

    select
        program_id,
        employee_id,
        completion_date,
        max(score_scaled) as exam_score,
        row_number() over (
            partition by program_id, employee_id
            order by completion_date
        ) as date_rank

    from attempts

    group by
        program_id,
        employee_id,
        completion_date

),

-- one completion : many metrics; people without any outcome are excluded.
trained as (

    select
        first_dates.program_id,
        changes.metric_id,
        changes.employee_id,
        changes.index_date,
        {{ year_month('changes.index_date') }} as cohort_month,
        changes.value_before,
        changes.value_after,
        first_dates.exam_score

    from first_dates

    inner join changes
        on first_dates.employee_id = changes.employee_id
        and first_dates.completion_date = changes.index_date

    where first_dates.date_rank = 1

)

select * from trained
