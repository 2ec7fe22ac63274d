{#- One line of a failing join test: how many rows, five examples (most rows first), where to look.
    `broken_sql` yields (example_key, row_count); no row, no failure. -#}
{% macro broken_rows(join, check, broken_sql, hint) %}
select
    '{{ join.name }}' as join_name,
    '{{ check }}' as broken_check,
    cast(sum(row_count) as bigint) as row_count,
    {{ string_list('case when example_rank <= 5 then example_key end') }} as example_keys,
    '{{ hint | replace("'", "") }}' as where_to_look

from (
    select
        example_key,
        row_count,
        row_number() over (order by row_count desc, example_key asc nulls last) as example_rank

    from (
        {{ broken_sql }}
    ) as broken
) as ranked

having sum(row_count) > 0
{% endmacro %}

{#- Data type per lower-cased column name; empty when the side is not a plain relation. -#}
{% macro side_types(join, side, model) %}
    {%- set types = {} -%}
    {%- set relation = model if join[side] is string and join[side] == 'this' else join[side] -%}
    {%- if execute and not join.get(side ~ '_sql') and relation is not string -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {#- dbt-duckdb reports text as character varying(256), typeof() as varchar. -#}
            {%- do types.update({column.name | lower: column.data_type | lower | replace('character varying(256)', 'varchar')}) -%}
        {%- endfor -%}
        {%- set position = 0 if side == 'left' else 1 -%}
        {%- for pair in join['keys'] if types and pair[position] | lower not in types -%}
            {{ exceptions.raise_compiler_error(
                "Join '" ~ join.name ~ "': " ~ relation ~ " has no column '" ~ pair[position] ~ "' (its " ~ side
                ~ " key). Correct keys, or shape the side with " ~ side ~ "_sql."
            ) }}
        {%- endfor -%}
    {%- endif -%}
    {{ return(types) }}
{% endmacro %}

{#- Each check is a macro (join, model, prefix) that appends selects of broken_rows to `found`. -#}

{#- The right side: one row per key (or non-overlapping intervals), no NULL key. -#}
{% macro check_right_side(join, model, prefix, found) %}
    {%- set right = join_side(join, 'right', model) -%}
    {%- set columns = [] -%}
    {%- for pair in join['keys'] -%}{%- do columns.append(pair[1]) -%}{%- endfor -%}
    {%- set look = 'right side ' ~ join_side(join, 'right', model) -%}
    {%- if join.kind == 'equality' and join.cardinality.endswith('_to_one') -%}
        {%- do found.append(broken_rows(join, 'right key is not unique',
            'select ' ~ key_text(columns) ~ ' as example_key, count(*) as row_count from ' ~ right
            ~ ' group by ' ~ columns | join(', ') ~ ' having count(*) > 1',
            'Rows that share a key multiply the left side. Look at: ' ~ look)) -%}
    {%- endif -%}
    {%- if columns and not join.null_safe and not join.right_may_have_null_keys -%}
        {%- do found.append(broken_rows(join, 'right key is NULL',
            'select ' ~ key_text(columns) ~ ' as example_key, count(*) as row_count from ' ~ right
            ~ ' where ' ~ columns | join(' is null or ') ~ ' is null group by ' ~ columns | join(', '),
            'A NULL key matches nothing. Look at: ' ~ look)) -%}
    {%- endif -%}
    {%- if join.kind == 'cross' and join.cardinality.endswith('_to_one') -%}
        {%- do found.append(broken_rows(join, 'right side is not exactly one row',
            "select '(all rows)' as example_key, case when count(*) = 0 then 1 else count(*) end as row_count from " ~ right
            ~ ' having count(*) != 1',
            'None drops every left row, several multiply them. Look at: ' ~ look)) -%}
    {%- endif -%}
    {%- if join.kind == 'cross' and join.cardinality.endswith('_to_many') and join.unmatched == 'keep' -%}
        {%- do found.append(broken_rows(join, 'right side is empty',
            "select '(all rows)' as example_key, n_left as row_count from (select (select count(*) from " ~ join_side(join, 'left', model)
            ~ ') as n_left, (select count(*) from ' ~ right ~ ') as n_right) as row_counts where n_left > 0 and n_right = 0',
            'A cross join with nothing drops every left row. Look at: ' ~ look)) -%}
    {%- endif -%}
    {%- if join.as_of -%}
        {%- set from = join.as_of['from'] -%}
        {%- set to = join.as_of['to'] -%}
        {%- if not join.as_of.get('null_ends') -%}
            {%- do found.append(broken_rows(join, 'interval end is NULL',
                'select ' ~ key_text(columns) ~ ' as example_key, count(*) as row_count from ' ~ right
                ~ ' where ' ~ from ~ ' is null or ' ~ to ~ ' is null group by ' ~ columns | join(', '),
                'A comparison with NULL never matches: fill open ends with always() and still(). Look at: ' ~ look)) -%}
        {%- endif -%}
        {%- set covers = ' <= ' if join.as_of.get('to_inclusive') else ' < ' -%}
        {%- set ended = 'coalesce(' ~ to ~ ', ' ~ still() ~ ')' -%}
        {%- set started = 'coalesce(' ~ from ~ ', ' ~ always() ~ ')' -%}
        {%- set ordered -%}
            select
                {{ key_text(columns + [from, to]) }} as example_key,
                {{ started }} as interval_from,
                {{ ended }} as interval_to,
                max(case when {{ started }}{{ covers }}{{ ended }} then {{ ended }} end) over (
                    partition by {{ columns | join(', ') }}
                    order by {{ started }}, {{ ended }}
                    rows between unbounded preceding and 1 preceding
                ) as earlier_to
            from {{ right }}
        {%- endset -%}
        {%- do found.append(broken_rows(join, 'interval ends before it starts',
            'select example_key, 1 as row_count from (' ~ ordered ~ ') as ordered where interval_to < interval_from',
            'Look at: ' ~ look)) -%}
        {%- if join.cardinality.endswith('_to_one') -%}
            {%- do found.append(broken_rows(join, 'intervals overlap',
                'select example_key, 1 as row_count from (' ~ ordered ~ ') as ordered where interval_from' ~ covers
                ~ 'interval_to and interval_from' ~ covers ~ 'earlier_to',
                'On a day in two intervals the left row doubles. Look at: ' ~ look)) -%}
        {%- endif -%}
        {%- if join.as_of.get('gaps') != 'allowed' -%}
            {%- set next_day = add_days('earlier_to', 1) if join.as_of.get('to_inclusive') else 'earlier_to' -%}
            {%- do found.append(broken_rows(join, 'intervals leave a gap',
                'select example_key, 1 as row_count from (' ~ ordered ~ ') as ordered where interval_from > ' ~ next_day,
                'Days in the gap match nothing; if that is right, declare as_of.gaps: allowed. Look at: ' ~ look)) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{#- Both columns of a key: the same type, trimmed, aliases in lower case. -#}
{% macro check_key_columns(join, model, prefix, found) %}
    {%- set types = key_types(join, model) -%}
    {%- for pair in join['keys'] -%}
        {%- set left_type = types.left.get(pair[0] | lower) -%}
        {%- set right_type = types.right.get(pair[1] | lower) -%}
        {%- set left_name -%}{{ "'" ~ left_type ~ "'" if left_type else '(select max(typeof(key_value)) from (select ' ~ pair[0] ~ ' as key_value from ' ~ join_side(join, 'left', model) ~ ' where ' ~ pair[0] ~ ' is not null limit 1) as left_one)' }}{%- endset -%}
        {%- set right_name -%}{{ "'" ~ right_type ~ "'" if right_type else '(select max(typeof(key_value)) from (select ' ~ pair[1] ~ ' as key_value from ' ~ join_side(join, 'right', model) ~ ' where ' ~ pair[1] ~ ' is not null limit 1) as right_one)' }}{%- endset -%}
        {%- if not (left_type and right_type and left_type == right_type) -%}
            {%- do found.append(broken_rows(join, 'key columns differ in type',
                "select '" ~ pair[0] | replace("'", '') ~ ' ' ~ "' || left_type || ' / " ~ pair[1] | replace("'", '') ~ ' ' ~ "' || right_type as example_key, 1 as row_count from (select lower("
                ~ left_name ~ ') as left_type, lower(' ~ right_name ~ ') as right_type) as key_types where left_type != right_type',
                'A silent cast decides what matches (007 or 7?). Cast in staging, on the side that is wrong.')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for side in ['left', 'right'] -%}
        {%- set untidy = [] -%}
        {%- set columns = [] -%}
        {%- for pair in join['keys'] -%}
            {%- set column = pair[0 if side == 'left' else 1] -%}
            {%- set type = types[side].get(column | lower, 'varchar') -%}
            {%- do columns.append(column) -%}
            {%- if is_text_type(type) -%}
                {%- set text = 'cast(' ~ column ~ ' as string)' -%}
                {#- Five times as fast as comparing with trim(), measured on 62 million rows. #}
                {%- do untidy.append(text ~ " like ' %' or " ~ text ~ " like '% '") -%}
                {%- do untidy.append(text ~ " = ''") -%}
                {%- if column in join.checked_case -%}
                    {%- do untidy.append(text ~ ' != lower(' ~ text ~ ')') -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if untidy -%}
            {%- do found.append(broken_rows(join, side ~ ' key is not normalised',
                'select ' ~ key_text(columns) ~ ' as example_key, count(*) as row_count from ' ~ join_side(join, side, model)
                ~ ' where ' ~ untidy | join(' or ') ~ ' group by ' ~ columns | join(', '),
                'Blanks around a key, an empty key, or an alias in capitals: use clean_text() or clean_alias() in staging. Look at: ' ~ join_side(join, side, model))) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}

{#- Ids that one side writes `E7` and the other `e7`: they match nothing, and a rate below 1 hides it. Single columns are
    looked at, and where a left row finds one right row at most, only those of rows that found none. -#}
{% macro check_case_of_keys(join, model, prefix, found) %}
    {%- set is_measured = join.audit == 'full' -%}
    {%- set is_to_one = join.cardinality.endswith('_to_one') -%}
    {%- set is_proven = is_measured and is_to_one and (join.min_match_rate | float == 1 or is_counted_by_output(join)) -%}
    {%- set types = key_types(join, model) -%}
    {%- for pair in join['keys'] -%}
        {%- set left, right = pair[0], pair[1] -%}
        {%- set is_text = is_text_type(types.left.get(left | lower, 'varchar')) and is_text_type(types.right.get(right | lower, 'varchar')) -%}
        {%- if is_text and not is_proven and left not in join.checked_case + join.case_matters -%}
            {%- if is_measured -%}
                {%- set left_values = 'select part_' ~ loop.index ~ ' as key_value, sum(row_count) as n_left, 0 as n_right from ' ~ prefix ~ '_matched'
                    ~ (' where fan_out = 0' if is_to_one else '') ~ ' group by part_' ~ loop.index -%}
                {%- set right_values = 'select key_' ~ loop.index ~ ', 0, count(*) from ' ~ prefix ~ '_right group by key_' ~ loop.index -%}
            {%- else -%}
                {%- set left_values = 'select ' ~ left ~ ' as key_value, count(*) as n_left, 0 as n_right from ' ~ join_side(join, 'left', model) ~ ' group by ' ~ left -%}
                {%- set right_values = 'select ' ~ right ~ ', 0, count(*) from ' ~ join_side(join, 'right', model) ~ ' group by ' ~ right -%}
            {%- endif -%}
            {%- set spellings = 'select cast(key_value as string) as key_value, sum(n_left) as n_left, sum(n_right) as n_right from ('
                ~ left_values ~ ' union all ' ~ right_values ~ ') as key_values where key_value is not null group by key_value' -%}
            {%- do found.append(broken_rows(join, 'key is written in another case on the other side',
                "select min(key_value) || ' / ' || max(key_value) as example_key, sum(case when n_right = 0 then n_left when n_left = 0 then n_right else 0 end) as row_count from ("
                ~ spellings ~ ') as spellings group by lower(key_value) having count(*) > 1 and max(n_left) > 0 and max(n_right) > 0 and (min(n_left) = 0 or min(n_right) = 0)',
                left ~ ' = ' ~ right ~ ': write ids in one case, in staging; where case tells two of them apart, declare case_matters. Left: '
                ~ join_side(join, 'left', model) ~ ', right: ' ~ join_side(join, 'right', model))) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}

{#- Types of both sides' columns; asked of the database once per test and join. -#}
{% macro key_types(join, model) %}
    {%- if not join.get('types') -%}
        {%- do join.update({'types': {'left': side_types(join, 'left', model), 'right': side_types(join, 'right', model)}}) -%}
    {%- endif -%}
    {{ return(join.types) }}
{% endmacro %}

{% macro is_text_type(type) %}
    {{ return('char' in type or type in ['string', 'text']) }}
{% endmacro %}

{#- What the join does to rows: how many each left row finds, and whether the output still has them all. -#}
{% macro check_row_counts(join, model, prefix, found) %}
    {%- set n_left = '(select count(*) from ' ~ join_side(join, 'left', model) ~ ')' -%}
    {%- set out_filter = ' where ' ~ join.where_out if join.get('where_out') else '' -%}
    {%- set columns = [] -%}
    {%- for pair in join['keys'] -%}{%- do columns.append(pair[0]) -%}{%- endfor -%}
    {%- if join.audit == 'full' and join.kind != 'cross' -%}
        {%- set most = join.get('max_fan_out') or (1 if join.cardinality.endswith('_to_one') else none) -%}
        {%- if most and not is_proven_to_one(join) -%}
            {%- do found.append(broken_rows(join, 'a left row finds more than ' ~ most ~ ' right row(s)',
                'select example_key, row_count from ' ~ prefix ~ '_matched where fan_out > ' ~ most,
                'Fan-out: look for duplicates or overlapping intervals in ' ~ join_side(join, 'right', model))) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if join.kind == 'cross' and join.get('max_fan_out') -%}
        {%- do found.append(broken_rows(join, 'the right side has more than ' ~ join.max_fan_out ~ ' rows',
            "select '(all rows)' as example_key, count(*) as row_count from " ~ join_side(join, 'right', model)
            ~ ' having count(*) > ' ~ join.max_fan_out, 'Every left row is multiplied by them.')) -%}
    {%- endif -%}
    {%- if join.cardinality.startswith('one_to_') and columns and join.kind == 'equality' -%}
        {%- do found.append(broken_rows(join, 'left key is not unique',
            'select ' ~ key_text(columns) ~ ' as example_key, count(*) as row_count from ' ~ join_side(join, 'left', model)
            ~ ' where ' ~ columns | join(' is not null and ') ~ ' is not null'
            ~ ' group by ' ~ columns | join(', ') ~ ' having count(*) > 1',
            'Declared ' ~ join.cardinality ~ ', so each key is on the left once. Look at: ' ~ join_side(join, 'left', model))) -%}
    {%- endif -%}
    {%- if join.preserves_left -%}
        {%- do found.append(broken_rows(join, 'output does not have the rows of the left side',
            "select 'left ' || cast(n_left as string) || ', output ' || cast(n_out as string) as example_key, abs(n_left - n_out) as row_count from (select "
            ~ n_left ~ ' as n_left, (select count(*) from ' ~ model ~ out_filter ~ ') as n_out) as row_counts where n_left != n_out',
            'Fewer: a left join became an inner one, or a where drops rows. More: fan-out. Look at: ' ~ model)) -%}
    {%- endif -%}
    {%- if join.preserves_left and join.get('kept_columns') -%}
        {#- A row lost and another doubled leave the count as it was. #}
        {%- set group = join.kept_columns[0] -%}
        {%- set kept_of = 'select ' ~ key_text([group]) ~ ' as group_value, count(*) as n_rows, ' ~ rows_fingerprint(join.kept_columns) ~ ' as rows_are from ' -%}
        {%- set left_rows = join.left ~ (' where ' ~ join.where_left if join.get('where_left') else '') -%}
        {%- do found.append(broken_rows(join, 'output has other rows than the left side',
            "select '" ~ group ~ " ' || coalesce(left_groups.group_value, out_groups.group_value) as example_key, greatest(1, abs(coalesce(left_groups.n_rows, 0) - coalesce(out_groups.n_rows, 0))) as row_count from ("
            ~ kept_of ~ left_rows ~ ' group by ' ~ group ~ ') as left_groups full outer join ('
            ~ kept_of ~ model ~ out_filter ~ ' group by ' ~ group
            ~ ") as out_groups on left_groups.group_value = out_groups.group_value where coalesce(left_groups.rows_are, '') <> coalesce(out_groups.rows_are, '')",
            join.kept_columns | join(', ') ~ ' are not those of the left side: rows were lost, doubled or changed. Look at: ' ~ model)) -%}
    {%- endif -%}
    {%- if not join.may_be_empty and (join.get('where_left') or join.get('left_sql')) and join['left'] != 'this' -%}
        {%- do found.append(broken_rows(join, 'no row is left to join',
            "select '(all rows)' as example_key, n_relation as row_count from (select (select count(*) from " ~ join['left']
            ~ ') as n_relation, ' ~ n_left ~ ' as n_left) as row_counts where n_left = 0 and n_relation > 0',
            'where_left or left_sql removed every row, so nothing was checked. If that can be, declare may_be_empty: true.')) -%}
    {%- endif -%}
    {%- if join.get('accounted_in') and join.audit == 'full' -%}
        {%- set filed = '(select count(*) from ' ~ join.accounted_in.relation ~ (' where ' ~ join.accounted_in.where if join.accounted_in.get('where') else '') ~ ')' -%}
        {%- do found.append(broken_rows(join, 'unmatched rows are not accounted for',
            "select 'unmatched ' || cast(n_unmatched as string) || ', filed ' || cast(n_filed as string) as example_key, abs(n_unmatched - n_filed) as row_count from (select coalesce((select sum(row_count) from "
            ~ prefix ~ '_matched where fan_out = 0), 0) as n_unmatched, ' ~ filed ~ ' as n_filed) as row_counts where n_unmatched != n_filed',
            'Every unmatched row is filed under its reason in ' ~ join.accounted_in.relation)) -%}
    {%- endif -%}
    {%- if join.get('matched_when') and join.audit == 'full' and join.preserves_left -%}
        {%- do found.append(broken_rows(join, 'match flag disagrees with the keys',
            "select 'by keys ' || cast(by_keys as string) || ', by flag ' || cast(by_flag as string) as example_key, abs(by_keys - by_flag) as row_count from (select coalesce((select sum(row_count) from "
            ~ prefix ~ '_matched where fan_out = 0), 0) as by_keys, (select count(*) from ' ~ model ~ ' where '
            ~ ('(' ~ join.where_out ~ ') and ' if join.get('where_out') else '')
            ~ 'case when ' ~ join.matched_when ~ ' then 0 else 1 end = 1) as by_flag) as row_counts where by_keys != by_flag',
            'The model matches other rows than its declared keys would: a changed boundary or key in its SQL. Look at: ' ~ model)) -%}
    {%- endif -%}
{% endmacro %}

{#- Share of left rows that find a right row. An empty left side has no rate: it passes here, and "no row
    is left to join" tells a really empty relation from one that a filter emptied. -#}
{% macro check_match_rate(join, model, prefix, found) %}
    {%- set hint = 'Fewer than ' ~ join.min_match_rate ~ ' of the left rows match. New alias type, a missing delivery, or a changed key format? Left: '
        ~ join_side(join, 'left', model) ~ ', right: ' ~ join_side(join, 'right', model) -%}
    {%- if join.min_match_rate | float > 0 and join.kind != 'cross' and not is_counted_by_output(join) -%}
        {%- if join.audit == 'full' -%}
            {%- do found.append(broken_rows(join, 'match rate is below ' ~ join.min_match_rate,
                'select example_key, row_count from ' ~ prefix ~ '_matched where fan_out = 0 and (select cast(sum(case when fan_out > 0 then row_count else 0 end) as double) / nullif(sum(row_count), 0) from '
                ~ prefix ~ '_matched) < ' ~ join.min_match_rate, hint)) -%}
        {%- elif join.audit == 'flags' -%}
            {%- do found.append(broken_rows(join, 'match rate is below ' ~ join.min_match_rate,
                "select 'matched ' || cast(n_matched as string) || ' of ' || cast(n_out as string) as example_key, n_out - n_matched as row_count from (select count(*) as n_out, coalesce(sum(case when "
                ~ join.matched_when ~ ' then 1 else 0 end), 0) as n_matched from ' ~ model ~ (' where ' ~ join.where_out if join.get('where_out') else '')
                ~ ') as flags where cast(n_matched as double) / nullif(n_out, 0) < ' ~ join.min_match_rate, hint)) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
