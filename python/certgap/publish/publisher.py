"""Copies the published layer of the working database into a new file and swaps it in.

Models in ``models/published`` are named ``published__<table>`` and become ``<table>`` in schema
``main``. Readers keep the file they have open; new ones see the new file or the old, never half.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from certgap import __version__
from certgap.database import open_read_only, relations
from certgap.errors import CheckFailed
from certgap.project import Project
from certgap.publish import gate, store

PREFIX = "published__"

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


@dataclass(frozen=True)
class Publication:
    """What was published, for the report to the user."""

    path: Path
    tables: dict[str, int]
    build_id: str
    as_of_date: str | None
    rules_hash: str | None
    code_version: str
    publication_id: int = 0

    def as_json(self) -> dict[str, Any]:
        """For ``certgap publish --json``."""
        return {**self.__dict__, "path": str(self.path)}


def published_models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Published table name → manifest node, of every enabled model in models/published."""
    return {
        node["alias"].removeprefix(PREFIX): node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "published"
    }


def code_version(folder: Path) -> str:
    """Package version, with the commit where the project folder is a git checkout."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return __version__
    commit = described.stdout.strip()
    return f"{__version__}+{commit}" if described.returncode == 0 and commit else __version__


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _latest_run(connection: duckdb.DuckDBPyConnection) -> str | None:
    if ("audit", "latest_run") not in relations(connection):
        return None
    row = connection.execute("select invocation_id from audit.latest_run").fetchone()
    return row[0] if row else None


def _check_no_personal_columns(
    connection: duckdb.DuckDBPyConnection, models: dict[str, dict[str, Any]]
) -> None:
    for table, node in models.items():
        columns = connection.execute(
            "select lower(column_name) from information_schema.columns"
            " where table_catalog = current_catalog() and table_schema = ? and table_name = ?",
            [node["schema"], node["alias"]],
        ).fetchall()
        personal = PERSONAL_COLUMNS & {name for (name,) in columns}
        if personal:
            raise CheckFailed(
                f"Nothing was published: {node['original_file_path']} carries "
                f"{', '.join(sorted(personal))}, and {table} would show single persons.",
                "Remove the column from the published model.",
            )


def _copy_table(connection: duckdb.DuckDBPyConnection, table: str, node: dict[str, Any]) -> int:
    """Copy one table with its descriptions; the number of rows."""
    source = f"working.{_quoted(node['schema'])}.{_quoted(node['alias'])}"
    name = _quoted(table)
    # Ordered, so that two publications of one build hold the same rows in the same order.
    connection.execute(f"create table {name} as select * from {source} order by all")
    if node["description"]:
        connection.execute(f"comment on table {name} is {store.text(node['description'].strip())}")
    described = connection.execute(f"describe {name}").fetchall()
    for column, *_ in described:
        words = node["columns"].get(column, {}).get("description", "").strip()
        if words:
            connection.execute(f"comment on column {name}.{_quoted(column)} is {store.text(words)}")
    return connection.execute(f"select count(*) from {name}").fetchone()[0]


def _add_log(connection: duckdb.DuckDBPyConnection, was_copied: bool) -> None:
    """The log with this publication in it: the table of the build ends with the one before."""
    record = f"{store.CATALOG}.{store.LOG}"
    if was_copied:
        columns = ", ".join(
            row[0] for row in connection.execute(f"describe {store.LOG}").fetchall()
        )
        connection.execute(f"delete from {store.LOG}")
        connection.execute(f"insert into {store.LOG} by name select {columns} from {record}")
    else:
        connection.execute(f"create table {store.LOG} as select * from {record}")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(project: Project) -> Publication:
    """Publish the working database, or raise ``CheckFailed`` with every reason why not."""
    run_results = project.artifact("run_results.json")
    manifest = project.artifact("manifest.json")
    with open_read_only(project.warehouse) as working:
        reasons = gate.reasons_against(run_results, manifest, _latest_run(working))
        present = relations(working)
        models = published_models(manifest)
        _check_no_personal_columns(working, models)
    absent = [
        node["alias"] for node in models.values() if (node["schema"], node["alias"]) not in present
    ]
    if not models or absent:
        what = ", ".join(absent) or "every table of models/published"
        reasons.append(f"The working database {project.warehouse} lacks {what}.")
    if reasons:
        raise CheckFailed(
            "Nothing was published, the published database is as it was. " + " ".join(reasons),
            "Run `certgap build`: it builds everything and publishes.",
        )

    target = project.published
    target.parent.mkdir(parents=True, exist_ok=True)
    build_id = run_results["metadata"]["invocation_id"]
    version = code_version(project.folder)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        new = Path(folder) / target.name
        with duckdb.connect(str(new)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(
                f"attach {store.text(str(project.warehouse))} as working (read_only)"
            )
            store.attach(connection, project.publications, read_only=False)
            latest = connection.execute(
                "select invocation_id from working.audit.latest_run"
            ).fetchone()
            if latest != (build_id,):
                raise CheckFailed(
                    "Nothing was published: another dbt run started on the working database.",
                    "Wait for it, then run `certgap build`.",
                )
            tables = {
                table: _copy_table(connection, table, node)
                for table, node in sorted(models.items())
            }
            # Recorded before it can be read: what BI shows is always in the record. A publication
            # cut short in between is in the record only, and publishing the build again ends it.
            number = store.record(connection, build_id, version, len(tables))
            _add_log(connection, "publication_log" in models)
            stamp = connection.execute(
                "select as_of_date, rules_hash from publication_log where publication_id = ?",
                [number],
            ).fetchone()
            connection.execute(f"detach working; detach {store.CATALOG}; checkpoint")
        _flush(new)
        os.replace(new, target)
        _flush(target.parent)
    return Publication(
        path=target,
        tables=tables,
        build_id=build_id,
        as_of_date=None if stamp[0] is None else str(stamp[0]),
        rules_hash=stamp[1],
        code_version=version,
        publication_id=number,
    )
