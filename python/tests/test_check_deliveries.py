"""Deliveries judged at the boundary: each class of fault has its message, and the build knows.

A usage feed of eighty people over eight weeks and a snapshot of the aliases are the good history;
each test spoils the newest file.
"""

from __future__ import annotations

import csv
import datetime as dt
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest

from certgap.deliveries import check, pages, reading, suites
from certgap.deliveries.command import exit_code
from certgap.deliveries.feeds import declared_feeds
from certgap.deliveries.new_suites import as_text, first_suite
from certgap.errors import UserError
from certgap.project import Project
from certgap.prove import MERGER
from certgap.simulate.logs import LOGS
from certgap.simulate.simulation import run as simulate
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


def with_a_restated_day() -> Rows:
    """Yesterday, and once more, for other people, a day of last week."""
    restated = usage_of(LAST - dt.timedelta(days=6))
    others = [row | {"alias_value": f"other-{row['alias_value']}"} for row in restated]
    return usage_of(LAST) + others


def test_a_restated_day_of_last_week_leaves_no_hole_where_the_days_between_came_before(
    raw: Path,
) -> None:
    write_csv(raw / NEWEST, with_a_restated_day())
    assert failed(judge(raw)) == {}


def test_a_restated_day_of_the_same_people_is_no_repetition_of_rows(raw: Path) -> None:
    """Their ids come once a day, as always; the same rows twice are another matter."""
    restated = usage_of(LAST - dt.timedelta(days=3))
    write_csv(raw / NEWEST, usage_of(LAST) + restated)
    assert failed(judge(raw)) == {}
    write_csv(raw / NEWEST, (usage_of(LAST) + restated) * 2)
    assert "times the usual share of different values" in failed(judge(raw))[NEWEST]


