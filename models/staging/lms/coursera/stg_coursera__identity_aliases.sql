-- One row per external id that is no mail address: HR's employee number, as the sign-on sends it.

with

records as (

    select * from {{ ref('base_coursera__enrollment_reports') }}

    where row_status = 'kept'

),

aliases as (

    {{ learning_record_aliases('coursera') }}

)

select * from aliases
