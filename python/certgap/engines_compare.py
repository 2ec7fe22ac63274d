"""The four measured tables of a Spark build against those of a DuckDB build, row for row.

``python -m certgap.engines_compare DUCKDB_FILE SPARK_WAREHOUSE``: exit code 0 when every cell
agrees, 1 when not, 2 when something cannot be read. Spark's tables are read as the Parquet files
they are, so that neither Spark nor its second environment is needed here. Doubles agree within one
part in 1e9, everything else exactly, types included.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

from certgap.compare import KEYS
from certgap.database import open_read_only
from certgap.errors import UserError

RELATIVE_TOLERANCE = 1e-9
# Doubles near zero: the tail of a p-value, a difference of two equal rates.
ABSOLUTE_TOLERANCE = 1e-12
EXAMPLES = 3
SPARK_SCHEMA = "certgap"

Columns = dict[str, str]


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> Columns:
    """{column: type} of a relation."""
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return {row[0]: row[1] for row in rows}


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
    connection: duckdb.DuckDBPyConnection, table: str, ours: str, theirs: str
) -> tuple[int, int, list[str]]:
    """(rows compared, cells compared, differences in words) of one table."""
    left, right = columns_of(connection, ours), columns_of(connection, theirs)
    found = [
        f"column {name}: {left.get(name, 'absent')} and {right.get(name, 'absent')}"
        for name in left | right
        if left.get(name) != right.get(name)
    ]
    shared = [name for name in left if name in right]
    keys = KEYS[table]
    if any(key not in shared for key in keys):
        return 0, 0, [*found, "without its key columns the table cannot be compared"]
    for relation in (ours, theirs):
        repeated = connection.execute(
            f"select count(*) from (select 1 from {relation} group by {', '.join(keys)}"
            " having count(*) > 1)"
        ).fetchone()[0]
        if repeated:
            found.append(f"{repeated} keys repeat in {relation}")
    match = " and ".join(f"ours.{key} is not distinct from theirs.{key}" for key in keys)
    pairs = f"from (select *, true as is_ours from {ours}) as ours {{}} join "
    pairs += f"(select *, true as is_theirs from {theirs}) as theirs on {match}"
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
    return n_rows, n_rows * len(compared), found


def compare_engines(warehouse: Path, spark_warehouse: Path, schema: str = SPARK_SCHEMA) -> bool:
    """Print what was compared and what differs; True when everything agrees."""
    agrees = True
    with open_read_only(warehouse) as connection:
        for table in KEYS:
            folder = spark_warehouse / f"{schema}.db" / table
            if not any(folder.glob("*.parquet")):
                raise UserError(
                    f"There is no Spark table {folder}.",
                    "Build it first: dbt build --target spark (make spark-check does all of it).",
                )
            files = str(folder / "*.parquet").replace("'", "''")
            n_rows, n_cells, found = compare_table(
                connection, table, f"main.{table}", f"read_parquet('{files}')"
            )
            agrees = agrees and not found and n_rows > 0
            verdict = "equal" if not found and n_rows else "DIFFERENT"
            print(f"{table}: {verdict} ({n_rows} rows, {n_cells} cells compared)")
            for line in found:
                print(f"  {line}")
    return agrees


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.engines_compare", description=__doc__)
    parser.add_argument("warehouse", type=Path, help="the working DuckDB database")
    parser.add_argument("spark_warehouse", type=Path, help="Spark's warehouse folder")
    parser.add_argument("--schema", default=SPARK_SCHEMA, help="schema of the marts on Spark")
    options = parser.parse_args(arguments)
    try:
        agrees = compare_engines(options.warehouse, options.spark_warehouse, options.schema)
    except (UserError, duckdb.Error) as error:
        remedy = error.remedy if isinstance(error, UserError) else ""
        print(error, remedy, file=sys.stderr)
        return 2
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
