"""The published file: what is in it, and that a refusal leaves the old one as it was."""

from __future__ import annotations

import datetime as dt
import errno
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from rich.console import Console

from certgap.errors import CheckFailed, UserError
from certgap.project import Project
from certgap.publish import rebuild, store
from certgap.publish.publisher import publish
from publish_project import RUN, another_build, built_project, change_working, query

FILES = ["certgap.duckdb", "publications.duckdb", "published.duckdb"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A working database and the artifacts of a complete build of it."""
    return built_project(tmp_path)


def test_published_tables_lose_their_prefix_and_nothing_else_comes_along(project: Project) -> None:
    publish(project)
    tables = query(project.published, "select schema_name, table_name from duckdb_tables()")
    assert sorted(tables) == [
        ("main", "adoption_rates"),
        ("main", "publication_log"),
        ("main", "published_contents"),
    ]
    assert query(project.published, "select program_id from adoption_rates") == [("a",), ("b",)]


def test_descriptions_travel_with_the_tables(project: Project) -> None:
    publish(project)
    words = query(
        project.published,
        "select comment from duckdb_columns() where column_name = 'adoption_rate'",
    )
    assert words == [("Adopted / eligible; 'weekly'.",)]


def test_the_log_says_what_was_published_and_keeps_earlier_publications(project: Project) -> None:
    assert publish(project).publication_id == 1
    another_build(project, "run-2")
    assert publish(project).publication_id == 2
    log = (
        "select publication_id, build_id, cast(as_of_date as varchar),"
        " cast(received_until as varchar), rules_hash, deliveries_hash, n_deliveries, n_tables,"
        " n_figures from publication_log"
    )
    expected = [
        (number, run, "2026-05-30", "2026-05-31", "abc", "def", 7, 1, 1)
        for number, run in ((1, RUN), (2, "run-2"))
    ]
    assert query(project.published, log) == expected
    assert query(project.publications, log) == expected


def test_a_build_is_one_publication_however_often_it_is_published(project: Project) -> None:
    publish(project)
    before = query(project.publications, "select * from publication_log")
    project.published.unlink()
    assert publish(project).publication_id == 1
    assert query(project.publications, "select * from publication_log") == before
    assert query(project.published, "select count(*) from publication_log") == [(1,)]


def test_figures_are_kept_as_they_were_and_are_not_in_the_published_file(project: Project) -> None:
    publish(project)
    change_working(project, "update current_figures set metric_value = 0.5, numerator = 5")
    another_build(project, "run-2")
    publish(project)
    kept = "select publication_id, metric_value, numerator, denominator from published_figures"
    assert query(project.publications, kept) == [(1, 0.4, 4, 10), (2, 0.5, 5, 10)]
    watermarks = query(project.publications, "select * from published_watermarks")
    assert [(n, tool, str(day)) for n, tool, day in watermarks] == [
        (1, "copilot", "2026-05-29"),
        (2, "copilot", "2026-05-29"),
    ]
    tables = query(project.published, "select table_name from duckdb_tables()")
    assert ("published_figures",) not in tables


def test_a_record_that_cannot_be_written_stops_the_publication(project: Project) -> None:
    publish(project)
    before = project.published.read_bytes()
    another_build(project, "run-2")
    change_working(project, "drop table current_figures")
    with pytest.raises(duckdb.Error):
        publish(project)
    assert project.published.read_bytes() == before
    assert query(project.publications, "select count(*) from publication_log") == [(1,)]
    assert query(project.publications, "select count(*) from published_watermarks") == [(1,)]


def test_a_file_that_is_no_record_is_named(project: Project) -> None:
    project.publications.write_text("not a database")
    with pytest.raises(UserError, match=r"publications\.duckdb is not a DuckDB database") as caught:
        publish(project)
    assert "CERTGAP_PUBLICATIONS" in caught.value.remedy


def test_the_record_has_the_columns_its_source_declares() -> None:
    folder = Path(__file__).parents[2] / "models/staging/publications"
    [source] = yaml.safe_load((folder / "_publications__sources.yml").read_text())["sources"]
    declared = {
        table["name"]: {
            column["name"]: column["data_type"].replace("string", "varchar")
            for column in table["columns"]
        }
        for table in source["tables"]
    }
    assert declared == store.TABLES


def test_nothing_but_the_published_file_is_left_in_the_folder(project: Project) -> None:
    publish(project)
    names = sorted(path.name for path in project.published.parent.iterdir())
    assert names == [".published.duckdb.lock", *FILES]


def test_a_reader_keeps_the_file_it_has_open(project: Project) -> None:
    publish(project)
    with duckdb.connect(str(project.published), read_only=True) as reader:
        change_working(project, "delete from published.published__adoption_rates")
        publish(project)
        assert reader.execute("select count(*) from adoption_rates").fetchone() == (2,)
    assert query(project.published, "select count(*) from adoption_rates") == [(0,)]


def test_a_refusal_says_why_and_leaves_the_file_byte_for_byte(project: Project) -> None:
    publish(project)
    before = project.published.read_bytes()
    change_working(project, "update audit.latest_run set invocation_id = 'run-2'")
    with pytest.raises(CheckFailed, match="another dbt run"):
        publish(project)
    assert project.published.read_bytes() == before


def test_a_database_that_does_not_say_who_built_it_is_refused(project: Project) -> None:
    change_working(project, "drop table audit.latest_run")
    with pytest.raises(CheckFailed, match="does not say"):
        publish(project)


def test_a_published_column_of_one_person_is_refused(project: Project) -> None:
    change_working(
        project, "alter table published.published__adoption_rates add column Employee_Key varchar"
    )
    with pytest.raises(CheckFailed, match="employee_key"):
        publish(project)
    assert not project.published.exists()


def test_a_copy_that_breaks_off_leaves_the_old_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project)
    before = project.published.read_bytes()

    def full_disk(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("certgap.publish.publisher._copy_table", full_disk)
    with pytest.raises(UserError, match="no room left") as caught:
        publish(project)
    assert "run the command again" in caught.value.remedy
    assert project.published.read_bytes() == before
    names = {path.name for path in project.published.parent.iterdir()}
    assert names == {".published.duckdb.lock", *FILES}


def test_a_missing_published_table_is_named(project: Project) -> None:
    change_working(project, "drop table published.published__adoption_rates")
    with pytest.raises(CheckFailed, match="published__adoption_rates"):
        publish(project)


def test_before_the_first_build_it_says_what_to_run(project: Project) -> None:
    (project.target / "run_results.json").unlink()
    with pytest.raises(UserError) as caught:
        publish(project)
    assert "certgap build" in caught.value.remedy


def test_artifacts_cut_short_are_named(project: Project) -> None:
    (project.target / "run_results.json").write_text('{"metadata"')
    with pytest.raises(UserError, match=r"run_results\.json is not readable"):
        publish(project)


# ---- certgap build --as-of-publication


@pytest.mark.parametrize(
    "arguments",
    [
        ["--vars", "{enabled_sources: [generic]}", "--full-refresh"],
        ["--vars={enabled_sources: [generic]}", "--full-refresh"],
    ],
)
def test_vars_are_added_to_those_that_are_given(arguments: list[str]) -> None:
    *rest, flag, variables = rebuild.with_variables(arguments, {"as_of_date": "2026-05-30"})
    assert (rest, flag) == (["--full-refresh"], "--vars")
    assert yaml.safe_load(variables) == {
        "enabled_sources": ["generic"],
        "as_of_date": "2026-05-30",
    }


def test_a_date_that_is_given_twice_is_refused() -> None:
    with pytest.raises(UserError, match="as_of_date"):
        rebuild.with_variables(["--vars", "{as_of_date: 2026-01-01}"], {"as_of_date": "2026-05-30"})


def test_dates_are_passed_as_dbt_takes_them() -> None:
    log = {"as_of_date": dt.date(2026, 5, 30), "received_until": None}
    assert rebuild.variables_of(log) == {"as_of_date": "2026-05-30", "received_until": ""}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("", None),
        ("update current_figures set metric_value = 0.3", "the code"),
        ("update current_figures set numerator = 3; update intermediate.int_build_stamp"
         " set deliveries_hash = 'x', n_deliveries = 8", "7 then, 8 now"),
        ("update current_figures set is_shown = false; update intermediate.int_build_stamp"
         " set rules_hash = 'x'", "rules"),
        ("insert into current_figures select * from current_figures", "the code"),
    ],
)  # fmt: skip
def test_a_figure_that_differs_is_said_with_the_cause(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    why: str | None,
) -> None:
    publish(project)

    def build(past: Project, arguments: list[str], *_: Any, **__: Any) -> None:
        assert yaml.safe_load(arguments[-1]) == {
            "as_of_date": "2026-05-30",
            "received_until": "2026-05-31",
        }
        assert past.publications == project.publications
        past.warehouse.write_bytes(project.warehouse.read_bytes())
        with duckdb.connect(str(past.warehouse)) as connection:
            connection.execute(change)

    monkeypatch.setattr(rebuild.builder, "build", build)
    if why is None:
        assert rebuild.rebuild(project, 1, [], Console()).n_figures == 1
    else:
        with pytest.raises(CheckFailed, match=why):
            rebuild.rebuild(project, 1, [], Console())
    assert project.warehouse.with_name("publication_1.duckdb").is_file()


def test_a_publication_that_is_not_there_is_named(project: Project) -> None:
    with pytest.raises(UserError, match="nothing was published yet"):
        store.publication(project.publications, 1)
    publish(project)
    with pytest.raises(UserError, match="there are 1 to 1"):
        store.publication(project.publications, 2)
