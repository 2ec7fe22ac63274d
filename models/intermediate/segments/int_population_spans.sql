-- One row per employee and period, within the judged weeks, of employment in which no attribute, no
-- manager and no shortness of history changes.
--
-- is_new_12w / is_new_4w: a window of that many weeks that ends on a day of the period begins
-- before the hire date (on days before the latest hire date: before the original one).

with

{% set attributes = [
    'track', 'audience', 'role_group', 'department', 'location', 'manager_group'
] %}
employed as (

    select * from {{ ref('int_employment_intervals') }}

    where not is_terminated

),

manager_spans as (

    select * from {{ ref('int_manager_spans') }}

),

employees as (

    select
        employee_id,
        coalesce(hire_date, {{ still() }}) as hire_date,
        first_hire_date

    from {{ ref('int_hire_dates') }}

),

bounds as (

    select
        min(week_end_date) as first_week_end,
        {{ add_days('max(week_end_date)', 1) }} as end_of_weeks

    from {{ ref('int_judged_weeks') }}

),

-- one period : one or many managers, which follow each other without gap (none at all where the var
-- curve_managers is false); many periods : one employee; the one row of bounds.
with_managers as (

    select
        employed.employee_id,
        greatest(
            employed.valid_from,
            coalesce(manager_spans.valid_from, employed.valid_from),
            bounds.first_week_end
        ) as valid_from,
        least(
            employed.valid_to,
            coalesce(manager_spans.valid_to, employed.valid_to),
            bounds.end_of_weeks
        ) as valid_to,
        employees.hire_date,
        employees.first_hire_date,
        employed.track,
        employed.audience,
        employed.role_group,
        employed.department,
        employed.location,
        manager_spans.manager_group

    from employed

    left join manager_spans
        on employed.employee_id = manager_spans.employee_id
        and employed.valid_from < manager_spans.valid_to
        and employed.valid_to > manager_spans.valid_from

    inner join employees
        on employed.employee_id = employees.employee_id

    cross join bounds

),

-- From the hire date on 4 weeks (27 days after it) and 12 weeks (83 days) are too few.
with_cuts as (

    select
        employee_id,
        valid_from,
        valid_to,
        {{ attributes | join(',\n        ') }},
        {{ always() }} as always_date,
        least({{ add_days('first_hire_date', 27) }}, hire_date) as first_4w_date,
        least({{ add_days('first_hire_date', 83) }}, hire_date) as first_12w_date,
        hire_date,
        case when hire_date < valid_to then {{ add_days('hire_date', 27) }} else {{ still() }} end
            as hire_4w_date,
        case when hire_date < valid_to then {{ add_days('hire_date', 83) }} else {{ still() }} end
            as hire_12w_date,
        {{ still() }} as still_date

    from with_managers

    where valid_from < valid_to

),

{% set pieces = [
    ('always_date', 'first_4w_date', 'true', 'true'),
    ('first_4w_date', 'first_12w_date', 'true', 'false'),
    ('first_12w_date', 'hire_date', 'false', 'false'),
    ('hire_date', 'hire_4w_date', 'true', 'true'),
    ('hire_4w_date', 'hire_12w_date', 'true', 'false'),
    ('hire_12w_date', 'still_date', 'false', 'false'),
] %}
population_spans as (

    {% for from_date, to_date, is_new_12w, is_new_4w in pieces %}
    select
        employee_id,
        greatest(valid_from, {{ from_date }}) as valid_from,
        least(valid_to, {{ to_date }}) as valid_to,
        {{ attributes | join(',\n        ') }},
        {{ is_new_12w }} as is_new_12w,
        {{ is_new_4w }} as is_new_4w

    from with_cuts

    where greatest(valid_from, {{ from_date }}) < least(valid_to, {{ to_date }})

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from population_spans
