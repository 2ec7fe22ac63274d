"""The record of publications: a database file that no build writes and none can rebuild.

Append-only. One publication is one transaction: a row of ``publication_log``, the watermark of each
tool, and every figure as it was published. Figures are complete and unsuppressed, so the file is as
restricted as the working database. Builds attach it, read-only, as ``publications``.
"""

from __future__ import annotations

from dataclasses import dataclass
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
RESTORES = "publication_restores"
# Of the publisher alone: no model reads it.
RESTORES_COLUMNS = {
    "restore_id": "bigint",
    "publication_id": "bigint",
    "instead_of": "bigint",
    "latest_publication_id": "bigint",  # the newest there was: a newer one ends the restore
    "restored_at": "timestamp",
    "code_version": "varchar",
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
    everything = {**TABLES, RESTORES: RESTORES_COLUMNS}
    try:
        if path.is_file():
            with duckdb.connect(str(path), read_only=True) as connection:
                if _tables(connection) >= everything.keys():
                    return
        path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute("begin")
            for table, columns in everything.items():
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


def draft(
    connection: duckdb.DuckDBPyConnection, build_id: str, code_version: str, n_tables: int
) -> tuple[Any, ...]:
    """The row of the log for the build, not recorded yet; its own where it was published before.

    The working database is attached as ``working``. Columns as in ``TABLES[LOG]``.
    """
    columns = ", ".join(TABLES[LOG])
    earlier = publication_of(connection, build_id)
    if earlier is not None:
        [row] = connection.execute(
            f"select {columns} from {CATALOG}.{LOG} where publication_id = ?", [earlier]
        ).fetchall()
        return row
    [row] = connection.execute(
        f"select (select coalesce(max(publication_id), 0) + 1 from {CATALOG}.{LOG}),"
        " cast(current_timestamp as timestamp), ?, as_of_date, received_until, rules_hash,"
        " deliveries_hash, n_deliveries, ?, ?, (select count(*) from working.main.current_figures)"
        f" from {STAMP}",
        [build_id, code_version, n_tables],
    ).fetchall()
    return row


def record(connection: duckdb.DuckDBPyConnection, row: tuple[Any, ...]) -> None:
    """Append the drafted publication, in one transaction; nothing where it is recorded already.

    The working database is attached as ``working``. A build is one publication however often it is
    published.
    """
    number, build_id = row[0], row[2]
    if publication_of(connection, build_id) is not None:
        return
    connection.execute("begin")
    try:
        for table, source in CONTENTS.items():
            names = ", ".join(list(TABLES[table])[1:])
            connection.execute(
                f"insert into {CATALOG}.{table} select ?, {names} from {source}", [number]
            )
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {CATALOG}.{LOG} values ({marks})", list(row))
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


@dataclass(frozen=True)
class Restore:
    """An earlier publication was put back."""

    restore_id: int
    publication_id: int
    instead_of: int | None
    latest_publication_id: int
    restored_at: Any
    code_version: str


@dataclass(frozen=True)
class History:
    """Rows of the log, by number, and restores, both in the order in which they happened."""

    log: dict[int, tuple[Any, ...]]
    restores: list[Restore]

    @property
    def current(self) -> int | None:
        """The publication readers are to see: the newest, unless a restore came after it."""
        latest = max(self.log, default=None)
        if self.restores and self.restores[-1].latest_publication_id == latest:
            return self.restores[-1].publication_id
        return latest

    def put_back(self, number: int) -> Restore | None:
        """The last restore of a publication."""
        return next((r for r in reversed(self.restores) if r.publication_id == number), None)

    def withdrawn(self, number: int) -> Restore | None:
        """The last restore of another publication in its place."""
        return next((r for r in reversed(self.restores) if r.instead_of == number), None)

    def is_withdrawn(self, number: int) -> bool:
        """Taken from the readers by a restore, and not put back since."""
        out, back = self.withdrawn(number), self.put_back(number)
        return out is not None and (back is None or back.restore_id < out.restore_id)

    def with_restore(self, restore: Restore) -> History:
        """The history after one more restore."""
        return History(self.log, [*self.restores, restore])

    def with_publication(self, row: tuple[Any, ...]) -> History:
        """The history after one more publication."""
        return History({**self.log, row[0]: row}, self.restores)


def history(connection: duckdb.DuckDBPyConnection) -> History:
    """What the attached record says."""
    log = connection.execute(
        f"select {', '.join(TABLES[LOG])} from {CATALOG}.{LOG} order by publication_id"
    ).fetchall()
    restores = connection.execute(
        f"select {', '.join(RESTORES_COLUMNS)} from {CATALOG}.{RESTORES} order by restore_id"
    ).fetchall()
    return History({row[0]: row for row in log}, [Restore(*row) for row in restores])


def next_restore(
    connection: duckdb.DuckDBPyConnection, past: History, number: int, code_version: str
) -> Restore | None:
    """The restore that would make a publication current; None where it is."""
    if past.current == number:
        return None
    now = connection.execute("select cast(current_timestamp as timestamp)").fetchone()[0]
    last = past.restores[-1].restore_id if past.restores else 0
    return Restore(last + 1, number, past.current, max(past.log), now, code_version)


def record_restore(connection: duckdb.DuckDBPyConnection, restore: Restore) -> None:
    """Append a restore."""
    values = [getattr(restore, name) for name in RESTORES_COLUMNS]
    marks = ", ".join("?" for _ in values)
    connection.execute(f"insert into {CATALOG}.{RESTORES} values ({marks})", values)


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
