-- One row per employee, tool and week with use: until which later week that use still makes a
-- power, habitual or novice user, over 12 and over 4 weeks.
--
-- The row speaks for the weeks [week_start_date, valid_to): to the next week with use, at most 12
-- weeks. In between a segment can only fall, as old weeks leave the window, so a date per segment
-- says all of it; a dense table of people and weeks would have nearly three times the rows.

with

active_weeks as (

    select * from {{ ref('int_active_weeks') }}

),

employees as (

    select * from {{ ref('int_hire_dates') }}

),

tool_starts as (

    select
        tool_id,
        min(date_from) as first_day

    from {{ ref('int_delivered_spans') }}

    where span_kind = 'usage'

    group by tool_id

),

counted as (

    select
        employee_id,
        tool_id,
        week_start_date,
        active_days,
        lag(week_start_date) over person_and_tool as previous_week_start_date,
        lead(week_start_date) over person_and_tool as next_week,
        lag(week_start_date, {{ var('segment_habit_weeks') - 1 }}) over person_and_tool
            as habit_12w_since,
        lag(week_start_date, 3) over person_and_tool as habit_4w_since,
        min(week_start_date) over person_and_tool as first_week,
        cast(sum(actions) over person_and_tool as bigint) as actions_so_far

    from active_weeks

    window person_and_tool as (partition by employee_id, tool_id order by week_start_date)

),

-- From which week on the actions up to this one are enough: from the one after the last week in
-- which there were that many fewer, or from the first. The window is over counts, not over weeks.
enough_since as (

    select
        employee_id,
        tool_id,
        week_start_date,
        {{ add_days('week_start_date', 6) }} as week_end_date,
        {{ add_days('previous_week_start_date', 6) }} as previous_week_end_date,
        active_days,
        next_week,
        habit_12w_since,
        habit_4w_since,
        {% for segment in ['power', 'novice'] %}
        {% for n_weeks in [12, 4] %}
        {% set enough = var('segment_' ~ segment ~ '_actions') * n_weeks %}
        coalesce(
            max(next_week) over (
                partition by employee_id, tool_id
                order by actions_so_far
                range between unbounded preceding and {{ enough }} preceding
            ),
            case when actions_so_far >= {{ enough }} then first_week end
        ) as {{ segment }}_{{ n_weeks }}w_since,
        {% endfor %}
        {% endfor %}
        {{ add_days('week_start_date', 84) }} as forgotten_from

    from counted

),

-- many weeks with use : zero or one employee and tool start; nobody is lost who is in neither.
with_history as (

    select
        enough_since.employee_id,
        enough_since.tool_id,
        enough_since.week_start_date,
        least(
            coalesce(enough_since.next_week, enough_since.forgotten_from),
            enough_since.forgotten_from
        ) as valid_to,
        enough_since.active_days,
        coalesce(
            {{ add_days('enough_since.previous_week_end_date', 7) }}
            = enough_since.week_end_date,
            false
        ) as has_use_in_week_before,
        -- Use before the tool's first delivered week is outside the history.
        coalesce(
            enough_since.week_end_date >= tool_starts.first_day
            and coalesce(enough_since.previous_week_end_date < tool_starts.first_day, true),
            false
        ) as is_first_use,
        -- Whoever is employed before the latest hire date has the history of an earlier one.
        greatest(
            coalesce(tool_starts.first_day, {{ always() }}),
            case
                when enough_since.week_end_date >= employees.hire_date then employees.hire_date
                else coalesce(employees.first_hire_date, {{ always() }})
            end
        ) as history_from,
        case
            when enough_since.week_end_date < employees.hire_date then employees.hire_date
        end as rehire_date,
        enough_since.habit_12w_since,
        enough_since.habit_4w_since,
        enough_since.power_12w_since,
        enough_since.power_4w_since,
        enough_since.novice_12w_since,
        enough_since.novice_4w_since

    from enough_since

    left join employees
        on enough_since.employee_id = employees.employee_id

    left join tool_starts
        on enough_since.tool_id = tool_starts.tool_id

),

segment_spans as (

    select
        employee_id,
        tool_id,
        week_start_date,
        valid_to,
        active_days,
        has_use_in_week_before,
        is_first_use,
        {{ add_days('history_from', 77) }} as judged_from_12w,
        {{ add_days('history_from', 21) }} as judged_from_4w,
        rehire_date,
        -- Power needs both, so it ends with the one that ends first; NULL where either is missing.
        {{ add_days(
            'case when habit_12w_since < power_12w_since then habit_12w_since '
            ~ 'when habit_12w_since is not null then power_12w_since end', 77
        ) }} as power_12w_until,
        {{ add_days('habit_12w_since', 77) }} as habit_12w_until,
        {{ add_days('novice_12w_since', 77) }} as novice_12w_until,
        {{ add_days(
            'case when habit_4w_since < power_4w_since then habit_4w_since '
            ~ 'when habit_4w_since is not null then power_4w_since end', 21
        ) }} as power_4w_until,
        {{ add_days('habit_4w_since', 21) }} as habit_4w_until,
        {{ add_days('novice_4w_since', 21) }} as novice_4w_until

    from with_history

)

select * from segment_spans
