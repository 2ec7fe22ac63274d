"""A publication, later deliveries of every kind, and the publication built again: nothing differs.

The company of five is published as of May. In June come use that is late, a day that is restated,
a correction of HR, a completion nobody had reported and a new month of use. What was published
stays in the record, what changed is in `restatements`, and the vars of the publication give May
again, row for row.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from certgap.publish import store
from certgap.publish.rebuild import variables_of
from companies import PROJECT, Company, _event, _use, small_company, variables, write_csv

pytestmark = pytest.mark.long

TABLES = ("+current_figures", "+restatements", "+manager_cohorts", "+data_quality")
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
LATER = "2026-06-30"
# What is worked out for publications differs by design: the first build knew none.
OF_PUBLICATIONS = {path.stem for path in (PROJECT / "models").glob("*/publications/*.sql")} - {
    "current_figures",
    "int_build_stamp",
}
Row = tuple[Any, ...]


@dataclass(frozen=True)
class History:
    """The company after two publications, and the working database of each."""

    company: Company
    first: Path
    second: Path
    record: Path


def build(company: Company, *arguments: str, **more: str) -> None:
    run = company.dbt("build", "--select", *TABLES, *WITHOUT_TESTS, *arguments, **more)
    assert run.returncode == 0, run.stdout + run.stderr


def record(warehouse: Path, path: Path, build_id: str) -> int:
    """What `certgap publish` does to the record."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{warehouse}' as working (read_only)")
        store.attach(connection, path, read_only=False)
        row = store.draft(connection, build_id, "test", 0)
        store.record(connection, row)
        return row[0]


def query(path: Path, sql: str) -> list[Row]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def deliver_later(company: Company) -> None:
    """June's deliveries; nothing that was delivered before is touched."""
    history = [
        row | {"department": "Sales", "recorded_at": f"{LATER} 08:00:00"}
        if row["employee_id"] == "E2"
        else row
        for row in company.feeds["hris", "employment_history"]
    ]
    write_csv(company.delivery("hris", "employment_history", LATER), history)
    for relation in ("employees", "identity_aliases"):
        rows = company.feeds["hris", relation]
        write_csv(company.delivery("hris", relation, LATER), rows)
    events = [
        *company.feeds["lms", "learning_events"],
        _event(20, "dee", "completed", "2026-05-20T10:00:00Z"),
    ]
    write_csv(company.delivery("lms", "learning_events", LATER), events)
    write_csv(company.delivery("lms", "courses", LATER), company.feeds["lms", "courses"])
    use = [
        _use("cem", dt.date(2026, 2, 9)),  # day 28: late, and in the block of 30
        _use("ada", dt.date(2026, 3, 10)) | {"is_active": "false", "interactions": "0"},  # day 57
        *(_use("eve", dt.date(2026, 6, day)) for day in range(1, 30)),
    ]
    write_csv(company.delivery("usage", "tool_usage_daily", LATER), use)


@pytest.fixture(scope="module")
def history(company_folder: Path) -> History:
    company = small_company(company_folder).write()
    path = company.folder / "publications.duckdb"
    build(company)
    assert record(company.warehouse, path, "run-1") == 1
    first = company.folder / "first" / company.warehouse.name
    first.parent.mkdir()
    shutil.copy(company.warehouse, first)
    deliver_later(company)
    build(company, "--full-refresh")
    return History(company, first, company.warehouse, path)


def test_models_that_compare_publications_pass_their_own_tests(history: History) -> None:
    """Most of them are empty until there is a publication to compare with."""
    tests = "path:models/intermediate/publications,test_type:data"
    run = history.company.dbt("test", "--select", tests)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_full_refresh_leaves_the_record_alone(history: History) -> None:
    kept = query(history.record, "select publication_id, build_id, n_figures from publication_log")
    figures = query(history.record, "select count(*) from published_figures")
    assert kept == [(1, "run-1", figures[0][0])]
    assert figures[0][0] > 500


