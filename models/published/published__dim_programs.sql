-- dim_programs as BI may read it: nothing in it is about a person.

with

dim_programs as (

    select * from {{ ref('dim_programs') }}

)

select * from dim_programs
