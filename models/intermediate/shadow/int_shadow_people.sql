-- One row per whole month and employee employed on its last day, with the attributes of that day.
--
-- is_trained: the first completion was before the month, so that a month of the trained holds no
-- use from before the training.

with

months as (

    select * from {{ ref('int_shadow_months') }}

    where is_whole_month

),

employment as (

    select * from {{ ref('int_employment_intervals') }}

    where not is_terminated

),

trained_people as (

    select * from {{ ref('int_trained_people') }}

),

-- one month : many people, each at most once; many people : zero or one first completion (none:
-- untrained).
shadow_people as (

    select
        months.month_start,
        months.usage_month,
        employment.employee_id,
        employment.track,
        employment.audience,
        employment.role_group,
        employment.department,
        employment.location,
        coalesce(trained_people.completion_date < months.month_start, false) as is_trained

    from months

    inner join employment
        on months.month_end >= employment.valid_from
        and months.month_end < employment.valid_to

    left join trained_people
        on employment.employee_id = trained_people.employee_id

)

select * from shadow_people
