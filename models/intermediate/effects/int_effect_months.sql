-- One row per tool and month of its panel: the calendar months, among the last effect_months up to
-- the newest, of which enough is known.
--
-- Most weeks are covered (int_effect_weeks), every day is judged and, for a tool sold by seat,
-- seats are known on every day. Other months are left out, not read as months without use.

with

effect_weeks as (

    select * from {{ ref('int_effect_weeks') }}

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

seat_spans as (

    select * from {{ ref('int_delivered_spans') }}

    where span_kind = 'seat'

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

covered_months as (

    select distinct
        tool_id,
        period,
        month_start_date,
        month_end_date

    from effect_weeks

),

-- many months : one tool; zero or one run of days with known seats around the whole month; one row
-- of settings.
known_months as (

    select
        covered_months.tool_id,
        covered_months.period,
        covered_months.month_start_date,
        covered_months.month_end_date,
        tool_coverage.is_sold_by_seat

    from covered_months

    inner join tool_coverage
        on covered_months.tool_id = tool_coverage.tool_id

    left join seat_spans
        on covered_months.tool_id = seat_spans.tool_id
        and covered_months.month_start_date >= seat_spans.date_from
        and covered_months.month_end_date <= seat_spans.date_to

    cross join settings

    where
        covered_months.month_end_date <= settings.as_of_date
        and (not tool_coverage.is_sold_by_seat or seat_spans.tool_id is not null)

),

with_last_period as (

    select
        tool_id,
        period,
        month_start_date,
        month_end_date,
        is_sold_by_seat,
        max(period) over (partition by tool_id) as last_period

    from known_months

),

months as (

    select
        tool_id,
        period,
        month_start_date,
        month_end_date,
        is_sold_by_seat

    from with_last_period

    where period > last_period - {{ var('effect_months') }}

)

select * from months
