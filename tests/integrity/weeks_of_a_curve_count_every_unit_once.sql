-- Finds weeks of a curve whose units do not add up, parts larger than their whole, groups without
-- one row per week, and dimensions whose groups do not add up to `all`.
-- When it matters: always; a unit was lost from a week or is in two.
-- How to fix: int_curve_exposure (a set of weeks holds a week twice?), then int_curve_cells.

with

adoption_curves as (

    select * from {{ ref('adoption_curves') }}

),

per_dimension as (

    select
        program_id,
        tool_id,
        dimension,
        week_number,
        sum(n_completed) as n_completed,
        sum(n_at_risk) as n_at_risk,
        sum(n_active) as n_active,
        sum(n_waiting) as n_waiting,
        sum(n_first_use) as n_first_use,
        sum(n_using) as n_using,
        sum(n_lapsed) as n_lapsed

    from adoption_curves

    group by
        program_id,
        tool_id,
        dimension,
        week_number

),

beside_all as (

    select
        {% for name in [
            'completed', 'at_risk', 'active', 'waiting', 'first_use', 'using', 'lapsed'
        ] %}
        n_{{ name }},
        max(case when dimension = 'all' then n_{{ name }} end) over same_week
            as n_{{ name }}_of_all,
        {% endfor %}
        program_id,
        tool_id,
        dimension,
        week_number

    from per_dimension

    window same_week as (partition by program_id, tool_id, week_number)

),

weeks_per_group as (

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        count(*) as n_weeks

    from adoption_curves

    group by
        program_id,
        tool_id,
        dimension,
        dimension_value

),

broken as (

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        week_number,
        'parts and whole' as what_is_wrong

    from adoption_curves

    where
        n_completed is distinct from n_at_risk + n_window_open + n_not_judged
        or n_not_judged < 0
        or n_active > n_at_risk
        or n_reversion_at_risk > n_at_risk
        or n_reverted > n_reversion_at_risk
        or n_first_use > n_waiting
        or n_lapsed > n_using
        or n_waiting > n_completed

    union all

    select
        program_id,
        tool_id,
        dimension,
        cast(null as string) as dimension_value,
        week_number,
        'sum over the dimension' as what_is_wrong

    from beside_all

    where
        n_completed is distinct from n_completed_of_all
        or n_at_risk is distinct from n_at_risk_of_all
        or n_active is distinct from n_active_of_all
        or n_waiting is distinct from n_waiting_of_all
        or n_first_use is distinct from n_first_use_of_all
        or n_using is distinct from n_using_of_all
        or n_lapsed is distinct from n_lapsed_of_all

    union all

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        cast(null as integer) as week_number,
        'number of weeks' as what_is_wrong

    from weeks_per_group

    where n_weeks <> {{ var('curve_weeks_before') + var('curve_weeks_after') }}

)

select * from broken
