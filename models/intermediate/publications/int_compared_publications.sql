-- One row per publication whose figures are worked out again from what is known now.
--
-- Only publications this build comes after: it judges their days and has their deliveries. The var
-- compared_publications bounds how many, newest first.

with

publications as (

    select * from {{ ref('stg_publications__publication_log') }}

),

stamp as (

    select * from {{ ref('int_build_stamp') }}

),

-- many publications : the one row of the build.
comparable as (

    select
        publications.publication_id,
        publications.published_at,
        publications.as_of_date,
        publications.received_until,
        publications.rules_hash,
        publications.rules_hash <> stamp.rules_hash as has_other_rules,
        publications.deliveries_hash = stamp.deliveries_hash as has_same_deliveries,
        row_number() over (order by publications.publication_id desc) as newest_rank

    from publications

    cross join stamp

    where
        publications.as_of_date <= stamp.as_of_date
        and publications.received_until <= stamp.received_until

),

compared as (

    select
        publication_id,
        published_at,
        as_of_date,
        received_until,
        rules_hash,
        has_other_rules,
        has_same_deliveries

    from comparable

    where newest_rank <= {{ var('compared_publications') }}

)

select * from compared
