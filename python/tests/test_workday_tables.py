"""All 23 tables of the Workday sample: each row is read, quarantined, or not read with a reason.

Rule: what no adapter reads is named by `certgap check-deliveries`; nothing is ignored in silence.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from certgap.deliveries import check
from certgap.deliveries.command import exit_code, render
from certgap.project import Project
from vendor_samples import PROJECT, SAMPLES, csv_rows, reasons

READ = sorted((SAMPLES / "workday").glob("*.csv"))
NOT_READ = sorted((SAMPLES / "workday_not_read").glob("*.csv"))
DEVLAKE = sorted((SAMPLES / "devlake_not_read").glob("*.csv"))
# Rows of the tables of which only the header is kept here (SOURCES.md beside them).
HEADERS_ONLY = {
    "country_personal_information": 5, "military_service": 5, "person_name": 5,
    "personal_information_common_data": 5, "personal_information_ethnicity": 5,
    "personal_information_history": 6,
}  # fmt: skip
DAY = "2026-03-04"


def put(raw: Path, place: str, path: Path) -> None:
    target = raw / place / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def judged(raw: Path, checks: Path) -> check.Report:
    environment = {"CERTGAP_RAW": str(raw), "CERTGAP_DELIVERY_CHECKS": str(checks)}
    return check.run(Project(PROJECT, environment), check.Options(), lambda *_: None)


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> check.Report:
    folder = tmp_path_factory.mktemp("workday_tables")
    for path in [*READ, *NOT_READ]:
        put(folder / "raw", f"hris/workday/{path.stem}/{DAY}", path)
    for path in DEVLAKE:
        put(folder / "raw", f"usage/github_copilot/{path.stem}/{DAY}", path)
    return judged(folder / "raw", folder / "checks")


def declared(path: str) -> dict[str, str]:
    [source] = yaml.safe_load((PROJECT / path).read_text(encoding="utf-8"))["sources"]
    return source["config"]["meta"]["not_read"]


def test_the_sample_has_23_tables_and_each_that_is_not_read_has_a_reason():
    tables = {path.stem for path in [*READ, *NOT_READ]}
    assert (len(READ), len(NOT_READ), len(tables)) == (10, 13, 23)
    told = declared("models/staging/hris/workday/_workday__sources.yml")
    assert set(told) == {path.stem for path in NOT_READ}
    empty = {path.stem for path in NOT_READ if not csv_rows(path.read_bytes())}
    assert empty == set(HEADERS_ONLY)


def test_the_check_names_every_table_that_is_not_read_with_its_reason(report):
    told = {one.place: one for one in report.unread}
    expected = {
        f"hris/workday/{name}": reason
        for name, reason in declared("models/staging/hris/workday/_workday__sources.yml").items()
    } | {
        f"usage/github_copilot/{path.stem}": declared(
            "models/staging/usage/github_copilot/_github_copilot__sources.yml"
        )[path.stem]
        for path in DEVLAKE
    }
    assert {place: one.reason for place, one in told.items()} == expected
    assert all(one.n_files == 1 and one.is_declared for one in told.values())
    assert {name.split("/")[2] for name in report.feeds} == {path.stem for path in READ}
    assert [row["place"] for row in report.as_json()["not_read"]] == [*told]


def test_the_words_and_the_page_of_the_check_name_them(report, capsys):
    from rich.console import Console

    render(report, Console(width=200))
    said = capsys.readouterr().out
    assert "hris/workday/military_service (1 file): sensitive, needed for no figure" in said
    assert "16 not read" in said
    page = report.docs.read_text(encoding="utf-8")
    assert "hris/workday/person_name" in page and "names of people are in no model" in page
    # Only what was judged decides.
    assert exit_code(report) == (1 if report.late or report.with_verdict("failed") else 0)


def test_what_nobody_declared_is_named_too(tmp_path):
    raw = tmp_path / "raw"
    put(raw, f"hris/workday/worker_history/{DAY}", SAMPLES / "workday/worker_history.csv")
    devlake = SAMPLES / "devlake_not_read/_tool_copilot_seats.csv"
    for place in (
        "hris/workday/workers",
        "hris/workday",
        "hris/zscaler/web_log",
        "usage/brightspace/grades",
        "lms",
        f"usage/github_copilot/seats/{DAY}",
    ):
        put(raw, place, devlake)
    (raw / "hris/workday/worker_history/README.md").write_text("ours")
    (raw / "hris/workday/worker_history/.DS_Store").write_bytes(b"x")
    (raw / "hris/empty/feed").mkdir(parents=True)
    put(raw, "usage/moodle/x", SAMPLES / "workday/job_family.csv")
    (raw / "hris/workday/personnel.csv").write_text("a\n1\n")
    found = {one.place: one.reason for one in judged(raw, tmp_path / "checks").unread}
    file = devlake.name
    hidden = "its name begins with _ or ., as notes of programs do"
    feeds = "no adapter reads such a feed; known: job_family, job_family_job_profile, location"
    assert found.pop("hris/workday/workers").startswith(feeds)
    assert found == {
        f"hris/workday/{file}": "it lies in no feed's folder",
        "hris/workday/personnel.csv": "it lies in no feed's folder",
        "hris/zscaler": "zscaler is a vendor of usage, not of hris",
        "usage/moodle": "moodle is a vendor of lms, not of usage",
        "usage/brightspace": "no adapter of that name",
        f"lms/{file}": "it lies in no feed's folder",
        f"usage/github_copilot/seats/{DAY}/{file}": hidden,
    }


def test_every_row_of_the_sample_is_accounted_for(sample_warehouse, report, capsys):
    """One delivery of each table: rows in = kept + superseded + quarantined, or all not read."""
    not_read = {one.place.split("/")[2] for one in report.unread}
    lines, totals = [], [0, 0, 0, 0]
    for path in sorted([*READ, *NOT_READ], key=lambda path: path.stem):
        n_rows = HEADERS_ONLY.get(path.stem) or len(csv_rows(path.read_bytes()))
        if path.stem in not_read:
            counts = [0, 0, 0, n_rows]
        else:
            found = reasons(sample_warehouse, f"base_workday__{path.stem}")
            kept, superseded, quarantined = (
                sum(count for why, count in found.items() if why.startswith(status))
                for status in ("kept", "superseded", "quarantined")
            )
            counts = [kept, superseded, quarantined, 0]
        assert sum(counts) == n_rows, path.stem
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        lines.append(f"{path.stem:40}" + "".join(f"{count:>12}" for count in counts))
    with capsys.disabled():
        words = ("kept", "superseded", "quarantined", "not read")
        print(f"\n{'Workday sample, rows':40}" + "".join(f"{word:>12}" for word in words))
        print("\n".join([*lines, f"{'all':40}" + "".join(f"{total:>12}" for total in totals)]))
    assert totals[0] > 0 and totals[2] > 0
    assert totals[3] == sum(HEADERS_ONLY.values()) + 7 * 5
