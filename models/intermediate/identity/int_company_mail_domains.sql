-- One row per mail domain of the company: named in the var company_mail_domains, or one at which HR
-- and the directories list work addresses of ten people or more.
--
-- Ten, so that the private address of one contractor does not make a public mail provider a domain
-- of the company.

with

alias_claims as (

    select * from {{ ref('int_alias_claims') }}

    where
        alias_type in ('work_email', 'upn')
        and {{ regex_matches('alias_value', mail_pattern()) }}

),

listed as (

    select distinct
        employee_id,
        {{ mail_domain('alias_value') }} as mail_domain

    from alias_claims

    where employee_id is not null

),

counted as (

    select
        mail_domain,
        1 as n_people,
        false as is_named

    from listed
    {% for domain in var('company_mail_domains') %}
    union all

    select
        '{{ domain | string | lower | trim | replace("'", "") }}' as mail_domain,
        0 as n_people,
        true as is_named
    {% endfor %}
),

domains as (

    select
        mail_domain,
        cast(sum(n_people) as bigint) as n_people,
        bool_or(is_named) as is_named

    from counted

    group by mail_domain

    having sum(n_people) >= 10 or bool_or(is_named)

)

select * from domains
