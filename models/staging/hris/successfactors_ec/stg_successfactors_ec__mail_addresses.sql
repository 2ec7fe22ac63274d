-- One row per employee and period of a work mail address. Work is what its type says, or the
-- primary address of a type that is a mere option id. An address that somebody else had before
-- changes hands (macro hand_over_addresses).

with

work_emails as (

    select
        *,
        row_number() over (
            partition by employee_id, email_address, coalesce(listed_from, {{ always() }})
            order by coalesce(listed_until, {{ still() }}) desc, source_record_id asc
        ) as length_rank

    from {{ ref('base_successfactors_ec__per_email') }}

    where
        row_status = 'kept'
        and (
            coalesce(email_type, '') in ('b', 'business', 'work')
            or (
                coalesce(is_primary, true)
                and coalesce(email_type, '') not in ('p', 'personal', 'private', 'home')
            )
        )

),

users as (

    select * from {{ ref('stg_successfactors_ec__employees') }}

),

-- many addresses : zero or one user (none: nothing is known of the employment).
holdings as (

    select
        work_emails.employee_id,
        work_emails.email_address as address,
        work_emails.listed_from as valid_from,
        work_emails.listed_until as valid_to,
        work_emails.first_listed_on,
        least(cast(work_emails.extracted_at as date), users.termination_date) as last_held_on,
        users.hire_date,
        users.termination_date as last_day,
        work_emails.source_record_id,
        work_emails.extracted_at,
        work_emails.source_file

    from work_emails

    left join users
        on work_emails.employee_id = users.employee_id

    where work_emails.length_rank = 1

),

{{ hand_over_addresses() }}

select * from handed_over
