-- One row per relation, source and alias type: how many aliases and rows it has, and of how many
-- somebody can be named.
--
-- An alias is matched when each of its rows is. Rows of usage are counted by alias before they are
-- matched: matched rows carry no alias (int_usage_rows_matched), and twice the largest join is
-- spared.

with

learning_events as (

    select * from {{ ref('int_learning_events_matched') }}

),

usage_alias_rows as (

    select * from {{ ref('int_usage_alias_rows') }}

),

usage_periods as (

    select * from {{ ref('int_usage_periods_matched') }}

),

seats as (

    select * from {{ ref('int_seats_matched') }}

),

unmatched as (

    select * from {{ ref('int_unmatched_identities') }}

),

parts as (

    {% for relation, rows, n_rows in [
        ('learning_events', 'learning_events', 'count(*)'),
        ('tool_usage_daily', 'usage_alias_rows', 'sum(n_rows)'),
        ('tool_usage_period', 'usage_periods', 'count(*)'),
        ('tool_licences', 'seats', 'count(*)'),
    ] %}
    select
        '{{ relation }}' as relation_name,
        source_system,
        alias_type,
        alias_value,
        {{ n_rows }} as n_rows,
        0 as n_rows_conflict,
        0 as n_rows_unknown_employee,
        0 as n_rows_unmatched

    from {{ rows }}

    group by source_system, alias_type, alias_value

    union all

    {% endfor %}
    select
        relation_name,
        source_system,
        alias_type,
        alias_value,
        0 as n_rows,
        case when identity_status = 'conflict' then n_rows else 0 end as n_rows_conflict,
        case when identity_status = 'unknown_employee' then n_rows else 0 end
            as n_rows_unknown_employee,
        case when identity_status = 'unmatched' then n_rows else 0 end as n_rows_unmatched

    from unmatched

),

per_alias as (

    select
        relation_name,
        source_system,
        alias_type,
        alias_value,
        sum(n_rows) as n_rows,
        sum(n_rows_conflict) as n_rows_conflict,
        sum(n_rows_unknown_employee) as n_rows_unknown_employee,
        sum(n_rows_unmatched) as n_rows_unmatched,
        sum(n_rows_conflict + n_rows_unknown_employee + n_rows_unmatched) as n_rows_unnamed

    from parts

    group by relation_name, source_system, alias_type, alias_value

),

per_type as (

    select
        relation_name,
        source_system,
        alias_type,
        cast(count(*) as bigint) as n_aliases,
        cast(sum(case when n_rows_unnamed = 0 then 1 else 0 end) as bigint) as n_aliases_matched,
        cast(sum(n_rows) as bigint) as n_rows,
        cast(sum(n_rows - n_rows_unnamed) as bigint) as n_rows_matched,
        cast(sum(n_rows_conflict) as bigint) as n_rows_conflict,
        cast(sum(n_rows_unknown_employee) as bigint) as n_rows_unknown_employee,
        cast(sum(n_rows_unmatched) as bigint) as n_rows_unmatched

    from per_alias

    group by relation_name, source_system, alias_type

)

select * from per_type
