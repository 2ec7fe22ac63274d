-- One row per object that a transcript names, also as an equivalent, with the smallest id among
-- all that are the same course.
--
-- An object may be completed by several equivalents, but a course names one: each names the
-- smallest of its chain, so that none of them is lost. is_settled is false where a chain is longer
-- than equivalence_rounds; a test stops the build then.

with

transcripts as (

    select * from {{ ref('base_cornerstone__transcript_core') }}

    where row_status = 'kept'

),

links as (

    select distinct
        object_id || ' = ' || coalesce(equivalent_object_id, object_id) as link,
        object_id as from_name,
        coalesce(equivalent_object_id, object_id) as to_name

    from transcripts

),

{{ smallest_of_chain(var('equivalence_rounds')) }},

mentions as (

    select
        course_name as object_id,
        label,
        cast(null as string) as source_file,
        cast(null as timestamp) as extracted_at

    from labels_{{ var('equivalence_rounds') }}

    union all

    select
        object_id,
        cast(null as string) as label,
        source_file,
        extracted_at

    from transcripts

    union all

    select
        equivalent_object_id as object_id,
        cast(null as string) as label,
        source_file,
        extracted_at

    from transcripts

    where equivalent_object_id is not null

),

transcript_objects as (

    select
        object_id,
        min(label) as same_as_object_id,
        min(label) = max(label) as is_settled,
        max(source_file) as source_file,
        max(extracted_at) as extracted_at

    from mentions

    group by object_id

)

select * from transcript_objects
