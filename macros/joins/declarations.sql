{#- A declared join with its defaults filled in. Anything misspelt or missing stops the build here, with
    the sentence to act on: a declaration nobody reads is worse than none. -#}
{% macro declared_join(join, model_name) %}
    {%- set where = "Join '" ~ join.get('name', '(no name)') ~ "' of model " ~ model_name ~ ": " -%}
    {%- set known = [
        'name', 'join', 'left', 'right', 'keys', 'null_safe', 'kind', 'as_of', 'range', 'cardinality', 'reason',
        'left_sql', 'right_sql', 'inputs', 'where_left', 'where_right', 'where_out', 'min_match_rate', 'unmatched',
        'accounted_in', 'matched_when', 'preserves_left', 'kept_columns', 'max_fan_out', 'may_be_empty', 'right_may_have_null_keys',
        'checked_case', 'case_matters', 'audit', 'audit_reason', 'sql_join',
    ] -%}
    {%- for setting in join if setting not in known -%}
        {{ exceptions.raise_compiler_error(where ~ "unknown setting '" ~ setting ~ "'. Known: " ~ known | join(', ')) }}
    {%- endfor -%}
    {%- for setting in ['name', 'join', 'left', 'right', 'kind', 'cardinality', 'unmatched'] if not join.get(setting) -%}
        {{ exceptions.raise_compiler_error(where ~ "'" ~ setting ~ "' is missing. See macros/joins/README.md.") }}
    {%- endfor -%}
    {%- for setting, allowed in {
        'kind': ['equality', 'as_of', 'range', 'cross'],
        'cardinality': ['one_to_one', 'many_to_one', 'one_to_many', 'many_to_many'],
        'unmatched': ['keep', 'quarantine', 'exclude'],
        'audit': ['full', 'flags', 'skip'],
        'sql_join': ['left', 'inner'],
    }.items() if join.get(setting) and join[setting] not in allowed -%}
        {{ exceptions.raise_compiler_error(where ~ setting ~ " '" ~ join[setting] ~ "' is none of " ~ allowed | join(', ')) }}
    {%- endfor -%}
    {%- if join.kind in ['equality', 'as_of'] and not join.get('keys') -%}
        {{ exceptions.raise_compiler_error(where ~ "an " ~ join.kind ~ " join needs keys: [[left column, right column], ...]") }}
    {%- endif -%}
    {%- if join.kind == 'as_of' and not (join.get('as_of', {}).get('date') and join.as_of.get('from') and join.as_of.get('to')) -%}
        {{ exceptions.raise_compiler_error(where ~ "kind as_of needs as_of: {date: ..., from: ..., to: ...}") }}
    {%- endif -%}
    {%- if join.kind == 'range' and not join.get('range') -%}
        {{ exceptions.raise_compiler_error(where ~ "kind range needs range: [[left expression, operator, right expression], ...]") }}
    {%- endif -%}
    {%- if join.kind != 'cross' and join.get('min_match_rate') is none -%}
        {{ exceptions.raise_compiler_error(where ~ "min_match_rate is missing (0 to 1; write 0 if any rate is fine, and the reason)") }}
    {%- endif -%}
    {%- if not join.get('reason') and (join.cardinality.endswith('_to_many') or join.get('min_match_rate', 1) | float < 1) -%}
        {{ exceptions.raise_compiler_error(where ~ "say why in `reason:` (it may multiply rows, or rows may stay unmatched)") }}
    {%- endif -%}
    {%- if join.get('audit') == 'flags' and not join.get('matched_when') -%}
        {{ exceptions.raise_compiler_error(where ~ "audit: flags counts by matched_when, which is missing") }}
    {%- endif -%}
    {%- if join.get('audit') == 'skip' and not join.get('audit_reason') -%}
        {{ exceptions.raise_compiler_error(where ~ "audit: skip needs audit_reason") }}
    {%- endif -%}
    {%- if join.get('audit') == 'skip' and join.get('min_match_rate', 0) | float > 0 -%}
        {{ exceptions.raise_compiler_error(where ~ "min_match_rate is " ~ join.min_match_rate ~ ", which audit: skip does not measure: write 0, or another audit") }}
    {%- endif -%}
    {%- if join.kind == 'equality' and join.left == 'this' and join.unmatched == 'exclude' and not join.get('left_sql') -%}
        {{ exceptions.raise_compiler_error(where ~ "left: this has no row that an inner join dropped, so nothing would see the loss. "
            ~ "Write a left join and unmatched: keep, or name the relation that has the rows before the join") }}
    {%- endif -%}
    {%- set complete = {
        'keys': [], 'range': [], 'as_of': {}, 'inputs': {}, 'null_safe': false, 'reason': '', 'audit': 'full',
        'preserves_left': false, 'may_be_empty': false, 'right_may_have_null_keys': false, 'checked_case': ['alias_value'],
        'case_matters': ['dimension_value'],
        'min_match_rate': 1,
    } -%}
    {%- do complete.update(join) -%}
    {{ return(complete) }}
{% endmacro %}

{#- The rows of one side, ready to stand after `from`: the relation, or the select that shapes it into
    the CTE the model joins (`left_sql` / `right_sql` with {left}, {right} and {input} placeholders). -#}
{% macro join_side(join, side, model) %}
    {%- set relation = model if join[side] is string and join[side] == 'this' else join[side] -%}
    {%- set shaped = join.get(side ~ '_sql') -%}
    {%- set narrowed = join.get('where_' ~ side) -%}
    {%- if shaped -%}
        {%- set text = namespace(sql=shaped | replace('{' ~ side ~ '}', relation | string)) -%}
        {%- for name, input in join.inputs.items() -%}
            {%- set text.sql = text.sql | replace('{' ~ name ~ '}', input | string) -%}
        {%- endfor -%}
        {%- set relation = '(' ~ text.sql ~ ') as ' ~ side ~ '_shaped' -%}
    {%- endif -%}
    {%- if narrowed -%}
        {%- set relation = '(select * from ' ~ relation ~ ' where ' ~ narrowed ~ ') as ' ~ side ~ '_side' -%}
    {%- elif not shaped -%}
        {%- set relation = relation ~ ' as ' ~ side ~ '_side' -%}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}

{#- Several columns as one readable text, for the examples of a failing test. -#}
{% macro key_text(columns) -%}
    {%- for column in columns -%}
        coalesce(cast({{ column }} as string), 'NULL'){{ " || ' / ' || " if not loop.last }}
    {%- endfor -%}
    {%- if not columns -%}'(no key)'{%- endif -%}
{%- endmacro %}
