-- One row per relation, alias and status for rows whose alias leads to no employee: what to fix
-- first, by n_rows.

with

learning_events as (

    select * from {{ ref('int_learning_events_matched') }}

    where not is_attributed

),

usage_rows as (

    select * from {{ ref('int_usage_rows_matched') }}

    where employee_id is null

),

usage_periods as (

    select * from {{ ref('int_usage_periods_matched') }}

    where employee_id is null

),

unmatched as (

    select
        'learning_events' as relation_name,
        source_system,
        alias_type,
        alias_value,
        identity_status,
        cast(count(*) as bigint) as n_rows

    from learning_events

    group by source_system, alias_type, alias_value, identity_status

    union all

    select
        'tool_usage_daily' as relation_name,
        source_system,
        unnamed_alias_type as alias_type,
        unnamed_alias_value as alias_value,
        identity_status,
        cast(count(*) as bigint) as n_rows

    from usage_rows

    group by source_system, unnamed_alias_type, unnamed_alias_value, identity_status

    union all

    select
        'tool_usage_period' as relation_name,
        source_system,
        alias_type,
        alias_value,
        identity_status,
        cast(count(*) as bigint) as n_rows

    from usage_periods

    group by source_system, alias_type, alias_value, identity_status

)

select * from unmatched
