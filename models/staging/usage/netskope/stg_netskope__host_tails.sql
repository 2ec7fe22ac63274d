-- One row per host in the log and tail of it: a.b.c gives b.c and a.b.c.

with

requests as (

    select * from {{ ref('stg_netskope__web_requests') }}

),

hosts as (

    select distinct request_host

    from requests

    where request_host is not null

),

tails as (
    {{ host_tails() }}
),

host_tails as (

    select * from tails

    where host_tail is not null

)

select * from host_tails
