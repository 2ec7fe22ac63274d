-- One row per mail address, and per local part of work addresses, that exactly one employee is
-- ever claimed for, with a claimed alias as evidence.
--
-- Ever: an address that was somebody else's before proves nothing for rows nobody can date. One
-- that an override leaves to nobody has no owner.

with

alias_claims as (

    select
        alias_type,
        alias_value,
        employee_id

    from {{ ref('int_alias_claims') }}

    where {{ regex_matches('alias_value', mail_pattern()) }}

),

employees as (

    select employee_id from {{ ref('int_employees') }}

),

names as (

    select
        'address' as lookup_kind,
        alias_value as lookup_value,
        employee_id,
        alias_type || ' ' || alias_value as claimed_alias

    from alias_claims

    union all

    select
        'local_part' as lookup_kind,
        {{ mail_local_part('alias_value') }} as lookup_value,
        employee_id,
        alias_type || ' ' || alias_value as claimed_alias

    from alias_claims

    where alias_type in ('work_email', 'upn')

),

undisputed as (

    select
        lookup_kind,
        lookup_value,
        min(employee_id) as employee_id,
        min(claimed_alias) as claimed_alias

    from names

    group by lookup_kind, lookup_value

    having min(employee_id) = max(employee_id) and count(*) = count(employee_id)

),

-- many names : zero or one employee. People HR does not know are excluded: an override for them
-- would lead nowhere.
owners as (

    select
        undisputed.lookup_kind,
        undisputed.lookup_value,
        employees.employee_id,
        undisputed.claimed_alias

    from undisputed

    inner join employees
        on undisputed.employee_id = employees.employee_id

)

select * from owners
