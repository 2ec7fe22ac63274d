-- One row per week of a curve, from week -4 to week 26 without a week 0: its days since the index
-- date.

with

curve_weeks as (

    {% for week in curve_weeks() %}
    select
        {{ loop.index }} as week_index,
        {{ week.number }} as week_number,
        {{ week.first_day }} as first_day_number,
        {{ week.last_day }} as last_day_number,
        cast({{ week.bit }} as bigint) as week_bit

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from curve_weeks
