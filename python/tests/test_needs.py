"""``certgap doctor`` says what is missing for which metric, with and without a working database.

Rule: files alone tell which relations nobody delivers; the last build tells until when each source
is covered and which tools, assignments and aliases are missing. Nothing names a person.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from certgap.needs import (
    NEEDS,
    REQUIRED,
    WITHOUT_ASSIGNMENTS,
    delivered_relations,
    find,
    without_which_no_build,
)
from certgap.new_source.contract import RELATIONS
from certgap.project import Project
from companies import PEOPLE, PROJECT, Company, small_company


def doctor(company: Company, **environment: str | None) -> dict[str, dict[str, str]]:
    result = company.certgap("doctor", "--json", **environment)
    assert result.stdout, result.stderr
    return {row["subject"]: row for row in json.loads(result.stdout)}


@pytest.fixture(scope="module")
def before(company_folder: Path) -> dict[str, dict[str, str]]:
    """What the doctor says to the company of five before its first build."""
    return doctor(small_company(company_folder).write())


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


@pytest.mark.parametrize(
    ("enabled", "feeds", "stops"),
    [
        # On generic files alone each relation needs its file.
        (["generic"], [("generic", "tool_usage_period")], 5),
        # Another vendor's relations are its own feeds' matter.
        (["generic", "cornerstone", "workday", "m365_copilot"], [], 0),
    ],
)
def test_a_relation_that_stops_the_build_is_a_problem(
    enabled: list[str], feeds: list[tuple[str, str]], stops: int
) -> None:
    project = Project(PROJECT, {})
    project.__dict__["settings"] = {"vars": {"enabled_sources": enabled}}
    found = list(without_which_no_build(project, set(feeds)))
    assert [finding.level for finding in found] == ["problem"] * stops
    assert {finding.subject for finding in found} <= {
        f"{category}/generic/{any_of[0]}" for category, any_of in REQUIRED
    }


def test_what_stops_a_build_is_the_same_list_as_the_macros() -> None:
    macro = (PROJECT / "macros/sources/prepare_raw_relations.sql").read_text("utf-8")
    listed = re.search(r"for relation, category in \{(.*?)\}", macro, re.DOTALL)[1]
    of_macro = {(category, (name,)) for name, category in re.findall(r"'(\w+)': '(\w+)'", listed)}
    either = re.search(r"'(\w+)' not in served and '(\w+)' not in served", macro).groups()
    assert set(REQUIRED) == of_macro | {("usage", either)}


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


@pytest.mark.parametrize(
    ("feeds", "delivered"),
    [
        (
            {("github_copilot", "seats"), ("generic", "learning_events")},
            {"tool_licences": {"github_copilot"}, "learning_events": {"generic"}},
        ),
        # People and courses are no learning.
        ({("cornerstone", "users_core")}, {"identity_aliases": {"cornerstone"}}),
        # One of several reports of the same use will do.
        (
            {("m365_copilot", "usage_user_detail_pages")},
            {"tool_usage_daily": {"m365_copilot"}, "deliveries": {"m365_copilot"}},
        ),
    ],
)
def test_a_relation_counts_as_delivered_when_the_feeds_that_fill_it_have_files(
    feeds: set[tuple[str, str]], delivered: dict[str, set[str]]
) -> None:
    assert delivered_relations(Project(PROJECT, {}), feeds) == delivered


def told(*feeds: tuple[str, str]) -> dict[str, tuple[str, str]]:
    found = find(Project(PROJECT, {"CERTGAP_WAREHOUSE": "none"}), set(feeds))
    return {finding.subject: (finding.level, finding.detail) for finding in found}


def test_learning_without_assignments_is_no_comfort_for_the_completion_rate() -> None:
    level, detail = told(("linkedin_learning", "learning_activity_reports"))["for completion rate"]
    assert level == "note"
    assert detail.startswith("learning_events by linkedin_learning, and no assignments")
    sap = ("successfactors_learning", "learninghistorys")
    assert told(sap)["for completion rate"][0] == "note"
    plan = ("successfactors_learning", "user_todo_learning_items")
    assert told(sap, plan)["for completion rate"][0] == "ok"


def test_aliases_of_one_learning_platform_are_no_comfort_for_all_accounts() -> None:
    subject = "for who is behind an account"
    level, detail = told(("coursera", "enrollment_reports"))[subject]
    assert level == "note"
    assert detail.startswith("identity_aliases by coursera only")
    people = ("generic", "identity_aliases")
    assert told(("coursera", "enrollment_reports"), people)[subject][0] == "ok"


def test_vendors_without_assignments_are_those_whose_samples_have_none(sample_warehouse) -> None:
    vendors = {
        name.removeprefix("stg_").removesuffix("__learning_events")
        for (name,) in sample_warehouse.execute(
            "select table_name from information_schema.tables"
            " where table_name like 'stg\\_%\\_\\_learning\\_events' escape '\\'"
        ).fetchall()
    }
    without = {
        vendor
        for vendor in vendors - {"generic"}
        if not sample_warehouse.execute(
            f"select count(*) from staging.stg_{vendor}__learning_events"
            " where event_type = 'assigned'"
        ).fetchone()[0]
    }
    # These can have some, and their samples do not.
    assert without == WITHOUT_ASSIGNMENTS | {"udemy_business", "workday_learning"}
