"""What a published file says of itself: table ``published_contents``, by which it can be audited.

One row per table: how many rows, a checksum over all of them, which columns are its key, and which
figures may only be shown from which denominator on. Counts and checksums are taken from the tables
of the working database, so that a copy that went wrong does not vouch for itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import duckdb

from certgap.errors import CheckFailed

TABLE = "published_contents"
COLUMNS = {
    "publication_id": ("bigint", "The publication this file holds."),
    "table_name": ("varchar", "Name of a table of this file."),
    "n_rows": ("bigint", "Its number of rows."),
    "checksum": ("varchar", "Sum of 64 bits of the MD5 of each row as JSON; the order is no part."),
    "key_columns": ("varchar[]", "Columns that are unique together."),
    "shown_from": (
        "varchar",
        "JSON: denominator to the figures that are NULL unless it reaches smallest_shown.",
    ),
    "smallest_shown": ("bigint", "Smallest denominator that is shown (min_cell, at least 5)."),
}
DESCRIPTION = (
    "One row per table of this file: what it must hold. `certgap publish --audit` compares. "
    "Key: table_name."
)
HARD_FLOOR = 5


@dataclass(frozen=True)
class Contents:
    """One row: what a table of the file must hold."""

    table: str
    n_rows: int
    checksum: str
    key: list[str]
    shown_from: dict[str, list[str]] = field(default_factory=dict)


def summed(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, str]:
    """Number of rows and checksum of a relation (quoted as SQL needs it), whatever their order.

    Rows are hashed as JSON by MD5: both stay the same over versions of DuckDB, its own hash may
    not. They are added up, since under an exclusive or equal rows would cancel out.
    """
    n_rows, total = connection.execute(
        "select count(*), coalesce(sum(cast(md5_number_lower(cast(to_json(rows_of) as varchar))"
        f" as hugeint)), 0) from {relation} as rows_of"
    ).fetchone()
    return n_rows, str(total)


def keys_of(manifest: dict[str, Any]) -> dict[str, list[str]]:
    """unique_id of a model → the columns that its test `unique_key` says are unique together."""
    return {
        node["attached_node"]: list(node["test_metadata"]["kwargs"]["columns"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") == "unique_key"
        and node.get("attached_node")
    }


def shown_from(node: dict[str, Any]) -> dict[str, list[str]]:
    """Denominator → figures, as a published model declares in config.meta.shown_from.

    A table with is_suppressed hides something, and must say by which rule.
    """
    declared = (node["config"].get("meta") or {}).get("shown_from")
    if declared is None and "is_suppressed" in node["columns"]:
        raise CheckFailed(
            f"Nothing was published: {node['original_file_path']} has is_suppressed and does not "
            "say which denominator each figure needs.",
            "Declare config.meta.shown_from in its YAML: {denominator: [figures]}, or {} where the "
            "table lists large groups only (models/published/README.md).",
        )
    return {denominator: list(figures) for denominator, figures in (declared or {}).items()}


def smallest_shown(connection: duckdb.DuckDBPyConnection) -> int:
    """The display floor of the file's rules; 5 where it has no table of rules."""
    names = connection.execute(
        "select table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    if ("dim_metric_rules",) not in names:
        return HARD_FLOOR
    row = connection.execute(
        "select max(try_cast(rule_value as bigint)) from dim_metric_rules"
        " where rule_name = 'var min_cell'"
    ).fetchone()
    return max(HARD_FLOOR, row[0] or 0)


def write(connection: duckdb.DuckDBPyConnection, publication_id: int, rows: list[Contents]) -> None:
    """Write the table into the current database, in place of one that is there."""
    listed = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    connection.execute(f"create or replace table {TABLE} ({listed})")
    floor = smallest_shown(connection)
    for row in sorted(rows, key=lambda row: row.table):
        rule = json.dumps(row.shown_from, sort_keys=True)
        values = [publication_id, row.table, row.n_rows, row.checksum, row.key, rule, floor]
        connection.execute(f"insert into {TABLE} values (?, ?, ?, ?, ?, ?, ?)", values)
    connection.execute(f"comment on table {TABLE} is '{DESCRIPTION}'")
    for name, (_, words) in COLUMNS.items():
        connection.execute(f"comment on column {TABLE}.{name} is '{words}'")


def read(connection: duckdb.DuckDBPyConnection) -> tuple[int | None, int, list[Contents]]:
    """Publication, floor and rows of the current database's table; (None, 5, []) if it is empty."""
    found = connection.execute(f"select {', '.join(COLUMNS)} from {TABLE} order by 2").fetchall()
    if not found:
        return None, HARD_FLOOR, []
    rows = [Contents(*row[1:5], json.loads(row[5])) for row in found]
    return found[0][0], found[0][6], rows
