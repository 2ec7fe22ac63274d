-- One row per unclaimed alias and rule that applies to it: whose address, or whose local part,
-- would tell its owner. Each rule is a sentence; names of people are never compared.

with

unclaimed_aliases as (

    select * from {{ ref('int_unclaimed_aliases') }}

),

company_domains as (

    select * from {{ ref('int_company_mail_domains') }}

),

-- many aliases : zero or one domain of the company (none: somebody else's domain, or no mail).
with_domain as (

    select
        unclaimed_aliases.alias_type,
        unclaimed_aliases.alias_value,
        unclaimed_aliases.n_rows,
        unclaimed_aliases.first_row_date,
        unclaimed_aliases.last_row_date,
        unclaimed_aliases.is_mail,
        unclaimed_aliases.is_login,
        unclaimed_aliases.mail_local_part,
        unclaimed_aliases.untagged_address,
        company_domains.mail_domain is not null as is_company_address

    from unclaimed_aliases

    left join company_domains
        on unclaimed_aliases.mail_domain = company_domains.mail_domain

),

questions as (
    {% for rule, lookup_kind, lookup_value, condition in [
        ('same_address_other_type', 'address', 'alias_value', 'is_mail'),
        ('plus_tag', 'address', 'untagged_address', 'untagged_address is not null'),
        ('other_company_domain', 'local_part', 'mail_local_part', 'is_company_address'),
        ('login_is_local_part', 'local_part', 'alias_value', 'is_login'),
    ] %}
    select
        alias_type,
        alias_value,
        n_rows,
        first_row_date,
        last_row_date,
        '{{ rule }}' as rule_name,
        {{ loop.index }} as rule_order,
        '{{ lookup_kind }}' as lookup_kind,
        {{ lookup_value }} as lookup_value

    from with_domain

    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from questions
