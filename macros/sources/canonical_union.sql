{#- The rows of a canonical relation from every enabled vendor that offers it, with the contract's columns
    (`columns` maps name to type) and the lineage columns. Without such a vendor: typed, no rows. -#}
{% macro canonical_union(relation, columns) -%}
    {%- set vendors = enabled_vendors(relation) -%}
    {%- set lineage = {
        'source_system': 'string', 'source_record_id': 'string', 'extracted_at': 'timestamp',
        'source_file': 'string',
    } -%}
    {%- for vendor in vendors %}
    select
        {% for name in columns.keys() | list + lineage.keys() | list -%}
        {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('stg_' ~ vendor ~ '__' ~ relation) }}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        {% for name, type in (columns.items() | list + lineage.items() | list) -%}
        cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    where false
    {%- endfor %}
{%- endmacro %}


{#- The relations of the canonical contract. -#}
{% macro canonical_relations() %}
    {% do return([
        'employees', 'employment_history', 'leave_periods', 'identity_aliases', 'courses', 'learning_events',
        'tool_licences', 'tool_usage_daily', 'tool_usage_period', 'surveys', 'outcomes', 'deliveries',
        'web_use_daily',
    ]) %}
{% endmacro %}
