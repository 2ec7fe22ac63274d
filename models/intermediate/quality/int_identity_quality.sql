-- One row per source, relation and reason: rows whose alias leads to no employee. `all`: whatever
-- the reason; then one row for each status.

with

identity_counts as (

    select * from {{ ref('int_identity_counts') }}

),

per_relation as (

    select
        source_system,
        relation_name as feed,
        sum(n_rows) as n_checked,
        sum(n_rows - n_rows_matched) as n_unnamed,
        sum(n_rows_conflict) as n_conflict,
        sum(n_rows_unknown_employee) as n_unknown_employee,
        sum(n_rows_unmatched) as n_unmatched

    from identity_counts

    group by source_system, relation_name

),

checks as (

    {% for reason, counted in {
        'all': 'n_unnamed', 'conflict': 'n_conflict', 'unknown_employee': 'n_unknown_employee',
        'unmatched': 'n_unmatched',
    }.items() %}
    select
        source_system,
        feed,
        '{{ reason }}' as reason,
        cast(n_checked as bigint) as n_checked,
        cast({{ counted }} as bigint) as n_affected

    from per_relation
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from checks
