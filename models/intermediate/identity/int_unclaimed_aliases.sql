-- One row per alias that delivered rows carry and that nobody claims on any day, with the parts of
-- it if it is a mail address.
--
-- An alias somebody claims at another time, or that an override leaves to nobody, is not unclaimed:
-- whose it is then is a question of dates, not of guessing.

with

unmatched as (

    select * from {{ ref('int_unmatched_identities') }}

    where alias_value is not null

),

alias_claims as (

    select * from {{ ref('int_alias_claims') }}

),

parts as (

    select
        alias_type,
        alias_value,
        n_rows,
        first_row_date,
        last_row_date,
        0 as n_claims

    from unmatched

    union all

    select
        alias_type,
        alias_value,
        0 as n_rows,
        cast(null as date) as first_row_date,
        cast(null as date) as last_row_date,
        1 as n_claims

    from alias_claims

),

unclaimed as (

    select
        alias_type,
        alias_value,
        cast(sum(n_rows) as bigint) as n_rows,
        min(first_row_date) as first_row_date,
        max(last_row_date) as last_row_date,
        {{ regex_matches('alias_value', mail_pattern()) }} as is_mail

    from parts

    group by alias_type, alias_value

    having sum(n_claims) = 0

),

-- Of an alias that is no mail address the parts are not told.
taken_apart as (

    select
        alias_type,
        alias_value,
        n_rows,
        first_row_date,
        last_row_date,
        is_mail,
        {{ mail_local_part('alias_value') }} as mail_local_part,
        {{ mail_domain('alias_value') }} as mail_domain,
        {{ regex_get('alias_value', '^([^@+]+)[+][^@]*@', 1) }} as untagged_local_part,
        {{ is_login('alias_type', 'alias_value') }} as is_login

    from unclaimed

),

aliases as (

    select
        alias_type,
        alias_value,
        n_rows,
        first_row_date,
        last_row_date,
        is_mail,
        case when is_mail then mail_local_part end as mail_local_part,
        case when is_mail then mail_domain end as mail_domain,
        case when is_mail then untagged_local_part || '@' || mail_domain end as untagged_address,
        is_login

    from taken_apart

)

select * from aliases
