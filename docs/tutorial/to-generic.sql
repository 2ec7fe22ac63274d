-- Three exports in, the files of the generic vendor out. Run where hr.csv, learning.csv and helper.csv lie.
-- Everything is read as text (all_varchar): what is no date stays as it is, and the build sets it aside by name.

-- People: one row each.
copy (
    select
        "Person" as employee_id,
        "Hired" as hire_date,
        "Left" as termination_date,
        'Europe/Lisbon' as timezone
    from read_csv('hr.csv', all_varchar = true)
) to 'exports/hris/generic/employees/2026-07-01.csv' (header);

-- Where they work and for whom, with the first day it holds and the first day it no longer does.
copy (
    select
        "Person" as employee_id,
        "Hired" as valid_from,
        cast("Left" as date) + 1 as valid_to,
        "Reports to" as manager_employee_id,
        "Job" as role_group,
        "Department" as department,
        "Site" as location,
        'active' as employment_status
    from read_csv('hr.csv', all_varchar = true)
) to 'exports/hris/generic/employment_history/2026-07-01.csv' (header);

-- By what they are known elsewhere. A blank valid_from means: always.
copy (
    select
        "Person" as employee_id,
        'work_email' as alias_type,
        "Mail" as alias_value,
        null as valid_from
    from read_csv('hr.csv', all_varchar = true)
) to 'exports/hris/generic/identity_aliases/2026-07-01.csv' (header);

-- What they learned: an assignment and a completion are two events of one record.
copy (
    select
        "Record" || '-' || event_type as event_id,
        'work_email' as alias_type,
        "Mail" as alias_value,
        "Course" as course_id,
        event_type,
        occurred_on as occurred_at,
        'date' as time_precision
    from (
        select "Record", "Mail", "Course", 'assigned' as event_type, "Assigned" as occurred_on
        from read_csv('learning.csv', all_varchar = true)
        union all
        select "Record", "Mail", "Course", 'completed', "Completed"
        from read_csv('learning.csv', all_varchar = true)
    )
    where occurred_on is not null
    order by event_id
) to 'exports/lms/generic/learning_events/2026-07-01.csv' (header);

-- The courses by name.
copy (
    select distinct
        "Course" as course_id,
        'Working with Helper' as title
    from read_csv('learning.csv', all_varchar = true)
) to 'exports/lms/generic/courses/2026-07-01.csv' (header);

-- What they did with the tool: one row per person and day. Prompts are use; sign-ins would not be.
copy (
    select
        'helper' as tool_id,
        'work_email' as alias_type,
        "User" as alias_value,
        "Day" as usage_date,
        'all' as surface,
        "Prompts" as interactions
    from read_csv('helper.csv', all_varchar = true)
) to 'exports/usage/generic/tool_usage_daily/2026-07-01.csv' (header);
