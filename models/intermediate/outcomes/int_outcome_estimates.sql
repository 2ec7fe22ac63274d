-- One row per program, metric and track (and `all`): the change of the trained, how it differs from
-- that of the controls of the same months, and the errors.
--
-- Who is a control in several months, or a control first and trained later, is one person in the
-- error of the difference: influences are summed by person and squared.

with

excess as (

    select * from {{ ref('int_outcome_excess') }}

),

with_difference as (

    select
        *,
        avg(excess) over one_comparison as difference,
        count(excess) over one_comparison as n_supported,
        avg(exam_score) over one_comparison as mean_exam_score,
        avg(case when exam_score is not null then value_change end) over one_comparison
            as mean_examined_change

    from excess

    window one_comparison as (partition by program_id, metric_id, track)

),

by_person as (

    select
        program_id,
        metric_id,
        track,
        employee_id,
        sum(
            case when is_control then -control_influence else coalesce(excess - difference, 0) end
        ) / max(nullif(n_supported, 0)) as influence,
        max(case when is_compared_control then 1 else 0 end) as is_control

    from with_difference

    group by
        program_id,
        metric_id,
        track,
        employee_id

),

errors as (

    select
        program_id,
        metric_id,
        track,
        sqrt(sum(influence * influence)) as difference_error,
        cast(sum(is_control) as bigint) as n_controls

    from by_person

    group by
        program_id,
        metric_id,
        track

),

{% set scored = 'exam_score is not null' %}
figures as (

    select
        program_id,
        metric_id,
        track,
        count(*) as n_trained,
        avg(value_before) as mean_before,
        avg(value_after) as mean_after,
        avg(value_change) as mean_change,
        stddev_samp(value_change) / sqrt(count(*)) as change_error,
        count(excess) as n_supported,
        avg(excess) as difference,
        count(exam_score) as n_exams,
        sum((exam_score - mean_exam_score) * (value_change - mean_examined_change))
        / nullif(count(exam_score) - 1, 0) as exam_covariance,
        stddev_samp(exam_score) as exam_deviation,
        stddev_samp(case when {{ scored }} then value_change end) as change_deviation

    from with_difference

    where not is_control

    group by
        program_id,
        metric_id,
        track

),

-- one comparison : its one error. Tracks nobody of whom was trained have no row.
estimates as (

    select
        figures.program_id,
        figures.metric_id,
        figures.track,
        figures.n_trained,
        figures.mean_before,
        figures.mean_after,
        figures.mean_change,
        figures.change_error,
        figures.n_supported,
        errors.n_controls,
        figures.difference,
        errors.difference_error,
        figures.n_exams,
        -- Nobody differs from anybody, up to rounding: no correlation.
        case
            when figures.exam_deviation > 1e-9 and figures.change_deviation > 1e-9
                then figures.exam_covariance / (figures.exam_deviation * figures.change_deviation)
        end as exam_correlation

    from figures

    inner join errors
        on figures.program_id = errors.program_id
        and figures.metric_id = errors.metric_id
        and figures.track = errors.track

)

select * from estimates
