-- One row per program, tool, dimension, value and week of the curve: of the units observed so long,
-- how many had their first use or lapse in the week, and what share is left without it.
--
-- Weeks before the index date are left out: nobody is waiting yet. What is left at the end of a
-- week is the product over its days and all days before.

with

{% set keys = ['program_id', 'tool_id', 'dimension', 'dimension_value'] %}
curve_counts as (

    select * from {{ ref('int_curve_counts') }}

    where week_number > 0

),

survival_weeks as (

    select * from {{ ref('int_survival_weeks') }}

),

-- one week : zero or one summary of times (none: nobody was observed to one of its days).
with_times as (

    select
        {% for key in keys %}
        curve_counts.{{ key }},
        {% endfor %}
        {% for kind in ['first_use', 'lapse'] %}
        coalesce(survival_weeks.n_{{ kind }}_units, 0) as n_{{ kind }}_units,
        coalesce(survival_weeks.n_{{ kind }}_events, 0) as n_{{ kind }}_events,
        coalesce(survival_weeks.{{ kind }}_log_survival, 0e0) as {{ kind }}_log_survival,
        coalesce(survival_weeks.is_{{ kind }}_end, 0) as is_{{ kind }}_end,
        {% endfor %}
        curve_counts.week_number

    from curve_counts

    left join survival_weeks
        on curve_counts.program_id = survival_weeks.program_id
        and curve_counts.tool_id = survival_weeks.tool_id
        and curve_counts.dimension = survival_weeks.dimension
        and curve_counts.dimension_value = survival_weeks.dimension_value
        and curve_counts.week_number = survival_weeks.week_number

),

curve_survival as (

    select
        {{ keys | join(',\n        ') }},
        {% for kind in ['first_use', 'lapse'] %}
        cast(sum(n_{{ kind }}_units) over weeks_to_come as bigint) as n_{{ kind }}_at_risk,
        n_{{ kind }}_events,
        case
            when max(is_{{ kind }}_end) over weeks_so_far = 1 then 0e0
            else exp(sum({{ kind }}_log_survival) over weeks_so_far)
        end as {{ kind }}_survival,
        {% endfor %}
        week_number

    from with_times

    window
        weeks_so_far as (
            partition by {{ keys | join(', ') }}
            order by week_number
            rows between unbounded preceding and current row
        ),
        weeks_to_come as (
            partition by {{ keys | join(', ') }}
            order by week_number
            rows between current row and unbounded following
        )

)

select * from curve_survival
