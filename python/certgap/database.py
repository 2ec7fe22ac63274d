"""Opening the DuckDB files, with errors a user can act on."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from certgap.errors import UserError

LOCK = re.compile(
    r'Could not set lock on file "(?P<file>[^"]+)": '
    r"Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)"
)


def explain_duckdb_error(path: Path | str, message: str) -> UserError | None:
    """What a user needs to know of DuckDB's error on opening ``path``; None if nothing is known."""
    lock = LOCK.search(message)
    if lock:
        return UserError(
            f"The database {path} is open in another program: {lock['program']}, "
            f"process {lock['pid']}.",
            "Close it there (a notebook, a DuckDB shell, a BI tool, another dbt run), or set "
            "CERTGAP_WAREHOUSE to another file.",
        )
    if "not a valid DuckDB database" in message:
        return UserError(
            f"{path} is not a DuckDB database.", "Set CERTGAP_WAREHOUSE to another file."
        )
    return None


def open_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to an existing database."""
    if not path.is_file():
        raise UserError(f"There is no database {path}.", "Run `certgap build` first.")
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise explain_duckdb_error(path, str(error)) or error from None


def check_can_be_opened(path: Path) -> None:
    """Raise a ``UserError`` where the working database cannot be opened for writing.

    Makes its folder, so that the first build on a fresh clone needs no other step.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file():
        return
    try:
        duckdb.connect(str(path)).close()
    except duckdb.Error as error:
        known = explain_duckdb_error(path, str(error))
        if known:
            raise known from None


def relations(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """(schema, name) of every table and view of the connected database."""
    rows = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = current_catalog()"
    ).fetchall()
    return {(schema, name) for schema, name in rows}
