-- One row per course and tool it teaches or taught by as_of_date: the day its content is of.
--
-- A course is each listing of its own: another version or platform has its own content. A course
-- that a completion or the map names and no catalogue lists is kept without a day.

with

ties as (

    select * from {{ ref('int_course_tool_ties') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

-- A catalogue belongs to nobody, so its days are UTC.
courses as (

    select
        course_id,
        cast(coalesce(last_updated_at, published_at) as date) as content_date

    from {{ ref('courses') }}

),

completed as (

    select
        course_group_id,
        course_id

    from {{ ref('int_unit_events') }}

    where
        program_id = 'all'
        and training_event = 'satisfied'
        and is_attributed

),

-- many ties : the one row of settings. Ties that begin later are excluded.
begun_ties as (

    select
        ties.course_group_id,
        ties.tool_id,
        bool_or(settings.as_of_date < ties.valid_to) as is_taught

    from ties

    cross join settings

    where ties.valid_from <= settings.as_of_date

    group by
        ties.course_group_id,
        ties.tool_id

),

-- many courses : one group, because every course links to itself.
listed as (

    select
        course_groups.course_group_id,
        courses.course_id

    from courses

    inner join course_groups
        on courses.course_id = course_groups.course_name

),

-- Each name once, however many completed it.
listings as (

    select
        course_group_id,
        course_id

    from listed

    union

    select
        course_group_id,
        course_id

    from completed

),

-- one tie : many listings of its course (none: nobody lists or completed it, and the name of its
-- group stands for it).
taught as (

    select
        begun_ties.tool_id,
        begun_ties.is_taught,
        coalesce(listings.course_id, begun_ties.course_group_id) as course_id

    from begun_ties

    left join listings
        on begun_ties.course_group_id = listings.course_group_id

),

-- many pairs of course and tool : zero or one catalogue entry (none: not listed).
contents as (

    select
        taught.course_id,
        taught.tool_id,
        taught.is_taught,
        courses.course_id is not null as is_listed,
        courses.content_date

    from taught

    left join courses
        on taught.course_id = courses.course_id

)

select * from contents
