"""The SQL of a new vendor: a base model that judges every row, a staging model of the kept."""

from __future__ import annotations

import textwrap

from certgap.new_source.contract import Relation
from certgap.new_source.sample import Sample

LINE = 100


def base_model(vendor: str, feed: str, relation: Relation, sample: Sample) -> str:
    """``base_<vendor>__<feed>.sql``, with the mapping to fill in."""
    parts = [
        _header(vendor, feed, relation, sample),
        _map_here(relation, sample),
        _settings(relation),
        "with",
        *_source_ctes(vendor, feed, sample),
        _cte("parsed", _parse_call(relation, sample)),
        _cte("ranked", "{{ rank_feed_rows(columns, key) }}"),
        _cte("judged", _judge_call(sample)).rstrip(","),
        "select * from judged",
    ]
    return "\n\n".join(parts) + "\n"


def staging_model(vendor: str, feed: str, relation: Relation) -> str:
    """``stg_<vendor>__<relation>.sql``: the contract's columns of the kept rows."""
    columns = [_staged(name, vendor, relation) for name in relation.columns]
    columns += [
        f"'{vendor}' as source_system",
        "source_record_id",
        "extracted_at",
        "source_file",
    ]
    header = _comment(
        f"The kept rows of base_{vendor}__{feed} in the contract's columns. What fills them is "
        "said in that model, under MAP HERE; a column that nothing fills is a NULL of its type."
    )
    selected = ",\n        ".join(columns)
    return f"""{header}

with

delivered_rows as (

    select * from {{{{ ref('base_{vendor}__{feed}') }}}}

),

renamed as (

    select
        {selected}

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
"""


def _staged(name: str, vendor: str, relation: Relation) -> str:
    """Courses of two platforms must not share an id."""
    if name == "course_id" or (name == "parent_course_id" and relation.name == "courses"):
        return f"'{vendor}:' || {name} as {name}"
    if name == "source_course_id":
        return "coalesce(source_course_id, course_id) as source_course_id"
    return name


def _header(vendor: str, feed: str, relation: Relation, sample: Sample) -> str:
    unit = {"csv": "row", "lines": "line", "document": "element"}[sample.feed_format]
    more = (
        " A page without elements is one row, superseded; one nobody can read is quarantined."
        if sample.feed_format == "document"
        else ""
    )
    first = (
        f"One row per delivered {unit} of {vendor}'s {feed}: kept, quarantined or superseded. Of "
        f"rows with one key the newest delivery stays.{more}"
    )
    second = (
        "Made by `certgap new-source`, which guesses no meaning: MAP HERE says what fills each "
        f"column of {relation.name}. While a column it needs is none, every row waits as "
        "not_mapped; a value that cannot be read as its kind is quarantined."
    )
    return f"{_comment(first)}\n--\n{_comment(second)}"


def _comment(text: str) -> str:
    return "\n".join(f"-- {line}" for line in textwrap.wrap(text, LINE - 3))


def _map_here(relation: Relation, sample: Sample) -> str:
    words = (
        f"MAP HERE. Right of the colon: the raw column that fills the column on the left, or SQL "
        f"over raw columns, or a constant in two kinds of quotes such as \"'work_email'\". none: "
        f"the vendor does not report it. Needed: {', '.join(relation.required)}. "
        f"Raw columns: {', '.join(column.name for column in sample.columns)}."
    )
    comment = "\n    ".join(textwrap.wrap(words, LINE - 6))
    mapping = "\n".join(f"    '{name}': none," for name in relation.columns)
    return f"{{#- {comment} -#}}\n{{% set mapping = {{\n{mapping}\n}} %}}"


def _settings(relation: Relation) -> str:
    columns = "\n".join(f"    '{name}': '{kind}'," for name, kind in relation.columns.items())
    lines = [
        f"{{% set columns = {{\n{columns}\n}} %}}",
        _list("required_values", relation.required),
        _list("key", relation.key),
    ]
    if relation.defaults:
        rows = []
        for name, sql in relation.defaults.items():
            if "{occurred_at}" in sql:
                before, after = sql.split("{occurred_at}")
                rows += [
                    f"    '{name}': \"{before}\" ~ (mapping.occurred_at or 'null')",
                    f'        ~ "{after}",',
                ]
            else:
                rows.append(f"    '{name}': \"{sql}\",")
        lines.append("{% set defaults = {\n" + "\n".join(rows) + "\n} %}")
    if relation.codes:
        rows = []
        for name, values in relation.codes.items():
            listed = textwrap.wrap(", ".join(f"'{value}'" for value in values), LINE - 8)
            rows.append(f"    '{name}': [\n        " + "\n        ".join(listed) + ",\n    ],")
        lines.append("{% set codes = {\n" + "\n".join(rows) + "\n} %}")
    return "\n".join(lines)


