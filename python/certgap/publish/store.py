"""The record of publications: a database file that no build writes and none can rebuild.

Append-only. One publication is one transaction: a row of ``publication_log``, the watermark of each
tool, and every figure as it was published. Figures are complete and unsuppressed, so the file is as
restricted as the working database. Builds attach it, read-only, as ``publications``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from certgap.database import explain_duckdb_error
from certgap.errors import CheckFailed, UserError

CATALOG = "publications"
LOG = "publication_log"
# As models/staging/publications/_publications__sources.yml declares them; a test compares.
TABLES: dict[str, dict[str, str]] = {
    LOG: {
        "publication_id": "bigint",
        "published_at": "timestamp",
        "build_id": "varchar",
        "as_of_date": "date",
        "received_until": "date",
        "rules_hash": "varchar",
        "deliveries_hash": "varchar",
        "n_deliveries": "bigint",
        "code_version": "varchar",
        "n_tables": "bigint",
        "n_figures": "bigint",
    },
    "published_watermarks": {
        "publication_id": "bigint",
        "tool_id": "varchar",
        "watermark_date": "date",
    },
    "published_figures": {
        "publication_id": "bigint",
        "program_id": "varchar",
        "tool_id": "varchar",
        "checkpoint_day": "integer",
        "dimension": "varchar",
        "dimension_value": "varchar",
        "metric_name": "varchar",
        "metric_value": "double",
        "numerator": "bigint",
        "denominator": "bigint",
        "is_shown": "boolean",
    },
}
# What one publication adds, from the working database attached as `working`.
CONTENTS = {
    "published_watermarks": "working.intermediate.int_tool_coverage",
    "published_figures": "working.main.current_figures",
}
STAMP = "working.intermediate.int_build_stamp"


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables()"
        " where database_name = current_database() and schema_name = 'main'"
    ).fetchall()
    return {name for (name,) in rows}


def prepare(path: Path) -> None:
    """Make the file and its tables where they are missing; what is there stays as it is."""
    try:
        if path.is_file():
            with duckdb.connect(str(path), read_only=True) as connection:
                if _tables(connection) >= TABLES.keys():
                    return
        path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute("begin")
            for table, columns in TABLES.items():
                listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
                connection.execute(f"create table if not exists {table} ({listed})")
            connection.execute("commit")
    except duckdb.Error as error:
        raise _explained(path, error) from error


def attach(connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool = True) -> None:
    """Attach the record as ``publications``, made first where it is missing."""
    prepare(path)
    mode = " (read_only)" if read_only else ""
    try:
        connection.execute(f"attach if not exists {text(str(path))} as {CATALOG}{mode}")
    except duckdb.Error as error:
        raise _explained(path, error) from error


def _explained(path: Path, error: duckdb.Error) -> UserError:
    known = explain_duckdb_error(path, str(error))
    if known:
        return UserError(known.problem, known.remedy.replace("WAREHOUSE", "PUBLICATIONS"))
    return UserError(f"The record of publications {path} cannot be used: {error}")


def publication_of(connection: duckdb.DuckDBPyConnection, build_id: str) -> int | None:
    """The publication a build became, if it was published before."""
    row = connection.execute(
        f"select max(publication_id) from {CATALOG}.{LOG} where build_id = ?", [build_id]
    ).fetchone()
    return row[0] if row else None


def record(
    connection: duckdb.DuckDBPyConnection, build_id: str, code_version: str, n_tables: int
) -> int:
    """Append the build as a publication, in one transaction; its number.

    The working database is attached as ``working``. A build is one publication however often it is
    published: the second time nothing is appended.
    """
    earlier = publication_of(connection, build_id)
    if earlier is not None:
        return earlier
    connection.execute("begin")
    try:
        [(number,)] = connection.execute(
            f"select coalesce(max(publication_id), 0) + 1 from {CATALOG}.{LOG}"
        ).fetchall()
        for table, source in CONTENTS.items():
            names = ", ".join(list(TABLES[table])[1:])
            connection.execute(
                f"insert into {CATALOG}.{table} select ?, {names} from {source}", [number]
            )
        connection.execute(
            f"insert into {CATALOG}.{LOG}"
            " select ?, cast(current_timestamp as timestamp), ?, as_of_date, received_until,"
            " rules_hash, deliveries_hash, n_deliveries, ?, ?,"
            " (select count(*) from working.main.current_figures)"
            f" from {STAMP}",
            [number, build_id, code_version, n_tables],
        )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return number


def publication(path: Path, number: int) -> dict[str, Any]:
    """One row of the log."""
    if not path.is_file():
        raise UserError(
            f"There is no record of publications {path}: nothing was published yet.",
            "Run `certgap build`, or set CERTGAP_PUBLICATIONS to the file.",
        )
    with duckdb.connect(str(path), read_only=True) as connection:
        cursor = connection.execute(f"select * from {LOG} order by publication_id")
        names = [column[0] for column in cursor.description]
        rows = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    if number not in rows:
        there = f"there are 1 to {max(rows)}" if rows else "nothing was published yet"
        raise UserError(f"There is no publication {number}: {there}.")
    return rows[number]


def differences(path: Path, number: int, warehouse: Path) -> dict[str, int]:
    """Metric → figures of a publication that another build's ``current_figures`` has otherwise."""
    names = ", ".join(list(TABLES["published_figures"])[1:])
    with duckdb.connect() as connection:
        connection.execute(f"attach {text(str(warehouse))} as working (read_only)")
        attach(connection, path)
        published = f"select {names} from {CATALOG}.published_figures where publication_id = ?"
        built = f"select {names} from working.main.current_figures"
        rows = connection.execute(
            "select metric_name, count(*) from ("
            f"(({published}) except all ({built})) union all (({built}) except all ({published}))"
            ") group by metric_name order by metric_name",
            [number, number],
        ).fetchall()
    return dict(rows)


def stamp(warehouse: Path) -> dict[str, Any]:
    """What a build was made from, as its publication would say."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        cursor = connection.execute("select * from intermediate.int_build_stamp")
        names = [column[0] for column in cursor.description]
        row = cursor.fetchone()
    if row is None:
        raise CheckFailed(f"The build in {warehouse} does not say what it was made from.")
    return dict(zip(names, row, strict=True))


def as_dbt_date(value: date | None) -> str:
    """A date as the vars as_of_date and received_until take it."""
    return "" if value is None else value.isoformat()
