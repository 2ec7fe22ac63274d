-- One row per panel: a tool, read by completion or by assignment (intention to treat), with its
-- first and last month and whom the treated are compared with.

with

months as (

    select
        tool_id,
        is_sold_by_seat,
        min(period) as first_period,
        max(period) as last_period,
        cast(count(*) as integer) as n_periods,
        min(month_start_date) as first_date,
        max(month_end_date) as last_date

    from {{ ref('int_effect_months') }}

    group by
        tool_id,
        is_sold_by_seat

),

panels as (

    {% for estimator in effect_estimators() %}
    select
        tool_id || '|{{ estimator }}' as panel_id,
        'all' as program_id,
        tool_id,
        '{{ estimator }}' as estimator,
        '{{ var('effect_controls') }}' as control_group,
        is_sold_by_seat,
        first_period,
        last_period,
        n_periods,
        first_date,
        last_date

    from months

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from panels
