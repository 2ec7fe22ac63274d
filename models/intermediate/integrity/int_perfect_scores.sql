-- One row per learner and course group with a perfect score: the first one with a time of day, and
-- whether it is part of a burst.
--
-- A burst is a span of integrity_burst_minutes in which integrity_burst_people or more people reach
-- their first perfect score in the course. Whoever is in one such span is in the burst. Learners
-- nobody can be named for count as people here.

{% set seconds = 60 * (var('integrity_burst_minutes') | int) %}

with

scores as (

    select * from {{ ref('int_training_events') }}

    where
        training_event = 'satisfied'
        and score_scaled >= 1
        and not is_date_only

),

ranked as (

    select
        course_group_id,
        learner_id,
        source_system,
        event_date,
        {{ epoch_seconds('occurred_at') }} as occurred_second,
        row_number() over (
            partition by course_group_id, learner_id
            order by occurred_at, source_system, event_id
        ) as score_rank

    from scores

),

first_scores as (

    select
        course_group_id,
        learner_id,
        source_system,
        event_date,
        occurred_second,
        count(*) over (
            partition by course_group_id
            order by occurred_second
            range between current row and {{ seconds }} following
        ) as n_people_from_here

    from ranked

    where score_rank = 1

),

perfect_scores as (

    select
        course_group_id,
        learner_id,
        source_system,
        event_date,
        max(n_people_from_here) over (
            partition by course_group_id
            order by occurred_second
            range between {{ seconds }} preceding and current row
        ) >= {{ var('integrity_burst_people') }} as is_burst

    from first_scores

)

select * from perfect_scores
