-- One row per program, metric, track (and `all`), employee, month and side: the change beyond that
-- of the controls of the month, and what a control adds to the difference.
--
-- Months without a control have no excess. A control weighs as much of its month as there are
-- trained people in it.

with

people as (

    select * from {{ ref('int_outcome_people') }}

),

levelled as (

    {% for level in ['track', "'all'"] %}
    select
        program_id,
        metric_id,
        {{ level }} as track,
        cohort_month,
        employee_id,
        is_control,
        value_before,
        value_after,
        value_change,
        exam_score

    from people

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

in_months as (

    select
        *,
        count(case when not is_control then 1 end) over one_month as n_trained_of_month,
        count(case when is_control then 1 end) over one_month as n_controls_of_month,
        avg(case when is_control then value_change end) over one_month as control_mean_of_month

    from levelled

    window one_month as (partition by program_id, metric_id, track, cohort_month)

),

excess as (

    select
        program_id,
        metric_id,
        track,
        cohort_month,
        employee_id,
        is_control,
        is_control and n_trained_of_month > 0 as is_compared_control,
        value_before,
        value_after,
        value_change,
        exam_score,
        case
            when not is_control and n_controls_of_month > 0
                then value_change - control_mean_of_month
        end as excess,
        case
            when is_control
                then
                    n_trained_of_month * (value_change - control_mean_of_month)
                    / n_controls_of_month
        end as control_influence

    from in_months

)

select * from excess
