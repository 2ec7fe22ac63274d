"""Is a published file whole? Asked of a new file before the swap, and of any file at any time.

The file must open; hold exactly the tables it lists, each with the rows, the checksum and the
unique key it lists; show no figure whose denominator is too small; have no column that names a
person; and its log must say which publication it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from certgap.publish import contents

LOG = "publication_log"
# Keys and texts of one person. No published table may carry them, whatever a model selects.
PERSONAL_COLUMNS = {
    "employee_id",
    "employee_key",
    "alias_value",
    "learner_key",
    "manager_employee_id",
    "raw_text",
    "value_text",
}


@dataclass
class Audit:
    """What was found: the publication, rows of each table, and a sentence per problem."""

    path: Path
    publication_id: int | None = None
    tables: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Nothing is wrong with the file."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """For ``certgap publish --audit --json``."""
        return {**self.__dict__, "path": str(self.path), "passed": self.passed}


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def audit(path: Path) -> Audit:
    """Audit a published file; problems with the file are answers, not exceptions."""
    found = Audit(path)
    if not path.is_file():
        found.problems.append("There is no such file.")
        return found
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            _audit(connection, found)
    except duckdb.Error as error:
        found.problems.append(f"It cannot be read: {str(error).splitlines()[0]}")
    return found


def _audit(connection: duckdb.DuckDBPyConnection, found: Audit) -> None:
    columns: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns"
        " where table_catalog = current_catalog()"
    ).fetchall():
        columns.setdefault(table, set()).add(column.lower())
    if contents.TABLE not in columns:
        found.problems.append(f"It has no table {contents.TABLE}.")
        return
    found.publication_id, floor, listed = contents.read(connection)
    there = columns.keys() - {contents.TABLE}
    expected = {row.table for row in listed}
    for table in sorted(expected - there):
        found.problems.append(f"The table {table} is missing.")
    for table in sorted(there - expected):
        found.problems.append(f"The table {table} is not in {contents.TABLE}.")
    for table in sorted(there):
        personal = sorted(PERSONAL_COLUMNS & columns[table])
        if personal:
            found.problems.append(f"{table} carries {', '.join(personal)} of single persons.")
    for row in listed:
        if row.table in there:
            _audit_table(connection, row, floor, found)
    if LOG in there:
        _audit_log(connection, found)
    else:
        found.problems.append(f"It has no table {LOG}.")


def _audit_table(
    connection: duckdb.DuckDBPyConnection, row: contents.Contents, floor: int, found: Audit
) -> None:
    name = quoted(row.table)
    n_rows, checksum = contents.summed(connection, name)
    found.tables[row.table] = n_rows
    if n_rows != row.n_rows:
        found.problems.append(f"{row.table} has {n_rows} rows instead of {row.n_rows}.")
    elif checksum != row.checksum:
        found.problems.append(f"The rows of {row.table} are not those that were built.")
    key = ", ".join(map(quoted, row.key))
    repeated = connection.execute(
        f"select count(*) from (select {key} from {name} group by all having count(*) > 1)"
    ).fetchone()[0]
    if repeated:
        found.problems.append(f"{repeated} keys of {row.table} ({key}) are not unique.")
    for denominator, figures in row.shown_from.items():
        if not figures:  # the denominator is shown, and nothing that is a part of it
            continue
        shown = " or ".join(f"{quoted(figure)} is not null" for figure in figures)
        few = connection.execute(
            f"select count(*) from {name} where ({shown})"
            f" and coalesce({quoted(denominator)}, 0) < ?",
            [floor],
        ).fetchone()[0]
        if few:
            found.problems.append(
                f"{few} rows of {row.table} show a figure though {denominator} is below {floor}."
            )


def _audit_log(connection: duckdb.DuckDBPyConnection, found: Audit) -> None:
    current = connection.execute(f"select publication_id from {LOG} where is_current").fetchall()
    if current != [(found.publication_id,)]:
        found.problems.append(
            f"{LOG} says that publication {[number for (number,) in current]} is current, "
            f"the file holds {found.publication_id}."
        )
