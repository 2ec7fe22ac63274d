"""A project folder as `certgap publish` finds it after a build, without a build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from certgap.project import Project

RUN = "run-1"


def published_node(table: str, columns: dict[str, str]) -> dict[str, Any]:
    name = f"published__{table}"
    return {
        "unique_id": f"model.certgap.{name}",
        "resource_type": "model",
        "alias": name,
        "schema": "published",
        "fqn": ["certgap", "published", name],
        "original_file_path": f"models/published/{name}.sql",
        "description": f"One row per {table}; it's suppressed.",
        "columns": {
            column: {"name": column, "description": words} for column, words in columns.items()
        },
        "config": {"materialized": "table"},
    }


def key_test(table: str, *columns: str) -> dict[str, Any]:
    return {
        "resource_type": "test",
        "test_metadata": {"name": "unique_key", "kwargs": {"columns": list(columns)}},
        "attached_node": f"model.certgap.published__{table}",
        "config": {"materialized": "test"},
    }


def built_project(tmp_path: Path) -> Project:
    """A project folder with a working database and the artifacts of a complete build of it."""
    (tmp_path / "dbt_project.yml").write_text("name: certgap\n")
    (tmp_path / "warehouse").mkdir()
    manifest = {
        "nodes": {
            "model.certgap.published__adoption_rates": published_node(
                "adoption_rates", {"adoption_rate": "Adopted / eligible; 'weekly'."}
            ),
            "test.certgap.key": key_test("adoption_rates", "program_id"),
            "model.certgap.adoption_rates": {
                "resource_type": "model",
                "alias": "adoption_rates",
                "schema": "main",
                "fqn": ["certgap", "marts", "adoption", "adoption_rates"],
                "config": {"materialized": "table"},
            },
        }
    }
    results = {
        "metadata": {"invocation_id": RUN},
        "args": {"which": "build"},
        "results": [{"unique_id": name, "status": "success"} for name in manifest["nodes"]],
    }
    found = Project.find(tmp_path, environment={})
    write_artifacts(found, results, manifest)
    with duckdb.connect(str(found.warehouse)) as working:
        working.execute("create schema audit; create schema published")
        working.execute(f"create table audit.latest_run as select '{RUN}' as invocation_id")
        working.execute("create table fct_learner_tool_checkpoints as select 'p' as employee_key")
        working.execute(
            "create table adoption_rates as"
            " select date '2026-05-30' as as_of_date, 'abc' as rules_hash"
        )
        working.execute(
            "create schema intermediate; create table intermediate.int_build_stamp as"
            " select date '2026-05-30' as as_of_date, date '2026-05-31' as received_until,"
            " 'abc' as rules_hash, 'def' as deliveries_hash, 7 as n_deliveries"
        )
        working.execute(
            "create table intermediate.int_tool_coverage as"
            " select 'copilot' as tool_id, date '2026-05-29' as watermark_date"
        )
        working.execute(
            "create table current_figures as select 'all' as program_id, 'copilot' as tool_id,"
            " 30 as checkpoint_day, 'all' as dimension, 'all' as dimension_value,"
            " 'adoption_rate' as metric_name, 0.4 as metric_value, 4 as numerator,"
            " 10 as denominator, true as is_shown"
        )
        working.execute(
            "create table published.published__adoption_rates as"
            " select program_id, 0.4 as adoption_rate from (values ('b'), ('a')) as t(program_id)"
        )
    return found


def write_artifacts(project: Project, results: Any, manifest: Any = None) -> None:
    project.target.mkdir(exist_ok=True)
    (project.target / "run_results.json").write_text(json.dumps(results))
    if manifest is not None:
        (project.target / "manifest.json").write_text(json.dumps(manifest))


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def change_working(project: Project, sql: str) -> None:
    with duckdb.connect(str(project.warehouse)) as connection:
        connection.execute(sql)


def another_build(project: Project, run: str) -> None:
    change_working(project, f"update audit.latest_run set invocation_id = '{run}'")
    results = project.artifact("run_results.json")
    results["metadata"]["invocation_id"] = run
    write_artifacts(project, results)
