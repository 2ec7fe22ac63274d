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

    select
        employee_id,
        {{ monday_from('hire_date') }}
            as first_week_since_hire,
        {{ monday_from('original_hire_date') }}
            as first_week_since_original_hire

    from {{ ref('int_employees') }}

),

tool_starts as (

    select
        tool_id,
        {{ monday_from('min(date_from)') }}
            as first_whole_week

    from {{ ref('int_delivered_spans') }}

    where span_kind = 'usage'

    group by tool_id

),

counted as (

    select
        employee_id,
        tool_id,
        week_start_date,
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
        greatest(
            coalesce(tool_starts.first_whole_week, {{ always() }}),
            case
                when enough_since.week_start_date >= employees.first_week_since_hire
                    then employees.first_week_since_hire
                else coalesce(
                    employees.first_week_since_original_hire,
                    employees.first_week_since_hire,
                    {{ always() }}
                )
            end
        ) as first_whole_week,
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
        {{ add_days('first_whole_week', 77) }} as judged_from_12w,
        {{ add_days('first_whole_week', 21) }} as judged_from_4w,
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
