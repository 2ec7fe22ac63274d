"""The reference file of one vendor: needed while the vendor is enabled, and not before.

Rule: a reference folder from before the file existed builds without a warning as long as nobody
enables the vendor; from then on a missing file and a wrong one stop the build in plain words.

Reason: reference folders live with customers. A new adapter must not ask all of them for a file,
and a mapping that is not there must not become columns of NULLs.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companies import Company, small_company, write_csv
from vendor_samples import sample

FILE = "workday_learning_columns.csv"
SOURCES = ("generic", "workday_learning")


@pytest.fixture(scope="module")
def company(company_folder: Path) -> Company:
    return small_company(company_folder).write()


@pytest.fixture
def old_reference(company: Company, tmp_path: Path) -> str:
    """The company's reference folder as it was before the vendor had a file."""
    for path in company.reference.glob("*.csv"):
        if path.name != FILE:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    return str(tmp_path)


@pytest.mark.long
def test_nobody_misses_a_vendors_file_while_the_vendor_is_off(company, old_reference) -> None:
    result = company.dbt(
        "--warn-error",
        "build",
        "--select",
        "+stg_reference__tools",
        "--indirect-selection",
        "cautious",
        CERTGAP_REFERENCE=old_reference,
    )
    # dbt warns of column types in dbt_project.yml and of a YAML entry whose seed is absent: this
    # file has neither.
    assert result.returncode == 0, result.stdout + result.stderr
    found = company.certgap("doctor", "--json", CERTGAP_REFERENCE=old_reference)
    levels = {row["subject"]: row["level"] for row in json.loads(found.stdout)}
    assert levels["reference files"] == "ok"


@pytest.mark.long
def test_an_enabled_vendor_names_the_file_it_misses(company, old_reference) -> None:
    result = company.certgap("build", sources=SOURCES, CERTGAP_REFERENCE=old_reference)
    words = " ".join((result.stdout + result.stderr).split())
    assert result.returncode not in (0, None), words
    assert f"{FILE} is missing" in words
    assert "workday_learning is enabled and reads it" in words
    assert "Traceback" not in words


@pytest.mark.long
def test_a_mapping_nothing_can_be_read_with_stops_the_vendors_models(company, tmp_path) -> None:
    delivery = company.raw / "lms/workday_learning/learning_enrollments/2026-03-03.json"
    delivery.parent.mkdir(parents=True)
    delivery.write_bytes(sample("workday_learning", "learning_enrollments.json"))
    write_csv(
        company.reference / FILE,
        [
            {"field": "employee_id", "report_column": "Employee_ID"},
            {"field": "course_id", "report_column": "Learning_Content_ID"},
            {"field": "status", "report_column": "Learning_Enrollment_Status"},
            {"field": "completed_on", "report_column": "Completion_Date"},
        ],
    )
    result = company.dbt(
        "build",
        "--exclude-resource-type",
        "unit_test",
        "--indirect-selection",
        "cautious",
        "--select",
        "+path:models/staging/lms/workday_learning",
        "every_mapped_workday_learning_column_can_be_read",
        sources=SOURCES,
    )
    output = result.stdout + result.stderr
    assert result.returncode == 1, output
    # An unknown field, and one that no entry can do without.
    assert "Got 2 results" in output, output
    assert "SKIP relation staging.base_workday_learning__learning_enrollments" in output, output
