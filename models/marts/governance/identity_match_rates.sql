-- One row per source, relation and alias type: of how many aliases and rows the owner is known.
--
-- Counts of what was delivered, not of a sample: no interval. An alias is matched when each of its
-- rows is.

with

identity_counts as (

    select * from {{ ref('int_identity_counts') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many counts : one row of settings.
rates as (

    select
        identity_counts.source_system,
        identity_counts.alias_type,
        identity_counts.relation_name,
        identity_counts.n_aliases,
        identity_counts.n_aliases_matched,
        {{ safe_rate('identity_counts.n_aliases_matched', 'identity_counts.n_aliases') }}
            as alias_match_rate,
        identity_counts.n_rows,
        identity_counts.n_rows_matched,
        {{ safe_rate('identity_counts.n_rows_matched', 'identity_counts.n_rows') }}
            as row_match_rate,
        identity_counts.n_rows_conflict,
        identity_counts.n_rows_unknown_employee,
        identity_counts.n_rows_unmatched,
        settings.as_of_date,
        settings.rules_hash

    from identity_counts

    cross join settings

)

select * from rates
