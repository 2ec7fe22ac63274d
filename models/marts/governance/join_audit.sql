-- One row per build and declared join: how many rows each side had and how many matched, so that a
-- slow decay shows as a trend. Append-only and never refreshed away; a join of a model that is not
-- built yet has no row. The counts come from measured_joins(), which queries the joined models:
-- joined_models.sql lists them so that dbt builds them first (`certgap guards` names missing ones).
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false
) }}

{% set joined_models = joined_models_of_this_project() %}
{% for joined_model in joined_models %}
-- depends_on: {{ ref(joined_model) }}
{% endfor %}

with

measured as (

    {% for measured in measured_joins() %}
    select
        '{{ measured.model_name }}' as model_name,
        '{{ measured.join.name }}' as join_name,
        '{{ measured.join.kind }}' as kind,
        '{{ measured.join.cardinality }}' as cardinality,
        '{{ measured.join.unmatched }}' as unmatched,
        cast({{ measured.n_left }} as bigint) as n_left,
        cast({{ measured.n_right }} as bigint) as n_right,
        cast({{ measured.n_matched }} as bigint) as n_matched,
        cast({{ measured.n_out }} as bigint) as n_out,
        cast({{ 'null' if measured.max_fan_out is none else measured.max_fan_out }} as bigint)
            as max_fan_out,
        cast({{ measured.join.min_match_rate }} as double) as min_match_rate,
        '{{ measured.status }}' as status
    union all
    {% endfor %}
    select
        cast(null as string) as model_name,
        cast(null as string) as join_name,
        cast(null as string) as kind,
        cast(null as string) as cardinality,
        cast(null as string) as unmatched,
        cast(null as bigint) as n_left,
        cast(null as bigint) as n_right,
        cast(null as bigint) as n_matched,
        cast(null as bigint) as n_out,
        cast(null as bigint) as max_fan_out,
        cast(null as double) as min_match_rate,
        cast(null as string) as status

),

dated as (

    select
        '{{ invocation_id }}' as build_id,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as built_at,
        model_name,
        join_name,
        kind,
        cardinality,
        unmatched,
        n_left,
        n_right,
        n_matched,
        n_left - n_matched as n_unmatched,
        n_out,
        cast(n_matched as double) / nullif(n_left, 0) as match_rate,
        max_fan_out,
        min_match_rate,
        status

    from measured

    -- The last branch of the union only names the columns.
    where join_name is not null

)

select * from dated
