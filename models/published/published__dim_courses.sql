-- dim_courses as BI may read it: nothing in it is about a person.

with

dim_courses as (

    select * from {{ ref('dim_courses') }}

)

select * from dim_courses
