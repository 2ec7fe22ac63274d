-- One row per tool (or `all`), dimension and value: seats, what they cost, and who uses them.
--
-- Ranges, never one invented number: low counts what is known, high adds what is not; high is NULL
-- where a cost, or hours, that it needs were not reported. Seats that are not measured are NULL
-- with the reason. Costs are as the licence feed states them, a month.

with

counts as (

    select * from {{ ref('int_licence_counts') }}

),

budgets as (

    select * from {{ ref('int_tool_budgets') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many groups : zero or one budget of their tool (none: no program teaches it; groups have none);
-- the one row of settings.
joined as (

    select
        counts.*,
        counts.n_tools_measured > 0 as is_measured,
        counts.dimension <> 'unattributed' as is_named,
        counts.n_tools_measured > 0 and counts.dimension <> 'unattributed' as has_use,
        counts.n_active_seats + counts.n_idle_seats as n_judged_seats,
        counts.n_completers_active + counts.n_completers_not_using as n_judged_completers,
        counts.n_seats_without_cost = 0 as has_all_costs,
        {% for name in ['n_programs', 'n_programs_without_budget'] %}
        case when counts.dimension = 'all' then coalesce(budgets.{{ name }}, 0) end as {{ name }},
        {% endfor %}
        case when counts.dimension = 'all' then budgets.training_budget end as training_budget,
        settings.as_of_date,
        settings.rules_hash

    from counts

    left join budgets
        on counts.tool_id = budgets.tool_id

    cross join settings

),

licence_value as (

    select
        'all' as program_id,
        tool_id,
        {{ var('checkpoint_days') | max }} as checkpoint_day,
        dimension,
        dimension_value,
        case when is_measured then 'measured' else 'not measured' end as seat_status,
        not_measured_reason as seat_status_reason,
        n_tools,
        n_tools_measured,
        seat_date,
        use_through_date,
        case when is_measured then n_seats end as n_seats,
        {% for name in [
            'n_leaver_seats', 'n_active_seats', 'n_idle_seats', 'n_new_seats',
            'n_unknown_use_seats', 'n_never_used_seats', 'n_judged_seats', 'n_untrained_seats',
        ] %}
        case when has_use then {{ name }} end as {{ name }},
        {% endfor %}
        {% for rate, parts in {
            'idle_rate': ['n_idle_seats', 'n_judged_seats'],
            'untrained_rate': ['n_untrained_seats', 'n_seats'],
        }.items() %}
        {% for suffix, expression in {
            '': safe_rate(parts[0], parts[1]),
            '_low': wilson_low(parts[0], parts[1]),
            '_high': wilson_high(parts[0], parts[1]),
        }.items() %}
        case when has_use then {{ expression }} end as {{ rate }}{{ suffix }},
        {% endfor %}
        {% endfor %}
        case when has_use and is_week_covered then n_weekly_active end
            as n_weekly_active,
        {% for name in ['n_adopters', 'n_adopters_not_judged'] %}
        case when has_use then {{ name }} end as {{ name }},
        {% endfor %}
        case when is_measured then n_seats_without_cost end as n_seats_without_cost,
        case when is_measured then {{ known_sum('monthly_cost', 'n_seats') }} end as monthly_cost,
        case when has_use then {{ known_sum('idle_monthly_cost', 'n_idle_seats') }} end
            as idle_monthly_cost_low,
        case
            when has_use and n_uncertain_seats_without_cost = 0
                then coalesce(idle_monthly_cost, 0) + coalesce(unknown_use_monthly_cost, 0)
        end as idle_monthly_cost_high,
        case when has_use then {{ known_sum('untrained_monthly_cost', 'n_untrained_seats') }} end
            as untrained_monthly_cost,
        {% for name, people in {
            'cost_per_weekly_active': 'case when is_week_covered then n_weekly_active end',
            'cost_per_adopter_low': 'n_adopters + n_adopters_not_judged',
            'cost_per_adopter_high': 'n_adopters',
        }.items() %}
        case when has_use and has_all_costs then monthly_cost / nullif({{ people }}, 0) end
            as {{ name }},
        {% endfor %}
        {% for name in [
            'n_completers', 'n_completers_active', 'n_completers_not_using', 'n_completers_new',
            'n_completers_unknown', 'n_judged_completers',
        ] %}
        case when is_named then {{ name }} end as {{ name }},
        {% endfor %}
        {% for suffix, expression in {
            '': safe_rate('n_completers_not_using', 'n_judged_completers'),
            '_low': wilson_low('n_completers_not_using', 'n_judged_completers'),
            '_high': wilson_high('n_completers_not_using', 'n_judged_completers'),
        }.items() %}
        {{ expression }} as not_using_rate{{ suffix }},
        {% endfor %}
        case when has_use then n_gap_seats end as n_gap_seats,
        case when has_use then {{ known_sum('gap_monthly_cost', 'n_gap_seats') }} end
            as gap_monthly_cost_low,
        case
            when has_use and n_gap_seats_without_cost = 0
                then coalesce(gap_monthly_cost, 0) + coalesce(unknown_gap_monthly_cost, 0)
        end as gap_monthly_cost_high,
        case when is_named then n_gap_without_hours end as n_gap_without_hours,
        case when is_named then {{ known_sum('gap_training_hours', 'n_completers_not_using') }} end
            as gap_training_hours_low,
        case
            when is_named and n_gap_without_hours = 0
                then coalesce(gap_training_hours, 0) + coalesce(unknown_gap_training_hours, 0)
        end as gap_training_hours_high,
        n_programs,
        n_programs_without_budget,
        training_budget,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from joined

)

select * from licence_value
