"""Deliveries judged at the boundary: each class of fault has its message, and the build knows.

A usage feed of eighty people over eight weeks and a snapshot of the aliases are the good history;
each test spoils the newest file.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from certgap.deliveries import check, pages, suites
from certgap.deliveries.command import exit_code
from certgap.deliveries.feeds import declared_feeds
from certgap.deliveries.new_suites import as_text, first_suite
from certgap.errors import UserError
from certgap.project import Project
from companies import PROJECT, Company, _use, small_company, variables, write_csv

FIRST, LAST = dt.date(2026, 1, 6), dt.date(2026, 3, 3)
USAGE, ALIASES = "usage/generic/tool_usage_daily", "hris/generic/identity_aliases"
NEWEST = f"{USAGE}/{LAST}.csv"
Rows = list[dict[str, Any]]


def usage_of(file_day: dt.date, people: int = 80) -> Rows:
    """Yesterday's use, as the file of a day holds it."""
    rows = []
    for number in range(people):
        row = _use(f"person{number:02}", file_day - dt.timedelta(days=1))
        rows.append(
            row
            | {
                "surface": ("chat", "chat", "mail")[number % 3],
                "interactions": str(1 + (number * 7) % 12),
            }
        )
    return rows


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder in which every delivery is as it should be."""
    raw = tmp_path_factory.mktemp("good")
    day = FIRST
    while day <= LAST:
        write_csv(raw / USAGE / f"{day}.csv", usage_of(day))
        day += dt.timedelta(days=1)
    aliases = small_company(raw).feeds["hris", "identity_aliases"]
    people = [
        aliases[0] | {"employee_id": f"E{n}", "alias_value": f"person{n:02}@example.com"}
        for n in range(60)
    ]
    for week in range(9):
        write_csv(raw / ALIASES / f"{FIRST + dt.timedelta(days=7 * week)}.csv", people)
    return raw


@pytest.fixture
def raw(good: Path, tmp_path: Path) -> Path:
    """A copy of the good deliveries, to be spoilt."""
    return shutil.copytree(good, tmp_path / "raw")


def project_of(raw: Path, folder: Path = PROJECT) -> Project:
    return Project(
        folder,
        {"CERTGAP_RAW": str(raw), "CERTGAP_WAREHOUSE": str(raw.parent / "working.duckdb")},
    )


def judge(raw: Path, folder: Path = PROJECT, **options: Any) -> check.Report:
    return check.run(
        project_of(raw, folder),
        check.Options(**{"write_docs": False, **options}),
        lambda *_: None,
    )


def failed(report: check.Report) -> dict[str, str]:
    return {record.source_file: record.reason for record in report.with_verdict("failed")}


def test_good_deliveries_pass(good: Path) -> None:
    report = judge(good)
    assert failed(report) == {}
    assert report.errors == report.late == []
    assert {r.verdict for records in report.feeds.values() for r in records} == {"passed"}
    assert report.n_judged == 57 + 9
    assert exit_code(report) == 0


def rewrite(change: Callable[[Rows], Rows]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        write_csv(path, change(rows))

    return spoil


def with_value(column: str, value: Callable[[int], str]) -> Callable[[Path], None]:
    return rewrite(lambda rows: [row | {column: value(n)} for n, row in enumerate(rows)])


def shifted(days: int) -> Callable[[Path], None]:
    return with_value("usage_date", lambda _: str(LAST + dt.timedelta(days=days)))


def text_change(change: Callable[[str], str]) -> Callable[[Path], None]:
    return lambda path: path.write_text(change(path.read_text("utf-8")), encoding="utf-8")


FAULTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "missing column": (
        text_change(lambda text: text.replace("usage_date", "day_of_use", 1)),
        ["lacks the column(s) usage_date", "day_of_use", "Have the export corrected"],
    ),
    "no header": (
        text_change(lambda text: text.split("\n", 1)[1]),
        ["lacks the column(s) tool_id", "no declared column is there: is the header missing"],
    ),
    "wrong delimiter": (
        text_change(lambda text: text.replace(",", ";")),
        ["lacks the column(s) tool_id", "the delimiter seems to be ';'"],
    ),
    "half the usual volume": (
        rewrite(lambda rows: rows[::2]),
        ["0.5 times the usual number of rows"],
    ),
    "no rows": (
        text_change(lambda text: text.splitlines()[0] + "\n"),
        ["has 0 rows", "sent again"],
    ),
    "every row twice": (
        rewrite(lambda rows: rows + rows),
        ["'alias_value' has 0.5 times the usual share of different values"],
    ),
    "stale": (shifted(-40), ["is stale: its newest day is 40 days before its date"]),
    "dates after the delivery": (shifted(3), ["100% of its rows have a day after the delivery"]),
    "dates long before": (shifted(-900), ["a day after the delivery or long before it"]),
    "dates in another format": (
        with_value("usage_date", lambda _: "3/2/2026"),
        ["100% of 'usage_date' cannot be read as its type", "first in row 1", "YYYY-MM-DD"],
    ),
    "some numbers unreadable": (
        with_value("interactions", lambda n: "many" if n % 4 == 3 else "2"),
        ["25% of 'interactions' cannot be read", "first in row 4"],
    ),
    "concealed names": (
        with_value("alias_value", lambda n: f"{n:032x}"),
        ["100% of 'alias_value' is concealed", "switched off"],
    ),
    "ids all empty": (with_value("alias_value", lambda _: ""), ["100% of 'alias_value' is empty"]),
    "drifted categories": (
        with_value("surface", lambda n: ("code", "slides", "search")[n % 3]),
        ["the distribution of 'surface' moved"],
    ),
    "drifted numbers": (
        with_value("interactions", lambda n: str(4000 + n)),
        ["the distribution of 'interactions' moved"],
    ),
    "lines cut short": (
        text_change(lambda text: re.sub(r",4?[^,\n]*,1,true,true$", "", text, flags=re.M)),
        ["of its lines have too many or too few fields"],
    ),
    "a quote never closed": (
        text_change(lambda text: text.replace(",chat,", ',"chat,', 1)),
        ["of its lines have too many or too few fields"],
    ),
    "UTF-16": (
        lambda path: path.write_bytes(path.read_text("utf-8").encode("utf-16")),
        ["is not UTF-8 but UTF-16"],
    ),
    "Latin-1": (
        lambda path: path.write_bytes(path.read_bytes() + "assistant,Å\n".encode("latin-1")),
        ["is not UTF-8 (line 82)"],
    ),
    "empty file": (lambda path: path.write_bytes(b""), ["is empty (0 bytes)"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_the_delivery_with_its_message(raw: Path, fault: str) -> None:
    spoil, messages = FAULTS[fault]
    spoil(raw / NEWEST)
    report = judge(raw)
    # Its neighbours stay as good as they were.
    assert list(failed(report)) == [NEWEST], failed(report)
    for words in messages:
        assert words in failed(report)[NEWEST]
    assert exit_code(report) == 1


def test_a_parquet_file_cut_short_is_unreadable(raw: Path) -> None:
    (raw / NEWEST).unlink()
    path = (raw / NEWEST).with_suffix(".parquet")
    path.write_bytes(b"PAR1" + bytes(100))
    [(name, reason)] = failed(judge(raw)).items()
    assert name.endswith(".parquet")
    assert "is not a Parquet file, or is cut short" in reason


def test_parquet_is_judged_like_csv(raw: Path) -> None:
    path = (raw / NEWEST).with_suffix(".parquet")
    duckdb.sql(f"select * from read_csv('{raw / NEWEST}')").write_parquet(str(path))
    (raw / NEWEST).unlink()
    assert failed(judge(raw)) == {}
    duckdb.sql(f"select * replace (null as alias_value) from '{path}'").write_parquet(f"{path}.new")
    os.replace(f"{path}.new", path)
    [reason] = failed(judge(raw)).values()
    assert "100% of 'alias_value' is empty" in reason


def test_a_file_that_is_no_delivery_is_named(raw: Path) -> None:
    (raw / NEWEST).rename(raw / USAGE / "latest.csv")
    shutil.copy(raw / ALIASES / f"{FIRST}.csv", raw / ALIASES / f"{LAST}.xlsx")
    assert {name: reason.split(".")[0] for name, reason in failed(judge(raw)).items()} == {
        f"{USAGE}/latest.csv": "has no valid date (YYYY-MM-DD) in its path",
        f"{ALIASES}/{LAST}.xlsx": "is neither ",
    }


def test_json_lines_are_judged(tmp_path: Path) -> None:
    folder = tmp_path / "raw/usage/github_copilot/users_1_day"
    line = {"day": "2026-03-01", "user_login": "ada", "user_initiated_interaction_count": 3}
    for day in ("2026-03-02", "2026-03-03"):
        (folder / day).mkdir(parents=True)
    (folder / "2026-03-02/report.ndjson").write_text(f"{json.dumps(line)}\n")
    (folder / "2026-03-03/report.ndjson").write_text(f"{json.dumps(line)}\n" + '{"day": "2026')
    [reason] = failed(judge(tmp_path / "raw")).values()
    assert "50% of its records are no JSON" in reason


def test_json_documents_are_judged(tmp_path: Path) -> None:
    folder = tmp_path / "raw/usage/github_copilot/seats"
    seat = {"created_at": "2026-01-01T00:00:00Z", "assignee": {"login": "ada"}}
    for day, text in (
        ("2026-03-02", json.dumps({"total_seats": 1, "seats": [seat]})),
        ("2026-03-03", json.dumps({"total_seats": 1, "seats": [seat]})[:-20]),
    ):
        (folder / day).mkdir(parents=True)
        (folder / day / "seats.json").write_text(text)
    [(name, reason)] = failed(judge(tmp_path / "raw")).items()
    assert "2026-03-03" in name
    assert "is not JSON, or is cut short" in reason


def test_a_late_feed_is_told_without_failing_its_newest_file(raw: Path) -> None:
    report = judge(raw, as_of=LAST + dt.timedelta(days=12))
    assert failed(report) == {}
    [late] = [text for text in report.late if USAGE in text]
    assert "11 days later than the longest usual gap" in late
    assert exit_code(report) == 1
    # Also when nothing new has come: that is when it matters.
    again = judge(raw, as_of=LAST + dt.timedelta(days=12))
    assert again.n_judged == 0
    assert late in again.late


def test_a_vendor_that_announces_a_part_is_not_asked_for_the_usual_volume(raw: Path) -> None:
    rewrite(lambda rows: rows[::2])(raw / NEWEST)
    report = {
        "feed": "tool_usage_daily",
        "tool_id": "assistant",
        "delivery_id": "a",
        "received_at": f"{LAST} 06:00:00",
        "population_scope": "part",
    }
    write_csv(raw / f"usage/generic/deliveries/{LAST}.csv", [report])
    assert failed(judge(raw)) == {}


def test_what_was_judged_is_not_read_again_until_it_changes(raw: Path) -> None:
    assert judge(raw).n_judged == 66
    assert judge(raw).n_judged == 0
    with_value("alias_value", lambda _: "")(raw / NEWEST)
    report = judge(raw)
    assert report.n_judged == 1
    assert list(failed(report)) == [NEWEST]
    # History does not need the old files.
    for path in sorted((raw / USAGE).glob("*.csv"))[:-1]:
        path.unlink()
    rewrite(lambda _: usage_of(LAST)[::2])(raw / NEWEST)
    assert "0.5 times the usual" in failed(judge(raw))[NEWEST]


def test_an_accepted_delivery_is_taken_with_its_reason(raw: Path) -> None:
    rewrite(lambda rows: rows[::2])(raw / NEWEST)
    judge(raw)
    with pytest.raises(UserError, match="needs a reason"):
        check.accept(project_of(raw), NEWEST, " ")
    with pytest.raises(UserError, match="is no delivery that failed"):
        check.accept(project_of(raw), f"{USAGE}/{FIRST}.csv", "no")
    record = check.accept(project_of(raw), NEWEST, "a holiday in half of the countries")
    assert "a holiday" in record.reason and "0.5 times" in record.reason
    report = judge(raw)
    assert failed(report) == {}
    assert [r.source_file for r in report.with_verdict("accepted")] == [NEWEST]
    verdicts = (raw.parent / "delivery_checks/verdicts.csv").read_text("utf-8")
    assert 'accepted,"a holiday' in verdicts


@pytest.fixture
def other_suites(tmp_path: Path) -> Path:
    """A project folder whose suites may be changed."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "models/staging").symlink_to(PROJECT / "models/staging")
    shutil.copytree(PROJECT / suites.FOLDER, folder / suites.FOLDER)
    return folder


