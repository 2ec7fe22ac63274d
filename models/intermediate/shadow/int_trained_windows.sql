-- One row per employee with a first completion whose days before and after it are known: two
-- windows of equal length, and the attributes of the completion day.
--
-- Known: employed on the completion day and on day N, day N not after as_of_date, all days of both
-- windows in the web logs, and the feeds of the approved tools begun before the later one and read
-- to its end. Others are not judged: nothing seen would not be nothing done.

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

-- Without approved tools both are NULL.
approved_bounds as (

    select
        max(first_day) as first_day,
        min(watermark_date) as watermark_date

    from {{ ref('int_approved_tools') }}

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

-- one person : zero or one HR row of either day, and zero or one run of days around either window;
-- people without one of these are excluded. many people : the one row of settings and of bounds.
trained_windows as (

    select
        windows.employee_id,
        windows.completion_date,
        windows.before_start,
        windows.before_end,
        windows.after_start,
        windows.after_end,
        employment.track,
        employment.audience,
        employment.role_group,
        employment.department,
        employment.location

    from windows

    inner join employment
        on windows.employee_id = employment.employee_id
        and windows.completion_date >= employment.valid_from
        and windows.completion_date < employment.valid_to

    inner join later_employment
        on windows.employee_id = later_employment.employee_id
        and windows.after_end >= later_employment.valid_from
        and windows.after_end < later_employment.valid_to

    inner join spans_before
        on windows.before_start >= spans_before.date_from
        and windows.before_end <= spans_before.date_to

    inner join spans_after
        on windows.after_start >= spans_after.date_from
        and windows.after_end <= spans_after.date_to

    cross join settings

    cross join approved_bounds

    where
        windows.after_end <= settings.as_of_date
        and coalesce(windows.after_start >= approved_bounds.first_day, true)
        and coalesce(windows.after_end <= approved_bounds.watermark_date, true)

)

select * from trained_windows
