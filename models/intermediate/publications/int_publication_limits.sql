-- One row per compared publication, tool and kind of limit: the last day that counted then.
--
-- `known`: as_of_date, for completions and due assignments. `closed`: the earlier of as_of_date and
-- the tool's watermark, for checkpoints; a tool without a watermark had no
-- closed window.

with

publications as (

    select * from {{ ref('int_compared_publications') }}

),

watermarks as (

    select * from {{ ref('stg_publications__published_watermarks') }}

),

tools as (

    select tool_id from {{ ref('int_tool_coverage') }}

),

-- many publications : the watermarks of their tools; publications and tools of today in all pairs.
limits as (

    select
        publications.publication_id,
        watermarks.tool_id,
        'closed' as limit_kind,
        least(publications.as_of_date, watermarks.watermark_date) as limit_date

    from publications

    inner join watermarks
        on publications.publication_id = watermarks.publication_id

    where watermarks.watermark_date is not null

    union all

    select
        publications.publication_id,
        tools.tool_id,
        'known' as limit_kind,
        publications.as_of_date as limit_date

    from publications

    cross join tools

)

select * from limits
