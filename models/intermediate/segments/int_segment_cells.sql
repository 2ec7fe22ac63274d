-- One row per tool, judged week and cell (combination of attributes, or manager, on its last day),
-- of people with use in the week or the 11 before it: how many are in which segment, what they did.
--
-- Cut by attributes first and spread over the weeks then: the segment rows of 1.6 million people,
-- 65 million, are never stored.

with

{% set attributes = [
    'track', 'audience', 'role_group', 'department', 'location', 'manager_group', 'is_trained'
] %}
segment_spans as (

    select
        *,
        {{ add_days('week_start_date', 6) }} as week_end_date,
        {{ add_days('valid_to', 6) }} as valid_to_week_end,
        valid_to as span_valid_to

    from {{ ref('int_segment_spans') }}

),

tool_spans as (

    select * from {{ ref('int_population_tool_spans') }}

    where has_used

),

judged_weeks as (

    select * from {{ ref('int_judged_weeks') }}

),

-- many spans of use : the periods of employment they reach into, and the judged weeks that end in
-- both. Use of people who are not employed on the last day of a week is excluded.
of_weeks as (

    select
        segment_spans.tool_id,
        judged_weeks.week_start_date,
        segment_spans.week_start_date as last_active_week_start_date,
        segment_spans.active_days,
        segment_spans.has_use_in_week_before,
        segment_spans.is_first_use,
        segment_spans.judged_from_12w,
        segment_spans.judged_from_4w,
        segment_spans.rehire_date,
        segment_spans.power_12w_until,
        segment_spans.habit_12w_until,
        segment_spans.novice_12w_until,
        segment_spans.power_4w_until,
        segment_spans.habit_4w_until,
        segment_spans.novice_4w_until,
        tool_spans.{{ attributes | join(',\n        tool_spans.') }}

    from segment_spans

    inner join tool_spans
        on segment_spans.employee_id = tool_spans.employee_id
        and segment_spans.tool_id = tool_spans.tool_id
        and segment_spans.week_end_date < tool_spans.valid_to
        and segment_spans.valid_to_week_end > tool_spans.valid_from

    inner join judged_weeks
        on segment_spans.tool_id = judged_weeks.tool_id
        and segment_spans.week_start_date <= judged_weeks.week_start_date
        and segment_spans.span_valid_to > judged_weeks.week_start_date
        and tool_spans.valid_from <= judged_weeks.week_end_date
        and tool_spans.valid_to > judged_weeks.week_end_date

),

flagged as (

    select
        tool_id,
        week_start_date,
        {{ attributes | join(',\n        ') }},
        {{ days_between('week_start_date', 'last_active_week_start_date') }} as days_since_use,
        active_days,
        has_use_in_week_before,
        is_first_use,
        {{ usage_segment(12) }} as segment_12w,
        {{ usage_segment(4) }} as segment_4w

    from of_weeks

),

{% set counts = {
    'n_active': 'days_since_use = 0',
    'n_daily': 'days_since_use = 0 and active_days >= ' ~ var('daily_use_days'),
    'n_monthly_active': 'days_since_use <= 21',
    'n_newly_active': 'days_since_use = 0 and is_first_use',
    'n_retained': 'days_since_use = 0 and has_use_in_week_before',
    'n_lapsed': 'days_since_use = 7',
} %}
cells as (

    {% for columns in segment_cells() %}
    select
        tool_id,
        week_start_date,
        {{- segment_cell_columns(columns) }},
        {% for name, condition in counts.items() %}
        cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }},
        {% endfor %}
        {% for n_weeks in [12, 4] %}
        {% for segment in ['low', 'novice', 'habitual', 'power'] %}
        cast(sum(case when segment_{{ n_weeks }}w = '{{ segment }}' then 1 else 0 end) as bigint)
            as n_{{ segment }}_{{ n_weeks }}w,
        {% endfor %}
        {% endfor %}
        cast(count(*) as bigint) as n_with_use_12w

    from flagged

    group by
        tool_id,
        week_start_date,
        {{ columns | join(',\n        ') }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from cells
