{#- CSV exports with one row per person, course and attempt that differ in little but the names of their columns. A
    base model selects the file as `source_rows`, goes on with `texts`, `parsed` and `records` below, and from there as
    every platform with records does (learning_records.sql). -#}


{#- What a row may tell. `activity` is a time that stands for the end where the status tells of one and no other time
    does; `taken_back` is when what had been reached was revoked, `is_taken_back` whether. -#}
{% macro learning_row_parts() %}
    {% do return([
        'email', 'learner_id', 'course_id', 'title', 'type', 'attempt', 'status', 'assigned', 'enrolled', 'started',
        'ended', 'activity', 'taken_back', 'is_taken_back', 'score', 'is_required',
    ]) %}
{% endmacro %}


{#- `texts`, over `source_rows`: every part as text. `columns` maps a part to the export's column; parts that the
    vendor has no column for are NULL. -#}
{% macro learning_row_texts(columns) -%}
    {%- set names = [] -%}
    {%- for name in columns.values() %}{% do names.append(adapter.quote(name)) %}{% endfor -%}
    select
        {%- for part in learning_row_parts() %}
        {{ clean_text(adapter.quote(columns[part])) if part in columns else 'cast(null as string)' }}
            as {{ part }}_text,
        {%- endfor %}
        {{ row_as_text(names) }} as raw_text,
        source_file,
        extracted_at

    from source_rows
{%- endmacro %}


{#- `parsed`, over `texts`. `statuses` maps a status (lower case) to the end it tells of, to `open`, or to `taken_back`
    (reached, and revoked later); a status that is not listed is nobody's to guess. `blank_status` is the meaning of
    none. `types` maps a type (lower case) to the contract's kind; others are `kind`. -#}
{% macro parse_learning_rows(statuses, types={}, kind='course', blank_status=none) -%}
    select
        *,
        case
            when {{ try_cast('is_taken_back_text', 'boolean') }} then 'taken_back'
            {%- if blank_status %}
            when status_text is null then '{{ blank_status }}'
            {%- endif %}
            {%- for status, meaning in statuses.items() %}
            when lower(status_text) = '{{ status }}' then '{{ meaning }}'
            {%- endfor %}
        end as meaning,
        {%- if types %}
        case
            {%- for type, type_kind in types.items() %}
            when lower(type_text) = '{{ type }}' then '{{ type_kind }}'
            {%- endfor %}
            else '{{ kind }}'
        end as course_kind,
        {%- else %}
        '{{ kind }}' as course_kind,
        {%- endif %}
        {%- for part in ['assigned', 'enrolled', 'started', 'ended', 'activity', 'taken_back'] %}
        {{ parse_timestamp("replace(" ~ part ~ "_text, ' UTC', 'Z')") }} as {{ part }}_at,
        length({{ part }}_text) <= 10 as is_{{ part }}_day,
        {%- endfor %}
        {{ try_cast('score_text', 'double') }} as score

    from texts
{%- endmacro %}


{#- `records`, over `parsed`. People are named by mail, or else by the platform's id under a type of its own
    (`id_type`), because the same number means another person elsewhere. The id is part of the attempt's: two people
    may have had one address, one after the other. What was taken back is withdrawn at the time it was, never at the
    time it had been reached. `each_end_is_an_attempt`: the export has a row for each time something was reached, also
    for the same thing reached again, and none before. -#}
{% macro learning_row_records(id_type=none, each_end_is_an_attempt=false) -%}
    select
        case
            when email_text like '%@%' then 'work_email'
            {%- if id_type %}
            when learner_id_text is not null then '{{ id_type }}'
            {%- endif %}
        end as alias_type,
        case
            when email_text like '%@%' then lower(email_text)
            else lower(learner_id_text)
        end as alias_value,
        course_id_text as source_course_id,
        title_text as course_title,
        course_kind,
        cast(null as string) as course_version,
        cast(null as string) as provider,
        cast(null as double) as duration_minutes,
        {%- if each_end_is_an_attempt %}
        cast(ended_at as string) as attempt_id,
        {%- else %}
        nullif(concat_ws('|', lower(learner_id_text), attempt_text), '') as attempt_id,
        {%- endif %}
        assigned_at,
        enrolled_at,
        coalesce(is_assigned_day, is_enrolled_day, false) as is_assignment_date_only,
        started_at,
        case
            when meaning = 'taken_back' then taken_back_at
            when meaning != 'open' then coalesce(ended_at, activity_at)
        end as ended_at,
        coalesce(
            case
                when meaning = 'taken_back' then is_taken_back_day
                when meaning != 'open' then coalesce(is_ended_day, is_activity_day)
                else is_started_day
            end,
            false
        ) as is_end_date_only,
        case
            when meaning = 'taken_back' then 'withdrawn'
            when meaning != 'open' then meaning
        end as end_type,
        case when score between 0 and 100 then score / 100 end as score_scaled,
        case when meaning = 'passed' then true when meaning = 'failed' then false end as success,
        cast(null as double) as duration_seconds,
        {{ try_cast('is_required_text', 'boolean') }} as is_required,
        status_text as raw_status,
        case
            when meaning is null then 'unknown_status'
            {%- for part in ['assigned', 'enrolled', 'started', 'ended', 'activity', 'taken_back'] %}
            when {{ part }}_text is not null and {{ part }}_at is null then 'bad_{{ part }}_time'
            {%- endfor %}
            when is_taken_back_text is not null and {{ try_cast('is_taken_back_text', 'boolean') }} is null
                then 'bad_is_taken_back'
            when meaning = 'open' and ended_at is not null then 'ended_while_open'
        end as quarantine_reason,
        false as is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from parsed
{%- endmacro %}
