"""Wrong input as a new user gives it: words that name the place and the remedy, never a traceback.

Each case goes through plain ``dbt build`` and through ``certgap build``. They share one company's
settings, so that dbt need not parse the project each time: only the raw folder differs.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from companies import COMPLETED_ON, Company, small_company, write_csv

# What plain dbt says of the same fault: `make test-long`.
ROUTES = [pytest.param("dbt", marks=pytest.mark.long), "certgap"]
EVENTS = Path("lms/generic/learning_events/2026-05-31.csv")


@pytest.fixture(scope="module")
def settled(company_folder: Path) -> Company:
    """A company whose settings and deliveries are right, and whose working database exists."""
    company = small_company(company_folder).write()
    duckdb.connect(str(company.warehouse)).close()
    return company


def run(
    route: str, company: Company, *, sources: tuple[str, ...] = ("generic",), **env: str | None
) -> str:
    """Build; the output of a run that failed as it should."""
    build = company.dbt if route == "dbt" else company.certgap
    result: subprocess.CompletedProcess[str] = build("build", sources=sources, **env)
    output = result.stdout + result.stderr
    assert result.returncode not in (0, None), output
    assert "Traceback" not in output, output
    return " ".join(output.split())


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def no_file(raw: Path) -> None:
    shutil.rmtree((raw / EVENTS).parent)


def empty_file(raw: Path) -> None:
    (raw / EVENTS).write_bytes(b"")


def wrong_delimiter(raw: Path) -> None:
    rewrite(raw / EVENTS, lambda text: text.replace(",", ";"))


def missing_column(raw: Path) -> None:
    rewrite(raw / EVENTS, lambda text: text.replace("event_type", "kind_of_event", 1))


def another_vendor(raw: Path) -> None:
    row = {"transc_user_id": "7", "transc_object_id": "c1", "reg_num": "1"}
    write_csv(raw / EVENTS, [{**row, "user_lo_comp_dt": COMPLETED_ON}])


def mistyped_folder(raw: Path) -> None:
    folder = (raw / EVENTS).parent
    folder.rename(folder.with_name("learning_event"))


def undated_file(raw: Path) -> None:
    (raw / EVENTS).rename((raw / EVENTS).with_name("latest.csv"))


def wrong_kind_of_file(raw: Path) -> None:
    (raw / EVENTS).rename((raw / EVENTS).with_suffix(".xlsx"))


CASES = {
    no_file: ["lms/generic/learning_events", "Put a delivery"],
    empty_file: [str(EVENTS), "is empty", "sent again"],
    wrong_delimiter: [str(EVENTS), "event_id", "delimiter", "commas"],
    missing_column: [str(EVENTS), "'event_type'", "kind_of_event", "correct its name"],
    another_vendor: [str(EVENTS), "transc_user_id", "another vendor"],
    mistyped_folder: ["Delivered and not read", "lms/generic/learning_event/", "certgap doctor"],
    undated_file: ["latest.csv", "YYYY-MM-DD"],
    wrong_kind_of_file: [".xlsx", "Save it as CSV"],
}


@pytest.mark.long
@pytest.mark.parametrize("route", ["dbt", "certgap"])
@pytest.mark.parametrize("spoil", CASES, ids=lambda case: case.__name__)
def test_a_wrong_delivery_is_named_with_its_remedy(
    settled: Company, tmp_path: Path, spoil: Callable[[Path], None], route: str
) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(settled.raw, raw)
    spoil(raw)
    output = run(route, settled, CERTGAP_RAW=str(raw))
    for words in CASES[spoil]:
        assert words in output, output


@pytest.mark.parametrize("route", ROUTES)
def test_an_unknown_vendor_is_named_with_those_that_exist(settled: Company, route: str) -> None:
    output = run(route, settled, sources=("generic", "wurkday"))
    assert "wurkday" in output
    assert "workday" in output


@pytest.mark.parametrize("route", ROUTES)
def test_a_missing_profile_is_named(settled: Company, tmp_path: Path, route: str) -> None:
    output = run(route, settled, DBT_PROFILES_DIR=str(tmp_path))
    assert "profile" in output
    if route == "certgap":
        assert "Copy profiles.yml.example to profiles.yml" in output


@pytest.mark.parametrize("route", ROUTES)
def test_a_database_open_elsewhere_is_named_with_the_program(settled: Company, route: str) -> None:
    with duckdb.connect(str(settled.warehouse)):
        output = run(route, settled)
    assert str(settled.warehouse) in output
    assert "open in another program" in output
    assert "process" in output


@pytest.mark.parametrize("route", ROUTES)
def test_a_missing_pseudonym_key_is_named(settled: Company, route: str) -> None:
    output = run(route, settled, CERTGAP_PSEUDONYM_KEY=None)
    assert "CERTGAP_PSEUDONYM_KEY is not set" in output


@pytest.mark.parametrize("route", ROUTES)
def test_a_missing_reference_file_is_named(settled: Company, tmp_path: Path, route: str) -> None:
    reference = tmp_path / "reference"
    shutil.copytree(settled.reference, reference)
    (reference / "programs.csv").unlink()
    output = run(route, settled, CERTGAP_REFERENCE=str(reference))
    assert "programs" in output


@pytest.mark.parametrize("route", ROUTES)
def test_a_missing_raw_folder_is_named(settled: Company, tmp_path: Path, route: str) -> None:
    output = run(route, settled, CERTGAP_RAW=str(tmp_path / "nowhere"))
    assert str(tmp_path / "nowhere") in output
    assert "CERTGAP_RAW" in output or "Put a delivery" in output
