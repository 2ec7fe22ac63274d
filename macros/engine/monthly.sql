{#- The materialization `monthly`: a table that is built again only for the months whose input changed.

    config: month_column  the column that says which month a row belongs to (a date, the first of the month; it
                          must be the last column, and 0001-01-01 holds rows without a day)
            months        the model that lists the months: month_start, fingerprint (text that differs when the input of
                          the month differs), n_rows (about how many input rows; months are taken together until
                          `rows_at_once`, 6 million, are reached)

    The model's SQL is right as it stands, for all months at once. Where it says {{ built_months('usage_date') }}, the
    range of the months that are being built is put in, so that nothing of the other months is read. What was built
    from which fingerprint stands in <model>__months; changed code rebuilds everything. Nothing looks at the clock. -#}


{#- Condition in a monthly model: the day lies in the months being built. -#}
{% macro built_months(day) -%}
    /* built_months {{ day }} */ true
{%- endmacro %}


{#- First day of the month of a day. Rows without a day, and days no calendar of ours has (0001-01-01 and 9999-12-31
    stand for "none" in many exports), share the month 0001-01-01. -#}
{% macro month_of(day) -%}
    case
        when {{ is_calendar_day(day) }} then cast(date_trunc('month', {{ day }}) as date)
        else cast('0001-01-01' as date)
    end
{%- endmacro %}

{% macro is_calendar_day(day) -%}
    ({{ day }} >= cast('1900-01-01' as date) and {{ day }} < cast('2200-01-01' as date))
{%- endmacro %}


{#- First day of the next month, in Jinja. -#}
{% macro next_month(month) %}
    {% do return((month + modules.datetime.timedelta(days=31)).replace(day=1)) %}
{% endmacro %}


{#- The model's SQL for a batch of months that follow each other. -#}
{% macro monthly_sql(batch) %}
    {% set result = namespace(sql=sql) %}
    {% for marker, day in modules.re.findall('(/[*] built_months (.*?) [*]/ true)', sql, modules.re.DOTALL) %}
        {% if batch | first == modules.datetime.date(1, 1, 1) %}
            {% set condition = '(' ~ day ~ ' is null or not ' ~ is_calendar_day(day) ~ ')' %}
        {% else %}
            {% set condition = '(' ~ day ~ " >= cast('" ~ batch | first ~ "' as date) and " ~ day ~ " < cast('"
                ~ next_month(batch | last) ~ "' as date))" %}
        {% endif %}
        {% set result.sql = result.sql.replace(marker, condition) %}
    {% endfor %}
    {% do return(result.sql) %}
{% endmacro %}


{#- Months that follow each other, taken together until they have `rows_at_once` rows: [[month, …], …]. -#}
{% macro monthly_batches(rows) %}
    {% set limit = config.get('rows_at_once', 6000000) | int %}
    {% set batches = [] %}
    {% set state = namespace(n_rows=0, next=none) %}
    {% for row in rows %}
        {% if batches and row[0] == state.next and state.n_rows + (row[1] | int) <= limit %}
            {% do batches[-1].append(row[0]) %}
            {% set state.n_rows = state.n_rows + (row[1] | int) %}
        {% else %}
            {% do batches.append([row[0]]) %}
            {% set state.n_rows = row[1] | int %}
        {% endif %}
        {% set state.next = none if row[0] == modules.datetime.date(1, 1, 1) else next_month(row[0]) %}
    {% endfor %}
    {% do return(batches) %}
{% endmacro %}


{#- Changes when the model's compiled SQL changes, or that of a view or of a monthly model it reads. What a table
    holds, its months' fingerprints must tell. -#}
{% macro monthly_code_hash() %}
    {% set parts = [sql] %}
    {% set views = [] %}
    {% set queue = model.depends_on.nodes | list %}
    {% set seen = [] %}
    {% for step in range(1000) if queue %}
        {% set unique_id = queue.pop() %}
        {% set node = graph.nodes.get(unique_id) %}
        {% if unique_id not in seen and node and node.config.materialized == 'view' %}
            {% do views.append(node_relation(node)) %}
            {% do queue.extend(node.depends_on.nodes) %}
        {% elif unique_id not in seen and node and node.config.materialized == 'monthly' %}
            {% do parts.extend(run_query(
                "select distinct code_hash from " ~ monthly_state_relation(node_relation(node))
                ~ " where code_hash is not null order by 1"
            ).columns[0].values()) %}
        {% endif %}
        {% do seen.append(unique_id) %}
    {% endfor %}
    {% if views %}{% do parts.extend(view_definitions(views)) %}{% endif %}
    {% do return(local_md5(parts | join('\n'))) %}
{% endmacro %}


{% macro view_definitions(views) %}{{ return(adapter.dispatch('view_definitions', 'certgap')(views)) }}{% endmacro %}

{% macro default__view_definitions(views) %}
    {% set names = [] %}
    {% for view in views %}{% do names.append("'" ~ view.schema ~ '.' ~ view.identifier ~ "'") %}{% endfor %}
    {% do return(run_query(
        "select sql from duckdb_views() where schema_name || '.' || view_name in (" ~ names | join(', ') ~ ") order by 1"
    ).columns[0].values()) %}
{% endmacro %}

{% macro spark__view_definitions(views) %}
    {% set definitions = [] %}
    {% for view in views | sort(attribute='identifier') %}
        {% set text = run_query("show create table " ~ view).columns[0].values()[0] %}
        {#- Every run creates the views again; only the time of it differs. -#}
        {% do definitions.append(modules.re.sub("'transient_lastDdlTime' = '[0-9]+'", '', text)) %}
    {% endfor %}
    {% do return(definitions) %}
{% endmacro %}


{#- The table beside a monthly model that says which month was built from what. Only ever appended to, because a
    Parquet table on Spark cannot be updated: the row with the greatest build_number of a month counts; a NULL
    fingerprint means that the month is being built, or gone. -#}
{% macro monthly_state_relation(relation) %}
    {% do return(api.Relation.create(
        database=relation.database, schema=relation.schema, identifier=relation.identifier ~ '__months', type='table'
    )) %}
{% endmacro %}


{% macro create_monthly_state(relation) %}
    {% call statement('create_state', auto_begin=True) %}
        create table {{ relation }} as
        select
            cast(null as date) as built_month, cast(null as string) as fingerprint, cast(null as string) as code_hash,
            cast(null as bigint) as n_rows, cast(null as bigint) as build_number
        where false
    {% endcall %}
{% endmacro %}


{#- The last record of each month: built_month, fingerprint, code_hash, n_rows. -#}
{% macro last_monthly_state(state) -%}
    select
        built_month,
        {%- for name in ['fingerprint', 'code_hash', 'n_rows'] %}
        {{ last_value_by(name, 'build_number') }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ state }}
    group by built_month
{%- endmacro %}


{#- Months as listed now beside their last record. -#}
{% macro listed_and_built(state) -%}
    {{ ref(config.require('months')) }} as listed
    full outer join ({{ last_monthly_state(state) }}) as built
        on listed.month_start = built.built_month
{%- endmacro %}


{#- {months: [[month, n_rows, fingerprint], …] to build, gone: [month, …], build_number}. -#}
{% macro monthly_plan(state, code_hash) %}
    {% set months = [] %}
    {% set gone = [] %}
    {% for row in run_query(
        "select coalesce(listed.month_start, built.built_month), coalesce(listed.n_rows, 0), listed.fingerprint,"
        ~ " built.fingerprint, built.code_hash from " ~ listed_and_built(state) ~ " order by 1"
    ).rows %}
        {% if row[2] is none %}
            {% if row[3] is not none %}{% do gone.append(month_value(row[0])) %}{% endif %}
        {% elif row[2] != row[3] or code_hash != row[4] %}
            {% do months.append([month_value(row[0]), row[1], row[2]]) %}
        {% endif %}
    {% endfor %}
    {% set build_number = run_query("select coalesce(max(build_number), 0) + 2 from " ~ state).rows[0][0] %}
    {% do return({'months': months, 'gone': gone, 'build_number': build_number}) %}
{% endmacro %}


{#- A monthly model that goes by the same months as this one must have them as they are listed now: from rows of
    before, this model would record the new fingerprint and stay wrong. -#}
{% macro check_months_of_inputs() %}
    {% for unique_id in model.depends_on.nodes if unique_id in graph.nodes %}
        {% set node = graph.nodes[unique_id] %}
        {% if node.config.materialized == 'monthly' and node.config.get('months') == config.get('months') %}
            {% set state = monthly_state_relation(node_relation(node)) %}
            {% set late = run_query(
                "select count(*) from " ~ listed_and_built(state) ~ " where listed.month_start is not null"
                ~ " and listed.fingerprint is distinct from built.fingerprint"
            ).rows[0][0] | int %}
            {% if late > 0 %}
                {% do exceptions.raise_compiler_error(
                    model.name ~ " reads " ~ node.name ~ ", which has not built " ~ late
                    ~ " of its months yet. Build it first: dbt build --select " ~ node.name ~ "+"
                ) %}
            {% endif %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- A date as the database gave it: over Thrift it is a text. -#}
{% macro month_value(value) %}{% do return(modules.datetime.date.fromisoformat(value | string)) %}{% endmacro %}


{#- Months as unbuilt before their rows change and as built after, so that a run that dies in between builds them
    again (on DuckDB a batch is one transaction anyway). -#}
{% macro mark_months(state, months, build_number, code_hash=none, rows=[]) %}
    {% set rows_of = {} %}
    {% for row in rows %}{% do rows_of.update({row[0]: row}) %}{% endfor %}
    {% call statement('mark_months', auto_begin=True) %}
        insert into {{ state }}
        {% for month in months %}
        select
            cast('{{ month }}' as date),
            {% if month in rows_of %}
            '{{ rows_of[month][2] }}', '{{ code_hash }}', cast({{ rows_of[month][1] }} as bigint),
            cast({{ build_number }} as bigint)
            {% else %}
            cast(null as string), cast(null as string), cast(null as bigint), cast({{ build_number - 1 }} as bigint)
            {% endif %}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    {% endcall %}
{% endmacro %}


{% macro month_in(column, months) -%}
    {{ column }} in (
    {%- for month in months %}cast('{{ month }}' as date){{ ', ' if not loop.last }}{% endfor -%}
    )
{%- endmacro %}


{% materialization monthly, adapter='duckdb', supported_languages=['sql'] %}
    {{ do_monthly() }}
    {% do return({'relations': [this.incorporate(type='table')]}) %}
{% endmaterialization %}


{% materialization monthly, adapter='spark', supported_languages=['sql'] %}
    {{ do_monthly() }}
    {% do return({'relations': [this.incorporate(type='table')]}) %}
{% endmaterialization %}


{% macro do_monthly() %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set state = monthly_state_relation(target_relation) %}
    {% set existing = load_cached_relation(this) %}
    {% set existing_state = load_relation(state) %}
    {% set code_hash = monthly_code_hash() %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {% set has_months = existing is not none and existing.is_table and config.require('month_column')
        in (adapter.get_columns_in_relation(existing) | map(attribute='name')) %}
    {% set is_same_code = has_months and existing_state is not none
        and not should_full_refresh()
        and run_query(
            "select count(*) from " ~ state ~ " where code_hash is not null and code_hash <> '" ~ code_hash ~ "'"
        ).rows[0][0] == 0 %}
    {% if not is_same_code %}
        {% if existing_state is not none %}{% do adapter.drop_relation(existing_state) %}{% endif %}
        {% if existing is not none %}{% do adapter.drop_relation(existing) %}{% endif %}
        {% do create_monthly_table(target_relation, monthly_sql([modules.datetime.date(2, 1, 1)])) %}
        {% do create_monthly_state(state) %}
        {% do adapter.commit() %}
    {% endif %}

    {% do check_months_of_inputs() %}
    {% set plan = monthly_plan(state, code_hash) %}
    {% if is_same_code and plan.gone %}
        {% do mark_months(state, plan.gone, plan.build_number) %}
        {% do delete_months(target_relation, plan.gone) %}
        {% do adapter.commit() %}
    {% endif %}
    {% for batch in monthly_batches(plan.months) %}
        {% if is_same_code %}
            {% do mark_months(state, batch, plan.build_number) %}
            {% do delete_months(target_relation, batch) %}
        {% endif %}
        {% do insert_months(target_relation, batch, monthly_sql(batch)) %}
        {% do mark_months(state, batch, plan.build_number, code_hash, plan.months) %}
        {% do adapter.commit() %}
    {% endfor %}
    {% call noop_statement('main', plan.months | length ~ ' months', 'MONTHS', plan.months | length) %}
        -- {{ plan.months | length }} months built, {{ plan.gone | length }} gone
    {% endcall %}

    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
{% endmacro %}


{#- The table without rows: no month of the year 2 has any. -#}
{% macro create_monthly_table(relation, empty_sql) %}{{ return(adapter.dispatch('create_monthly_table', 'certgap')(relation, empty_sql)) }}{% endmacro %}
{% macro default__create_monthly_table(relation, empty_sql) %}
    {% call statement('create_table', auto_begin=True) %}
        create table {{ relation }} as select * from ({{ empty_sql }}) as no_rows limit 0
    {% endcall %}
{% endmacro %}
{% macro spark__create_monthly_table(relation, empty_sql) %}
    {% call statement('create_table', auto_begin=True) %}
        create table {{ relation }} using parquet partitioned by ({{ config.require('month_column') }}) as
        select * from ({{ empty_sql }}) as no_rows limit 0
    {% endcall %}
{% endmacro %}


{% macro delete_months(relation, months) %}{{ return(adapter.dispatch('delete_months', 'certgap')(relation, months)) }}{% endmacro %}
{% macro default__delete_months(relation, months) %}
    {% call statement('delete_months', auto_begin=True) %}
        delete from {{ relation }} where {{ month_in(config.require('month_column'), months) }}
    {% endcall %}
{% endmacro %}
{% macro spark__delete_months(relation, months) %}
    {% for month in months %}
        {% call statement('delete_months', auto_begin=True) %}
            alter table {{ relation }} drop if exists partition ({{ config.require('month_column') }} = date '{{ month }}')
        {% endcall %}
    {% endfor %}
{% endmacro %}


{% macro insert_months(relation, batch, batch_sql) %}
    {% call statement('insert_months', auto_begin=True) %}
        insert into {{ relation }}
        select * from (
            {{ batch_sql }}
        ) as built
        where {{ month_in(config.require('month_column'), batch) }}
    {% endcall %}
{% endmacro %}


{#- The state of a monthly model, to read from another model: built_month, fingerprint, code_hash, build_number. -#}
{% macro monthly_state(model_name) -%}
    {%- set relation = ref(model_name) -%}
    {{ api.Relation.create(
        database=relation.database, schema=relation.schema, identifier=relation.identifier ~ '__months'
    ) }}
{%- endmacro %}


{#- Aggregate: a text that differs when the rows of the group differ. Rows must be unique in `columns`: an equal pair
    would cancel out. -#}
{% macro rows_fingerprint(columns) -%}
    cast(count(*) as string) || '-' || cast(bit_xor({{ row_hash(columns) }}) as string)
{%- endmacro %}

{% macro row_hash(columns) %}{{ return(adapter.dispatch('row_hash', 'certgap')(columns)) }}{% endmacro %}
{#- Hashed twice: DuckDB's hash of several values is an exclusive or with the hash of the last one, so that under
    bit_xor two rows that swap it would cancel out. -#}
{% macro default__row_hash(columns) %}hash(hash({{ columns | join(', ') }})){% endmacro %}
{% macro spark__row_hash(columns) %}xxhash64(xxhash64({{ columns | join(', ') }})){% endmacro %}
