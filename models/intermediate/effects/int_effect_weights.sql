-- One row per panel, parameter and group-time cell in it: with which weight the cell's effect
-- enters the parameter, and what the estimated shares of the groups add to its influence function.
--
-- A parameter is an aggregation and a value: `event_time`, `group` and `calendar` with their values
-- and, over these, the value NULL; and `overall`, all cells from the treatment on by their people.
-- share_term is per unit of the cell's group (the `wif` of the R package did). Unsupported cells
-- stay, without a weight, so that they can be counted.

with

cells as (

    select * from {{ ref('int_effect_cells') }}

),

readings as (

    {% for aggregation, value in {
        'event_time': 'event_time', 'group': 'treated_period', 'calendar': 'period', 'overall': '0'
    }.items() %}
    select
        panel_id,
        '{{ aggregation }}' as aggregation,
        {{ value }} as value_number,
        treated_period,
        period,
        base_period,
        event_time,
        n_treated,
        n_controls,
        treated_change,
        control_change,
        effect,
        -- Within a group every period counts the same; elsewhere groups count by their people.
        case when is_supported then {{ '1e0' if aggregation == 'group' else 'n_treated' }} end
            as cell_share,
        case when is_supported then 1 end as supported

    from cells

    {{ 'where event_time >= 0' if aggregation != 'event_time' }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

within_values as (

    select
        *,
        cell_share / sum(cell_share) over one_value as weight,
        sum(cell_share) over one_value as sum_of_shares,
        sum(cell_share * effect) over one_value / sum(cell_share) over one_value as value_effect,
        sum(supported) over one_value as n_supported

    from readings

    window one_value as (partition by panel_id, aggregation, value_number)

),

with_share_terms as (

    select
        *,
        case
            when aggregation = 'group' then 0e0
            else (effect - value_effect) / sum_of_shares
        end as share_term,
        case when aggregation = 'group' then cell_share * n_treated else supported end / n_supported
            as value_share

    from within_values

),

over_values as (

    select
        *,
        sum(value_share) over one_aggregation as sum_of_value_shares,
        sum(value_share * value_effect) over one_aggregation
        / sum(value_share) over one_aggregation as all_effect

    from with_share_terms

    where
        aggregation <> 'overall'
        and event_time >= 0

    window one_aggregation as (partition by panel_id, aggregation)

),

{% set columns = [
    'treated_period', 'period', 'base_period', 'n_treated', 'n_controls', 'treated_change',
    'control_change', 'effect'
] %}
parameters as (

    select
        panel_id,
        aggregation,
        case when aggregation <> 'overall' then value_number end as value_number,
        {{ columns | join(',\n        ') }},
        weight,
        share_term

    from with_share_terms

    union all

    select
        panel_id,
        aggregation,
        cast(null as integer) as value_number,
        {{ columns | join(',\n        ') }},
        weight * n_supported * value_share / sum_of_value_shares as weight,
        share_term * n_supported * value_share / sum_of_value_shares
        + case
            when aggregation = 'group'
                then (value_effect - all_effect) / sum_of_value_shares / n_supported
            else 0e0
        end as share_term

    from over_values

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by
                panel_id,
                case when aggregation = 'event_time' and value_number < 0 then 1 else 0 end
            order by aggregation asc, value_number asc nulls last
        ) as parameter_rank

    from parameters

),

weights as (

    select
        panel_id,
        cast(case
            when aggregation = 'event_time' and value_number < 0 then -value_number
            else {{ var('effect_leads') }} + parameter_rank
        end as integer) as parameter_number,
        aggregation,
        value_number,
        {{ columns | join(',\n        ') }},
        weight,
        share_term

    from ranked

)

select * from weights