def test_a_feed_without_a_suite_is_not_checked_and_never_passed(
    raw: Path, other_suites: Path
) -> None:
    (other_suites / f"expectations/{USAGE}.json").unlink()
    report = judge(raw, other_suites)
    assert {record.verdict for record in report.feeds[USAGE]} == {"not_checked"}
    assert "there is no suite" in report.feeds[USAGE][0].reason
    assert {record.verdict for record in report.feeds[ALIASES]} == {"passed"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"column": "rows"', '"column": "row_count"', "judges 'row_count', which is not measured"),
        ('"ids": ["tool_id"', '"ids": ["tool"', "'tool' is no column of usage/generic"),
        ('"rhythm":', '"rythm":', "has no setting rythm"),
        ('"expectations": [', '"expectation": [', "cannot be read"),
    ],
)
def test_a_wrong_suite_is_named_and_never_left_out(
    raw: Path, other_suites: Path, old: str, new: str, words: str
) -> None:
    path = other_suites / f"expectations/{USAGE}.json"
    text_change(lambda text: text.replace(old, new))(path)
    with pytest.raises(UserError, match=words):
        judge(raw, other_suites)


def test_an_expectation_that_cannot_be_evaluated_leaves_deliveries_unchecked(
    raw: Path, other_suites: Path
) -> None:
    path = other_suites / f"expectations/{USAGE}.json"
    text_change(
        lambda text: text.replace(
            'be_between", "kwargs": {"column": "rows"', 'be_betwixt", "kwargs": {"column": "rows"'
        )
    )(path)
    report = judge(raw, other_suites)
    assert {record.verdict for record in report.feeds[USAGE]} == {"not_checked"}
    assert report.errors
    assert exit_code(report) == 2


