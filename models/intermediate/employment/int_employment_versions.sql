-- One row per employee, valid_from and seq of a primary position: the last recorded version.
--
-- A back-dated correction repeats the same row with a later recorded_at and replaces it. NULL
-- is_primary means HR reports no other position, so the row is primary.

with

employment_history as (

    select * from {{ ref('employment_history') }}

),

role_groups as (

    select * from {{ ref('stg_reference__role_groups') }}

),

agreed_role_groups as (

    select * from {{ ref('int_role_groups') }}

),

ranked as (

    select
        employee_id,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to,
        coalesce(seq, 0) as seq,
        coalesce(is_primary, true) as is_primary,
        manager_employee_id,
        job_family,
        role_group,
        department,
        location,
        coalesce(lower(trim(employment_status)) = 'terminated', false) as is_terminated,
        row_number() over (
            partition by
                employee_id,
                coalesce(valid_from, {{ always() }}),
                coalesce(seq, 0),
                coalesce(is_primary, true)
            order by
                recorded_at desc nulls last,
                extracted_at desc,
                source_file desc,
                source_record_id desc
        ) as version_rank

    from employment_history

),

-- many versions : zero or one job family. An unlisted family keeps the row; role, track and
-- audience stay NULL and print as `unknown`.
with_job_family as (

    select
        ranked.employee_id,
        ranked.valid_from,
        ranked.valid_to,
        ranked.seq,
        ranked.manager_employee_id,
        ranked.department,
        ranked.location,
        ranked.is_terminated,
        ranked.job_family,
        role_groups.job_family is not null as is_job_family_listed,
        coalesce(ranked.role_group, role_groups.role_group) as role_group,
        role_groups.track as job_family_track,
        role_groups.audience as job_family_audience

    from ranked

    left join role_groups
        on ranked.job_family = role_groups.job_family

    where
        ranked.version_rank = 1
        and ranked.is_primary
        and ranked.valid_from < ranked.valid_to

),

-- many versions : zero or one role group. Asked only for rows whose job family is not listed.
versions as (

    select
        with_job_family.employee_id,
        with_job_family.valid_from,
        with_job_family.valid_to,
        with_job_family.seq,
        with_job_family.manager_employee_id,
        with_job_family.department,
        with_job_family.location,
        with_job_family.is_terminated,
        with_job_family.job_family,
        with_job_family.role_group,
        case
            when with_job_family.is_job_family_listed then with_job_family.job_family_track
            else agreed_role_groups.track
        end as track,
        case
            when with_job_family.is_job_family_listed then with_job_family.job_family_audience
            else agreed_role_groups.audience
        end as audience

    from with_job_family

    left join agreed_role_groups
        on with_job_family.role_group = agreed_role_groups.role_group

)

select * from versions
