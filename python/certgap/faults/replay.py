"""The build's statements run again on changed files: only those whose input changed.

dbt builds the healthy company once, with its data tests. What it compiled is run here as plain
statements, in the same order. A relation whose rows came out as before changes nothing below it, so
that models and tests that read nothing changed are not run: their result is the healthy company's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb

MODEL, TEST = "model", "test"
# Measures of the joins of this build; nothing published reads them.
NOT_REPLAYED = {"join_audit"}
SHOWN = 3


@dataclass(frozen=True)
class Node:
    """A model or data test as dbt compiled it."""

    id: str
    kind: str
    name: str
    schema: str
    folder: str
    materialized: str
    sql: str
    parents: tuple[str, ...]
    severity: str = "error"
    counted: str = "count(*)"
    fails_if: str = "!= 0"

    @property
    def relation(self) -> str:
        """Its table or view."""
        return f'"{self.schema}"."{self.name}"'


def nodes_of(manifest: dict[str, Any], run_results: dict[str, Any]) -> list[Node]:
    """Models and data tests of a build in the order they ran, from dbt's artifacts."""
    found = []
    for result in run_results["results"]:
        node = manifest["nodes"].get(result["unique_id"], {})
        if node.get("resource_type") in (MODEL, TEST):
            found.append(_node(node, result["compiled_code"]))
    return found


def _node(node: dict[str, Any], sql: str) -> Node:
    config, is_test = node["config"], node["resource_type"] == TEST
    severity = config["severity"].lower() if is_test else ""
    return Node(
        node["unique_id"],
        node["resource_type"],
        node["name"] if is_test else node["alias"],
        node["schema"],
        node["fqn"][1],
        "" if is_test else config["materialized"],
        sql,
        tuple(node["depends_on"]["nodes"]),
        severity,
        (config["fail_calc"] if is_test else "") or "count(*)",
        config["warn_if" if severity == "warn" else "error_if"] if is_test else "",
    )


@dataclass
class Replayed:
    """What came of the statements: checksums by relation, failed tests, a model that broke."""

    checksums: dict[str, str]
    changed: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    broken: str = ""
    n_models: int = 0
    n_tests: int = 0


def checksum(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Of a relation's rows in any order. Sums of doubles may differ in their last digits."""
    columns = ", ".join(
        f'round("{name}", 9)' if kind == "DOUBLE" else f'"{name}"'
        for name, kind, *_ in connection.execute(f"describe {relation}").fetchall()
    )
    row = f"hash(hash({columns}))"
    found = connection.execute(
        f"select count(*), sum(cast({row} as hugeint)), bit_xor({row}) from {relation}"
    ).fetchone()
    return str(found)


def replay(
    connection: duckdb.DuckDBPyConnection,
    nodes: Iterable[Node],
    healthy: dict[str, str],
    changed: set[str],
    *,
    with_tests: bool = True,
) -> Replayed:
    """Run, in a copy of the healthy database, what reads ``changed``: dbt ids of sources, seeds."""
    done = Replayed(dict(healthy), set(changed))
    for node in nodes:
        if not done.changed.intersection(node.parents) or node.name in NOT_REPLAYED:
            continue
        if node.kind == TEST:
            if with_tests:
                _test(connection, node, done)
            continue
        kind = "view" if node.materialized == "view" else "table"
        try:
            connection.execute(f"create or replace {kind} {node.relation} as {node.sql}")
            done.checksums[node.id] = checksum(connection, node.relation)
        except duckdb.Error as error:
            done.broken = f"{node.name}: {_first_line(error)}"
            return done
        done.n_models += 1
        if done.checksums[node.id] != healthy.get(node.id):
            done.changed.add(node.id)
    return done


def _test(connection: duckdb.DuckDBPyConnection, node: Node, done: Replayed) -> None:
    done.n_tests += 1
    try:
        count, is_failed = connection.execute(
            f"select {node.counted}, {node.counted} {node.fails_if} from ({node.sql}) as failures"
        ).fetchone() or (0, False)
        if is_failed:
            cursor = connection.execute(f"select * from ({node.sql}) as failures limit {SHOWN}")
            done.failed[node.name] = f"{count} ({node.severity}), for example {cursor.fetchall()}"
    except duckdb.Error as error:
        done.failed[node.name] = f"cannot be run: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
