-- One row per employee, tool and index date with employment near it: the weeks on whose last day
-- the person is employed, and for how many days from day 1 on they stay.

with

{% set last_day = 7 * var('curve_weeks_after') %}
index_dates as (

    select * from {{ ref('int_index_dates') }}

),

employed_spans as (

    select * from {{ ref('int_employed_spans') }}

),

-- one index date : the spans that overlap the curve, which never overlap each other. A person
-- employed on none of its days matches nothing.
near_spans as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        {{ days_between('employed_spans.valid_from', 'index_dates.completion_date') }}
            as from_day,
        {{ days_between('employed_spans.valid_to', 'index_dates.completion_date') }} as to_day

    from index_dates

    inner join employed_spans
        on index_dates.employee_id = employed_spans.employee_id
        and {{ add_days('index_dates.completion_date', last_day) }} >= employed_spans.valid_from
        and {{ add_days('index_dates.completion_date', '-' ~ 7 * var('curve_weeks_before')) }}
        < employed_spans.valid_to

),

employment as (

    select
        employee_id,
        tool_id,
        completion_date,
        bit_or({{ curve_weeks_where('from_day <= {last_day} and to_day > {last_day}') }})
            as employed_weeks,
        max(case
            when from_day <= 1 and to_day > 1 then least(to_day - 1, {{ last_day }})
            else 0
        end) as n_employed_days

    from near_spans

    group by
        employee_id,
        tool_id,
        completion_date

)

select * from employment
