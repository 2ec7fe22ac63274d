{#- The columns together identify a row: no duplicate, and no NULL in any of them. -#}
{% test unique_key(model, columns) %}

{% set key = columns if columns is iterable and columns is not string else [columns] %}

select
    {{ key | join(', ') }},
    count(*) as row_count,
    case
        when {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %} then 'NULL in the key'
        else 'several rows share the key'
    end as broken_rule

from {{ model }}

group by {{ key | join(', ') }}

having
    count(*) > 1
    {%- for column in key %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
