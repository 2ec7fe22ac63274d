-- One row per employee and period decided by one HR row: periods of one employee never overlap.
--
-- Of the primary rows that cover a day the greatest (valid_from, seq) wins, also when an older,
-- longer row resurfaces after a newer, shorter one. Days no row covers have no period here.

with

versions as (

    select * from {{ ref('int_employment_versions') }}

),

boundaries as (

    select
        employee_id,
        valid_from as boundary_date

    from versions

    union

    select
        employee_id,
        valid_to as boundary_date

    from versions

),

pieces as (

    select
        employee_id,
        boundary_date as valid_from,
        lead(boundary_date) over (
            partition by employee_id
            order by boundary_date
        ) as valid_to

    from boundaries

),

-- one piece : one or many HR rows that cover it. Pieces no row covers match nothing.
covering as (

    select
        pieces.employee_id,
        pieces.valid_from,
        pieces.valid_to,
        versions.manager_employee_id,
        versions.department,
        versions.location,
        versions.is_terminated,
        versions.job_family,
        versions.role_group,
        versions.track,
        versions.audience,
        row_number() over (
            partition by pieces.employee_id, pieces.valid_from
            order by versions.valid_from desc, versions.seq desc
        ) as winner_rank

    from pieces

    inner join versions
        on pieces.employee_id = versions.employee_id
        and pieces.valid_from >= versions.valid_from
        and pieces.valid_from < versions.valid_to

),

winners as (

    select
        employee_id,
        valid_from,
        valid_to,
        manager_employee_id,
        department,
        location,
        is_terminated,
        job_family,
        role_group,
        track,
        audience

    from covering

    where winner_rank = 1

)

select * from winners
