-- One row per employee as the newest report says it. employee_id is the employee number; a person
-- without one has `bamboohr:` and the internal id, because internal ids and numbers may be equal.
-- Of two records with one number the active one stays, then the later hire.

with

people as (

    select * from {{ ref('base_bamboohr__employees') }}

    where row_status = 'kept'

),

ranked as (

    select
        *,
        row_number() over (
            partition by employee_id
            order by
                case when record_status = 'inactive' then 1 else 0 end,
                hire_date desc nulls last,
                bamboohr_id asc
        ) as record_rank

    from people

),

employees as (

    select
        employee_id,
        hire_date,
        original_hire_date,
        case
            when termination_date >= coalesce(hire_date, termination_date) then termination_date
        end as termination_date,
        country,
        cast(null as string) as timezone,
        case
            when
                {{ regex_matches(
                    'employment_kind', 'contingent|contract|consultant|vendor|freelance'
                ) }}
                then true
            when employment_kind != 'terminated' then false
        end as is_contingent,
        'bamboohr' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from ranked

    where record_rank = 1

)

select * from employees
