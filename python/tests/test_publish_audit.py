"""A published file is audited before the swap, and can be audited at any time."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from certgap.errors import CheckFailed
from certgap.project import Project
from certgap.publish import contents, keeping, publisher
from certgap.publish.audit import audit
from certgap.publish.publisher import publish
from publish_project import another_build, built_project, change_working, query, write_artifacts


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A working database and the artifacts of a complete build of it."""
    return built_project(tmp_path)


def damage(path: Path, sql: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)


def test_a_published_file_passes_its_own_audit(project: Project) -> None:
    publish(project)
    found = audit(project.published)
    assert found.passed, found.problems
    assert (found.publication_id, found.tables) == (1, {"adoption_rates": 2, "publication_log": 1})


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("delete from adoption_rates where program_id = 'a'", "1 rows instead of 2"),
        ("update adoption_rates set adoption_rate = 0.5 where program_id = 'a'", "not those"),
        ("update adoption_rates set program_id = 'a'", "not unique"),
        ("drop table adoption_rates", "adoption_rates is missing"),
        ("create table more as select 1 as a", "more is not in published_contents"),
        ("create table more as select 1 as employee_key", "carries employee_key"),
        ("drop table published_contents", "no table published_contents"),
        ("drop table publication_log", "no table publication_log"),
        ("update publication_log set is_current = false", "says that publication"),
        ("update published_contents set publication_id = 7", "the file holds 7"),
        ("delete from published_contents", "is not in published_contents"),
    ],
)
def test_the_audit_finds_what_is_wrong(
    project: Project,
    sql: str,
    problem: str,
) -> None:
    publish(project)
    damage(project.published, sql)
    assert any(problem in words for words in audit(project.published).problems)


def test_the_audit_finds_a_damaged_file(project: Project) -> None:
    publish(project)
    whole = project.published.read_bytes()
    project.published.write_bytes(whole[: len(whole) // 2])
    assert "cannot be read" in audit(project.published).problems[0]
    project.published.unlink()
    assert audit(project.published).problems == ["There is no such file."]


def declare(project: Project, shown_from: Any) -> None:
    """Two groups, of 12 and of 4 people, whose rate needs n_eligible."""
    manifest = project.artifact("manifest.json")
    node = manifest["nodes"]["model.certgap.published__adoption_rates"]
    node["columns"] |= {"is_suppressed": {"name": "is_suppressed", "description": ""}}
    if shown_from is not None:
        node["config"]["meta"] = {"shown_from": shown_from}

    write_artifacts(project, project.artifact("run_results.json"), manifest)
    change_working(
        project,
        "create or replace table published.published__adoption_rates as"
        " select * from (values ('a', 12, 0.5, false), ('b', 4, null, true))"
        " as t(program_id, n_eligible, adoption_rate, is_suppressed)",
    )


def test_a_figure_of_few_people_stops_the_publication(project: Project) -> None:
    publish(project)
    declare(project, {"n_eligible": ["adoption_rate"]})
    another_build(project, "run-2")
    assert publish(project).publication_id == 2
    before = project.published.read_bytes()
    change_working(project, "update published.published__adoption_rates set adoption_rate = 0.25")
    another_build(project, "run-3")
    with pytest.raises(CheckFailed, match="1 rows of adoption_rates show a figure though n_el"):
        publish(project)
    assert project.published.read_bytes() == before
    # Nobody read it, so it is no publication.
    assert query(project.publications, "select max(publication_id) from publication_log") == [(2,)]


def test_the_floor_is_that_of_the_rules(project: Project) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table dim_metric_rules (rule_name varchar, rule_value varchar)")
        assert contents.smallest_shown(connection) == 5
        connection.execute("insert into dim_metric_rules values ('var min_cell', '3')")
        assert contents.smallest_shown(connection) == 5
        connection.execute("update dim_metric_rules set rule_value = '10'")
        assert contents.smallest_shown(connection) == 10


def test_a_table_that_hides_must_say_by_which_rule(project: Project) -> None:
    declare(project, None)
    with pytest.raises(CheckFailed, match="does not say which denominator"):
        publish(project)


def test_a_model_without_a_key_is_not_published(project: Project) -> None:
    manifest = project.artifact("manifest.json")
    del manifest["nodes"]["test.certgap.key"]
    results = project.artifact("run_results.json")

    write_artifacts(project, results, manifest)
    with pytest.raises(CheckFailed, match="has no key"):
        publish(project)


def test_a_copy_that_lost_rows_is_not_swapped_in(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(project)
    before = project.published.read_bytes()
    change_working(project, "update published.published__adoption_rates set adoption_rate = 0.5")
    another_build(project, "run-2")
    write = contents.write

    def lose_a_row(connection: Any, *arguments: Any) -> None:
        write(connection, *arguments)
        connection.execute("delete from adoption_rates where program_id = 'a'")

    monkeypatch.setattr(publisher.contents, "write", lose_a_row)
    with pytest.raises(CheckFailed, match="did not pass its audit"):
        publish(project)
    assert project.published.read_bytes() == before
    assert query(project.publications, "select count(*) from publication_log") == [(1,)]


def test_file_and_folder_are_flushed_around_the_rename(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(project)
    change_working(project, "delete from published.published__adoption_rates")
    another_build(project, "run-2")
    done: list[tuple[str, str]] = []
    flush, replace = keeping.flush, os.replace

    def flushed(path: Path) -> None:
        done.append(("flush", path.name))
        flush(path)

    def replaced(source: Path, target: Path) -> None:
        done.append(("rename", Path(target).name))
        replace(source, target)

    monkeypatch.setattr(keeping, "flush", flushed)
    monkeypatch.setattr(keeping.os, "replace", replaced)
    publish(project)
    folder = project.published.parent.name
    assert done == [
        ("flush", "published.duckdb"),
        ("rename", "published.publication-1.duckdb"),
        ("flush", folder),
        ("rename", "published.duckdb"),
        ("flush", folder),
        ("flush", folder),
    ]


# Aims, and rates of courses, budgets and feeds. Where measured_rate is of people it has an
# interval, which is governed, under the same condition.
NOT_OF_PEOPLE = {
    *("target_rate", "threshold_rate", "warn_rate"),
    *("course_overlap_rate", "measured_rate"),
}


def declared_models() -> list[dict[str, Any]]:
    folder = Path(__file__).parents[2] / "models/published"
    files = sorted(folder.glob("*__models.yml"))
    return [model for file in files for model in yaml.safe_load(file.read_text())["models"]]


@pytest.mark.parametrize("model", declared_models(), ids=lambda model: model["name"])
def test_every_rate_that_is_published_names_its_denominator(model: dict[str, Any]) -> None:
    columns = {column["name"] for column in model["columns"]}
    rule = (model["config"].get("meta") or {}).get("shown_from")
    assert (rule is not None) == ("is_suppressed" in columns)
    rule = rule or {}
    governed = {figure for figures in rule.values() for figure in figures}
    assert governed | rule.keys() <= columns
    # Restatements lack the counts: published__restatements has a where clause instead.
    if rule:
        rates = {name for name in columns if re.search(r"_rate(_low|_high|_if_.*)?$", name)}
        assert rates - governed <= NOT_OF_PEOPLE
