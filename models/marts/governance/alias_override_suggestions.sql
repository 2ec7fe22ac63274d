-- One row per alias nobody claims for which a rule names exactly one employee. The first six
-- columns are a row of the seed alias_overrides: who agrees copies it there; nothing is applied by
-- itself. Restricted and never published.
--
-- valid_from is the first day that carries the alias, so that an override claims no day nobody
-- asked about.

{% set rules = {
    'same_address_other_type': 'the address is claimed for exactly one employee as another alias type',
    'plus_tag': 'without its plus-tag the address is that of exactly one employee',
    'other_company_domain':
        'the local part, at another domain of the company, is that of exactly one employee',
    'login_is_local_part':
        'the login equals the local part of exactly one employee who has no login of this type',
} %}

with

suggestions as (

    select * from {{ ref('int_alias_suggestions') }}

),

listed as (

    select
        alias_type,
        alias_value,
        employee_id,
        first_row_date as valid_from,
        cast(null as date) as valid_to,
        case rule_name
            {% for rule, words in rules.items() %}
            when '{{ rule }}' then '{{ words }}'
            {% endfor %}
        end || ' (' || claimed_alias || ')' as reason,
        rule_name,
        claimed_alias as evidence,
        n_rows,
        last_row_date

    from suggestions

)

select * from listed
