-- One row per employee and unbroken leave; both days are inside the leave.
--
-- Overlapping and adjoining leaves are merged, so that a day of leave is counted once.

with

leave_periods as (

    select * from {{ ref('leave_periods') }}

),

closed as (

    select
        employee_id,
        leave_start,
        coalesce(leave_end, {{ still() }}) as leave_end

    from leave_periods

    where leave_start <= coalesce(leave_end, {{ still() }})

),

with_earlier_end as (

    select
        employee_id,
        leave_start,
        leave_end,
        max(leave_end) over (
            partition by employee_id
            order by leave_start, leave_end
            rows between unbounded preceding and 1 preceding
        ) as earlier_end

    from closed

),

numbered as (

    select
        employee_id,
        leave_start,
        leave_end,
        sum(case
            when earlier_end is null or {{ days_between('leave_start', 'earlier_end') }} > 1 then 1
            else 0
        end) over (
            partition by employee_id
            order by leave_start, leave_end
            rows between unbounded preceding and current row
        ) as island_number

    from with_earlier_end

),

merged as (

    select
        employee_id,
        min(leave_start) as leave_start,
        max(leave_end) as leave_end

    from numbered

    group by employee_id, island_number

)

select * from merged
