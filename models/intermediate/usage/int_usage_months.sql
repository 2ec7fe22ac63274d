-- One row per month with usage: what the usage days of the month are made from, in one fingerprint.
--
-- Three things decide a month: its delivered rows, who owned their aliases, and the period rows
-- whose first or last active date lies in it.

with

usage_months as (

    select * from {{ ref('usage_months') }}

),

alias_owners as (

    select * from {{ ref('int_usage_alias_owners') }}

),

usage_weeks as (

    select * from {{ ref('int_usage_weeks') }}

),

parts as (

    select
        month_start,
        'rows ' || fingerprint as fingerprint,
        n_rows

    from usage_months

    union all

    select
        usage_month as month_start,
        'owners ' || {{ rows_fingerprint([
            'alias_type', 'alias_value', 'valid_from', 'valid_to', 'employee_id', 'identity_status'
        ]) }} as fingerprint,
        cast(0 as bigint) as n_rows

    from alias_owners

    group by usage_month

    {% for day in ['first_active_date', 'last_active_date'] %}
    union all

    select
        {{ month_of(day) }} as month_start,
        '{{ day }} ' || {{ rows_fingerprint([
            'tool_id', 'employee_id', 'period_start', 'period_end', 'is_judged_week', day
        ]) }} as fingerprint,
        cast(count(*) as bigint) as n_rows

    from usage_weeks

    where {{ day }} is not null

    group by {{ month_of(day) }}

    {% endfor %}
),

months as (

    select
        month_start,
        {{ sha256_text(string_list('fingerprint')) }} as fingerprint,
        cast(sum(n_rows) as bigint) as n_rows

    from parts

    group by month_start

)

select * from months
