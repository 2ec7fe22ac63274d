{#- Learning platforms whose export is a list of records: how far one person is with one course in one attempt, as the
    platform knows it on the day of the delivery. A vendor's base model parses its export into a CTE `records` with
    the columns below and goes on with `checked`, `ranked` and `judged`; courses and events follow from the kept rows.

    alias_type, alias_value      who, as the platform names them
    source_course_id, course_title, course_kind (course / path / badge / assessment), course_version, provider,
    duration_minutes             what
    attempt_id                   text; NULL where the platform knows one attempt only
    assigned_at, enrolled_at, is_assignment_date_only
    started_at, ended_at, is_end_date_only         UTC; NULL: did not happen, or the platform does not say
    end_type                     completed, passed, failed, withdrawn, waived; NULL: still open
    score_scaled (0-1), success, duration_seconds, is_required, raw_status
    quarantine_reason            NULL: nothing is wrong with the row
    is_empty_page                a page that is readable and holds nothing (false in CSV exports)
    raw_text, source_file, extracted_at

    Where the platform also tells HR's employee number, `records` has it as employee_id, beside the id that the
    platform has for the learner as learner_id (as given, not in lower case); the vendor passes
    extra=['employee_id', 'learner_id'] to `checked` and `judged`, and its identity_aliases follow. -#}
{% macro learning_record_columns() %}
    {% do return([
        'alias_type', 'alias_value', 'source_course_id', 'course_title', 'course_kind', 'course_version', 'provider',
        'duration_minutes', 'attempt_id', 'assigned_at', 'enrolled_at', 'is_assignment_date_only', 'started_at',
        'ended_at', 'is_end_date_only', 'end_type', 'score_scaled', 'success', 'duration_seconds', 'is_required',
        'raw_status',
    ]) %}
{% endmacro %}


{#- NULLs for the columns of a record that a platform does not report. -#}
{% macro not_reported(names) -%}
    {%- set types = {
        'assigned_at': 'timestamp', 'enrolled_at': 'timestamp', 'started_at': 'timestamp',
        'duration_minutes': 'double', 'score_scaled': 'double', 'duration_seconds': 'double',
        'success': 'boolean', 'is_required': 'boolean',
    } -%}
    {%- for name in names %}
        cast(null as {{ types.get(name, 'string') }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- alias_type and alias_value of a learner: the first of `mail_columns` that looks like a mail address, else the
    platform's own id under a type of the platform's own, because ids like 9001 mean others elsewhere. -#}
{% macro learner_alias(mail_columns, id_column, id_type) -%}
        case
            {%- for name in mail_columns %}
            when {{ clean_alias(name) }} like '%@%' then 'work_email'
            {%- endfor %}
            when {{ clean_alias(id_column) }} is not null then '{{ id_type }}'
        end as alias_type,
        case
            {%- for name in mail_columns %}
            when {{ clean_alias(name) }} like '%@%' then {{ clean_alias(name) }}
            {%- endfor %}
            else {{ clean_alias(id_column) }}
        end as alias_value
{%- endmacro %}


{#- `bad_<column>` for the first of the text columns that has a value which is none of its kind (timestamp, date,
    bigint, double, boolean), else NULL. -#}
{% macro unreadable_value(columns) -%}
        case
            {%- for name, kind in columns.items() %}
            when {{ contract_value(name, kind, none) }} is null and {{ clean_text(name) }} is not null
                then 'bad_{{ name }}'
            {%- endfor %}
        end
{%- endmacro %}


{#- `checked`, over `records`: the first thing that is wrong with a row. An end that counts or is judged needs a time;
    only a withdrawal may lack one. -#}
{% macro check_learning_records(extra=[]) -%}
    select
        {{ (learning_record_columns() + extra) | join(',\n        ') }},
        case
            when quarantine_reason is not null then quarantine_reason
            when is_empty_page then null
            when alias_value is null then 'missing_learner'
            when source_course_id is null then 'missing_course'
            when end_type != 'withdrawn' and ended_at is null then 'missing_end_time'
        end as quarantine_reason,
        is_empty_page,
        coalesce(alias_value, '')
        || '|' || coalesce(source_course_id, '')
        || coalesce('|' || attempt_id, '') as source_record_id,
        raw_text,
        source_file,
        extracted_at

    from records
{%- endmacro %}


{#- `ranked`, over `checked`: rank 1 among the deliveries of one record is the one that stays, the platform's latest
    word. A row that cannot be used replaces none that can. Platforms that have one record per person and course write
    a repeated or reopened course over it, so the first time at which any delivery had it completed is remembered. -#}
{% macro rank_learning_records() -%}
    select
        *,
        min(case when quarantine_reason is null and end_type in ('completed', 'passed') then ended_at end) over (
            partition by source_record_id
        ) as first_completed_at,
        row_number() over (
            partition by source_record_id, quarantine_reason is null, is_empty_page
            order by
                extracted_at desc,
                source_file desc,
                ended_at desc nulls last,
                raw_text desc nulls last
        ) as copy_rank

    from checked
{%- endmacro %}


{#- `judged`, over `ranked`: kept, quarantined or superseded, and why. -#}
{% macro judge_learning_records(extra=[]) -%}
    select
        {{ (learning_record_columns() + extra) | join(',\n        ') }},
        case
            when quarantine_reason is null and coalesce(end_type, 'completed') in ('completed', 'passed')
                then first_completed_at
        end as first_completed_at,
        case
            when quarantine_reason is not null then 'quarantined'
            when is_empty_page or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when is_empty_page then 'empty_page'
            when copy_rank > 1 then 'later_delivery'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        source_record_id,
        source_file,
        extracted_at

    from ranked
{%- endmacro %}


{#- The rows of `courses` from the kept `records` of a vendor: each course as its newest record with a title has it
    (the greatest of several versions would be '9' of '9' and '10'). -#}
{% macro learning_record_courses(vendor) -%}
    select
        '{{ vendor }}:' || source_course_id as course_id,
        source_course_id,
        course_version as version,
        course_title as title,
        provider,
        coalesce(course_kind, 'course') as kind,
        cast(null as string) as delivery_format,
        cast(null as boolean) as is_role_specific,
        cast(duration_minutes as double) as duration_minutes,
        cast(null as timestamp) as published_at,
        cast(null as timestamp) as last_updated_at,
        cast(null as string) as parent_course_id,
        cast(null as string) as equivalent_to,
        '{{ vendor }}' as source_system,
        source_course_id as source_record_id,
        extracted_at,
        source_file

    from (
        select
            *,
            row_number() over (
                partition by source_course_id
                order by
                    case when course_title is null then 1 else 0 end,
                    extracted_at desc,
                    source_file desc,
                    source_record_id desc
            ) as recency

        from records
    ) as ranked_records

    where recency = 1
{%- endmacro %}


{#- The rows of `identity_aliases` from the kept `records` of a vendor that tells employee numbers: the newest number
    of each learner. Of ids that differ only in upper and lower case each makes its claim, so that such an alias is
    nobody's instead of the wrong person's. -#}
{% macro learning_record_aliases(vendor) -%}
    select
        employee_id,
        alias_type,
        alias_value,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        'lms_user_list' as method,
        cast(1 as double) as confidence,
        '{{ vendor }}' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from (
        select
            *,
            row_number() over (
                partition by alias_type, learner_id
                order by extracted_at desc, source_file desc, source_record_id desc
            ) as recency

        from records

        where employee_id is not null
    ) as ranked_records

    where recency = 1
{%- endmacro %}


{#- The rows of `learning_events` from the kept `records` of a vendor: up to one each for the assignment, the
    enrolment, the start and the end, where the platform tells their time, and one for the first completion where the
    record has been written over since. (Both completions stay: where a mail address went from one person to another,
    they are not the same person's.) One flag stands for two times, so one that has a time of day is no day. -#}
{% macro learning_record_events(vendor) -%}
    {%- for event_type, instant, date_only in [
        ("'assigned'", 'assigned_at', 'is_assignment_date_only'),
        ("'enrolled'", 'enrolled_at', 'is_assignment_date_only'),
        ("'started'", 'started_at', 'is_end_date_only'),
        ("'completed'", 'first_completed_at', 'is_end_date_only'),
        ('end_type', 'ended_at', 'is_end_date_only'),
    ] %}
    {%- set is_end = loop.last %}
    select
        source_record_id || '|{{ 'ended' if is_end else instant[:-3] }}' as event_id,
        alias_type,
        alias_value,
        '{{ vendor }}:' || source_course_id as course_id,
        attempt_id,
        {{ event_type }} as event_type,
        {{ instant }} as occurred_at,
        case
            when {{ date_only }} and {{ instant }} = cast(cast({{ instant }} as date) as timestamp)
                then 'date'
            else 'instant'
        end as time_precision,
        extracted_at as received_at,
        {{ 'score_scaled' if is_end else 'cast(null as double)' }} as score_scaled,
        {{ 'success' if is_end else 'cast(null as boolean)' }} as success,
        {{ 'cast(duration_seconds as double)' if is_end else 'cast(null as double)' }} as duration_seconds,
        is_required,
        false as is_voided,
        raw_status,
        '{{ vendor }}' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from records

    where {{ instant }} is not null
        {{- ' and end_type is not null' if is_end }}
        {{- ' and (end_type is null or first_completed_at < ended_at)' if instant == 'first_completed_at' }}
    {{ 'union all' if not is_end }}
    {%- endfor %}
{%- endmacro %}
