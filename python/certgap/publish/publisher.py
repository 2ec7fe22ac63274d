"""Copies the published layer of the working database into a new file, audits it and swaps it in.

Models in ``models/published`` are named ``published__<table>`` and become ``<table>`` in schema
``main``. Readers keep the file they have open; new ones see the new file or the old, never half.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from certgap import __version__, lock
from certgap.database import (
    explain_duckdb_error,
    explain_os_error,
    is_of_the_disk,
    open_read_only,
    relations,
)
from certgap.errors import CheckFailed
from certgap.project import Project
from certgap.publish import contents, gate, keeping, log, store
from certgap.publish.audit import PERSONAL_COLUMNS, audit, quoted

PREFIX = "published__"


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


def columns_of(table: str, node: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Columns of a published table as the file has them: name → the contract's type, words."""
    columns = {
        name: (column["data_type"], column["description"])
        for name, column in node["columns"].items()
    }
    return columns | log.MORE if table == store.LOG else columns


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


def _copy_table(
    connection: duckdb.DuckDBPyConnection, table: str, node: dict[str, Any], key: list[str]
) -> contents.Contents:
    """Copy one table with its descriptions; what the table of the working database holds."""
    source = f"working.{quoted(node['schema'])}.{quoted(node['alias'])}"
    name = quoted(table)
    # Ordered, so that two publications of one build hold the same rows in the same order.
    connection.execute(f"create table {name} as select * from {source} order by all")
    if node["description"]:
        connection.execute(f"comment on table {name} is {store.text(node['description'].strip())}")
    described = connection.execute(f"describe {name}").fetchall()
    for column, *_ in described:
        words = node["columns"].get(column, {}).get("description", "").strip()
        if words:
            connection.execute(f"comment on column {name}.{quoted(column)} is {store.text(words)}")
    return contents.Contents(
        table, *contents.summed(connection, source), key, contents.shown_from(node)
    )


def _check_keys(models: dict[str, dict[str, Any]], keys: dict[str, list[str]]) -> None:
    for node in models.values():
        if node["unique_id"] not in keys:
            raise CheckFailed(
                f"Nothing was published: {node['original_file_path']} has no key.",
                "Give the model the test unique_key in its YAML: the new file is audited by it.",
            )


@contextmanager
def writing(project: Project) -> Iterator[None]:
    """Hold the published file for one command, and put a full or read-only disk into words."""
    target = project.published
    try:
        with lock.hold(target, "certgap publish", wait=True):
            yield
    except OSError as error:
        raise explain_os_error(target, error) or error from error
    except duckdb.Error as error:
        # Only what the disk says: other errors are faults of ours, and keep their trace.
        known = explain_duckdb_error(target, str(error)) if is_of_the_disk(str(error)) else None
        raise known or error from error


def check_new(new: Path, number: int, tables: set[str]) -> None:
    """Audit the new file before the swap; raises ``CheckFailed`` with everything that is wrong."""
    found = audit(new)
    problems = list(found.problems)
    if found.publication_id != number:
        problems.append(f"It holds publication {found.publication_id} instead of {number}.")
    lost = sorted(tables - found.tables.keys())
    if lost:
        problems.append(f"It lacks {', '.join(lost)}.")
    if problems:
        raise CheckFailed(
            "Nothing was published, the published database is as it was: the new file did not "
            f"pass its audit. {' '.join(problems)}",
            "A figure that is shown of too few people is a fault of a model in models/published. "
            "Rows that differ point at the disk: check it, then run `certgap publish`.",
        )


def publish(project: Project) -> Publication:
    """Publish the working database, or raise ``CheckFailed`` with every reason why not."""
    keep = keeping.how_many(project.environment.get(keeping.SETTING))
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
    keys = contents.keys_of(manifest)
    _check_keys(models, keys)
    with writing(project), keeping.workshop(project.published) as folder:
        return _publish(project, folder, models, keys, run_results, keep)


def _publish(
    project: Project,
    folder: Path,
    models: dict[str, dict[str, Any]],
    keys: dict[str, list[str]],
    run_results: dict[str, Any],
    keep: int,
) -> Publication:
    """Write, audit, record, swap."""
    target, new = project.published, folder / project.published.name
    build_id = run_results["metadata"]["invocation_id"]
    version = code_version(project.folder)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {store.text(str(project.warehouse))} as working (read_only)")
        store.attach(connection, project.publications, read_only=False)
        latest = connection.execute("select invocation_id from working.audit.latest_run").fetchone()
        if latest != (build_id,):
            raise CheckFailed(
                "Nothing was published: another dbt run started on the working database.",
                "Wait for it, then run `certgap build`.",
            )
        connection.execute(f"attach {store.text(str(new))} as new_file; use new_file")
        held = [
            _copy_table(connection, table, node, keys[node["unique_id"]])
            for table, node in sorted(models.items())
        ]
        past = store.history(connection)
        row = store.draft(connection, build_id, version, len(models))
        number = row[0]
        past = past.with_publication(row) if number not in past.log else past
        restore = store.next_restore(connection, past, number, version)
        past = past.with_restore(restore) if restore else past
        held = [entry for entry in held if entry.table != store.LOG]
        held.append(log.write(connection, past, number))
        contents.write(connection, number, held)
        connection.execute("checkpoint; use memory; detach new_file")
        check_new(new, number, {*models, store.LOG})
        # Recorded before it can be read: what BI shows is always in the record. A publication
        # cut short in between is in the record only, and publishing the build again ends it.
        store.record(connection, row)
        if restore:
            store.record_restore(connection, restore)
        keeping.swap(new, target, number, keep)
    return Publication(
        path=target,
        tables={entry.table: entry.n_rows for entry in held if entry.table in models},
        build_id=build_id,
        as_of_date=None if row[3] is None else str(row[3]),
        rules_hash=row[5],
        code_version=version,
        publication_id=number,
    )
