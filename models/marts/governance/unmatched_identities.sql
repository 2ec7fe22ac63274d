-- One row per relation, source, alias and status whose rows lead to no employee, the one with most
-- rows first. Restricted and never published: aliases are addresses.

with

unmatched as (

    select * from {{ ref('int_unmatched_identities') }}

),

ranked as (

    select
        relation_name,
        source_system,
        alias_type,
        alias_value,
        identity_status,
        n_rows,
        cast(rank() over (partition by relation_name order by n_rows desc) as bigint) as fix_rank,
        {{ safe_rate('n_rows', 'sum(n_rows) over (partition by relation_name)') }}
            as share_of_unnamed_rows,
        first_row_date,
        last_row_date

    from unmatched

)

select * from ranked
