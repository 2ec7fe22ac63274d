-- One row per employee and unbroken employment; valid_to is exclusive.
--
-- HR rows that follow each other without a day between are one span: changes of manager or
-- department end no employment.

with

employment_intervals as (

    select * from {{ ref('int_employment_intervals') }}

    where not is_terminated

),

with_earlier_end as (

    select
        employee_id,
        valid_from,
        valid_to,
        lag(valid_to) over (
            partition by employee_id
            order by valid_from
        ) as earlier_end

    from employment_intervals

),

numbered as (

    select
        employee_id,
        valid_from,
        valid_to,
        sum(case when earlier_end = valid_from then 0 else 1 end) over (
            partition by employee_id
            order by valid_from
            rows between unbounded preceding and current row
        ) as span_number

    from with_earlier_end

),

spans as (

    select
        employee_id,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to

    from numbered

    group by
        employee_id,
        span_number

)

select * from spans
