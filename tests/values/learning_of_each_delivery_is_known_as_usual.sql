-- Finds deliveries of learning events whose courses are listed less than half as often as those of
-- all the vendor's events, and weeks whose learners can be named less than half as often: of twenty
-- events or more.
-- When it matters: always; an export with other ids of courses or people takes completions from
-- everybody in it, and the rates over all exports hide it.
-- How to fix: have it sent again, or list the new ids. Warns only: it may be a course for guests.
{{ config(severity='warn', meta={'joins': [{
    'name': 'delivered_events_to_course_groups',
    'join': 'course_groups',
    'kind': 'equality',
    'keys': [['course_id', 'course_name']],
    'cardinality': 'many_to_one',
}]}) }}

with

learning_events as (

    select * from {{ ref('learning_events') }}

),

named_events as (

    select * from {{ ref('int_learning_events_matched') }}

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

-- many events : zero or one listed course. Events of others stay and count as not known.
events_and_courses as (

    select
        learning_events.source_system,
        cast(learning_events.extracted_at as date) as of_date,
        course_groups.course_name is not null as is_known

    from learning_events

    left join course_groups
        on learning_events.course_id = course_groups.course_name

),

counted as (

    select
        'courses' as what,
        source_system,
        of_date,
        count(*) as n_events,
        sum(case when is_known then 1 else 0 end) as n_known

    from events_and_courses

    group by source_system, of_date

    union all

    select
        'learners' as what,
        source_system,
        cast(date_trunc('week', event_date) as date) as of_date,
        count(*) as n_events,
        sum(case when is_attributed then 1 else 0 end) as n_known

    from named_events

    group by source_system, cast(date_trunc('week', event_date) as date)

),

per_date as (

    select
        what,
        source_system,
        of_date,
        sum(n_events) as n_events,
        sum(n_known) as n_known

    from counted

    group by what, source_system, of_date

),

beside_all as (

    select
        what,
        source_system,
        of_date,
        n_events,
        n_known,
        sum(n_events) over (partition by what, source_system) as n_all_events,
        sum(n_known) over (partition by what, source_system) as n_all_known

    from per_date

),

broken as (

    select
        what,
        source_system,
        of_date,
        n_events,
        n_known

    from beside_all

    where
        n_events >= 20
        and 2.0 * n_known * n_all_events < 1.0 * n_all_known * n_events

)

select * from broken
