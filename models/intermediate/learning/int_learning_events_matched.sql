-- One row per learning event with the employee who held its alias on the event's UTC date.
--
-- Events nobody can be named for stay: learner_id is then `alias:<type>:<value>`, so that their
-- completions are counted as unattributed. event_date is the learner's local date; a date-only
-- event keeps its own date.

with

learning_events as (

    select
        source_system,
        event_id,
        alias_type,
        alias_value,
        course_id,
        event_type,
        occurred_at,
        lower(time_precision) in ('date', 'day') as is_date_only,
        score_scaled,
        duration_seconds,
        success,
        is_voided,
        cast(occurred_at as date) as utc_date

    from {{ ref('learning_events') }}

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

),

employees as (

    select * from {{ ref('int_employees') }}

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

-- many events : zero or one owner, because the periods of an alias never overlap. Unmatched
-- events stay, as unattributed.
owned as (

    select
        learning_events.source_system,
        learning_events.event_id,
        learning_events.alias_type,
        learning_events.alias_value,
        learning_events.course_id,
        learning_events.event_type,
        learning_events.occurred_at,
        coalesce(learning_events.is_date_only, false) as is_date_only,
        learning_events.score_scaled,
        learning_events.duration_seconds,
        learning_events.success,
        learning_events.is_voided,
        learning_events.utc_date,
        alias_owners.employee_id,
        coalesce(alias_owners.identity_status, 'unmatched') as identity_status

    from learning_events

    left join alias_owners
        on learning_events.alias_type = alias_owners.alias_type
        and learning_events.alias_value = alias_owners.alias_value
        and learning_events.utc_date >= alias_owners.valid_from
        and learning_events.utc_date < alias_owners.valid_to

),

-- many events : zero or one employee (none: unattributed, default zone); many events : zero or
-- one course group (none: a course no catalogue lists is its own group).
matched as (

    select
        owned.source_system,
        owned.event_id,
        owned.alias_type,
        owned.alias_value,
        owned.employee_id,
        coalesce(
            owned.employee_id, 'alias:' || owned.alias_type || ':' || owned.alias_value
        ) as learner_id,
        owned.employee_id is not null as is_attributed,
        owned.identity_status,
        owned.course_id,
        coalesce(course_groups.course_group_id, owned.course_id) as course_group_id,
        owned.event_type,
        owned.occurred_at,
        owned.is_date_only,
        owned.score_scaled,
        owned.duration_seconds,
        owned.success,
        owned.is_voided,
        case
            when owned.is_date_only then owned.utc_date
            else {{ to_local_date(
                'owned.occurred_at',
                "coalesce(employees.time_zone, '" ~ var('default_timezone') ~ "')"
            ) }}
        end as event_date

    from owned

    left join employees
        on owned.employee_id = employees.employee_id

    left join course_groups
        on owned.course_id = course_groups.course_name

)

select * from matched
