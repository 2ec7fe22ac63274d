"""The data dictionary: every published table and dimension, from dbt's manifest to one page.

``python -m certgap.dictionary`` writes ``docs/reference/tables.md`` from the manifest of the last
dbt command. Nothing is said here that the project does not say of its models: words come from the
YAML of the published model and of its mart, keys from the test ``unique_key``, what is hidden from
``config.meta.shown_from``, references from ``config.meta.referenced_by`` of the dimension. Only the
kind of a column is read off its name and type.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from certgap.errors import CheckFailed, UserError
from certgap.handbook.markdown import cell
from certgap.project import Project
from certgap.publish import contents
from certgap.publish.publisher import columns_of, published_models

PAGE = Path("docs/reference/tables.md")
HEAD = """# Published tables

Written by `make dictionary` from the project's YAML; `make test` fails when it is not current. The
published file has the words of tables and columns as comments. Rules behind the figures:
[definitions](../definitions.md). The marts of the same names in the working database are complete
and unsuppressed (restricted).

- `all` in `program_id` is the learner-tool units whatever the program, in `tool_id` the sum over
  tools. Never add `all` to the rest.
- Counts are of units (people times tools) unless the column says people. Rates are shares, 0 to 1,
  over those who can be judged.
- NULL is not 0: nobody to judge, or hidden (`is_suppressed`, `suppression_reason`). Figures that a
  table lists as hidden by a denominator are NULL unless it reaches the display floor (`min_cell`,
  at least 5).
"""

# What a column holds, by the first that fits: part of its name, kind.
KINDS = [
    (r"^n_", "count"),
    (r"^(certification_gap|gap_to_target)$", "difference of shares"),
    (r"p_value", "probability"),
    (r"points", "percentage points"),
    (r"(^|_)rate(_|$)|share|^adoption_target$|^benchmark_(low|high)$", "share, 0 to 1"),
    (r"cost|budget", "money"),
    (r"rank$", "rank"),
    (r"hours", "hours"),
    (r"minutes", "minutes"),
    (r"days_per_week", "days a week"),
    (r"_days($|_)", "days"),
    (r"months$", "months"),
]
KINDS_OF_TYPES = {
    "boolean": "yes or no",
    "date": "day",
    "timestamp": "instant, UTC",
    "string": "text",
    "varchar": "text",
    "varchar[]": "list of texts",
    "bigint": "whole number",
    "integer": "whole number",
    "double": "number",
}
KEY = re.compile(r"\s*Key: [^.]*\.")
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z`\d])")

Manifest = dict[str, Any]


def kind(column: str, data_type: str) -> str:
    """What a column holds, in words."""
    data_type = data_type.lower()
    if data_type in ("bigint", "integer", "double"):
        for pattern, words in KINDS:
            if re.search(pattern, column):
                return words
    try:
        return KINDS_OF_TYPES[data_type]
    except KeyError:
        raise CheckFailed(
            f"The dictionary has no words for the type {data_type} of the column {column}.",
            "Add it to KINDS_OF_TYPES in python/certgap/dictionary.py.",
        ) from None


def references(models: dict[str, dict[str, Any]]) -> dict[str, tuple[str, list[str]]]:
    """Column → the table whose key it is, and the values that are no row there."""
    return {
        column: (table, others)
        for table, node in sorted(models.items())
        for column, others in (node["config"].get("meta") or {}).get("referenced_by", {}).items()
    }


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _referring(table: str, columns: Iterable[str], known: dict[str, Any]) -> Iterator[str]:
    for column in columns:
        owner, others = known.get(column, (table, []))
        if owner != table:
            besides = f" (or {_names(others)})" if others else ""
            yield f"`{column}` to [{owner}](#{owner}){besides}"


def _said(description: str) -> tuple[str, list[str]]:
    """The grain of a description, and its other sentences but for the key."""
    words = KEY.sub("", cell(description)).replace(", as BI may read it", "")
    grain, *others = SENTENCE.split(re.sub(r"^What BI reads of \w+\. ", "", words.strip()))
    return grain.rstrip("."), [other for other in others if other]


def _table(
    name: str,
    description: str,
    of_the_mart: str,
    key: list[str],
    columns: dict[str, tuple[str, str]],
    known: dict[str, Any],
    shown_from: dict[str, list[str]],
) -> Iterator[str]:
    grain, others = _said(description)
    of_both = _said(of_the_mart)[1]
    traps = of_both + [
        other for other in others if not any(s.startswith(other.rstrip(".")) for s in of_both)
    ]
    yield f"\n## {name}\n"
    yield f"{grain}.\n"
    yield f"- Key: {_names(key)}"
    referring = list(_referring(name, columns, known))
    if referring:
        yield f"- Refers: {'; '.join(referring)}"
    for denominator, figures in shown_from.items():
        if figures:
            yield f"- Hidden by `{denominator}`: {_names(figures)}"
    if traps:
        yield f"- Note: {' '.join(traps)}"
    yield "\n| column | holds | |\n|---|---|---|"
    for column, (data_type, said) in columns.items():
        if not said.strip():
            raise CheckFailed(
                f"The column {column} of {name} has no description.", "Write one in its YAML."
            )
        yield f"| `{column}` | {kind(column, data_type)} | {cell(said)} |"


def page(manifest: Manifest) -> str:
    """The whole page."""
    models = published_models(manifest)
    marts = {
        node["name"]: node["description"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }
    keys, known = contents.keys_of(manifest), references(models)
    sections, names = [], []
    # What leaders read first, then what the tables refer to.
    for table, node in sorted(models.items(), key=lambda item: (item[0][:4] == "dim_", item[0])):
        if node["unique_id"] not in keys:
            raise CheckFailed(f"{node['name']} has no key.", "Give it the test unique_key.")
        sections += _table(
            table, node["description"], marts.get(table, ""), keys[node["unique_id"]],
            columns_of(table, node), known, contents.shown_from(node),
        )  # fmt: skip
        names.append(table)
    sections += _table(
        contents.TABLE, contents.DESCRIPTION, "", ["table_name"], contents.COLUMNS, known, {}
    )
    listed = " · ".join(f"[{name}](#{name})" for name in [*names, contents.TABLE])
    return "\n".join([HEAD, listed, *sections]) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(description="Write the data dictionary from dbt's manifest.")
    parser.add_argument("--page", type=Path, help=f"where to write it (default: {PAGE})")
    options = parser.parse_args(arguments)
    try:
        project = Project.find()
        target = options.page or project.folder / PAGE
        target.write_text(page(project.artifact("manifest.json")), encoding="utf-8")
    except (CheckFailed, UserError) as error:
        print(f"{error.problem} {error.remedy}", file=sys.stderr)
        return 2
    print(target)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