def test_days_between_that_no_delivery_told_of_are_a_hole(raw: Path) -> None:
    write_csv(raw / NEWEST, with_a_restated_day())
    for days in range(1, 6):
        (raw / USAGE / f"{LAST - dt.timedelta(days=days)}.csv").unlink()
    assert "no rows for 5 days in a row" in failed(judge(raw))[NEWEST]


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
    "years of two digits": (
        with_value("usage_date", lambda _: str(LAST - dt.timedelta(days=1))[2:]),
        ["100% of 'usage_date' cannot be read as its type"],
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
        ["has a quote that is never closed"],
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


NOTES: dict[str, tuple[Callable[[Path], None], str]] = {
    "yesterday's file": (
        lambda path: shutil.copy(path.with_stem(str(LAST - dt.timedelta(days=1))), path),
        f"is the same file as {USAGE}/{LAST - dt.timedelta(days=1)}.csv",
    ),
    "a day nearer": (shifted(0), "its newest day is -1 days farther from its date"),
    "a week behind": (shifted(-7), "its newest day is 6 days farther from its date"),
}


@pytest.mark.parametrize("name", NOTES)
def test_what_may_be_right_is_noted(raw: Path, name: str) -> None:
    spoil, words = NOTES[name]
    spoil(raw / NEWEST)
    report = judge(raw)
    assert failed(report) == {}
    [record] = [record for record in report.feeds[USAGE] if record.notes]
    assert record.source_file == NEWEST
    assert words in record.notes


def test_a_list_that_comes_unchanged_is_nothing_to_note(good: Path) -> None:
    report = judge(good)
    lists = report.feeds[ALIASES]
    assert len({record.profile.content for record in lists}) == 1
    assert not any(record.notes for record in lists)


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


def test_without_great_expectations_the_command_says_what_to_run(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "great_expectations", None)
    with pytest.raises(UserError, match="package great_expectations is missing") as error:
        judge(raw)
    assert "make setup" in error.value.remedy


# ---- good data passes ---------------------------------------------------------------------------
# Two months with weekends and one holiday (a Wednesday) for every feed; API feeds in pages.
MONTHS = [dt.date(2026, 1, 5) + dt.timedelta(days=n) for n in range(63)]
HOLIDAY = dt.date(2026, 2, 25)
MANY, FEW, PAGE = 230, 8, 100


def value_of(suite: suites.Suite, name: str, number: int, day: dt.date) -> str:
    """A value such as the column has, of person ``number``."""
    kind = suite.kinds.get(name, "text")
    midnight = dt.datetime.combine(day, dt.time(9), dt.UTC)
    if name in suite.people:
        return f"person{number:03}@example.com"
    if kind == "epoch_ms":
        return str(int(midnight.timestamp() * 1000))
    values = {"date": str(day), "timestamp": midnight.isoformat(), "number": "3", "boolean": "true"}
    return values.get(kind) or (f"{name}{number}" if name in suite.ids else "text")


def put(record: dict[str, Any], path: str, value: str) -> None:
    """Set `$.a.b[0]."c-d"` in nested objects and lists."""
    steps = re.findall(r'"([^"]+)"|(\w+)|\[(\d)\]', path.removeprefix("$."))
    keys: list[Any] = [int(index) if index else quoted or word for quoted, word, index in steps]
    at: Any = record
    for key, following in zip(keys, [*keys[1:], None], strict=True):
        if following is None:
            at[key] = value
            return
        empty: Any = [{}] if isinstance(following, int) else {}
        at = at[key] if isinstance(key, int) else at.setdefault(key, empty)


def records_of(suite: suites.Suite, people: range, day: dt.date) -> Rows:
    records: Rows = []
    for number in people:
        record: dict[str, Any] = {}
        for name, paths in suite.fields.items():
            put(record, paths[0], value_of(suite, name, number, day))
        records.append(record)
    return records


def write_day(raw: Path, suite: suites.Suite, file_day: dt.date, n_people: int) -> None:
    """What a feed delivers of the day before: a table, lines, or pages and an empty last one."""
    day, folder = file_day - dt.timedelta(days=1), raw / suite.feed.folder
    if suite.feed.format == "csv":
        rows = [
            {name: value_of(suite, name, number, day) for name in suite.columns}
            for number in range(n_people)
        ]
        path = write_csv(folder / f"{file_day}.csv", rows)
        if not suite.feed.has_header:
            path.write_text(path.read_text("utf-8").split("\n", 1)[1], encoding="utf-8")
        return
    (folder / str(file_day)).mkdir(parents=True)
    pages_of_people = [range(at, min(at + PAGE, n_people)) for at in range(0, n_people, PAGE)]
    if suite.feed.format == "document":
        pages_of_people.append(range(0))
    for number, people in enumerate(pages_of_people, start=1):
        records = records_of(suite, people, day)
        if suite.feed.format == "lines":
            text = "".join(json.dumps(record) + "\n" for record in records)
        elif suite.elements[0] == "$":
            text = json.dumps(records)
        else:
            document: dict[str, Any] = {}
            put(document, suite.elements[0], records)  # type: ignore[arg-type]
            text = json.dumps(document)
        (folder / str(file_day) / f"{day}_page_{number}.json").write_text(text, encoding="utf-8")


def all_suites() -> list[suites.Suite]:
    found = [suites.load(PROJECT, feed) for feed in declared_feeds(Project.find(PROJECT, {}))]
    return [suite for suite in found if suite and not suite.lacks]


@pytest.mark.long
def test_two_good_months_with_weekends_and_a_holiday_pass_for_every_feed(tmp_path: Path) -> None:
    raw, judged = tmp_path / "raw", all_suites()
    for suite in judged:
        for day in MONTHS if suite.feed.category == "usage" else MONTHS[::7]:
            spoken = day - dt.timedelta(days=1)
            is_quiet = suite.rhythm == "same_weekday" and (
                spoken.weekday() >= 5 or spoken == HOLIDAY
            )
            write_day(raw, suite, day, FEW if is_quiet else MANY)
    report = judge(raw)
    assert failed(report) == {}
    assert report.errors == report.late == report.with_verdict("not_checked") == []
    assert len(report.feeds) == len(judged) > 60
    noted = {name for name, records in report.feeds.items() if any(r.notes for r in records)}
    # The holiday is told of, and only where weekdays differ.
    assert noted == {s.feed.folder for s in judged if s.rhythm == "same_weekday"}
    [record] = [r for r in report.feeds[USAGE] if r.notes]
    assert f"{HOLIDAY + dt.timedelta(days=1)}" in record.source_file
    assert "as many as a quiet weekday" in record.notes


@pytest.fixture
def analytics(tmp_path: Path) -> Path:
    """Six weeks of a feed in pages that says its day in the file names only."""
    suite = next(s for s in all_suites() if s.feed.folder == ANALYTICS)
    for day in MONTHS[:43]:
        is_weekend = (day - dt.timedelta(days=1)).weekday() >= 5
        write_day(tmp_path / "raw", suite, day, FEW if is_weekend else MANY)
    return tmp_path / "raw"


ANALYTICS = "usage/claude_enterprise/analytics_users"
LAST_PAGES = f"{ANALYTICS}/{MONTHS[42] - dt.timedelta(days=3)}"


def test_a_request_that_lacks_a_page_has_too_few_rows(analytics: Path) -> None:
    [page, *others] = sorted((analytics / LAST_PAGES).iterdir())
    assert "-02-12" in page.name and dt.date(2026, 2, 12).weekday() == 3
    page.unlink()
    reasons = failed(judge(analytics))
    assert sorted(reasons) == [f"{LAST_PAGES}/{other.name}" for other in others]
    assert "0.565 times the usual number of rows" in reasons[f"{LAST_PAGES}/{others[0].name}"]


def test_a_page_that_comes_later_completes_its_request(analytics: Path) -> None:
    [page, *_] = sorted((analytics / LAST_PAGES).iterdir())
    content = page.read_bytes()
    page.unlink()
    assert len(failed(judge(analytics))) == 3
    page.write_bytes(content)
    report = judge(analytics)
    assert failed(report) == {}
    assert report.n_judged == 4


def test_a_page_that_cannot_be_read_fails_alone_and_loses_its_day(analytics: Path) -> None:
    [page, *_] = sorted((analytics / LAST_PAGES).iterdir())
    page.write_text('{"type": "error", "error": {"type": "rate_limit_error"}}')
    report = judge(analytics)
    [record] = report.with_verdict("failed")
    assert record.source_file == f"{LAST_PAGES}/{page.name}"
    assert "has no list of records at $.data (is it an error message?)" in record.reason
    assert (record.first_day, record.last_day) == ("2026-02-12", "2026-02-12")


@pytest.mark.parametrize(
    ("folder", "content", "words"),
    [
        ("lms/coursera/enrollment_reports", {"errorCode": "unauthorized"}, "no list of records"),
        (ANALYTICS, {"data": [{"foo": 1}] * 50}, "100% of 'email' is empty"),
        (ANALYTICS, {"data": ["person@example.com"] * 50}, "are no JSON object"),
        ("usage/okta/system_log_pages", {"errorSummary": "Invalid token"}, "no list of records"),
        ("usage/gemini_workspace/activities", {"error": {"code": 403}}, "no list of records"),
    ],
)
def test_records_that_are_none_fail(tmp_path: Path, folder: str, content: Any, words: str) -> None:
    (tmp_path / "raw" / folder).mkdir(parents=True)
    (tmp_path / "raw" / folder / "2026-03-02.json").write_text(json.dumps(content))
    [reason] = failed(judge(tmp_path / "raw")).values()
    assert words in reason


@pytest.mark.parametrize(
    ("folder", "content"),
    [
        (ANALYTICS, {"data": [], "next_page": None}),
        # This vendor leaves the list out of an empty page.
        ("usage/gemini_workspace/activities", {"kind": "admin#reports#activities"}),
        ("hris/bamboohr/job_info", {"table": "jobInfo", "employees": {}}),
    ],
)
def test_an_empty_page_is_a_statement(tmp_path: Path, folder: str, content: Any) -> None:
    (tmp_path / "raw" / folder).mkdir(parents=True)
    (tmp_path / "raw" / folder / "2026-03-02.json").write_text(json.dumps(content))
    report = judge(tmp_path / "raw")
    assert {r.verdict for records in report.feeds.values() for r in records} == {"passed"}


def test_json_records_nobody_looks_at_are_not_checked(analytics: Path, other_suites: Path) -> None:
    path = other_suites / f"expectations/{ANALYTICS}.json"
    suite = json.loads(path.read_text("utf-8"))
    suite["meta"]["certgap"] = {"relation": "tool_usage_daily", "elements": "$.data", "fields": {}}
    suite["expectations"] = suite["expectations"][:1]
    path.write_text(json.dumps(suite), encoding="utf-8")
    report = judge(analytics, other_suites)
    assert {record.verdict for record in report.feeds[ANALYTICS]} == {"not_checked"}
    assert "names no fields and ids" in report.feeds[ANALYTICS][0].reason


@pytest.mark.parametrize("left", [[], ["days_overdue", "new_columns"]])
def test_a_suite_that_can_fail_nothing_passes_nothing(
    raw: Path, other_suites: Path, left: list[str]
) -> None:
    path = other_suites / f"expectations/{USAGE}.json"
    suite = json.loads(path.read_text("utf-8"))
    suite["expectations"] = [e for e in suite["expectations"] if e["kwargs"]["column"] in left]
    path.write_text(json.dumps(suite), encoding="utf-8")
    report = judge(raw, other_suites)
    assert {record.verdict for record in report.feeds[USAGE]} == {"not_checked"}
    assert "no expectation of its suite could have failed it" in report.feeds[USAGE][0].reason


def test_words_of_a_header_are_parted_as_the_build_parts_them(raw: Path) -> None:
    text_change(
        lambda text: text.replace("usage_date", "Usage Date", 1).replace(
            "alias_value", "ALIAS-Value"
        )
    )(raw / NEWEST)
    assert failed(judge(raw)) == {}
    with_header = (raw / NEWEST).read_text("utf-8").split("\n", 1)[0]
    assert "Usage Date" in with_header and "ALIAS-Value" in with_header
    nobody = text_change(lambda text: re.sub(r"person\d\d@example.com", "", text))
    nobody(raw / NEWEST)
    assert "100% of 'alias_value' is empty" in failed(judge(raw))[NEWEST]


class Returned(Exception):
    """How dbt's `return` leaves a macro."""

    def __init__(self, value: Any) -> None:
        self.value = value


def of_macro(name: str, *arguments: str) -> Any:
    """What a macro of the build that calls no other one returns."""

    def leave(value: Any) -> None:
        raise Returned(value)

    text = (PROJECT / "macros/sources/delivery_headers.sql").read_text("utf-8")
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    macros = environment.from_string(
        text, globals={"return": leave, "modules": SimpleNamespace(re=re)}
    ).module
    try:
        getattr(macros, name)(*arguments)
    except Returned as returned:
        return returned.value
    raise AssertionError(f"{name} returned nothing")


@pytest.mark.parametrize(
    "line",
    [
        "a,b,c",
        'a, "b" ,"c,d"',
        '"say ""when""",Usage Date,USER-Email,x__y - z,',
        "\ufeffa,b",
        ",,",
        "Größe;Datum",
        '"never closed,b',
    ],
)
def test_a_header_is_read_as_the_build_reads_it(line: str) -> None:
    fields = reading.header_fields(line.removeprefix("\ufeff"))
    assert fields == of_macro("csv_fields", "file", line.encode().decode("latin-1"))
    for name in fields:
        assert reading.header_words(name) == of_macro("header_words", name)


def weeks(raw: Path, days_of_last: list[int], **change: str) -> check.Report:
    """Seven weekly files that tell of Monday to Sunday; the last holds some of its days only."""
    for week in range(7):
        file_day = dt.date(2026, 1, 12) + dt.timedelta(days=7 * week)
        days = days_of_last if week == 6 else list(range(7))
        rows = [
            row
            for number in days
            for row in usage_of(file_day - dt.timedelta(days=6 - number), people=40)
        ]
        rows = [row | change for row in rows] if week == 6 else rows
        write_csv(raw / USAGE / f"{file_day}.csv", rows)
    return judge(raw)


@pytest.mark.parametrize("days", [[0, 1, 2], [4, 5, 6], [3]])
def test_a_file_cut_short_loses_the_whole_week(tmp_path: Path, days: list[int]) -> None:
    report = weeks(tmp_path / "raw", days)
    [record] = report.with_verdict("failed")
    assert "times the usual number of rows" in record.reason
    assert (record.first_day, record.last_day) == ("2026-02-16", "2026-02-22")


def test_a_file_without_readable_days_loses_the_week_it_was_to_tell_of(tmp_path: Path) -> None:
    [record] = weeks(tmp_path / "raw", list(range(7)), usage_date="soon").with_verdict("failed")
    assert (record.first_day, record.last_day) == ("2026-02-16", "2026-02-22")


def test_a_failed_file_of_a_period_loses_all_days_of_it(tmp_path: Path) -> None:
    folder = "usage/generic/tool_usage_period"
    suite = next(s for s in all_suites() if s.feed.folder == folder)
    for week in range(6):
        start = dt.date(2026, 1, 5) + dt.timedelta(days=7 * week)
        rows = [
            {name: value_of(suite, name, n, start) for name in suite.columns}
            | {"period_end": str(start + dt.timedelta(days=6))}
            for n in range(40 if week == 5 else 100)
        ]
        write_csv(tmp_path / "raw" / folder / f"{start + dt.timedelta(days=7)}.csv", rows)
    [record] = judge(tmp_path / "raw").with_verdict("failed")
    assert (record.first_day, record.last_day) == ("2026-02-09", "2026-02-15")


def test_of_a_backfill_a_failed_file_loses_its_own_day(tmp_path: Path) -> None:
    """Sixty daily files in the folder of one day."""
    folder = tmp_path / "raw" / USAGE / "2026-03-31"
    for number in range(60):
        day = dt.date(2026, 1, 5) + dt.timedelta(days=number)
        write_csv(folder / f"{day}.csv", usage_of(day + dt.timedelta(days=1)))
    with_value("alias_value", lambda _: "")(folder / "2026-02-10.csv")
    [record] = judge(tmp_path / "raw").with_verdict("failed")
    assert (record.first_day, record.last_day) == ("2026-02-10", "2026-02-10")


# ---- the samples --------------------------------------------------------------------------------
# Deliveries of the samples that fail their check, as they should.
FAILED_SAMPLES = {
    "lms/udemy_business/user_course_activity/2026-03-10/3.json": "cut short on purpose",
    "lms/xapi/statement_pages/2026-02-05/3.json": "cut short on purpose",
    "lms/xapi/statements/2026-02-05/adl_objects.ndjson": "parts of statements, without ids",
    "usage/claude_code/usage_report/2026-03-05/usage_report_claude_code_2026-03-04.json": (
        "an error message"
    ),
    "usage/entra/sign_in_lines/2026-03-03/audit.ndjson": "collected over years, not one delivery",
    "usage/entra/sign_in_lines/2026-03-04/audit.ndjson": "collected over years, not one delivery",
    "usage/okta/system_log_lines/2026-03-03/log.ndjson": "collected over years, not one delivery",
    "usage/okta/system_log_lines/2026-03-04/log.ndjson": "collected over years, not one delivery",
    "usage/m365_copilot/usage_user_detail/2026-03-05/v1_concealed.csv": "its names are concealed",
    "usage/m365_copilot/usage_user_detail/2026-03-06/v2_variant_period_last.csv": (
        "its names are concealed"
    ),
    "usage/zscaler/web_log/2026-03-05/nss.csv": "two of six lines have a wrong number of fields",
}


@pytest.mark.long
def test_the_samples_pass(tmp_path: Path) -> None:
    names = ["test_hris_usage_samples", "test_lms_samples"]
    names += sorted(path.stem for path in Path(__file__).parent.glob("test_samples_*.py"))
    raw = tmp_path / "raw"
    n_files = 0
    for name in names:
        for path, content in importlib.import_module(name).DELIVERED.items():
            (raw / path).parent.mkdir(parents=True, exist_ok=True)
            n_files += (raw / path).write_bytes(content) >= 0
    report = judge(raw)
    found = failed(report)
    assert {name: found.get(name) for name in set(found) ^ set(FAILED_SAMPLES)} == {}
    assert report.errors == []
    # A tenant names the columns of this report; its suite is the tenant's to complete.
    assert {r.feed for r in report.with_verdict("not_checked")} == {"learning_enrollments"}
    assert n_files == sum(len(records) for records in report.feeds.values()) > 100


@pytest.mark.long
def test_deliveries_of_a_merged_company_pass_unless_they_conceal_names(tmp_path: Path) -> None:
    """Ten adapters, campaigns and holidays: what a course or a person has more of is no fault."""
    simulate(300, 1, tmp_path / "raw", sources=MERGER)
    report = judge(tmp_path / "raw")
    assert [name for name, why in failed(report).items() if "is concealed" not in why] == []
    assert report.errors == report.with_verdict("not_checked") == []
    assert len(report.with_verdict("passed")) > 1000


@pytest.mark.long
def test_logs_and_other_forms_of_an_export_fail_only_where_they_broke_off(tmp_path: Path) -> None:
    """Or concealed names: no web log fails for what people happen to ask for."""
    forms = ["m365_copilot:usage_user_detail_pages", "xapi:statement_pages"]
    simulate(300, 1, tmp_path / "raw", sources=[*forms, *LOGS])
    report = judge(tmp_path / "raw")
    new = {name: why for name, why in failed(report).items() if "/generic/" not in name}
    broken = {name for name, why in new.items() if "times the usual number of rows" in why}
    assert [
        name for name, why in new.items() if "is concealed" not in why and name not in broken
    ] == []
    # 0.5 of a day, or a little more where the day before is in the file.
    assert 0 < len({Path(name).parent for name in broken}) < 30
    assert report.errors == report.with_verdict("not_checked") == []
    for vendor in LOGS:
        assert (
            len([r for r in report.with_verdict("passed") if f"/{vendor}/" in r.source_file]) > 300
        )


def test_a_log_is_no_delivery_of_a_tool() -> None:
    logs = [s for s in all_suites() if s.feed.vendor in LOGS]
    assert len(logs) == 6
    assert {suite.relation for suite in logs} == {""}
    for suite in logs:
        written = first_suite(PROJECT, suite.feed)["meta"]["certgap"]
        assert "relation" not in written and written["rhythm"] == "same_weekday"


# ---- what the build makes of it -----------------------------------------------------------------
WEEK = dt.date(2026, 4, 13)
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@pytest.fixture(scope="module")
def with_failed_week(company_folder: Path) -> Company:
    """The company of five; the file that holds the last week before day 90 has no aliases."""
    company = small_company(company_folder)
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
    assert [row["file"] for row in found["failed"]] == [f"{USAGE}/{WEEK}.csv"], run.stdout
    return company


def dbt(company: Company, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments]
    return company._run([*command, "--vars", variables(["generic"], **settings)], {})


def query(company: Company, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.long
def test_stop_stops_with_the_reason(with_failed_week: Company) -> None:
    run = dbt(with_failed_week, "run", failed_deliveries="stop")
    assert run.returncode != 0
    output = " ".join(run.stdout.split())
    assert f"{USAGE}/{WEEK}.csv" in output and "'alias_value' is empty" in output
    assert "set failed_deliveries to exclude" in output
    run = dbt(with_failed_week, "run", failed_deliveries="perhaps")
    assert "failed_deliveries must be exclude or stop" in " ".join(run.stdout.split())


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
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
