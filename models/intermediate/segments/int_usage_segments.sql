-- One row per employee, tool and judged week with use in the week or the 11 before it: the
-- usage segment over 12 and over 4 weeks.
--
-- A view: at 1.6 million people it has some 65 million rows, which follow from int_segment_spans. A
-- person and week without a row is a non-user. A window that begins before the tool's first
-- delivered day or before the person was hired is insufficient_history, whatever it holds (macro
-- usage_segment).
{{ config(materialized='view') }}

with

segment_spans as (

    select * from {{ ref('int_segment_spans') }}

),

judged_weeks as (

    select * from {{ ref('int_judged_weeks') }}

),

-- one span : up to 12 weeks, those it speaks for; a span of weeks not judged yet matches none.
of_weeks as (

    select
        segment_spans.employee_id,
        segment_spans.tool_id,
        judged_weeks.week_start_date,
        segment_spans.week_start_date as last_active_week_start_date,
        segment_spans.judged_from_12w,
        segment_spans.judged_from_4w,
        segment_spans.rehire_date,
        segment_spans.power_12w_until,
        segment_spans.habit_12w_until,
        segment_spans.novice_12w_until,
        segment_spans.power_4w_until,
        segment_spans.habit_4w_until,
        segment_spans.novice_4w_until,
        judged_weeks.n_uncovered_days_12w,
        judged_weeks.n_uncovered_days_4w

    from segment_spans

    inner join judged_weeks
        on segment_spans.tool_id = judged_weeks.tool_id
        and segment_spans.week_start_date <= judged_weeks.week_start_date
        and segment_spans.valid_to > judged_weeks.week_start_date

),

usage_segments as (

    select
        employee_id,
        tool_id,
        week_start_date,
        last_active_week_start_date,
        {{ usage_segment(12) }} as segment_12w,
        {{ usage_segment(4) }} as segment_4w,
        n_uncovered_days_12w,
        n_uncovered_days_4w

    from of_weeks

)

select * from usage_segments
