"""The YAML, fixture notes and tests of a new vendor."""

from __future__ import annotations

import json
import textwrap

from certgap.new_source.contract import Relation
from certgap.new_source.sample import Sample

LINEAGE = {
    "source_system": "contract_source_system",
    "source_record_id": "contract_source_record_id",
    "extracted_at": "contract_extracted_at",
    "source_file": "contract_source_file",
}
JUDGED = {
    "row_status": "contract_row_status",
    "status_reason": "contract_status_reason",
    "raw_text": "contract_raw_text",
    "source_record_id": "contract_source_record_id",
    "source_file": "contract_source_file",
    "extracted_at": "contract_extracted_at",
}
# The day the sample stands for in tests; the date of a delivery is in its path.
SAMPLE_DAY = "2026-01-01"


def sources_yaml(category: str, vendor: str, feed: str, sample: Sample) -> str:
    """``_<vendor>__sources.yml``: the columns every file of the feed must have."""
    if sample.feed_format == "csv":
        columns = [
            (column.raw_name, column.description(sample.rows), True) for column in sample.columns
        ]
    else:
        paths = ", ".join(f"$.{column.raw_name}" for column in sample.columns)
        text = "One JSON object" if sample.feed_format == "lines" else "One page as JSON"
        where = f", rows in {sample.elements}" if sample.elements else ""
        name = "line_text" if sample.feed_format == "lines" else "document_text"
        columns = [(name, f"{text}{where}. In the sample each row has: {paths}.", False)]
    columns += [
        ("source_file", "File the row came in, below the raw folder.", False),
        ("extracted_at", "Delivery date of the file (UTC midnight).", False),
    ]
    listed = "".join(
        f"          - name: {_text(name)}\n            description: {_text(words)}\n"
        + ("            quote: true\n" if quote else "")
        for name, words, quote in columns
    )
    return f"""version: 2

sources:
  - name: {vendor}
    description: >
      Exports of {vendor}. Made by `certgap new-source` from one sample; verified by nobody yet.
    schema: "{{{{ 'raw' if target.type == 'duckdb' else target.schema ~ '_raw' }}}}"
    config:
      enabled: "{{{{ '{vendor}' in var('enabled_sources') }}}}"
      meta: {{category: {category}, vendor: {vendor}}}
    tables:
      - name: {feed}
        identifier: {vendor}__{feed}
        description: "Feed {feed}, one row each as in the sample of {sample.rows} rows."
        # Set required to true once it is mapped: a build then stops without a file. A column that
        # only some files have gets `config: {{meta: {{optional: true}}}}`. And say in meta which
        # columns name a person: `people: {{own: {{email: mail}}}}`, or `people: none`.
        config: {{meta: {{format: {sample.feed_format}, required: false}}}}
        columns:
{listed}"""


def models_yaml(vendor: str, feed: str, relation: Relation) -> str:
    """``_<vendor>__models.yml``: every model and column described, with key tests."""
    enabled = f"{{enabled: \"{{{{ '{vendor}' in var('enabled_sources') }}}}\"}}"
    base, staging = f"base_{vendor}__{feed}", f"stg_{vendor}__{relation.name}"
    key = ", ".join(relation.key)
    contract = {name: f"contract_{name}" for name in relation.columns}
    return f"""version: 2

models:
  - name: {base}
    description: >
      One row per row delivered, kept, quarantined or superseded. Key of the kept rows: {key}.
      Rows are quarantined as not_mapped until every column it needs is mapped.
    config: {enabled}
    data_tests:
      - unique_key:
          name: {base}_keeps_one_row_per_key
          arguments: {{columns: [source_record_id]}}
          config: {{where: "row_status = 'kept'"}}
      - row_status_is_explained:
          name: {base}_explains_every_row_it_does_not_keep
    columns:
{_columns(contract | JUDGED)}
  - name: {staging}
    description: >
      {relation.says} Key: {key}. The kept rows of {base}; a column nothing is mapped to is NULL.
    config: {enabled}
    data_tests:
      - unique_key:
          name: {staging}_has_one_row_per_key
          arguments: {{columns: [source_record_id]}}
    columns:
{_columns(contract | LINEAGE)}"""


def _columns(blocks: dict[str, str]) -> str:
    return "".join(
        f"      - {{name: {name}, description: \"{{{{ doc('{block}') }}}}\"}}\n"
        for name, block in blocks.items()
    )


