-- One row per month with daily usage of any vendor. fingerprint says what its rows were made
-- from: models that are built by month build a month again when it changes.
--
-- A vendor that is itself built by month answers from its record; the rows of others are hashed.
{{ config(materialized='table') }}

with

vendor_months as (
    {% for vendor, monthly_model in monthly_usage_models().items() %}
    {% if monthly_model %}
    -- depends_on: {{ ref(monthly_model) }}
    select
        '{{ vendor }}' as source_system,
        built_month as month_start,
        fingerprint || code_hash as fingerprint,
        n_rows

    from ({{ last_monthly_state(monthly_state(monthly_model)) }}) as last_records
    {% else %}
    select
        '{{ vendor }}' as source_system,
        {{ month_of('usage_date') }} as month_start,
        {{ rows_fingerprint([
            'tool_id', 'alias_type', 'alias_value', 'usage_date', 'surface', 'interactions', 'is_active'
        ]) }}
            as fingerprint,
        cast(count(*) as bigint) as n_rows

    from {{ ref('stg_' ~ vendor ~ '__tool_usage_daily') }}

    group by {{ month_of('usage_date') }}
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% else %}
    select
        cast(null as string) as source_system,
        cast(null as date) as month_start,
        cast(null as string) as fingerprint,
        cast(null as bigint) as n_rows

    where false
    {% endfor %}
),

months as (

    select
        month_start,
        {{ string_list("source_system || ' ' || fingerprint") }} as fingerprint,
        cast(sum(n_rows) as bigint) as n_rows

    from vendor_months

    where fingerprint is not null

    group by month_start

)

select * from months
