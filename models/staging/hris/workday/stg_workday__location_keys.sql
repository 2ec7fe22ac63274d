-- One row per name or id by which a position may call its location, in lower case. What is an id of
-- one location and the name of another is the id; of several locations of one name the lowest id
-- counts, so that the choice is stable.

with

location_names as (

    select
        location_id,
        lower(location_id) as location_key,
        time_zone,
        country,
        0 as preference

    from {{ ref('base_workday__location') }}

    where row_status = 'kept'

    union all

    select
        location_id,
        lower(location_name) as location_key,
        time_zone,
        country,
        1 as preference

    from {{ ref('base_workday__location') }}

    where
        row_status = 'kept'
        and location_name is not null

),

ranked_locations as (

    select
        location_key,
        time_zone,
        country,
        row_number() over (
            partition by location_key
            order by preference, location_id
        ) as preference_rank

    from location_names

),

location_keys as (

    select
        location_key,
        time_zone,
        country

    from ranked_locations

    where preference_rank = 1

)

select * from location_keys
