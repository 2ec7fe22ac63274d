-- One row per tool, kind of limit and date that is the limit of a publication: the days whose units
-- came in with it, step_after exclusive, limit_date inclusive.

with

limits as (

    select * from {{ ref('int_publication_limits') }}

),

limit_dates as (

    select
        tool_id,
        limit_kind,
        limit_date

    from limits

    group by
        tool_id,
        limit_kind,
        limit_date

),

steps as (

    select
        tool_id,
        limit_kind,
        limit_date,
        coalesce(
            lag(limit_date) over (
                partition by tool_id, limit_kind
                order by limit_date
            ),
            date '0001-01-01'
        ) as step_after

    from limit_dates

)

select * from steps
