{#- The steps every generic base model shares, as bodies of its CTEs. They read the CTEs `source`, `parsed` and
    `ranked` in this order, and the model ends in `judged`. -#}


{#- `parsed`: the contract's columns, the first problem of the row, and the row as delivered where it has one.
    `codes` maps a column of kind code to the values it may have, `checks` a reason to the condition on raw columns
    under which it holds; `extra` maps more columns to their SQL. -#}
{% macro parse_feed_rows(relation, columns, required, codes={}, extra={}, checks={}) -%}
    {%- set problem -%}
        coalesce(
            {{ contract_problem(relation, columns, required) }}
            {%- for name, values in codes.items() %},
            case
                when {{ contract_value(name, columns[name], none) }} not in ('{{ values | join("', '") }}')
                    then 'bad_{{ name }}'
            end
            {%- endfor %}
            {%- for reason, condition in checks.items() %},
            case when {{ condition }} then '{{ reason }}' end
            {%- endfor %}
        )
    {%- endset -%}
    select
        {{ contract_columns(relation, columns) }},
        {{ problem }} as problem,
        case when {{ problem }} is not null then {{ row_as_text(columns) }} end as raw_text,
        {%- for name, sql in extra.items() %}
        {{ sql }} as {{ name }},
        {%- endfor %}
        source_file,
        extracted_at

    from source
{%- endmacro %}


{#- `ranked`: rank 1 is the row of its key that stays. The newest file wins; within one day's files the greatest
    values of `order`, and then column by column, so that both engines choose the same row. -#}
{% macro rank_feed_rows(columns, key, rows='parsed', order=[], carry=[]) -%}
    {%- set others = [] -%}
    {%- for name in columns if name not in key and name not in order %}{% do others.append(name) %}{% endfor -%}
    select
        {{ columns | join(',\n        ') }},
        {%- for name in key + carry if name not in columns %}
        {{ name }},
        {%- endfor %}
        problem,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by
                {{ key | join(',\n                ') }},
                problem is null
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
{%- endmacro %}


{#- `judged`: kept, quarantined or superseded, and why. `superseded_because` names a repeated key; `record_id` is
    the SQL of source_record_id (the key's columns joined by | where none is given). A row whose problem is
    `empty_because` holds nothing and is superseded: a page without elements. -#}
{% macro judge_feed_rows(columns, key, superseded_because, record_id=none, empty_because=none) -%}
    select
        {{ columns | join(',\n        ') }},
        case
            {%- if empty_because %}
            when problem = '{{ empty_because }}' then 'superseded'
            {%- endif %}
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


{#- A row of a CSV feed as it was delivered: the values of the columns that its source declares, in that order, joined
    by commas. For the quarantine, where what a cast made NULL must still be read. NULL in unit tests, where dbt knows no
    sources; test_quarantine.py compares it with the files. -#}
{% macro delivered_row(source_name, table_name) -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for node in graph.get('sources', {}).values() if node.source_name == source_name and node.name == table_name -%}
            {%- for name in node.columns if name not in ['source_file', 'extracted_at', 'is_newest_delivery'] -%}
                {%- do columns.append(adapter.quote(name)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ row_as_text(columns) if columns else 'cast(null as string)' }}
{%- endmacro %}