def unit_tests_yaml(vendor: str, feed: str, relation: Relation, sample: Sample) -> str:
    """``_<vendor>__unit_tests.yml``: what holds before anything is mapped, and afterwards."""
    enabled = f"\"{{{{ '{vendor}' in var('enabled_sources') }}}}\""
    base, staging = f"base_{vendor}__{feed}", f"stg_{vendor}__{relation.name}"
    given = _given(sample)
    rows = "".join(f"          - {_inline(row)}\n" for row in given)
    expected = "".join(f"        - {_inline(row)}\n" for row in _expected(given, sample))
    key = {name: _value(relation.columns[name]) for name in relation.required}
    return f"""version: 2

unit_tests:
  # Replace this one when you map: rows as the vendor writes them, and what must become of them.
  - name: {vendor}_{feed}_rows_wait_in_quarantine_until_they_are_mapped
    description: Nothing is guessed, nothing is lost; the row stands in the quarantine as it came.
    model: {base}
    config:
      enabled: {enabled}
    given:
      - input: source('{vendor}', '{feed}')
        rows:
{rows}    expect:
      rows:
{expected}
  - name: {vendor}_{feed}_rows_that_are_not_kept_reach_no_figure
    description: Quarantined and superseded rows end in the base model.
    model: {staging}
    config:
      enabled: {enabled}
    given:
      - input: ref('{base}')
        rows:
          - {_inline({**key, "source_record_id": "kept", "row_status": "kept"})}
          - {_inline({**key, "source_record_id": "older", "row_status": "superseded"})}
          - {_inline({**key, "source_record_id": "broken", "row_status": "quarantined"})}
    expect:
      rows:
        - {{source_record_id: kept, source_system: {vendor}}}
"""


def _value(kind: str) -> str:
    """A value of a kind that cannot be taken for anybody's."""
    return {"date": "2026-01-05", "timestamp": "2026-01-05 10:00:00", "code": "code"}.get(kind, "x")


def _given(sample: Sample) -> list[dict[str, str]]:
    lineage = {"source_file": "first.file", "extracted_at": SAMPLE_DAY}
    if sample.feed_format == "csv":
        row = {column.raw_name: str(n) for n, column in enumerate(sample.columns, start=1)}
        return [{**row, **lineage}]
    first = sample.columns[0].raw_name
    record: dict[str, object] = {}
    inner = record
    *above, last = first.split(".")
    for key in above:
        inner[key] = {}
        inner = inner[key]  # type: ignore[assignment]
    inner[last] = "1"
    if sample.feed_format == "lines":
        return [
            {"line_text": json.dumps(record), **lineage},
            {"line_text": "{", **lineage, "source_file": "cut.file"},
        ]
    page: object = [record]
    empty: object = []
    for key in reversed(sample.elements.removeprefix("$").strip(".").split(".")):
        if key:
            page, empty = {key: page}, {key: empty}
    return [
        {"document_text": json.dumps(page), **lineage},
        {"document_text": json.dumps(empty), **lineage, "source_file": "empty.file"},
        {"document_text": "{", **lineage, "source_file": "cut.file"},
    ]


def _expected(given: list[dict[str, str]], sample: Sample) -> list[dict[str, str]]:
    reasons = {
        "first.file": ("quarantined", "not_mapped"),
        "empty.file": ("superseded", "empty_page"),
        "cut.file": (
            "quarantined",
            "unreadable_json" if sample.feed_format == "lines" else "unreadable_page",
        ),
    }
    rows = []
    for row in given:
        status, reason = reasons[row["source_file"]]
        rows.append(
            {"source_file": row["source_file"], "row_status": status, "status_reason": reason}
        )
    if sample.feed_format == "csv":
        values = [str(n) for n in range(1, len(sample.columns) + 1)]
        rows[0]["raw_text"] = ",".join(values)
    return rows


def _inline(row: dict[str, str]) -> str:
    """A YAML flow mapping on one line."""
    return "{" + ", ".join(f"{_text(k)}: {_text(v)}" for k, v in row.items()) + "}"


def _text(value: str) -> str:
    """A YAML scalar that is text whatever it looks like."""
    plain = value.replace("_", "").isalpha() and value.isascii()
    reserved = value.lower() in {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
    return value if plain and not reserved else json.dumps(value, ensure_ascii=False)


def samples_note(vendor: str, fixture: str) -> str:
    """``SOURCES.md`` beside the fixture."""
    return f"""# Sample of {vendor}

`{fixture}`: given to `certgap new-source`. Say here, as the other samples do:

- origin: who exported it, from which system, and when;
- kind: real, vendor mock, or from documentation;
- licence: under which it may be kept here.

Real people's names, addresses and ids must be replaced before this file is committed.
"""


def sample_test(category: str, vendor: str, feed: str, fixture: str, sample: Sample) -> str:
    """``python/tests/test_<vendor>_sample.py``: every row of the fixture is accounted for."""
    words = textwrap.fill(
        f"Rule: every row of the sample ({sample.rows}) is kept, quarantined or superseded.", 98
    )
    delivered = f"{category}/{vendor}/{feed}/{SAMPLE_DAY}{sample.extension}"
    return f'''"""The {vendor} adapter reads its sample.

{words}
Add what the kept rows must say, worked out from the file by plain Python.
"""

from __future__ import annotations

import duckdb

from vendor_samples import build_staging, sample, statuses

DELIVERED = {{
    "{delivered}": sample("{vendor}", "{fixture}"),
}}
ROWS = {sample.rows}


def test_every_row_of_the_{vendor}_sample_is_accounted_for(tmp_path):
    database = build_staging(tmp_path, ["{vendor}"], DELIVERED)
    with duckdb.connect(str(database), read_only=True) as warehouse:
        assert sum(statuses(warehouse, "base_{vendor}__{feed}").values()) == ROWS
'''
