-- One row per program, metric, employee, month and side (trained or control) with a value before
-- and after: the change, the track on the date, and of the trained the exam score.
--
-- Controls stand beside each program that trained somebody with the metric in the month.

with

trained as (

    select * from {{ ref('int_outcome_trained') }}

),

changes as (

    select
        employee_id,
        index_date,
        metric_id,
        {{ year_month('index_date') }} as cohort_month,
        value_before,
        value_after

    from {{ ref('int_outcome_changes') }}

    where
        is_control
        and value_before is not null
        and value_after is not null

),

intervals as (

    select * from {{ ref('int_employment_intervals') }}

),

program_months as (

    select distinct
        program_id,
        metric_id,
        cohort_month

    from trained

),

-- one month of a program : many controls with the metric (none: nobody to compare with).
controls as (

    select
        program_months.program_id,
        changes.metric_id,
        changes.employee_id,
        changes.index_date,
        changes.cohort_month,
        changes.value_before,
        changes.value_after,
        cast(null as double) as exam_score

    from program_months

    inner join changes
        on program_months.metric_id = changes.metric_id
        and program_months.cohort_month = changes.cohort_month

),

both_sides as (

    {% for side in ['trained', 'controls'] %}
    select
        program_id,
        metric_id,
        employee_id,
        index_date,
        cohort_month,
        {{ 'true' if side == 'controls' else 'false' }} as is_control,
        value_before,
        value_after,
        exam_score

    from {{ side }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- many people and dates : zero or one piece of HR history (none: track not known). Controls whom
-- HR does not list as employed on the date are left out.
people as (

    select
        both_sides.program_id,
        both_sides.metric_id,
        both_sides.employee_id,
        both_sides.cohort_month,
        both_sides.is_control,
        coalesce(intervals.track, 'unknown') as track,
        both_sides.value_before,
        both_sides.value_after,
        both_sides.value_after - both_sides.value_before as value_change,
        both_sides.exam_score

    from both_sides

    left join intervals
        on both_sides.employee_id = intervals.employee_id
        and both_sides.index_date >= intervals.valid_from
        and both_sides.index_date < intervals.valid_to

    where
        not both_sides.is_control
        or not intervals.is_terminated

)

select * from people
