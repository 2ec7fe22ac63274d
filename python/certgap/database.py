"""Opening the DuckDB files, with errors a user can act on."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from certgap.errors import UserError

LOCK = re.compile(
    r'Could not set lock on file "(?P<file>[^"]+)": '
    r"Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)"
)

# What the system says where a file cannot be written, in DuckDB's errors and in Python's.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


def _in_words(codes: set[int]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(os.strerror(code)) for code in sorted(codes)))


FULL_WORDS, FORBIDDEN_WORDS = _in_words(FULL), _in_words(FORBIDDEN)


def _folder_of(path: Path | str) -> Path:
    """The nearest folder of ``path`` that exists."""
    folder = Path(path).absolute().parent
    while not folder.is_dir():
        folder = folder.parent
    return folder


def disk_is_full(path: Path | str) -> UserError:
    """There is no room for ``path``: how much there is, and what to do."""
    folder = _folder_of(path)
    free = shutil.disk_usage(folder).free / 2**20
    return UserError(
        f"There is no room left to write {path}: {free:,.0f} MB are free in {folder}. Nothing was "
        "published, the published database is as it was.",
        "Free room on that disk (or raise the quota or file size limit), then run the command "
        "again: nothing has to be repaired.",
    )


def may_not_write(path: Path | str) -> UserError:
    """``path`` or its folder is read-only."""
    return UserError(
        f"{path} cannot be written: its folder {_folder_of(path)} is read-only for this user. "
        "Nothing was published, the published database is as it was.",
        "Give the user that runs certgap the right to write there, or name another place "
        "(CERTGAP_WAREHOUSE, CERTGAP_PUBLISHED, CERTGAP_PUBLICATIONS).",
    )


def explain_os_error(path: Path | str, error: OSError) -> UserError | None:
    """What a user needs to know of an error on writing ``path``; None if nothing is known."""
    if error.errno in FULL:
        return disk_is_full(path)
    if error.errno in FORBIDDEN:
        return may_not_write(path)
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        return UserError(
            f"{path} cannot be written: a part of its path is a file, not a folder ({error}).",
            "Move that file, or name another place.",
        )
    return None


def is_of_the_disk(message: str) -> bool:
    """Whether an error tells of a disk that is full or may not be written."""
    return bool(FULL_WORDS.search(message) or FORBIDDEN_WORDS.search(message))


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
    if FULL_WORDS.search(message):
        return disk_is_full(path)
    # Not where a delivery may not be read: that message names the delivery.
    if FORBIDDEN_WORDS.search(message) and Path(path).name in message:
        return may_not_write(path)
    return None


def open_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to an existing database."""
    if not path.is_file():
        raise UserError(f"There is no database {path}.", "Run `certgap build` first.")
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise explain_duckdb_error(path, str(error)) or error from None


def rows_of(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """Rows of a query, each a dict by column."""
    cursor = connection.execute(sql, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def check_folder(path: Path) -> None:
    """Raise a ``UserError`` where the folder of ``path`` takes no file; makes it if it is missing.

    A file is written and deleted: permission bits say nothing of a file system mounted read-only.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise explain_os_error(path, error) or error from None


def check_can_be_opened(path: Path) -> None:
    """Raise a ``UserError`` where the working database cannot be opened for writing.

    Makes its folder, so that the first build on a fresh clone needs no other step.
    """
    check_folder(path)
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
