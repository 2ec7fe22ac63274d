-- One row per tool and day from the first day a baseline or curve of any unit looks at to the last
-- day of its checkpoints and curve.
--
-- is_covered: delivered and not after the watermark. is_seat_covered: delivered by the licence
-- feed, which has no lag. The running counts make "covered days from a to b" the difference of two
-- look-ups instead of a join over days.

with

{#- The block of the first week of a weekly tool may start 6 days before that week. -#}
{% set days_before = [var('baseline_days') + 2, 7 * var('curve_weeks_before') + 7] | max %}
{% set days_after = [var('checkpoint_days') | max, 7 * var('curve_weeks_after')] | max + 1 %}
units as (

    select * from {{ ref('int_units') }}

    where completion_date is not null

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

usage_spans as (

    select * from {{ ref('int_delivered_spans') }}

    where span_kind = 'usage'

),

seat_spans as (

    select * from {{ ref('int_delivered_spans') }}

    where span_kind = 'seat'

),

bounds as (

    select
        tool_id,
        {{ add_days('min(completion_date)', '-' ~ days_before) }} as first_day,
        {{ add_days('max(completion_date)', days_after) }} as last_day

    from units

    group by tool_id

),

days as (

    select
        tool_id,
        {{ date_series('first_day', 'last_day') }} as covered_day

    from bounds

),

-- many days : one tool. many days : zero or one span of each kind, because spans never overlap;
-- days outside every span stay, as not delivered.
flagged as (

    select
        days.tool_id,
        days.covered_day,
        coalesce(
            usage_spans.tool_id is not null and days.covered_day <= tool_coverage.watermark_date,
            false
        ) as is_covered,
        seat_spans.tool_id is not null as is_seat_covered

    from days

    inner join tool_coverage
        on days.tool_id = tool_coverage.tool_id

    left join usage_spans
        on days.tool_id = usage_spans.tool_id
        and days.covered_day >= usage_spans.date_from
        and days.covered_day <= usage_spans.date_to

    left join seat_spans
        on days.tool_id = seat_spans.tool_id
        and days.covered_day >= seat_spans.date_from
        and days.covered_day <= seat_spans.date_to

),

counted as (

    select
        tool_id,
        covered_day,
        is_covered,
        is_seat_covered,
        cast(sum(case when is_covered then 1 else 0 end) over (
            partition by tool_id
            order by covered_day
            rows between unbounded preceding and current row
        ) as integer) as n_covered_so_far,
        cast(sum(case when is_seat_covered then 1 else 0 end) over (
            partition by tool_id
            order by covered_day
            rows between unbounded preceding and current row
        ) as integer) as n_seat_covered_so_far

    from flagged

)

select * from counted
