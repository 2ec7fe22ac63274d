-- One row per course and tool: how its content stands to the tool's releases up to as_of_date.
--
-- Releases count after the content's day. stale_from_date is the day of the release that makes it
-- stale. Content older than the first release listed has seen at least those listed: that may
-- make it stale, never current.

{% set stale_releases = var('content_stale_releases') %}

with

contents as (

    select * from {{ ref('int_course_contents') }}

),

releases as (

    select * from {{ ref('stg_reference__tool_releases') }}

    where released_on is not null

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- many releases : the one row of settings.
dated_releases as (

    select
        releases.tool_id,
        releases.released_on,
        releases.released_on <= settings.as_of_date as is_out

    from releases

    cross join settings

),

-- A release still to come opens a list, but is not its latest.
release_lists as (

    select
        tool_id,
        min(released_on) as first_release_date,
        max(case when is_out then released_on end) as latest_release_date

    from dated_releases

    group by tool_id

),

-- many contents : many later releases of the tool. Contents without one have none here.
later_releases as (

    select
        contents.course_id,
        contents.tool_id,
        dated_releases.released_on,
        dated_releases.is_out,
        row_number() over (
            partition by contents.course_id, contents.tool_id
            order by dated_releases.released_on
        ) as release_number

    from contents

    inner join dated_releases
        on contents.tool_id = dated_releases.tool_id
        and contents.content_date < dated_releases.released_on

),

counted as (

    select
        course_id,
        tool_id,
        min(case when release_number = {{ stale_releases }} then released_on end)
            as stale_from_date,
        cast(count(case when is_out then 1 end) as integer) as n_releases_since

    from later_releases

    group by
        course_id,
        tool_id

),

-- many contents : zero or one list of releases (none: the tool has none); one content : zero or
-- one count (none: no release since); the one row of settings.
joined as (

    select
        contents.course_id,
        contents.tool_id,
        contents.is_taught,
        contents.is_listed,
        contents.content_date,
        release_lists.first_release_date,
        release_lists.latest_release_date,
        counted.stale_from_date,
        coalesce(counted.n_releases_since, 0) as n_releases_since,
        coalesce(counted.stale_from_date <= settings.as_of_date, false) as is_stale,
        settings.as_of_date

    from contents

    left join release_lists
        on contents.tool_id = release_lists.tool_id

    left join counted
        on contents.course_id = counted.course_id
        and contents.tool_id = counted.tool_id

    cross join settings

),

with_reason as (

    select
        course_id,
        tool_id,
        is_taught,
        content_date,
        first_release_date,
        latest_release_date,
        stale_from_date,
        n_releases_since,
        is_stale,
        case
            when not is_listed then 'course_not_listed'
            when content_date is null then 'no_date'
            when content_date > as_of_date then 'dated_after_as_of'
            when first_release_date is null then 'no_releases'
            when content_date < first_release_date and not is_stale then 'releases_begin_later'
        end as not_measured_reason

    from joined

),

ages as (

    select
        course_id,
        tool_id,
        is_taught,
        content_date,
        first_release_date,
        latest_release_date,
        stale_from_date,
        case when not_measured_reason is null then n_releases_since end as n_releases_since,
        case
            when not_measured_reason is not null then 'not measured'
            when is_stale then 'stale'
            when n_releases_since > 0 then 'behind'
            else 'current'
        end as content_status,
        not_measured_reason

    from with_reason

)

select * from ages
