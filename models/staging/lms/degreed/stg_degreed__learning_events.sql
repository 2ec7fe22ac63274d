-- One row per completion: completed, or waived where nobody verified it.

with

records as (

    select * from {{ ref('base_degreed__completions') }}

    where row_status = 'kept'

),

events as (

    {{ learning_record_events('degreed') }}

)

select * from events
