"""The certgap command on a company of five, without running dbt."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from certgap import __version__
from certgap.build import DbtRun, _follow, arguments_of_compile
from companies import KEY, PROJECT, Company


def certgap(
    *arguments: str, folder: Path = PROJECT, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "certgap.cli", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**Company(folder).environment(), **environment},
    )


def test_help_names_every_command() -> None:
    result = certgap("--help")
    assert result.returncode == 0
    for command in (
        "build",
        "check-deliveries",
        "publish",
        "simulate",
        "guards",
        "compare",
        "doctor",
        "new-source",
        "summary",
    ):
        assert command in result.stdout


def test_version() -> None:
    assert certgap("--version").stdout.strip() == __version__


def test_a_wrong_option_is_exit_code_2() -> None:
    assert certgap("build", "--force").returncode == 2
    assert certgap("publish", "--force").returncode == 2


def test_outside_the_project_it_says_where_to_go(tmp_path: Path) -> None:
    result = certgap("doctor", folder=tmp_path)
    assert result.returncode == 2
    assert "Run the command inside the certgap project folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_publish_before_any_build_says_what_to_run(tmp_path: Path) -> None:
    company = Company(tmp_path)
    result = company.certgap("publish")
    assert result.returncode == 2
    assert "certgap build" in result.stderr


def findings(company: Company, **environment: str | None) -> tuple[int, dict[str, dict[str, str]]]:
    result = company.certgap("doctor", "--json", **environment)
    return result.returncode, {row["subject"]: row for row in json.loads(result.stdout)}


def test_doctor_lists_feeds_with_their_dates_and_never_the_key(company: Company) -> None:
    company.write()
    result = company.certgap("doctor")
    assert "lms/generic/learning_events: 1 files, 2026-05-31 to 2026-05-31" in result.stdout
    assert "pseudonym key: set" in result.stdout
    assert KEY not in result.stdout + result.stderr


def test_doctor_names_what_is_missing(company: Company) -> None:
    company.write()
    (company.reference / "tools.csv").unlink()
    code, found = findings(company, CERTGAP_PSEUDONYM_KEY=None)
    assert code == 1
    assert "tools.csv" in found["reference files"]["detail"]
    assert found["pseudonym key"]["level"] == "problem"
    # Enabled in dbt_project.yml, required, and not delivered by this company.
    assert found["hris/workday/worker_history"]["level"] == "problem"


def test_doctor_sees_an_undated_file(company: Company) -> None:
    company.write()
    delivery = company.delivery("lms", "courses")
    delivery.rename(delivery.with_name("courses.csv"))
    _, found = findings(company)
    assert found["lms/generic/courses"]["level"] == "problem"


def test_doctor_sees_a_date_that_is_none_and_an_empty_file(company: Company) -> None:
    company.write()
    delivery = company.delivery("lms", "courses")
    delivery.with_name("2026-13-45.csv").write_bytes(delivery.read_bytes())
    delivery.with_name("2026-12-01.csv").write_bytes(b"")
    code, found = findings(company)
    assert code == 1
    finding = found["lms/generic/courses"]
    assert finding["level"] == "problem"
    assert finding["detail"] == (
        "2 of 3 files stop a build: 2026-12-01.csv is empty (0 bytes); "
        "2026-13-45.csv has no valid date (YYYY-MM-DD) in its path"
    )


def test_doctor_sees_a_kind_of_file_that_nobody_reads(company: Company) -> None:
    company.write()
    delivery = company.delivery("lms", "courses")
    delivery.rename(delivery.with_suffix(".xlsx"))
    _, found = findings(company)
    assert found["lms/generic/courses"]["level"] == "problem"
    assert ".xlsx is none of .csv, .csv.gz, .parquet" in found["lms/generic/courses"]["detail"]


def test_doctor_names_a_folder_that_is_no_feed(company: Company) -> None:
    company.write()
    folder = company.raw / "lms/generic/learning_events"
    folder.rename(folder.with_name("learning_event"))
    code, found = findings(company)
    assert code == 1
    finding = found["lms/generic/learning_event"]
    assert finding["detail"] == "is no feed that is declared: nothing reads it"
    assert "learning_events" in finding["remedy"]


def test_doctor_notes_a_folder_that_is_left_alone_on_purpose(company: Company) -> None:
    company.write()
    file = company.raw / "hris/workday/military_service/2026-03-04.csv"
    file.parent.mkdir(parents=True)
    file.write_text("rank\n")
    _, found = findings(company)
    finding = found["hris/workday/military_service"]
    assert finding["level"] == "note"
    assert finding["detail"] == "not read: sensitive, needed for no figure"


def test_doctor_notes_a_vendor_that_is_delivered_but_not_read(company: Company) -> None:
    company.write()
    shutil.copytree(company.raw / "lms" / "generic", company.raw / "lms" / "moodle")
    _, found = findings(company)
    assert "not in enabled_sources" in found["lms/moodle"]["detail"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            ["--exclude-resource-type", "unit_test", "test", "--vars", "{a: 1}"],
            ["--vars", "{a: 1}"],
        ),
        (["--exclude-resource-type=unit_test", "--store-failures", "-t", "x"], ["-t", "x"]),
        (["--select", "x", "y", "--exclude=z", "--selector", "s", "--quiet"], ["--quiet"]),
        (["--full-refresh"], ["--full-refresh"]),
        ([], []),
    ],
)
def test_the_guards_compile_without_what_only_a_build_knows(
    given: list[str], kept: list[str]
) -> None:
    assert arguments_of_compile(given) == kept


def _event(name: str, **data: Any) -> str:
    return json.dumps({"info": {"name": name, "invocation_id": "1", "level": "info"}, "data": data})


def test_progress_counts_every_node_once_and_ends_at_the_total() -> None:
    """dbt's own total has the unit tests several times."""
    node = {"node_info": {"resource_type": "model"}}
    unit_test = {"node_info": {"resource_type": "unit_test"}}
    events = [_event("ConcurrencyLine", node_count=20, num_threads=2, target_name="duckdb")]
    for _ in range(18):
        events += [
            _event("LogStartLine", description="unit test", total=100, **unit_test),
            _event("LogTestResult", num_models=100, **unit_test),
            _event("LogModelResult", total=100, **node),
        ]
    events.append(_event("SkippingDetails", resource_type="model", node_name="late"))
    events.append(_event("LogNodeNoOpResult", node_info={"resource_type": "exposure"}))
    console = Console(file=io.StringIO(), width=80)
    _follow(iter(events), DbtRun(), console)
    told = console.file.getvalue().split("\n")
    assert told[0].strip() == "built and tested 2 of 20"
    assert told[9].strip() == "built and tested 20 of 20"
