"""What `certgap build` makes of the company of five (see companies.py)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from certgap.proofs.schedules import kept_models
from certgap.publish.audit import audit
from companies import KEY, small_company
from conftest import BAD_EVENT, Built


def query(built: Built, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(built.company.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_figures_are_those_a_person_would_count(built: Built) -> None:
    rows = query(
        built,
        """
        select checkpoint_day, n_assigned, n_assigned_completed, n_completed, n_eligible, n_adopted
        from adoption_rates
        where program_id = 'all' and tool_id = 'assistant' and dimension = 'all'
        order by checkpoint_day
        """,
    )
    assert rows == [(30, 4, 3, 3, 3, 1), (60, 4, 3, 3, 3, 1), (90, 4, 3, 3, 3, 1)]


def test_a_bad_date_is_set_aside_by_name_and_the_build_goes_on(built: Built) -> None:
    rows = query(
        built,
        "select feed, source_file, reason, raw_text from canonical.quarantined_rows",
    )
    assert len(rows) == 1
    feed, source_file, reason, raw_text = rows[0]
    assert feed == "learning_events"
    assert source_file == "lms/generic/learning_events/2026-05-31.csv"
    assert "occurred_at" in reason
    assert BAD_EVENT in raw_text and "2026-13-45" in raw_text
    assert built.result["summary"]["quarantined"] == [
        {
            "source_system": "generic",
            "feed": "learning_events",
            "reason": reason,
            "n_rows": 1,
        }
    ]


def test_inferred_coverage_is_said(built: Built) -> None:
    assert built.result["summary"]["coverage_inferred_tools"] == ["assistant"]


def test_five_people_are_too_few_to_publish_figures_of(built: Built) -> None:
    with duckdb.connect(str(built.company.published), read_only=True) as published:
        rows = published.execute(
            "select distinct is_suppressed, adoption_rate from adoption_rates"
            " where dimension = 'all'"
        ).fetchall()
    assert rows == [(True, None)]


def test_reference_files_are_left_byte_for_byte(built: Built) -> None:
    after = {path.name: path.read_bytes() for path in built.company.reference.iterdir()}
    assert after == built.reference_before


def test_the_pseudonym_key_is_in_no_file_the_build_wrote(built: Built) -> None:
    assert KEY not in built.output
    leaks = [
        path
        for path in built.company.folder.rglob("*")
        if path.is_file() and KEY.encode() in path.read_bytes()
    ]
    assert leaks == []


def test_the_published_file_passes_its_audit(built: Built) -> None:
    found = audit(built.company.published)
    assert found.passed, found.problems
    assert found.tables.keys() == built.result["publication"]["tables"].keys()
    assert found.tables["publication_log"] == 1


def test_every_published_table_and_column_says_what_it_is(built: Built) -> None:
    """As comments, which BI tools show."""
    with duckdb.connect(str(built.company.published), read_only=True) as published:
        named = published.execute("select table_name, comment from duckdb_tables()").fetchall()
        columns = published.execute(
            "select table_name, column_name, comment from duckdb_columns()"
            " where database_name = current_database() and not internal"
        ).fetchall()
    assert len(named) > 25 and len(columns) > 500
    assert [table for table, comment in named if len(comment or "") < 20] == []
    assert [(table, column) for table, column, comment in columns if not comment] == []
    comments = {(table, column): comment for table, column, comment in columns}
    assert comments["adoption_rates", "adoption_rate"].startswith("n_adopted / n_eligible")


def test_models_that_keep_rows_of_an_earlier_build_are_known_and_nothing_published_reads_others(
    built: Built,
) -> None:
    manifest = json.loads((built.company.target / "manifest.json").read_text(encoding="utf-8"))
    models = {
        name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }
    keeping = {
        name: node["config"]["materialized"]
        for name, node in models.items()
        if node["config"]["materialized"] not in ("table", "view", "ephemeral")
    }
    assert {models[name]["name"] for name in keeping} == kept_models()
    # What is proved by random schedules (make schedules) is the monthly ones.
    others = {name for name, kind in keeping.items() if kind != "monthly"}
    assert {models[name]["name"] for name in others} == {"join_audit"}
    queue = [name for name, node in models.items() if node["fqn"][1] == "published"]
    read: set[str] = set()
    while queue:
        name = queue.pop()
        if name not in read:
            read.add(name)
            queue += models.get(name, {"depends_on": {"nodes": []}})["depends_on"]["nodes"]
    assert not read & others


def test_a_model_can_be_built_alone_over_the_warehouse_of_the_last_build(
    built: Built, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    shutil.copy(built.company.target / "manifest.json", state)
    before = built.company.warehouse.read_bytes()
    run = built.company.dbt(
        "build", "--target", "dev", "--select", "manager_cohorts", "--defer", "--state", str(state),
        CERTGAP_DEV_WAREHOUSE=str(tmp_path / "dev.duckdb"),
        DBT_TARGET_PATH=str(tmp_path / "target"),
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect(str(tmp_path / "dev.duckdb"), read_only=True) as connection:
        built_here = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main'"
        ).fetchall()
        rows = connection.execute("select count(*) from manager_cohorts").fetchone()
    assert built_here == [("manager_cohorts",)]
    assert rows == query(built, "select count(*) from manager_cohorts")[0]
    assert built.company.warehouse.read_bytes() == before


def test_a_partial_run_afterwards_is_not_published(built: Built) -> None:
    before = built.company.published.read_bytes()
    partial = built.company.dbt("build", "--select", "stg_reference__tools")
    assert partial.returncode == 0, partial.stdout
    refused = built.company.certgap("publish")
    assert refused.returncode == 1
    assert "left out" in refused.stderr
    assert built.company.published.read_bytes() == before


@pytest.mark.long
def test_the_header_of_a_large_file_is_its_first_line(tmp_path: Path) -> None:
    company = small_company(tmp_path).write()
    first = company.delivery("usage", "tool_usage_daily")
    header, *rows = first.read_text(encoding="utf-8").splitlines(keepends=True)
    # Several times the buffer that heads are read with; four files, as threads must meet by chance.
    large = header + "".join(rows) * (40_000_000 // len("".join(rows)))
    for day in range(1, 5):
        path = company.delivery("usage", "tool_usage_daily", f"2026-06-0{day}")
        path.write_text(large, encoding="utf-8")
    run = company.dbt("run", "--select", "stg_intake__read_files")
    assert run.returncode == 0, run.stdout + run.stderr


def test_without_a_check_nothing_is_excluded_and_the_summary_says_so(built: Built) -> None:
    assert built.result["summary"]["delivery_checks"] == [{"verdict": "not_checked", "n_files": 6}]
    assert built.result["summary"]["failed_deliveries"] == []
