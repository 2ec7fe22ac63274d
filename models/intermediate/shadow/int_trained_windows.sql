-- One row per employee with a first completion whose days before and after it are known: two
-- windows of equal length, and the attributes of the completion day.
--
-- Known: employed on the completion day and on day N, day N not after as_of_date, all days of both
-- windows in the web logs, and of every approved tool all days of the later one delivered and not
-- after its watermark. Others are not judged: nothing seen would not be nothing done.

with

{% set n = var('checkpoint_days') | min %}
{% set length = [var('baseline_days'), n] | min %}
trained_people as (

    select * from {{ ref('int_trained_people') }}

),

employment as (

    select * from {{ ref('int_employment_intervals') }}

    where not is_terminated

),

later_employment as (

    select * from {{ ref('int_employment_intervals') }}

    where not is_terminated

),

spans_before as (

    select * from {{ ref('int_web_log_spans') }}

),

spans_after as (

    select * from {{ ref('int_web_log_spans') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

approved_spans as (

    select * from {{ ref('int_approved_spans') }}

),

approved_counts as (

    select count(*) as n_approved_tools

    from {{ ref('int_approved_tools') }}

    where consumer_tool = 'all'

),

windows as (

    select
        employee_id,
        completion_date,
        {{ add_days('completion_date', -length) }} as before_start,
        {{ add_days('completion_date', -1) }} as before_end,
        {{ add_days('completion_date', n - length + 1) }} as after_start,
        {{ add_days('completion_date', n) }} as after_end

    from trained_people

),

-- one person : zero or one span of each approved tool around the later window (none: its use is not
-- known).
with_known_tools as (

    select
        windows.employee_id,
        windows.completion_date,
        windows.before_start,
        windows.before_end,
        windows.after_start,
        windows.after_end,
        count(approved_spans.tool_id) as n_known_tools

    from windows

    left join approved_spans
        on windows.after_start >= approved_spans.date_from
        and windows.after_end <= approved_spans.date_to

    group by
        windows.employee_id,
        windows.completion_date,
        windows.before_start,
        windows.before_end,
        windows.after_start,
        windows.after_end

),

-- one person : zero or one HR row of either day, and zero or one run of days around either window;
-- people without one of these are excluded. many people : the one row of settings and of the count
-- of approved tools.
trained_windows as (

    select
        with_known_tools.employee_id,
        with_known_tools.completion_date,
        with_known_tools.before_start,
        with_known_tools.before_end,
        with_known_tools.after_start,
        with_known_tools.after_end,
        employment.track,
        employment.audience,
        employment.role_group,
        employment.department,
        employment.location

    from with_known_tools

    inner join employment
        on with_known_tools.employee_id = employment.employee_id
        and with_known_tools.completion_date >= employment.valid_from
        and with_known_tools.completion_date < employment.valid_to

    inner join later_employment
        on with_known_tools.employee_id = later_employment.employee_id
        and with_known_tools.after_end >= later_employment.valid_from
        and with_known_tools.after_end < later_employment.valid_to

    inner join spans_before
        on with_known_tools.before_start >= spans_before.date_from
        and with_known_tools.before_end <= spans_before.date_to

    inner join spans_after
        on with_known_tools.after_start >= spans_after.date_from
        and with_known_tools.after_end <= spans_after.date_to

    cross join settings

    cross join approved_counts

    where
        with_known_tools.after_end <= settings.as_of_date
        and with_known_tools.n_known_tools = approved_counts.n_approved_tools

)

select * from trained_windows
