-- dim_tools as BI may read it: nothing in it is about a person.

with

dim_tools as (

    select * from {{ ref('dim_tools') }}

)

select * from dim_tools