def test_a_changed_suite_judges_its_feed_again(raw: Path, other_suites: Path) -> None:
    judge(raw, other_suites)
    path = other_suites / f"expectations/{USAGE}.json"
    text_change(
        lambda text: text.replace(
            '"column": "rows", "min_value": 1', '"column": "rows", "min_value": 100'
        )
    )(path)
    report = judge(raw, other_suites)
    assert report.n_judged == 57
    assert len(failed(report)) == 57


def test_every_declared_feed_has_a_suite_that_can_be_read() -> None:
    project = Project.find(PROJECT, {})
    lacking = [f.folder for f in declared_feeds(project) if suites.load(PROJECT, f) is None]
    assert lacking == [], "run: certgap check-deliveries --write-suites, then read what it wrote"


def test_a_first_suite_has_the_form_of_great_expectations() -> None:
    import great_expectations as gx

    for feed in declared_feeds(Project.find(PROJECT, {})):
        suite = json.loads(as_text(first_suite(PROJECT, feed)))
        loaded = gx.ExpectationSuite(name=suite["name"], expectations=suite["expectations"])
        assert len(loaded.expectations) == len(suite["expectations"])


def test_the_pages_open_offline_and_name_nobody(raw: Path) -> None:
    with_value("alias_value", lambda n: f"{n:032x}")(raw / NEWEST)
    report = judge(raw, write_docs=True)
    assert report.docs is not None
    folder = report.docs.parent
    html = {path.name: path.read_text("utf-8") for path in folder.glob("*.html")}
    assert set(html) == {"index.html", pages.file_name(USAGE), pages.file_name(ALIASES)}
    everything = "\n".join(html.values())
    assert not re.search(r"https?://|<script|<link|<img|url\(|@import|@example\.com", everything)
    assert "is concealed" in html[pages.file_name(USAGE)]
    assert "values must be" in html[pages.file_name(USAGE)]
    for name in re.findall(r'href="([^"]+)"', everything):
        assert name in html
    assert [path.suffix for path in folder.iterdir() if path.suffix != ".html"] == []
    kept = (raw.parent / "delivery_checks/verdicts.csv").read_text("utf-8")
    assert "@example.com" not in kept


