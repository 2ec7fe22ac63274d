-- Finds months of shadow_ai whose requests are not those of the web logs, or whose groups do not
-- add up to `all`.
-- When it matters: always; requests or people are lost, or counted twice.
-- How to fix: an attribute is NULL and not printed as `unknown` (macro shadow_dimensions), or the
-- people of int_shadow_use and int_shadow_unattributed are no longer all and each other's rest.

with

shadow_ai as (

    select * from {{ ref('shadow_ai') }}

    where
        log_status = 'measured'
        and usage_month <> 'all'

),

logged as (

    select
        {{ year_month('usage_date') }} as usage_month,
        n_requests

    from {{ ref('int_shadow_days') }}

),

requests as (

    select
        usage_month,
        n_requests,
        0 as n_logged

    from shadow_ai

    where
        consumer_tool = 'all'
        and dimension in ('all', 'unattributed')

    union all

    select
        usage_month,
        0 as n_requests,
        n_requests as n_logged

    from logged

),

per_month as (

    select
        usage_month,
        sum(n_requests) as n_requests,
        sum(n_logged) as n_logged,
        count(nullif(n_requests, 0)) as n_rows

    from requests

    group by usage_month

),

-- Months that are not whole are not in shadow_ai.
lost_requests as (

    select
        usage_month,
        'all' as consumer_tool,
        'requests' as finding

    from per_month

    where
        n_rows > 0
        and n_requests <> n_logged

),

per_dimension as (

    select
        usage_month,
        consumer_tool,
        dimension,
        sum(n_people) as n_people,
        sum(n_shadow_users) as n_shadow_users,
        sum(n_trained_shadow_users) as n_trained_shadow_users,
        sum(n_requests) as n_requests

    from shadow_ai

    where dimension <> 'unattributed'

    group by
        usage_month,
        consumer_tool,
        dimension

),

wrong_sums as (

    select
        usage_month,
        consumer_tool,
        'groups do not sum to all' as finding

    from per_dimension

    group by
        usage_month,
        consumer_tool

    having
        min(n_people) <> max(n_people)
        or min(n_shadow_users) <> max(n_shadow_users)
        or min(n_trained_shadow_users) <> max(n_trained_shadow_users)
        or min(n_requests) <> max(n_requests)

),

findings as (

    select * from lost_requests

    union all

    select * from wrong_sums

)

select * from findings
