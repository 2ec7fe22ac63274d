-- dim_dates as BI may read it: nothing in it is about a person.

with

dim_dates as (

    select * from {{ ref('dim_dates') }}

)

select * from dim_dates
