-- One row per panel: a program (or `all`) and a tool it has units of, read by completion or by
-- assignment (intention to treat), of `all` by the training of team mates, too; with its first and
-- last month and whom the treated are compared with.

with

programs as (

    select distinct
        program_id,
        tool_id

    from {{ ref('int_units') }}

    where is_attributed

),

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

-- many programs : the one span of the tool. A tool without a whole month has no panel.
spans as (

    select
        programs.program_id,
        programs.tool_id,
        months.is_sold_by_seat,
        months.first_period,
        months.last_period,
        months.n_periods,
        months.first_date,
        months.last_date

    from programs

    inner join months
        on programs.tool_id = months.tool_id

),

panels as (

    {% for estimator in effect_estimators() %}
    select
        program_id || '|' || tool_id || '|{{ estimator }}' as panel_id,
        program_id,
        tool_id,
        '{{ estimator }}' as estimator,
        '{{ var('effect_controls') }}' as control_group,
        is_sold_by_seat,
        first_period,
        last_period,
        n_periods,
        first_date,
        last_date

    from spans

    {{ "where program_id = 'all'" if estimator == 'team_mates' }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from panels
