-- One row per manager who led a learner on an index, assignment or checkpoint day; a pseudonym
-- only.

with

people_on_dates as (

    select * from {{ ref('int_people_on_dates') }}

    where manager_status = 'known'

),

managers as (

    select
        manager_key,
        cast(count(distinct employee_id) as bigint) as n_learners_led,
        min(on_date) as first_seen_date,
        max(on_date) as last_seen_date

    from people_on_dates

    group by manager_key

)

select * from managers
