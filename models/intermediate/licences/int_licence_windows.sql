-- One row per tool of the seed: the day whose seats are counted, and the days of use that judge
-- them.
--
-- seat_date: the last day up to as_of_date that the licence feed delivered; NULL for open tools and
-- without a licence feed: seats are not measured then. Use is looked at on the last `idle_days` and
-- the last 7 days up to use_through_date, the watermark or as_of_date, whichever is earlier.

with

listed_tools as (

    select tool_id from {{ ref('stg_reference__tools') }}

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

delivered_spans as (

    select * from {{ ref('int_delivered_spans') }}

),

-- one tool : one coverage; many tools : the one row of settings.
tools as (

    select
        tool_coverage.tool_id,
        tool_coverage.is_sold_by_seat,
        tool_coverage.usage_grain,
        settings.as_of_date,
        case
            when tool_coverage.watermark_date <= settings.as_of_date
                then tool_coverage.watermark_date
            when tool_coverage.watermark_date is not null then settings.as_of_date
        end as use_through_date

    from listed_tools

    inner join tool_coverage
        on listed_tools.tool_id = tool_coverage.tool_id

    cross join settings

),

with_windows as (

    select
        *,
        {{ add_days('use_through_date', '1 - ' ~ var('idle_days')) }} as window_start_date,
        {{ add_days('use_through_date', '-6') }} as week_start_date

    from tools

),

-- one tool : zero or many delivered spans of seats and use, which never overlap within a kind.
-- Tools without any stay.
covered as (

    select
        with_windows.tool_id,
        {% for start, name in [('window_start_date', 'window'), ('week_start_date', 'week')] %}
        sum(case
            when
                delivered_spans.span_kind = 'usage'
                and delivered_spans.date_from <= with_windows.use_through_date
                and delivered_spans.date_to >= with_windows.{{ start }}
                then 1 + {{ days_between(
                    'least(delivered_spans.date_to, with_windows.use_through_date)',
                    'greatest(delivered_spans.date_from, with_windows.' ~ start ~ ')'
                ) }}
            else 0
        end) as n_covered_{{ name }}_days,
        {% endfor %}
        max(case
            when
                delivered_spans.span_kind = 'seat'
                and delivered_spans.date_from <= with_windows.as_of_date
                then least(delivered_spans.date_to, with_windows.as_of_date)
        end) as last_seat_date

    from with_windows

    left join delivered_spans
        on with_windows.tool_id = delivered_spans.tool_id

    group by with_windows.tool_id

),

-- one tool : its own sums.
licence_windows as (

    select
        with_windows.tool_id,
        with_windows.is_sold_by_seat,
        with_windows.usage_grain,
        with_windows.as_of_date,
        with_windows.use_through_date,
        with_windows.window_start_date,
        with_windows.week_start_date,
        case when with_windows.is_sold_by_seat then covered.last_seat_date end as seat_date,
        covered.n_covered_window_days = {{ var('idle_days') }} as is_window_covered,
        covered.n_covered_week_days = 7 as is_week_covered

    from with_windows

    inner join covered
        on with_windows.tool_id = covered.tool_id

)

select * from licence_windows
