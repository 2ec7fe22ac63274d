-- One row per program, tool, dimension, value and week since the start with a unit observed to one
-- of its days: what the Kaplan-Meier estimates of adoption_curves are made of.
--
-- Day by day 1 - events / at risk is one factor of the estimate; its logarithms add up over days
-- and weeks. On a day when everybody left has the event the factor is 0, which has no logarithm.

with

survival_counts as (

    select * from {{ ref('int_survival_counts') }}

),

with_at_risk as (

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        survival_kind,
        day_number,
        n_units,
        n_events,
        sum(n_units) over (
            partition by program_id, tool_id, dimension, dimension_value, survival_kind
            order by day_number desc
            rows between unbounded preceding and current row
        ) as n_at_risk

    from survival_counts

),

with_factor as (

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        survival_kind,
        cast(ceil(day_number / 7e0) as integer) as week_number,
        n_units,
        n_events,
        n_events = n_at_risk as is_end,
        case
            when n_events < n_at_risk then ln(1e0 - {{ safe_rate('n_events', 'n_at_risk') }})
            else 0e0
        end as log_factor

    from with_at_risk

),

survival_weeks as (

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        {% for kind in ['first_use', 'lapse'] %}
        {% set of_kind = "when survival_kind = '" ~ kind ~ "' then" %}
        cast(sum(case {{ of_kind }} n_units else 0 end) as bigint) as n_{{ kind }}_units,
        cast(sum(case {{ of_kind }} n_events else 0 end) as bigint) as n_{{ kind }}_events,
        sum(case {{ of_kind }} log_factor else 0e0 end) as {{ kind }}_log_survival,
        max(case when survival_kind = '{{ kind }}' and is_end then 1 else 0 end)
            as is_{{ kind }}_end,
        {% endfor %}
        week_number

    from with_factor

    group by
        program_id,
        tool_id,
        dimension,
        dimension_value,
        week_number

)

select * from survival_weeks
