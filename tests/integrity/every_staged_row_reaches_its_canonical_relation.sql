-- Finds canonical relations with more or fewer rows of a vendor than its staging model passes on.
-- Rows that a canonical model supersedes (n_superseded) count as arrived; deliveries that are
-- announced for after the newest file are not counted.
-- When it matters: always; a row lost here is lost from every figure.
-- How to fix: look at the canonical model's `where` and ranking; enabled_sources must name the
-- vendor.
{% set counts_superseded = ['employees'] %}
{{ config(meta={'joins': [{
    'name': 'staged_deliveries_to_newest_file',
    'join': 'newest_file',
    'kind': 'cross',
    'cardinality': 'many_to_one',
}]}) }}

with

staged_deliveries as (
    {% for vendor in enabled_vendors('deliveries') %}
    select received_at from {{ ref('stg_' ~ vendor ~ '__deliveries') }}

    union all

    {% endfor %}
    select received_at from {{ ref('stg_intake__failed_deliveries') }}

),

newest_file as (

    select max(file_date) as file_date

    from {{ ref('stg_intake__delivery_checks') }}

),

-- many deliveries : the one date.
received_deliveries as (

    select staged_deliveries.received_at

    from staged_deliveries

    cross join newest_file

    where
        staged_deliveries.received_at is null
        or newest_file.file_date is null
        or cast(staged_deliveries.received_at as date) <= newest_file.file_date

),

counted as (
    {% for relation in canonical_relations() %}
    {% if relation == 'deliveries' %}
    select
        '{{ relation }}' as relation_name,
        count(*) as n_staged,
        0 as n_arrived

    from received_deliveries

    union all

    {% else %}
    {% for vendor in enabled_vendors(relation) %}
    select
        '{{ relation }}' as relation_name,
        count(*) as n_staged,
        0 as n_arrived

    from {{ ref('stg_' ~ vendor ~ '__' ~ relation) }}

    union all

    {% endfor %}
    {% endif %}
    select
        '{{ relation }}' as relation_name,
        0 as n_staged,
        {% if relation in counts_superseded %}
        coalesce(sum(1 + n_superseded), 0) as n_arrived
        {% else %}
        count(*) as n_arrived
        {% endif %}

    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (

    select
        relation_name,
        sum(n_staged) as n_staged,
        sum(n_arrived) as n_arrived

    from counted

    group by relation_name

)

select * from compared

where n_staged != n_arrived