def _list(name: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    line = f"{{% set {name} = [{listed}] %}}"
    if len(line) <= LINE:
        return line
    inner = "\n    ".join(textwrap.wrap(f"{listed},", LINE - 4))
    return f"{{% set {name} = [\n    {inner}\n] %}}"


def _cte(name: str, body: str) -> str:
    return f"{name} as (\n\n{textwrap.indent(body, '    ')}\n\n),"


def _source_ctes(vendor: str, feed: str, sample: Sample) -> list[str]:
    source = f"{{{{ source('{vendor}', '{feed}') }}}}"
    if sample.feed_format == "csv":
        columns = [
            f"{{{{ adapter.quote('{_quoted(column.raw_name)}') }}}} as {column.name}"
            for column in sample.columns
        ]
        return [
            _cte("source", _select([*columns, "source_file", "extracted_at"], f"from {source}"))
        ]
    columns = [
        f"{{{{ json_get('record', '$.{column.raw_name}') }}}} as {column.name}"
        for column in sample.columns
    ]
    own = ["record is null as is_unreadable"]
    if sample.feed_format == "document":
        own = ["record is null and not is_empty_page as is_unreadable", "is_empty_page"]
    read = _select(
        [*columns, *own, "delivered_text", "source_file", "extracted_at"], "from source_rows"
    )
    before = _line_ctes(source) if sample.feed_format == "lines" else _page_ctes(source, sample)
    return [*before, _cte("source", read)]


def _line_ctes(source: str) -> list[str]:
    columns = [
        "line_text as delivered_text",
        "case when {{ is_json('line_text') }} then line_text end as record",
        "source_file",
        "extracted_at",
    ]
    return [_cte("source_rows", _select(columns, f"from {source}"))]


def _page_ctes(source: str, sample: Sample) -> list[str]:
    where = sample.elements
    first = f"{{{{ json_get('page', '{where}[0]') }}}}"
    pages = [
        "document_text",
        "case when {{ is_json('document_text') }} then document_text end as page",
        "source_file",
        "extracted_at",
    ]
    elements = [
        f"{{{{ json_array_elements('page', '{where}') }}}} as record",
        "source_file",
        "extracted_at",
    ]
    of_elements = [
        "record as delivered_text",
        "record",
        "false as is_empty_page",
        "source_file",
        "extracted_at",
    ]
    of_pages = [
        "document_text as delivered_text",
        "cast(null as string) as record",
        f"coalesce({{{{ json_get('page', '{where}') }}}} = '[]', false) as is_empty_page",
        "source_file",
        "extracted_at",
    ]
    rows = (
        _select(of_elements, "from elements")
        + "\n\nunion all\n\n"
        + _select(of_pages, f"from pages\n\nwhere {first} is null")
    )
    return [
        _cte("pages", _select(pages, f"from {source}")),
        _cte("elements", _select(elements, f"from pages\n\nwhere {first} is not null")),
        _cte("source_rows", rows),
    ]


def _select(columns: list[str], rest: str) -> str:
    return "select\n    " + ",\n    ".join(columns) + f"\n\n{rest}"


def _parse_call(relation: Relation, sample: Sample) -> str:
    if sample.feed_format == "csv":
        names = [f"'{column.name}'" for column in sample.columns]
        listed = "\n        ".join(textwrap.wrap(", ".join(names), LINE - 12))
        raw_text = f"raw_text=row_as_text([\n        {listed},\n    ])"
    else:
        raw_text = "raw_text='delivered_text'"
    arguments = [raw_text]
    if relation.defaults:
        arguments.append("defaults=defaults")
    if relation.codes:
        arguments.append("codes=codes")
    if relation.calendar_days:
        days = ", ".join(f"'{name}'" for name in relation.calendar_days)
        arguments.append(f"calendar_days=[{days}]")
    if sample.feed_format == "lines":
        arguments.append("checks={'unreadable_json': 'is_unreadable'}")
    if sample.feed_format == "document":
        arguments.append(
            "checks={'empty_page': 'is_empty_page', 'unreadable_page': 'is_unreadable'}"
        )
    joined = ",\n    ".join(["columns, mapping, required_values", *arguments])
    return f"{{{{ parse_mapped_rows(\n    {joined}\n) }}}}"


def _judge_call(sample: Sample) -> str:
    if sample.feed_format != "document":
        return "{{ judge_feed_rows(columns, key, 'delivered_again') }}"
    return "{{ judge_feed_rows(columns, key, 'delivered_again', empty_because='empty_page') }}"


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")
