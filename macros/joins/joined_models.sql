{#- Models whose joins join_audit counts, by name; vendors' only when they are enabled. dbt cannot know
    them by itself: dependencies are fixed before declarations can be read. `certgap guards` compares
    this list with the declarations. -#}
{% macro joined_models_of_this_project() %}
    {%- set models = [
    ] -%}
    {%- set models_of_vendors = {
    } -%}
    {%- for vendor, names in models_of_vendors.items() if vendor in var('enabled_sources') -%}
        {%- do models.extend(names) -%}
    {%- endfor -%}
    {{ return(models) }}
{% endmacro %}
