"""Are two builds the same, row for row? Every mart and every published table, every column.

Each table is summed up by its row count and two order-free sums of its rows' hashes; only where
those differ the rows themselves are compared, to show some.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from certgap.errors import UserError

LAYERS = ("marts", "published")
# Which build it was and when: the only cells that two builds of the same files may differ in.
OF_THE_BUILD = {"join_audit": {"build_id", "built_at"}}
EXAMPLES = 3


@dataclass
class TableEquality:
    """One table of both builds."""

    table: str
    n_rows: int
    difference: str = ""

    @property
    def agrees(self) -> bool:
        """No row differs."""
        return not self.difference


def compared_models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Manifest nodes of the tables that must be equal."""
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["fqn"][1] in LAYERS
        and node.get("config", {}).get("materialized") != "view"
    ]


def _rows(side: str, node: dict[str, Any], columns: str) -> str:
    relation = f'{side}."{node["schema"]}"."{node["alias"]}"'
    # Append-only over builds: the newest build is compared.
    newest = f" where built_at = (select max(built_at) from {relation})"
    where = newest if "built_at" in OF_THE_BUILD.get(node["alias"], ()) else ""
    return f"select {columns} from {relation}{where}"


def _columns(connection: duckdb.DuckDBPyConnection, side: str, node: dict[str, Any]) -> list[str]:
    relation = f'{side}."{node["schema"]}"."{node["alias"]}"'
    described = connection.execute(f"describe {relation}").fetchall()
    left_out = OF_THE_BUILD.get(node["alias"], set())
    return [row[0] for row in described if row[0] not in left_out]


def compare_table(connection: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> TableEquality:
    """Compare one table of the attached databases `ours` and `theirs`."""
    names = _columns(connection, "ours", node)
    if names != _columns(connection, "theirs", node):
        return TableEquality(node["alias"], 0, "the columns differ")
    columns = ", ".join(f'"{name}"' for name in names)
    sums = f"select count(*), sum(cast(hash({columns}) as hugeint)), bit_xor(hash({columns})) from "
    ours, theirs = (
        connection.execute(f"{sums} ({_rows(side, node, columns)})").fetchone()
        for side in ("ours", "theirs")
    )
    if ours == theirs:
        return TableEquality(node["alias"], ours[0])
    only = [
        connection.execute(
            f"select * from ({_rows(one, node, columns)} except all "
            f"{_rows(other, node, columns)}) order by all limit {EXAMPLES}"
        ).fetchall()
        for one, other in (("ours", "theirs"), ("theirs", "ours"))
    ]
    words = f"{ours[0]} and {theirs[0]} rows; only one has {only[0]}, only the other {only[1]}"
    return TableEquality(node["alias"], ours[0], words)


def compare_builds(ours: Path, theirs: Path, manifest: dict[str, Any]) -> list[TableEquality]:
    """Every mart and published table of two working databases."""
    models = compared_models(manifest)
    if not models:
        raise UserError("The manifest knows no marts.", "Build the project first.")
    with duckdb.connect() as connection:
        for name, path in (("ours", ours), ("theirs", theirs)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        return [compare_table(connection, node) for node in models]
