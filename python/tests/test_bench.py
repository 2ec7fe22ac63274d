"""The benchmark must add the day it says, see every difference between builds, and write it up."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from certgap.bench import dbt_builds, equality, load, next_day, report, segments
from certgap.bench.resources import Watch
from certgap.bench.settings import EngineSettings
from certgap.errors import CheckFailed
from certgap.simulate.simulation import run

PROJECT = Path(__file__).resolve().parents[2]
FILE_DAY, DAY = date(2026, 4, 2), date(2026, 4, 1)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries of a small company, one a day."""
    folder = tmp_path_factory.mktemp("bench") / "raw"
    run(300, 1, folder, world="reference_load", sources=["generic"], fmt="parquet", monthly=False,
        truth=False, start="2025-11-01", end="2026-03-31")  # fmt: skip
    return folder


@pytest.fixture
def added(raw: Path, tmp_path: Path) -> tuple[Path, next_day.NextDay]:
    """A working copy with one more day."""
    copy = load.working_copy(raw, tmp_path / "deliveries")
    return copy, next_day.add_next_day(copy)


def rows(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def test_the_day_is_added_to_the_copy_alone(
    raw: Path, added: tuple[Path, next_day.NextDay]
) -> None:
    copy, day = added
    assert day.day == DAY
    assert not list(raw.rglob(f"{FILE_DAY}.parquet"))
    # Nobody answers a survey on the day, and no outcome's period ends on it.
    feeds = {path.parent for path in copy.rglob("*.parquet")}
    feeds -= {folder for folder in feeds if folder.name in {"surveys", "outcomes"}}
    assert len(feeds) >= 5
    assert {path.parent for path in copy.rglob(f"{FILE_DAY}.parquet")} == feeds


def test_a_day_three_months_old_is_restated_with_changes(
    added: tuple[Path, next_day.NextDay],
) -> None:
    copy, day = added
    assert timedelta(91) <= DAY - day.restated_day <= timedelta(100)
    new = f"(from '{copy / next_day.USAGE}/{FILE_DAY}.parquet' where usage_date != '{DAY}')"
    old = f"(from '{copy / next_day.USAGE}/{day.restated_day + timedelta(1)}.parquet')"
    joined = (
        f"{new} as new left join {old} as old using (tool_id, alias_value, surface, usage_date)"
    )
    changed, missing = rows(
        "select count(*) filter (old.interactions is not null"
        " and new.interactions = old.interactions + 5),"
        f" count(*) filter (old.tool_id is null) from {joined}"
    )[0]
    assert changed > 0
    assert missing > 0
    announced = rows(
        f"select date_from, sum(row_count) from '{copy / next_day.REPORTS}/{FILE_DAY}.parquet'"
        " group by date_from order by date_from"
    )
    assert announced == [(day.restated_day, day.n_restated_rows), (DAY, day.n_usage_rows)]


def test_people_change_as_said(raw: Path, added: tuple[Path, next_day.NextDay]) -> None:
    copy, _ = added
    snapshot = copy / next_day.HISTORY / f"{FILE_DAY}.parquet"
    begun = rows(
        "select count(*) filter (employment_status = 'Terminated'),"
        f" count(*) filter (employee_id like 'N%'), count(*) from '{snapshot}'"
        f" where valid_from = '{DAY}'"
    )
    assert begun == [(5, 5, 30)]
    ended = rows(f"select count(*) from '{snapshot}' where valid_to = '{DAY}'")
    assert ended == [(25,)]


def write(path: Path, change: str = "") -> Path:
    """A working database with one mart and the audit table."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table facts as select i as id, 'x' || i as name from range(9) as r(i);"
            f"create table join_audit as select '{path.name}' as build_id, timestamp '2026-01-01'"
            f" as built_at, 5 as n_left; {change}"
        )
    return path


MANIFEST = {
    "nodes": {
        name: {"resource_type": "model", "fqn": ["certgap", "marts", name], "schema": "main",
               "alias": name}
        for name in ("facts", "join_audit")
    }
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("", None),
        ("update facts set name = 'y' where id = 3", "facts"),
        ("delete from facts where id = 3", "facts"),
        ("insert into facts from facts where id = 3", "facts"),
        ("alter table facts add column more int", "facts"),
        ("update join_audit set n_left = 6", "join_audit"),
    ],
)
def test_any_difference_between_builds_is_seen(
    tmp_path: Path, change: str, table: str | None
) -> None:
    ours, theirs = write(tmp_path / "ours.db"), write(tmp_path / "theirs.db", change)
    compared = equality.compare_builds(ours, theirs, MANIFEST)
    assert [result.table for result in compared if not result.agrees] == [table] * bool(table)


def test_earlier_builds_in_the_audit_are_not_compared(tmp_path: Path) -> None:
    older = "insert into join_audit values ('earlier', timestamp '2025-01-01', 1)"
    ours, theirs = write(tmp_path / "ours.db"), write(tmp_path / "theirs.db", older)
    assert all(result.agrees for result in equality.compare_builds(ours, theirs, MANIFEST))


def test_time_is_booked_under_the_folder_of_its_node() -> None:
    fqn = ["certgap", "intermediate", "usage", "int_usage_days"]
    manifest = {"nodes": {"model.certgap.int_usage_days": {"fqn": fqn}}}
    times = {"model.certgap.int_usage_days": 2.0, "test.certgap.a.1": 1.0, "test.certgap.b.2": 0.5}
    layers = dbt_builds.layer_times(times, manifest)
    assert layers == {"intermediate/usage": 2.0, "data tests": 1.5}


def test_spilled_bytes_and_memory_are_seen(tmp_path: Path) -> None:
    with Watch([tmp_path], own_process=True) as watch:
        (tmp_path / "spilled").write_bytes(b"x" * 1000)
        (tmp_path / "spilled").read_bytes()
    assert watch.result.peak_spill_bytes == 1000
    assert watch.result.bytes_read >= 1000
    assert watch.result.peak_memory_bytes > 10**6


def build(seconds: float) -> dict[str, Any]:
    return {
        "seconds": seconds, "startup_seconds": 3.0, "peak_memory_bytes": 2**30,
        "peak_spill_bytes": 0, "bytes_read": 2**30, "layers": {"marts": seconds},
        "slowest": [["model.certgap.adoption_rates", seconds]],
    }  # fmt: skip


def test_the_report_names_ratios_and_shares() -> None:
    size = {
        "employees": 1600,
        "yardstick": {"wall_seconds": 2.0, "peak_memory_bytes": 2**30, "peak_spill_bytes": 0,
                      "bytes_read": 2**20, "n_rows": 12},
        "full build, all tests": build(20.0),
        "one more day, all tests": build(1.0),
        "full refresh": build(15.0),
        "equality, all tests": [{"n_rows": 7}],
        "next day": {"day": DAY, "restated_day": DAY, "n_usage_rows": 1, "n_restated_rows": 2,
                     "n_learning_events": 3},
        "queries": [{"name": "headline", "n_rows": 3, "p50_ms": 1.0, "p95_ms": 2.0}],
    }  # fmt: skip
    results = {"date": "2026-11-21", "machine": {"duckdb": "1.5.6"}, "sizes": {"1600": size}}
    page = report.text(results)
    assert "| full build, all tests | 20.0 s | 10.0 |" in page
    assert "One more day, all tests: 5.0% of the full build's time" in page


def judged_by_both(connection: duckdb.DuckDBPyConnection, folder: Path, last: str) -> Path:
    """Thirteen weeks of one non-user in both results; theirs calls the last week ``last``."""
    connection.execute(
        """
        create table person_weeks as
        select 'E1' as employee_id, date '2026-01-05' + cast(i * 7 as integer) as week_start_date,
            0 as actions from range(13) as weeks(i);
        create table int_usage_segments as
        select employee_id, week_start_date, 'low' as segment_12w, 'low' as segment_4w
        from person_weeks where false;
        create table counts as
        select week_start_date, 'non_user' as segment_12w, 'non_user' as segment_4w, 1 as n_people
        from person_weeks
        """
    )
    theirs = folder / "theirs.parquet"
    connection.execute(
        "copy (select employee_id as PersonId, cast(week_start_date as timestamp) as MetricDate,"
        f" if(week_start_date = '2026-03-30', '{last}', 'Non-user') as UsageSegments_12w,"
        f" 'Non-user' as UsageSegments_4w from person_weeks) to '{theirs}' (format parquet)"
    )
    return theirs


def test_the_segment_models_read_what_the_benchmark_gives_them(tmp_path: Path) -> None:
    read, columns = set(), set()
    for name in segments.MODELS:
        sql = next((PROJECT / "models").rglob(f"{name}.sql")).read_text("utf-8")
        read |= set(re.findall(r"ref\('(\w+)'\)", sql))
        columns |= set(re.findall(r"\bemployees\.(\w+)", sql))
    weeks = tmp_path / "weeks.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'A' as PersonId, timestamp '2026-01-05' as MetricDate, 2 as Actions)"
            f" to '{weeks}' (format parquet)"
        )
        segments.load_inputs(connection, weeks, "assistant")
        given = {name for (name,) in connection.execute("show tables").fetchall()}
        people = {row[0] for row in connection.execute("describe int_hire_dates").fetchall()}
    # The weeks with use and the models themselves are views over these tables.
    assert read - given == {"int_active_weeks", "int_segment_spans"}
    assert columns and columns <= people


def test_segments_are_compared_where_the_history_is_whole(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        theirs = judged_by_both(connection, tmp_path, "Non-user")
        assert segments.compare(connection, theirs) == ({"12w": 2, "4w": 10}, {"non_user": 2})


@pytest.mark.parametrize("last", ["Low User", "Never heard of"])
def test_a_segment_that_differs_is_seen(tmp_path: Path, last: str) -> None:
    with duckdb.connect() as connection:
        theirs = judged_by_both(connection, tmp_path, last)
        with pytest.raises(CheckFailed, match="Segments over 12w: 1 of 2 differ"):
            segments.compare(connection, theirs)


def test_counts_that_are_not_those_of_the_rows_are_seen(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        theirs = judged_by_both(connection, tmp_path, "Non-user")
        connection.execute("update counts set n_people = 2 where week_start_date = '2026-01-05'")
        with pytest.raises(CheckFailed, match="Counts by week"):
            segments.compare(connection, theirs)


def test_settings_of_the_profile_are_read_with_the_variables_they_name(monkeypatch):
    example = Path(__file__).resolve().parents[2] / "profiles.yml.example"
    monkeypatch.delenv("CERTGAP_MEMORY_LIMIT", raising=False)
    assert EngineSettings.read(example).settings["memory_limit"] == "8GB"
    monkeypatch.setenv("CERTGAP_MEMORY_LIMIT", "3GB")
    assert EngineSettings.read(example).settings["memory_limit"] == "3GB"
    with EngineSettings.read(example).connect(Path(":memory:")) as connection:
        assert connection.sql("select current_setting('memory_limit')").fetchone()[0] == "2.7 GiB"
