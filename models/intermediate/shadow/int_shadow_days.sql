-- One row per account, consumer tool and day on which a web log has allowed requests of it, with
-- the employee who held the account on that day.
--
-- Requests over the domains and gateways add up. Accounts nobody owns stay, with employee_id NULL.

with

web_use as (

    select * from {{ ref('web_use_daily') }}

),

consumer_domains as (

    select * from {{ ref('int_consumer_domains') }}

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

    where identity_status = 'matched'

),

-- many rows : zero or one consumer domain; requests to approved tools are excluded.
to_consumer_tools as (

    select
        web_use.alias_type,
        web_use.alias_value,
        consumer_domains.consumer_tool,
        web_use.usage_date,
        cast(sum(web_use.n_requests) as bigint) as n_requests

    from web_use

    inner join consumer_domains
        on web_use.domain = consumer_domains.domain

    group by
        web_use.alias_type,
        web_use.alias_value,
        consumer_domains.consumer_tool,
        web_use.usage_date

),

-- many days : zero or one owner on the day. Accounts nobody owns stay.
shadow_days as (

    select
        to_consumer_tools.alias_type,
        to_consumer_tools.alias_value,
        to_consumer_tools.consumer_tool,
        to_consumer_tools.usage_date,
        to_consumer_tools.n_requests,
        alias_owners.employee_id,
        {{ month_of('to_consumer_tools.usage_date') }} as month_start

    from to_consumer_tools

    left join alias_owners
        on to_consumer_tools.alias_type = alias_owners.alias_type
        and to_consumer_tools.alias_value = alias_owners.alias_value
        and to_consumer_tools.usage_date >= alias_owners.valid_from
        and to_consumer_tools.usage_date < alias_owners.valid_to

)

select * from shadow_days
