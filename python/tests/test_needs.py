"""``certgap doctor`` says what is missing for which metric, with and without a working database.

Rule: files alone tell which relations nobody delivers; the last build tells until when each source
is covered and which tools, assignments and aliases are missing. Nothing names a person.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from certgap.needs import NEEDS, delivered_relations
from certgap.new_source.contract import RELATIONS
from certgap.project import Project
from companies import PEOPLE, PROJECT, Company, small_company


def doctor(company: Company, **environment: str | None) -> dict[str, dict[str, str]]:
    result = company.certgap("doctor", "--json", **environment)
    assert result.stdout, result.stderr
    return {row["subject"]: row for row in json.loads(result.stdout)}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What the doctor says to the company of five before its first build."""
    return doctor(small_company(tmp_path_factory.mktemp("before")).write())


@pytest.fixture(scope="module")
def after(built) -> dict[str, dict[str, str]]:
    return doctor(built.company)


def test_what_is_delivered_is_told_by_metric_without_a_database(before) -> None:
    assert before["for adoption rate"]["level"] == "ok"
    assert before["for adoption rate"]["detail"].endswith("by generic")
    assert before["for completion rate"]["level"] == "ok"


def test_what_nobody_delivers_comes_with_the_question_to_ask(before) -> None:
    for metric, relation, whom in (
        ("no_licence and licence_unknown", "tool_licences", "Ask IT for the seats"),
        ("on_leave", "leave_periods", "Ask HR for leave"),
        ("coverage", "deliveries", "Ask whoever runs the exports"),
        ("Kirkpatrick levels 1 to 3", "surveys", "Ask the training team"),
    ):
        finding = before[f"for {metric}"]
        assert finding["level"] == "note"
        assert finding["detail"] == f"nobody delivers {relation}"
        assert finding["remedy"].startswith(whom)
    assert not any("covered" in subject for subject in before)


def test_each_need_names_relations_of_the_contract() -> None:
    assert {name for need in NEEDS for name in need.any_of} <= set(RELATIONS)


def test_the_last_build_tells_until_when_each_source_is_covered(after) -> None:
    use = after["usage/generic/tool_usage_daily of assistant covered"]
    assert use["level"] == "ok"
    assert "guessed from its rows" in use["detail"]
    # The day before the only file's date.
    assert after["lms/generic covered"]["detail"] == (
        "complete through 2026-05-30, guessed from the newest file"
    )


def test_nothing_the_doctor_says_names_a_person(after) -> None:
    said = json.dumps(after)
    for name in PEOPLE.values():
        assert f"{name}@" not in said


@pytest.fixture
def changed(built, tmp_path: Path) -> tuple[Company, Path]:
    """The built company with a copy of its database, which a test may change."""
    path = tmp_path / "working.duckdb"
    shutil.copy(built.company.warehouse, path)
    return built.company, path


def test_a_tool_without_use_or_seats_an_lms_without_assignments_and_missing_days_are_told(
    changed: tuple[Company, Path],
) -> None:
    company, path = changed
    with duckdb.connect(str(path)) as connection:
        for sql in (
            "insert into intermediate.int_tool_coverage by name"
            " select 'copilot' as tool_id, 'none' as usage_grain, true as is_sold_by_seat",
            "update main.data_quality set n_affected = 3, first_date = date '2026-01-10'"
            " where check_name = 'coverage'",
            "create or replace view canonical.learning_events as"
            " select 'lrs' as source_system, 'completed' as event_type",
            "update main.identity_match_rates set n_rows_matched = 1, row_match_rate = 0.1"
            " where relation_name = 'learning_events'",
            "update main.dim_employees set role_group = null",
        ):
            connection.execute(sql)
    said = doctor(company, CERTGAP_WAREHOUSE=str(path))
    seats = said["for seats of copilot"]
    assert "licence_unknown" in seats["detail"]
    assert "window_open" in said["for adoption rate of copilot"]["detail"]
    assert said["for completion rate: assignments"]["detail"].startswith("none in lrs")
    covered = said["usage/generic/tool_usage_daily of assistant covered"]
    assert covered["level"] == "note"
    assert ", 3 of " in covered["detail"]
    assert (
        "3 completed within 28 days" in said["for conversion and retention of assistant"]["detail"]
    )
    assert "list of work_email" in said["who is behind work_email of generic"]["remedy"]
    assert said["for figures by role"]["detail"] == "5 of 5 employees have no role group"


def test_a_database_of_another_version_is_no_reason_to_fail(
    changed: tuple[Company, Path],
) -> None:
    company, path = changed
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table main.data_quality")
        connection.execute("alter table main.dim_employees rename column role_group to role")
    said = doctor(company, CERTGAP_WAREHOUSE=str(path))
    assert "not all could be read" in said["last build"]["detail"]
    assert not any("covered" in subject for subject in said)


def test_a_database_open_elsewhere_is_told_and_the_rest_is_said(
    changed: tuple[Company, Path],
) -> None:
    company, path = changed
    with duckdb.connect(str(path)):
        said = doctor(company, CERTGAP_WAREHOUSE=str(path))
    assert said["last build"]["detail"].startswith("not looked into")
    assert said["for completion rate"]["level"] == "ok"


def test_a_relation_counts_as_delivered_when_its_vendor_has_a_file() -> None:
    project = Project(PROJECT, {})
    feeds = {("github_copilot", "seats"), ("generic", "learning_events")}
    assert delivered_relations(project, feeds) == {
        "tool_usage_daily": {"github_copilot"},
        "tool_licences": {"github_copilot"},
        "deliveries": {"github_copilot"},
        "learning_events": {"generic"},
    }
