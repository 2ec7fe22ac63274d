"""Every mart and published table of a Spark build against a DuckDB build, row for row.

``python -m certgap.engines_compare DUCKDB_FILE DUCKDB_TARGET SPARK_WAREHOUSE SPARK_TARGET``: exit
code 0 when every cell agrees, 1 when not, 2 when something cannot be read. The two dbt target
folders say which tables there are, where they lie and, by their ``unique_key`` tests, which columns
pair the rows. Spark's tables are read as the Parquet files they are, so that neither Spark nor its
second environment is needed here. Doubles agree within one part in 1e9, everything else exactly,
types included.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from certgap.database import open_read_only
from certgap.errors import UserError

RELATIVE_TOLERANCE = 1e-9
# Doubles near zero: the tail of a p-value, a difference of two equal rates.
ABSOLUTE_TOLERANCE = 1e-12
EXAMPLES = 3
LAYERS = ("marts", "published")
# Columns that name the run that wrote a row; two runs never agree on them.
OF_THE_RUN = {"build_id", "built_at"}

Columns = dict[str, str]
Manifest = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One mart or published table: its name, its key, and where each engine keeps it."""

    name: str
    keys: list[str]
    on_duckdb: str
    on_spark: Path


def read_manifest(target: Path) -> Manifest:
    """dbt's manifest in a target folder."""
    try:
        return json.loads((target / "manifest.json").read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise UserError(f"{target / 'manifest.json'} cannot be read: {error}.") from None


# A key column that may be NULL is tested as coalesce(column, ''); pairing is NULL-safe anyway.
KEY_OF_NULLS = re.compile(r"^coalesce\((\w+), ''\)$")


def keys_of_models(manifest: Manifest) -> dict[str, list[str]]:
    """{model's unique id: columns that its unique_key test says identify a row}."""
    keys = {}
    for node in manifest["nodes"].values():
        metadata = node.get("test_metadata") or {}
        if metadata.get("name") == "unique_key" and node.get("attached_node"):
            columns = metadata["kwargs"]["columns"]
            columns = [columns] if isinstance(columns, str) else columns
            columns = [KEY_OF_NULLS.sub(r"\1", name) for name in columns]
            keys[node["attached_node"]] = [name for name in columns if name not in OF_THE_RUN]
    return keys


def tables_to_compare(ours: Manifest, theirs: Manifest, spark_warehouse: Path) -> Iterator[Table]:
    """All models of the marts and published layers, in either project state."""
    keys = keys_of_models(ours)
    found = [
        {
            unique_id: node
            for unique_id, node in manifest["nodes"].items()
            if node["resource_type"] == "model"
            and node["fqn"][1] in LAYERS
            # A view of the record of publications is nothing that the build made.
            and node.get("config", {}).get("materialized") != "view"
        }
        for manifest in (ours, theirs)
    ]
    if found[0].keys() != found[1].keys() or not found[0]:
        raise UserError(
            "The two builds do not have the same marts and published tables.",
            "Build both from the same project with the same enabled_sources.",
        )
    for unique_id, node in sorted(found[0].items()):
        other = found[1][unique_id]
        if unique_id not in keys:
            raise UserError(
                f"{node['name']} has no unique_key test, so its rows cannot be paired.",
                f"Add one to {node['patch_path'] or node['original_file_path']}.",
            )
        folder = spark_warehouse / f"{other['schema']}.db" / other["alias"]
        relation = f'"{node["schema"]}"."{node["alias"]}"'
        yield Table(node["name"], keys[unique_id], relation, folder)


def parquet_files(folder: Path) -> list[Path]:
    """The files of a Spark table, without those of attempts that were never committed."""
    return sorted(
        path
        for path in folder.rglob("*.parquet")
        if not any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
    )


def spark_relation(folder: Path) -> str:
    """SQL that reads a Spark table. Partition columns stand in folder names, as text."""
    files = parquet_files(folder)
    if not files:
        raise UserError(
            f"There is no Spark table {folder}.",
            "Build it first: dbt build --target spark (make cluster-test does all of it).",
        )
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{listed}], hive_partitioning = true, hive_types_autocast = false)"


def partition_columns(folder: Path) -> set[str]:
    """Names of the columns by which a Spark table is cut into folders."""
    return {
        part.partition("=")[0]
        for file in parquet_files(folder)
        for part in file.relative_to(folder).parts[:-1]
    }


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> Columns:
    """{column: type} of a relation."""
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return {row[0]: row[1] for row in rows}


def as_compared(columns: Columns, like: Columns, partitions: set[str]) -> tuple[str, Columns]:
    """(select list, types) of a Spark table, in DuckDB's words for the same types.

    A Spark timestamp is an instant, and the project keeps UTC in it; a partition column is text in
    a folder's name, whatever its type.
    """
    items, types = [], {}
    for name, data_type in columns.items():
        wanted = data_type
        if data_type == "TIMESTAMP WITH TIME ZONE":
            wanted = "TIMESTAMP"
        elif name in partitions and name in like:
            wanted = like[name]
        items.append(f'cast("{name}" as {wanted}) as "{name}"')
        types[name] = wanted
    return ", ".join(items), types


