{#- What a column of a Workday Learning report can be: the values of `field` in workday_learning_columns.csv. -#}
{% macro workday_learning_fields() %}
    {% do return([
        'employee_id', 'work_email', 'course_id', 'course_title', 'course_type', 'course_version', 'provider',
        'duration_minutes', 'attempt_id', 'status', 'assigned_at', 'enrolled_at', 'started_at', 'ended_at', 'score',
        'success', 'is_required',
    ]) %}
{% endmacro %}

{#- Those that an entry has only once the enrollment ended. -#}
{% macro workday_learning_end_fields() %}{% do return(['ended_at', 'score', 'success']) %}{% endmacro %}

{#- Whether a text is a day without a time. Workday writes days with the offset of its own clock (2026-01-12-08:00). -#}
{% macro workday_is_day(text) -%}
    {{ regex_matches(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$') }}
{%- endmacro %}

{% macro workday_instant(text) -%}
    case
        when {{ workday_is_day(text) }} then {{ parse_timestamp('substr(' ~ text ~ ', 1, 10)') }}
        else {{ parse_timestamp(text) }}
    end
{%- endmacro %}