def test_late_data_shows_both_values_and_the_reason(history: History) -> None:
    rows = query(
        history.second,
        """
        select dimension_value, checkpoint_day, metric_name, numerator_published,
            denominator_published, numerator_now, denominator_now, reason
        from restatements
        where program_id = 'all' and tool_id = 'assistant'
            and (dimension = 'all' or dimension_value = 'Finance')
            and metric_name in ('adoption_rate', 'completion_rate', 'n_completed')
        """,
    )
    late_use = "use restated or delivered late"
    learning = "learning records or identities changed"
    moved = "units moved between groups"
    expected = [
        # Cem is found to have used it; Ada's use of day 57 is taken back.
        ("all", 30, "adoption_rate", 1, 3, 2, 3, late_use),
        ("all", 60, "adoption_rate", 1, 3, 0, 3, late_use),
        # Ben was in Sales all the time.
        ("Finance", 30, "adoption_rate", 1, 3, 2, 2, moved),
        ("Finance", 60, "adoption_rate", 1, 3, 0, 2, moved),
        ("Finance", 90, "adoption_rate", 1, 3, 1, 2, moved),
    ]
    for day in (30, 60, 90):
        # Dee had completed in May, too late for the due date.
        expected.append(("all", day, "n_completed", 3, 3, 4, 4, learning))
        expected.append(("Finance", day, "completion_rate", 3, 4, 2, 3, moved))
    assert sorted(rows) == sorted(expected)


def test_later_days_are_no_restatement(history: History) -> None:
    # June's deliveries close no window of then: only the figures above and what follows from them.
    rows = query(
        history.second,
        "select distinct published_as_of_date, as_of_date from restatements",
    )
    assert rows == [(dt.date(2026, 5, 30), dt.date(2026, 6, 29))]


def test_the_vars_of_a_publication_give_it_again_row_for_row(history: History) -> None:
    again = history.company.folder / "again" / history.company.warehouse.name
    again.parent.mkdir()
    vars_of_first = variables_of(store.publication(history.record, 1))
    assert vars_of_first == {"as_of_date": "2026-05-30", "received_until": "2026-05-31"}
    run = history.company._run(
        [
            *history.company.dbt_command,
            "build", "--select", *TABLES, *WITHOUT_TESTS,
            "--vars", variables(("generic",), **vars_of_first),
        ],
        {
            "CERTGAP_WAREHOUSE": str(again),
            "CERTGAP_PUBLICATIONS": str(history.record),
            "DBT_TARGET_PATH": str(again.parent / "target"),
        },
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert store.differences(history.record, 1, again) == {}
    assert store.stamp(again) == store.stamp(history.first)
    assert query(again, "select count(*) from restatements") == [(0,)]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{history.first}' as first_build (read_only)")
        connection.execute(f"attach '{again}' as again (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'first_build' and schema_name in ('main', 'intermediate')"
            " and not contains(table_name, '__')"
        ).fetchall()
        assert len(tables) > 60
        different = {}
        for schema, table in tables:
            if table in OF_PUBLICATIONS:
                continue
            one, other = (
                f"select * from {name}.{schema}.{table}" for name in ("first_build", "again")
            )
            [(count,)] = connection.execute(
                f"select count(*) from (({one} except all {other}) union all"
                f" ({other} except all {one}))"
            ).fetchall()
            if count:
                different[table] = count
    assert different == {}


def test_the_next_publication_is_appended_and_a_build_is_only_one(history: History) -> None:
    before = query(history.record, "select * from published_figures order by all")
    assert record(history.second, history.record, "run-2") == 2
    assert record(history.second, history.record, "run-2") == 2
    kept = query(
        history.record, "select * from published_figures where publication_id = 1 order by all"
    )
    assert kept == before
    assert query(history.record, "select count(*) from publication_log") == [(2,)]
