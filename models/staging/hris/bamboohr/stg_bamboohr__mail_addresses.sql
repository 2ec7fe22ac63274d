-- One row per employee and unbroken run of reports with one work mail address. A report has no
-- history of addresses: the first one holds since always, a new one from the first report that
-- shows it, and one that somebody else had before changes hands (macro hand_over_addresses).

with

copies as (

    select * from {{ ref('base_bamboohr__employees') }}

    where is_listed

),

-- employee number and employment are those of the newest copy
compared as (

    select
        bamboohr_id,
        work_email,
        cast(extracted_at as date) as listed_on,
        case when not coalesce(is_inactive, false) then cast(extracted_at as date) end as held_on,
        row_number() over (partition by bamboohr_id order by extracted_at) as copy_number,
        lag(work_email) over (partition by bamboohr_id order by extracted_at) as previous_email,
        {% for name in ['employee_id', 'hire_date', 'termination_date'] %}
        last_value({{ name }}) over (
            partition by bamboohr_id
            order by extracted_at
            rows between unbounded preceding and unbounded following
        ) as {{ name }},
        {% endfor %}
        source_record_id,
        extracted_at,
        source_file

    from copies

),

numbered as (

    select
        *,
        sum(case when coalesce(work_email, '') <> coalesce(previous_email, '') then 1 else 0 end)
            over (
                partition by bamboohr_id
                order by extracted_at
                rows between unbounded preceding and current row
            ) as run_number

    from compared

),

runs as (

    select
        *,
        min(copy_number) over (partition by bamboohr_id, run_number) as first_copy_number,
        max(held_on) over (partition by bamboohr_id, run_number) as last_held_on

    from numbered

),

starts as (

    select
        *,
        lead(listed_on) over (partition by bamboohr_id order by extracted_at) as replaced_on,
        -- a termination before the hire is that of an earlier stint
        case
            when termination_date >= coalesce(hire_date, termination_date) then termination_date
        end as last_day

    from runs

    where copy_number = first_copy_number

),

holdings as (

    select
        employee_id,
        work_email as address,
        case when copy_number > 1 then listed_on end as valid_from,
        replaced_on as valid_to,
        listed_on as first_listed_on,
        least(last_held_on, last_day) as last_held_on,
        hire_date,
        last_day,
        source_record_id,
        extracted_at,
        source_file

    from starts

    where work_email like '%_@_%'

),

{{ hand_over_addresses() }}

select * from handed_over