def equal_sql(column: str, data_type: str) -> str:
    """SQL that says whether the cells of one column are equal."""
    left, right = f'ours."{column}"', f'theirs."{column}"'
    if data_type not in ("DOUBLE", "FLOAT"):
        return f"{left} is not distinct from {right}"
    gap = f"{RELATIVE_TOLERANCE} * greatest(abs({left}), abs({right}))"
    return (
        f"({left} is not distinct from {right}"
        f" or coalesce(abs({left} - {right}) <= greatest({ABSOLUTE_TOLERANCE}, {gap}), false))"
    )


def compare_table(
    connection: duckdb.DuckDBPyConnection, table: Table
) -> tuple[int, int, list[str]]:
    """(rows compared, cells compared, differences in words) of one table."""
    left = columns_of(connection, table.on_duckdb)
    source = spark_relation(table.on_spark)
    items, right = as_compared(
        columns_of(connection, source), left, partition_columns(table.on_spark)
    )
    connection.execute(f"create or replace temp table ours as select * from {table.on_duckdb}")
    connection.execute(f"create or replace temp table theirs as select {items} from {source}")
    found = [
        f"column {name}: {left.get(name, 'absent')} and {right.get(name, 'absent')}"
        for name in left | right
        if left.get(name) != right.get(name)
    ]
    shared = [name for name in left if name in right and name not in OF_THE_RUN]
    keys = table.keys
    if any(key not in shared for key in keys):
        return 0, 0, [*found, "without its key columns the table cannot be compared"]
    for relation, engine in (("ours", "DuckDB"), ("theirs", "Spark")):
        repeated = connection.execute(
            f"select count(*) from (select 1 from {relation} group by {', '.join(keys)}"
            " having count(*) > 1)"
        ).fetchone()[0]
        if repeated:
            found.append(f"{repeated} keys repeat on {engine}")
    match = " and ".join(f"ours.{key} is not distinct from theirs.{key}" for key in keys)
    pairs = "from (select *, true as is_ours from ours) as ours {} join "
    pairs += f"(select *, true as is_theirs from theirs) as theirs on {match}"
    n_rows = connection.execute("select count(*) " + pairs.format("inner")).fetchone()[0]
    for side, name in (("is_theirs", "only on DuckDB"), ("is_ours", "only on Spark")):
        key_list = ", ".join(f"coalesce(ours.{key}, theirs.{key})" for key in keys)
        rows = connection.execute(
            f"select {key_list} {pairs.format('full')} where {side} is null"
        ).fetchall()
        if rows:
            found.append(f"{len(rows)} rows {name}, such as {rows[:EXAMPLES]}")
    compared = [name for name in shared if name not in keys]
    for name in compared:
        rows = connection.execute(
            f'select {", ".join("ours." + key for key in keys)}, ours."{name}", theirs."{name}" '
            f"{pairs.format('inner')} where not {equal_sql(name, left[name])}"
        ).fetchall()
        if rows:
            found.append(f"{name}: {len(rows)} cells differ, such as {rows[:EXAMPLES]}")
    return n_rows, n_rows * len(shared), found


def compare_engines(
    warehouse: Path, target: Path, spark_warehouse: Path, spark_target: Path
) -> bool:
    """Print what was compared and what differs; True when everything agrees."""
    n_equal, n_all_rows, n_all_cells, n_tables = 0, 0, 0, 0
    with open_read_only(warehouse) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table in tables_to_compare(
            read_manifest(target), read_manifest(spark_target), spark_warehouse
        ):
            n_rows, n_cells, found = compare_table(connection, table)
            verdict = "DIFFERENT" if found else "equal"
            print(f"{table.name}: {verdict} ({n_rows:,} rows, {n_cells:,} cells compared)")
            for line in found:
                print(f"  {line}")
            n_tables, n_equal = n_tables + 1, n_equal + (not found)
            n_all_rows, n_all_cells = n_all_rows + n_rows, n_all_cells + n_cells
    print(f"tables equal: {n_equal} of {n_tables} ({n_all_rows:,} rows, {n_all_cells:,} cells)")
    return n_equal == n_tables and n_all_rows > 0


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.engines_compare", description=__doc__)
    parser.add_argument("warehouse", type=Path, help="the working DuckDB database")
    parser.add_argument("target", type=Path, help="dbt's target folder of the DuckDB build")
    parser.add_argument("spark_warehouse", type=Path, help="Spark's warehouse folder")
    parser.add_argument("spark_target", type=Path, help="dbt's target folder of the Spark build")
    options = parser.parse_args(arguments)
    try:
        agrees = compare_engines(
            options.warehouse, options.target, options.spark_warehouse, options.spark_target
        )
    except (UserError, duckdb.Error) as error:
        remedy = error.remedy if isinstance(error, UserError) else ""
        print(error, remedy, file=sys.stderr)
        return 2
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
