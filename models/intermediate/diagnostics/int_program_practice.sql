-- One row per program with completed units: how many had access to their tool on the index date.
--
-- Access is an open tool or a seat held that day. Where the licence feed does not cover the day it
-- is not known.

with

units as (

    select * from {{ ref('int_units') }}

    where
        program_id <> 'all'
        and is_attributed
        and completion_date is not null

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

seat_spans as (

    select * from {{ ref('int_delivered_spans') }}

    where span_kind = 'seat'

),

seat_intervals as (

    select * from {{ ref('int_seat_intervals') }}

),

-- many units : their tool's one row of coverage; zero or one span that holds the day; zero or many
-- seat periods, of several aliases.
with_access as (

    select
        units.program_id,
        units.employee_id,
        units.tool_id,
        bool_or(
            not tool_coverage.is_sold_by_seat or seat_spans.tool_id is not null
        ) as is_access_known,
        bool_or(
            not tool_coverage.is_sold_by_seat or seat_intervals.employee_id is not null
        ) as has_access

    from units

    inner join tool_coverage
        on units.tool_id = tool_coverage.tool_id

    left join seat_spans
        on units.tool_id = seat_spans.tool_id
        and units.completion_date >= seat_spans.date_from
        and units.completion_date <= seat_spans.date_to

    left join seat_intervals
        on units.employee_id = seat_intervals.employee_id
        and units.tool_id = seat_intervals.tool_id
        and units.completion_date >= seat_intervals.valid_from
        and units.completion_date < seat_intervals.valid_to

    group by
        units.program_id,
        units.employee_id,
        units.tool_id

),

practice as (

    select
        program_id,
        cast(sum(case when is_access_known and has_access then 1 else 0 end) as bigint)
            as n_with_access,
        cast(sum(case when is_access_known then 1 else 0 end) as bigint) as n_known,
        count(*) as n_units,
        count(distinct employee_id) as n_people

    from with_access

    group by program_id

)

select * from practice
