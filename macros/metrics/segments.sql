{#- The usage segment of a week, from the columns of int_segment_spans and the week's week_start_date.
    A window that begins before the history does, or before a rehire that lies in it, is no habit. -#}
{% macro usage_segment(n_weeks) -%}
    case
            when week_start_date < judged_from_{{ n_weeks }}w then 'insufficient_history'
            when
                {{ add_days('week_start_date', 6) }} >= rehire_date
                and {{ add_days('week_start_date', 7 - 7 * n_weeks) }} < rehire_date
                then 'insufficient_history'
            when week_start_date <= power_{{ n_weeks }}w_until then 'power'
            when week_start_date <= habit_{{ n_weeks }}w_until then 'habitual'
            when week_start_date <= novice_{{ n_weeks }}w_until then 'novice'
            when
                week_start_date <= {{ add_days('last_active_week_start_date', 7 * n_weeks - 7) }}
                then 'low'
            else 'non_user'
        end
{%- endmacro %}


{#- The groups of usage_segments for each tool: name and expression over the counted cells (attributes of
    the last day of the week). `all`, `tool` and the pairs with tools are sums of these. -#}
{% macro segment_dimensions() %}
    {% set dimensions = [{'name': 'all', 'value': "'all'"}] %}
    {% for attribute in ['track', 'audience', 'role_group', 'department', 'location'] %}
        {% do dimensions.append({'name': attribute, 'value': "coalesce(" ~ attribute ~ ", 'unknown')"}) %}
    {% endfor %}
    {% do dimensions.append({
        'name': 'training_status', 'value': "case when is_trained then 'trained' else 'not_trained' end"
    }) %}
    {% do dimensions.append({'name': 'manager', 'value': 'manager_group', 'per_manager': true})
        if var('curve_managers') %}
    {{ return(dimensions) }}
{% endmacro %}


{#- What people are counted by: cells of the other attributes, and cells of managers. Both at once would be as
    many cells as people. Each is a list of columns; those of the other kind are NULL in the cell. -#}
{% macro segment_cells() %}
    {% set attributes = ['track', 'audience', 'role_group', 'department', 'location', 'is_trained'] %}
    {% set kinds = [attributes, ['manager_group']] if var('curve_managers') else [attributes] %}
    {{ return(kinds) }}
{% endmacro %}


{#- Select items: the columns of one kind of cell, those of the other kind NULL. -#}
{% macro segment_cell_columns(columns) -%}
    {%- for name in ['track', 'audience', 'role_group', 'department', 'location', 'manager_group'] %}
        {{ name if name in columns else 'cast(null as string) as ' ~ name }},
    {%- endfor %}
        {{ 'is_trained' if 'is_trained' in columns else 'cast(null as boolean) as is_trained' }},
        {{ 'true' if 'manager_group' in columns else 'false' }} as is_manager_cell
{%- endmacro %}
