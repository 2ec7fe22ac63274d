{#- The steps every generic base model shares, as bodies of its CTEs. They read the CTEs `source`, `parsed`, `repeated`
    and `ranked` in this order, and the model ends in `judged`. -#}


{#- `parsed`: the contract's columns, the first problem of the row, and the row as delivered where it has one.
    `codes` maps a column of kind code to the values it may have; `extra` maps more columns to their SQL. -#}
{% macro parse_feed_rows(relation, columns, required, codes={}, extra={}) -%}
    {%- set problem -%}
        coalesce(
            {{ contract_problem(relation, columns, required) }}
            {%- for name, values in codes.items() %},
            case
                when {{ contract_value(name, columns[name], none) }} not in ('{{ values | join("', '") }}')
                    then 'bad_{{ name }}'
            end
            {%- endfor %}
        )
    {%- endset -%}
    select
        {{ contract_columns(relation, columns) }},
        {{ problem if codes else contract_problem(relation, columns, required) }} as problem,
        case
            when {{ problem if codes else contract_problem(relation, columns, required) }} is not null
                then {{ row_as_text(columns) }}
        end as raw_text,
        {%- for name, sql in extra.items() %}
        {{ sql }} as {{ name }},
        {%- endfor %}
        source_file,
        extracted_at

    from source
{%- endmacro %}


{#- `repeated`: hashes of the keys that several rows have. Few keys have, so only their rows are sorted below: that
    halves the time of a month of 7 million usage rows. Two keys with one hash only cost a needless sort. -#}
{% macro repeated_feed_keys(key, rows='parsed') -%}
    select {{ row_hash(key) }} as key_hash

    from {{ rows }}

    where problem is null

    group by {{ row_hash(key) }}

    having count(*) > 1
{%- endmacro %}


{#- `ranked`: rank 1 is the row of its key that stays. The newest file wins; within one day's files the greatest
    values of `order`, and then column by column, so that both engines choose the same row. -#}
{% macro rank_feed_rows(columns, key, rows='parsed', order=[]) -%}
    {%- set others = [] -%}
    {%- for name in columns if name not in key and name not in order %}{% do others.append(name) %}{% endfor -%}
    {%- set all_columns = columns | list -%}
    {%- for name in key if name not in columns %}{% do all_columns.append(name) %}{% endfor -%}
    select
        {{ all_columns | join(',\n        ') }},
        problem,
        raw_text,
        source_file,
        extracted_at,
        1 as key_rank

    from {{ rows }}

    where
        problem is not null
        or not exists (select 1 from repeated where {{ row_hash(key) }} = repeated.key_hash)

    union all

    select
        {{ all_columns | join(',\n        ') }},
        problem,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by
                extracted_at desc
                {%- for name in order %},
                {{ name }} desc nulls last
                {%- endfor %},
                source_file desc
                {%- for name in others %},
                {{ name }} desc nulls last
                {%- endfor %}
        ) as key_rank

    from {{ rows }}

    where
        problem is null
        and exists (select 1 from repeated where {{ row_hash(key) }} = repeated.key_hash)
{%- endmacro %}


{#- `judged`: kept, quarantined or superseded, and why. `superseded_because` names a repeated key; `record_id` is
    the SQL of source_record_id (the key's columns joined by | where none is given). -#}
{% macro judge_feed_rows(columns, key, superseded_because, record_id=none) -%}
    select
        {{ columns | join(',\n        ') }},
        case
            when problem is not null then 'quarantined'
            when key_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when problem is not null then problem
            when key_rank > 1 then '{{ superseded_because }}'
        end as status_reason,
        raw_text,
        {{ record_id or feed_record_id(key) }} as source_record_id,
        source_file,
        extracted_at

    from ranked
{%- endmacro %}


{% macro feed_record_id(key) -%}
    {%- if key | length == 1 -%}
        {{ key | first }}
    {%- else -%}
        {%- for name in key -%}
            coalesce(cast({{ name }} as string), ''){{ " || '|' || " if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
