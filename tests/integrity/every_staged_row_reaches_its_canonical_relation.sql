-- Finds canonical relations with more or fewer rows of a vendor than its staging model passes on.
-- Rows that a canonical model supersedes (n_superseded) count as arrived, and so do deliveries
-- after received_until.
-- When it matters: always; a row lost here is lost from every figure.
-- How to fix: look at the canonical model's `where` and ranking; enabled_sources must name the
-- vendor.
{% set counts_superseded = ['employees'] %}

with

counted as (
    {% for relation in canonical_relations() %}
    {% for vendor in enabled_vendors(relation) %}
    select
        '{{ relation }}' as relation_name,
        count(*) as n_staged,
        0 as n_arrived

    from {{ ref('stg_' ~ vendor ~ '__' ~ relation) }}
    {% if relation == 'deliveries' and var('received_until') %}
    where
        received_at is null
        or cast(received_at as date) <= cast('{{ var("received_until") }}' as date)
    {% endif %}
    union all

    {% endfor %}
    {% if relation == 'deliveries' %}
    select
        '{{ relation }}' as relation_name,
        count(*) as n_staged,
        0 as n_arrived

    from {{ ref('stg_intake__failed_deliveries') }}
    {% if var('received_until') %}
    where
        received_at is null
        or cast(received_at as date) <= cast('{{ var("received_until") }}' as date)
    {% endif %}
    union all

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
