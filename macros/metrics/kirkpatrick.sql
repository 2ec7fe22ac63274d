{#- The day at which behaviour and results are asked for: the last checkpoint. -#}
{% macro evidence_day() %}{{ return(var('checkpoint_days') | max) }}{% endmacro %}

{#- Surveys that are evidence of a completion: kind → days from the completion to the first and to the last answer. -#}
{% macro evidence_surveys() %}
    {% set around, day = var('survey_days') | int, evidence_day() %}
    {{ return({
        'reaction': [0, around],
        'knowledge_pre': [-(var('survey_pre_days') | int), 0],
        'knowledge_post': [0, around],
        'behavior_90d': [day - around, day + around],
        'manager_observation': [day - around, day + around],
    }) }}
{% endmacro %}

{#- `up` or `down`: which way a metric is good, by the var outcome_directions; NULL: nobody said. -#}
{% macro outcome_direction(metric_id) -%}
    case {{ metric_id }}
        {%- for metric, direction in (var('outcome_directions') or {}).items() %}
        when '{{ metric }}' then '{{ direction }}'
        {%- endfor %}
        when null then cast(null as string)
    end
{%- endmacro %}
