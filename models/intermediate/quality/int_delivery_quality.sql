-- One row per source, relation, tool and reason: the deliveries that were reported, and how many
-- of them prove no day.
--
-- `all`: whatever the reason; then one row for each reason why a delivery proves nothing. A
-- delivery that names no tool is one of tool `all`.

with

deliveries as (

    select
        source_system,
        feed,
        coalesce(tool_id, 'all') as tool_id,
        date_from,
        {{ last_delivered_day() }} as last_day,
        case
            when {{ is_usable_delivery() }} then 'usable'
            when coalesce(is_failed, false) then 'failed'
            when coalesce(is_concealed, false) then 'concealed'
            when lower(trim(coalesce(population_scope, 'all'))) <> 'all' then 'part_of_population'
            else 'no_days'
        end as reason

    from {{ ref('deliveries') }}

),

per_reason as (

    select
        source_system,
        feed,
        tool_id,
        reason,
        count(*) as n_deliveries,
        min(date_from) as first_date,
        max(last_day) as last_date

    from deliveries

    group by source_system, feed, tool_id, reason

),

with_total as (

    select
        source_system,
        feed,
        tool_id,
        reason,
        n_deliveries,
        sum(n_deliveries) over (partition by source_system, feed, tool_id) as n_checked,
        first_date,
        last_date

    from per_reason

),

checks as (

    select
        source_system,
        feed,
        tool_id,
        'all' as reason,
        cast(sum(n_deliveries) as bigint) as n_checked,
        cast(sum(case when reason = 'usable' then 0 else n_deliveries end) as bigint)
            as n_affected,
        min(case when reason = 'usable' then first_date end) as first_date,
        max(case when reason = 'usable' then last_date end) as last_date

    from with_total

    group by source_system, feed, tool_id

    union all

    select
        source_system,
        feed,
        tool_id,
        reason,
        cast(n_checked as bigint) as n_checked,
        cast(n_deliveries as bigint) as n_affected,
        first_date,
        last_date

    from with_total

    where reason <> 'usable'

)

select * from checks
