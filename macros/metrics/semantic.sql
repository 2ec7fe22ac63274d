{#- Attributes of a unit on the day of its completion or assignment, as the semantic layer groups by them: what is not known
    is `unknown`, as in the grouped marts. Names, in their order. -#}
{% macro semantic_attributes() %}
    {{ return(['track', 'audience', 'role_group', 'department', 'location', 'manager_group', 'platform']) }}
{% endmacro %}

{#- Select items: these attributes, of a table that ends their names in `_at_<day>`. -#}
{% macro attributes_at(day, platform) -%}
    {%- for name in ['track', 'audience', 'role_group', 'department', 'location'] %}
        coalesce({{ name }}_at_{{ day }}, 'unknown') as {{ name }},
    {%- endfor %}
        coalesce(manager_key_at_{{ day }}, manager_status_at_{{ day }}) as manager_group,
        coalesce({{ platform }}, 'unknown') as platform
{%- endmacro %}

{#- Select items over the checkpoints of one unit: whether it is judged at each N, and whether it had adopted (false unless
    eligible, so that true ones can be counted). -#}
{% macro flags_at_checkpoints() -%}
    {%- for n in [30, 60, 90] %}
        coalesce(bool_or(checkpoint_day = {{ n }} and is_eligible), false) as is_eligible_{{ n }},
        coalesce(bool_or(checkpoint_day = {{ n }} and is_adopted), false) as is_adopted_{{ n }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
