{#- Counts of every declared join of the project as a select of literal rows, for join_audit; the
    model's own SQL holds no join. Outside `dbt build` and `dbt run` (compile, docs) nothing is queried. -#}
{% macro measured_joins() %}
    {%- set asked = [] -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
            | selectattr('package_name', 'equalto', project_name) | sort(attribute='name')
            if node.config.meta.get('joins') -%}
            {%- set model_relation = load_relation(node_relation(node)) -%}
            {%- for declaration in node.config.meta.joins if model_relation and declaration.get('audit') != 'skip' -%}
                {%- set join = join_of_relations(declaration, node) -%}
                {%- do asked.append({'model_name': node.name, 'join': join, 'sql': join_counts_sql(join, model_relation)}) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set measured = [] -%}
    {%- for some_joins in asked | batch(joins_per_statement()) -%}
        {%- do measured.extend(measured_together(some_joins)) -%}
    {%- endfor -%}
    {{ return(measured) }}
{% endmacro %}

{#- A declaration whose sides are relations. -#}
{% macro join_of_relations(declaration, node) %}
    {%- set join = declared_join(declaration, node.name) -%}
    {%- for side in ['left', 'right'] if join[side] != 'this' -%}
        {%- do join.update({side: relation_of_text(join[side], join.name)}) -%}
    {%- endfor -%}
    {%- set inputs = {} -%}
    {%- for name, text in join.inputs.items() -%}
        {%- do inputs.update({name: relation_of_text(text, join.name)}) -%}
    {%- endfor -%}
    {%- do join.update({'inputs': inputs}) -%}
    {{ return(join) }}
{% endmacro %}

{#- Several joins counted by one statement: each with its counts and status. -#}
{% macro measured_together(some_joins) %}
    {%- set selects = [] -%}
    {%- for item in some_joins -%}
        {%- do selects.append(
            'select ' ~ loop.index0 ~ ' as join_number, n_left, n_right, n_matched, n_out, max_fan_out from (\n'
            ~ item.sql ~ '\n) as join_counts'
        ) -%}
    {%- endfor -%}
    {%- set measured = [] -%}
    {%- for counts in run_query(selects | join('\nunion all\n')).rows -%}
        {%- set item = some_joins[counts[0] | int] -%}
        {%- set counted = {
            'model_name': item.model_name, 'join': item.join,
            'n_left': counts[1] | int, 'n_right': counts[2] | int, 'n_matched': counts[3] | int, 'n_out': counts[4] | int,
            'max_fan_out': none if counts[5] is none else counts[5] | int,
        } -%}
        {%- do counted.update({'status': join_status(counted)}) -%}
        {%- do measured.append(counted) -%}
    {%- endfor -%}
    {{ return(measured) }}
{% endmacro %}

{% macro join_status(counted) %}
    {%- set join = counted.join -%}
    {%- set rate = counted.n_matched / counted.n_left if counted.n_left else none -%}
    {%- if join.preserves_left and counted.n_out != counted.n_left -%}{{ return('rows_changed') }}{%- endif -%}
    {%- if join.cardinality.endswith('_to_one') and (counted.max_fan_out or 0) > 1 -%}{{ return('fan_out') }}{%- endif -%}
    {%- if join.get('max_fan_out') and (counted.max_fan_out or 0) > join.max_fan_out -%}{{ return('fan_out') }}{%- endif -%}
    {%- if rate is none -%}{{ return('empty_left') }}{%- endif -%}
    {%- if rate < join.min_match_rate | float and join.kind != 'cross' -%}{{ return('below_min_match_rate') }}{%- endif -%}
    {{ return('ok') }}
{% endmacro %}

{#- An inner join to at most one right row whose output is the left side's rows: what it matched is what came out,
    so that nothing needs to be joined again to know it. -#}
{% macro is_counted_by_output(join) %}
    {{ return(
        join.unmatched == 'exclude' and join.preserves_left and join.cardinality.endswith('_to_one')
        and join.kind in ['equality', 'as_of'] and not join['range'] and not join.get('max_fan_out')
    ) }}
{% endmacro %}

{#- An equality join whose right side is one row per key, which check_right_side looks at, finds at most one. -#}
{% macro is_proven_to_one(join) %}
    {{ return(join.kind == 'equality' and join.cardinality.endswith('_to_one') and not join['range'] and not join.get('max_fan_out')) }}
{% endmacro %}

{#- A flag in the output tells what matched. Where it could be wrong, `structure` compares it with the keys. -#}
{% macro is_counted_by_flag(join) %}
    {{ return(
        join.audit == 'flags'
        or (join.audit == 'full' and join.get('matched_when') and join.preserves_left and join.cardinality.endswith('_to_one') and not join.get('max_fan_out'))
    ) }}
{% endmacro %}

{#- Left rows, right rows, matched left rows, output rows, most right rows one left row finds. -#}
{% macro join_counts_sql(join, model) %}
    {%- set out = model ~ (' where ' ~ join.where_out if join.get('where_out') else '') -%}
    {%- if is_counted_by_output(join) %}
select
    (select count(*) from {{ join_side(join, 'left', model) }}) as n_left,
    (select count(*) from {{ join_side(join, 'right', model) }}) as n_right,
    count(*) as n_matched,
    count(*) as n_out,
    cast(null as bigint) as max_fan_out

from {{ out }}
    {%- elif is_counted_by_flag(join) %}
select
    count(*) as n_left,
    (select count(*) from {{ join_side(join, 'right', model) }}) as n_right,
    coalesce(sum(case when {{ join.matched_when }} then 1 else 0 end), 0) as n_matched,
    count(*) as n_out,
    cast(null as bigint) as max_fan_out

from {{ out }}
    {%- else %}
with

{{ join_measure_ctes(join, model, 'audited') }}

select
    coalesce(sum(row_count), 0) as n_left,
    (select count(*) from {{ join_side(join, 'right', model) }}) as n_right,
    coalesce(sum(case when fan_out > 0 then row_count else 0 end), 0) as n_matched,
    (select count(*) from {{ out }}) as n_out,
    coalesce(max(fan_out), 0) as max_fan_out

from audited_matched
    {%- endif -%}
{% endmacro %}

{#- The relation of a model or seed; with --defer that of the other warehouse, where this one does not hold it. -#}
{% macro node_relation(node) %}
    {%- set own = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias or node.identifier or node.name) -%}
    {%- set deferred = node.get('defer_relation') -%}
    {%- set is_of_state = invocation_args_dict.get('favor_state') and node.unique_id not in selected_resources -%}
    {%- if deferred and (is_of_state or load_relation(own) is none) -%}
        {{ return(api.Relation.create(database=deferred.database, schema=deferred.schema, identifier=deferred.alias)) }}
    {%- endif -%}
    {{ return(own) }}
{% endmacro %}

{#- The relation behind the text `ref('x')` or `source('s', 't')`, as meta holds it. -#}
{% macro relation_of_text(text, join_name) %}
    {%- set words = modules.re.findall("[A-Za-z0-9_.]+", text | string) -%}
    {%- if words[0] == 'ref' -%}
        {%- for node in graph.nodes.values()
            if node.name == words[-1] and node.resource_type in ['model', 'seed', 'snapshot'] -%}
            {{ return(node_relation(node)) }}
        {%- endfor -%}
    {%- elif words[0] == 'source' and words | length == 3 -%}
        {%- for source in graph.sources.values() if source.source_name == words[1] and source.name == words[2] -%}
            {{ return(api.Relation.create(database=source.database, schema=source.schema, identifier=source.identifier)) }}
        {%- endfor -%}
    {%- endif -%}
    {{ exceptions.raise_compiler_error("Join '" ~ join_name ~ "': no relation behind " ~ text ~ ". Write ref('model'), source('source', 'table') or this.") }}
{% endmacro %}
