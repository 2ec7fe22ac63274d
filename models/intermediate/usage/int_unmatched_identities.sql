-- One row per relation, source, alias and status for rows whose alias leads to no employee: what
-- to fix first, by n_rows.
--
-- The dates are those on which the alias had to be somebody's: the event's UTC date, the usage
-- date, the last day of a period; a seat says from when to when it is known to hold.

with

learning_events as (

    select
        source_system,
        alias_type,
        alias_value,
        identity_status,
        cast(occurred_at as date) as first_date,
        cast(occurred_at as date) as last_date

    from {{ ref('int_learning_events_matched') }}

    where not is_attributed

),

usage_rows as (

    select
        source_system,
        unnamed_alias_type as alias_type,
        unnamed_alias_value as alias_value,
        identity_status,
        usage_date as first_date,
        usage_date as last_date

    from {{ ref('int_usage_rows_matched') }}

    where employee_id is null

),

usage_periods as (

    select
        source_system,
        alias_type,
        alias_value,
        identity_status,
        period_end as first_date,
        period_end as last_date

    from {{ ref('int_usage_periods_matched') }}

    where employee_id is null

),

seats as (

    select
        source_system,
        alias_type,
        alias_value,
        identity_status,
        case when valid_from > {{ always() }} then valid_from end as first_date,
        least({{ add_days('valid_to', -1) }}, extracted_date) as last_date

    from {{ ref('int_seats_matched') }}

    where identity_status <> 'matched'

),

unmatched as (

    {% for relation, rows in {
        'learning_events': 'learning_events', 'tool_usage_daily': 'usage_rows',
        'tool_usage_period': 'usage_periods', 'tool_licences': 'seats',
    }.items() %}
    select
        '{{ relation }}' as relation_name,
        source_system,
        alias_type,
        alias_value,
        identity_status,
        cast(count(*) as bigint) as n_rows,
        min(first_date) as first_row_date,
        max(last_date) as last_row_date

    from {{ rows }}

    group by source_system, alias_type, alias_value, identity_status
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from unmatched