def test_a_page_that_would_load_something_is_refused() -> None:
    for body in ('<script src="x.js"></script>', '<img src="a">', '<a href="https://x">x</a>'):
        with pytest.raises(UserError, match="would load something"):
            pages.page("t", body)


def test_the_command_says_what_failed_and_what_to_do(raw: Path, tmp_path: Path) -> None:
    with_value("alias_value", lambda _: "")(raw / NEWEST)
    company = Company(tmp_path)
    run = company.certgap("check-deliveries")
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"{NEWEST}: 100% of 'alias_value' is empty. Have the column filled." in run.stdout
    assert "Traceback" not in run.stderr
    run = company.certgap("check-deliveries", "--json")
    assert [row["file"] for row in json.loads(run.stdout)["failed"]] == [NEWEST]


def test_the_command_names_wrong_settings(tmp_path: Path) -> None:
    company = Company(tmp_path)
    run = company.certgap("check-deliveries")
    assert run.returncode == 2 and "Set CERTGAP_RAW" in run.stderr
    run = company.certgap("check-deliveries", "--as-of", "yesterday")
    assert run.returncode == 2 and "YYYY-MM-DD" in run.stderr


# ---- what the build makes of it -----------------------------------------------------------------
WEEK = dt.date(2026, 4, 13)
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@pytest.fixture(scope="module")
def with_failed_week(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company of five; the file that holds the last week before day 90 has no aliases."""
    company = small_company(tmp_path_factory.mktemp("failed"))
    rows = company.feeds["usage", "tool_usage_daily"]
    week = [row for row in rows if "2026-04-06" <= row["usage_date"] <= "2026-04-12"]
    assert len(week) == 1
    company.feeds["usage", "tool_usage_daily"] = [row for row in rows if row not in week]
    company.write()
    nobody = [row | {"alias_value": ""} for row in week * 3]
    write_csv(company.delivery("usage", "tool_usage_daily", str(WEEK)), nobody)
    run = company.certgap("check-deliveries", "--json")
    assert run.returncode == 1, run.stdout + run.stderr
    found = json.loads(run.stdout)
    assert [row["file"] for row in found["failed"]] == [f"{USAGE}/{WEEK}.csv"]
    return company


def dbt(company: Company, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments]
    return company._run([*command, "--vars", variables(["generic"], **settings)], {})


def query(company: Company, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_stop_stops_with_the_reason(with_failed_week: Company) -> None:
    run = dbt(with_failed_week, "run", failed_deliveries="stop")
    assert run.returncode != 0
    output = " ".join(run.stdout.split())
    assert f"{USAGE}/{WEEK}.csv" in output and "'alias_value' is empty" in output
    assert "set failed_deliveries to exclude" in output
    run = dbt(with_failed_week, "run", failed_deliveries="perhaps")
    assert "failed_deliveries must be exclude or stop" in " ".join(run.stdout.split())


def test_a_failed_delivery_makes_its_days_unknown_and_the_build_goes_on(
    with_failed_week: Company,
) -> None:
    company = with_failed_week
    run = company.certgap("build", sources=("generic",))
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Deliveries: 6 passed, 1 failed" in run.stdout
    assert f"{USAGE}/{WEEK}.csv: " in run.stdout
    assert query(
        company,
        "select source_file, is_failed, is_unreported, cast(date_from as varchar), row_count"
        " from canonical.deliveries",
    ) == [(f"{USAGE}/{WEEK}.csv", True, True, "2026-04-07", 3)]
    # 2026-04-07 is in the block of day 90 and no other day: what was covered stays covered.
    statuses = query(
        company,
        "select distinct checkpoint_day, status from fct_learner_tool_checkpoints order by 1",
    )
    assert statuses == [(30, "eligible"), (60, "eligible"), (90, "feed_gap")]
    assert query(
        company,
        "select cast(date_from as varchar), cast(date_to as varchar)"
        " from intermediate.int_feed_deliveries where is_delivered order by 1",
    ) == [("2025-12-01", "2026-04-06"), ("2026-04-08", "2026-05-30")]
    assert query(
        company,
        "select n_rows_in - n_rows_kept, n_rows_quarantined from canonical.feed_row_counts"
        " where feed = 'tool_usage_daily'",
    ) == [(3, 3)]
    assert query(company, "select reason, n_rows from canonical.quarantined_rows") == [
        ("failed_delivery_check", 3)
    ]


def test_what_a_vendor_reports_of_a_failed_file_is_failed_too(with_failed_week: Company) -> None:
    company = with_failed_week
    report = {
        "feed": "tool_usage_daily",
        "tool_id": "assistant",
        "max_complete_date": "",
        "row_count": "",
        "population_scope": "all",
        "is_failed": "false",
    }
    reports = [
        report | {"delivery_id": name, "received_at": at, "date_from": first, "date_to": last}
        for name, at, first, last in (
            ("before", "2026-04-05 06:00:00", "2025-12-01", "2026-04-05"),
            ("the week", f"{WEEK} 06:00:00", "2026-04-06", "2026-04-12"),
            ("after", "2026-05-31 06:00:00", "2026-04-13", "2026-05-30"),
        )
    ]
    path = write_csv(company.delivery("usage", "deliveries"), reports)
    run = dbt(company, "build", "--select", "+int_delivered_spans", *WITHOUT_TESTS)
    assert run.returncode == 0, run.stdout
    assert query(
        company, "select delivery_id from canonical.deliveries where is_failed order by 1"
    ) == [("the week",), (f"{USAGE}/{WEEK}.csv",)]
    assert query(
        company,
        "select cast(date_from as varchar), cast(date_to as varchar)"
        " from intermediate.int_delivered_spans order by 1",
    ) == [("2025-12-01", "2026-04-05"), ("2026-04-13", "2026-05-30")]
    path.unlink()


def test_a_file_put_right_is_read_and_not_checked_until_it_is_judged(
    with_failed_week: Company,
) -> None:
    company = with_failed_week
    path = company.delivery("usage", "tool_usage_daily", str(WEEK))
    write_csv(path, [_use("ada", dt.date(2026, 4, 7)), _use("eve", dt.date(2026, 4, 8))])
    models = ("--select", "+delivery_checks", "+deliveries", "+feed_row_counts")
    run = dbt(company, "build", *models, *WITHOUT_TESTS)
    assert run.returncode == 0, run.stdout
    verdicts = "select verdict, count(*) from canonical.delivery_checks group by 1 order by 1"
    assert query(company, verdicts) == [("not_checked", 1), ("passed", 6)]
    assert query(company, "select count(*) from canonical.deliveries") == [(0,)]
    assert company.certgap("check-deliveries").returncode == 0
    assert dbt(company, "build", *models, *WITHOUT_TESTS).returncode == 0
    assert query(company, verdicts) == [("passed", 7)]


def test_without_a_check_nothing_is_excluded_and_the_summary_says_so(built: Any) -> None:
    assert built.result["summary"]["delivery_checks"] == [{"verdict": "not_checked", "n_files": 6}]
    assert built.result["summary"]["failed_deliveries"] == []
