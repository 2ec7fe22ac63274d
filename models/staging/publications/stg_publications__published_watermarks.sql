-- One row per publication and tool: the last day of use that was judged then.

with

source as (

    select * from {{ source('publications', 'published_watermarks') }}

),

recorded as (

    select
        publication_id,
        tool_id,
        watermark_date

    from source

)

select * from recorded
