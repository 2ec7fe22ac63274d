-- One row per publication and figure, as it was published.

with

source as (

    select * from {{ source('publications', 'published_figures') }}

),

recorded as (

    select
        publication_id,
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        metric_name,
        metric_value,
        numerator,
        denominator,
        is_shown

    from source

)

select * from recorded
