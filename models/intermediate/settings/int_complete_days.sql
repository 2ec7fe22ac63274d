-- One row per source system and category (hris, lms): the last day on which it is complete.
--
-- With delivery rows: the least, over its feeds that have them, of the last delivered day. Without
-- any: the day before its newest file. Surveys and outcomes come in their own rhythm and limit
-- nothing.

with

deliveries as (

    select * from {{ ref('deliveries') }}

),

feed_files as (

    select * from {{ ref('feed_files') }}

),

feed_last_days as (

    select
        source_system,
        case
            when feed in ('courses', 'learning_events') then 'lms'
            else 'hris'
        end as category,
        feed,
        max(case when {{ is_usable_delivery() }} then {{ last_delivered_day() }} end) as last_day

    from deliveries

    where
        feed in (
            'employees',
            'employment_history',
            'leave_periods',
            'identity_aliases',
            'courses',
            'learning_events'
        )

    group by
        source_system,
        feed

),

candidates as (

    select
        source_system,
        category,
        min(last_day) as delivered_last_day,
        cast(null as date) as newest_file_date

    from feed_last_days

    group by
        source_system,
        category

    union all

    select
        source_system,
        category,
        cast(null as date) as delivered_last_day,
        max(newest_file_date) as newest_file_date

    from feed_files

    where
        category in ('hris', 'lms')
        and feed not in ('surveys', 'outcomes')

    group by
        source_system,
        category

),

complete_days as (

    select
        source_system,
        category,
        coalesce(
            max(delivered_last_day),
            {{ add_days('max(newest_file_date)', -1) }}
        ) as complete_through_date,
        max(delivered_last_day) is null as is_inferred

    from candidates

    group by
        source_system,
        category

)

select * from complete_days
