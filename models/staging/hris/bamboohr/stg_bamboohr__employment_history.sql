-- One row per employee and start of a job or of not being employed. BambooHR has no job family: the
-- title stands in, so that the role_groups seed can list titles.

with

job_periods as (

    select * from {{ ref('stg_bamboohr__job_periods') }}

),

people as (

    select
        bamboohr_id,
        terminated_from

    from {{ ref('stg_bamboohr__people') }}

),

job_managers as (

    select * from {{ ref('stg_bamboohr__job_managers') }}

),

-- many job periods : the one person they are of; one job period : its one manager decision
with_people as (

    select
        job_periods.employee_id,
        job_periods.valid_from,
        coalesce(job_periods.valid_to, {{ still() }}) as valid_to,
        coalesce(people.terminated_from, {{ still() }}) as terminated_from,
        job_managers.manager_employee_id,
        job_periods.job_title,
        job_periods.department,
        job_periods.division,
        job_periods.location,
        job_periods.valid_basis,
        job_periods.source_record_id,
        job_periods.extracted_at,
        job_periods.source_file

    from job_periods

    left join people
        on job_periods.bamboohr_id = people.bamboohr_id

    left join job_managers
        on job_periods.bamboohr_id = job_managers.bamboohr_id
        and job_periods.valid_from = job_managers.valid_from

),

parts as (

    {% for status in ['active', 'terminated'] %}
    select
        employee_id,
        {% if status == 'active' %}
        valid_from as part_from,
        least(valid_to, terminated_from) as part_to,
        {% else %}
        greatest(valid_from, terminated_from) as part_from,
        valid_to as part_to,
        {% endif %}
        '{{ status }}' as employment_status,
        manager_employee_id,
        job_title,
        department,
        division,
        location,
        valid_basis,
        source_record_id,
        extracted_at,
        source_file

    from with_people

    {{ 'union all' if not loop.last }}
    {% endfor %}
),

renamed as (

    select
        employee_id,
        part_from as valid_from,
        nullif(part_to, {{ still() }}) as valid_to,
        cast(null as bigint) as seq,
        manager_employee_id,
        job_title,
        job_title as job_family,
        cast(null as string) as role_group,
        department,
        division,
        location,
        cast(null as string) as cost_center,
        employment_status,
        true as is_primary,
        valid_basis,
        cast(null as timestamp) as recorded_at,
        'bamboohr' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from parts

    where part_from < part_to

)

select * from renamed
