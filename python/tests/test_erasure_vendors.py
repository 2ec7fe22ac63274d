"""Erasing people from companies on every vendor, knowing only their employee ids.

Whatever else names them (addresses, logins, ids of a vendor) must be found by way of rows that name
them twice. Afterwards none of it stands in any file, and rows of others are what they were.
"""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from certgap.erasure import erase, record
from certgap.erasure.identifiers import EMPLOYEE, Identifier, Marks, identifiers
from certgap.privacy.marks import is_telling, words
from certgap.project import Project
from certgap.simulate.simulation import run
from certgap.simulate.sources import VENDORS

PROJECT = Path(__file__).resolve().parents[2]
KEY = "key of a test"
COMPANIES = {
    "generic HR": [
        "scorm_cloud", "workday_learning", "successfactors_learning", "degreed", "udemy_business",
        "coursera", "chatgpt_enterprise", "claude_enterprise", "claude_code", "entra", "zscaler",
    ],
    "Workday": [
        "workday", "cornerstone", "xapi", "linkedin_learning", "edx_business", "viva_learning",
        "m365_copilot", "github_copilot", "gemini_workspace", "okta", "netskope",
    ],
    "BambooHR": [
        "bamboohr", "docebo", "moodle", "trailhead", "google_skills", "xapi:statement_pages",
        "purview", "agentforce", "servicenow_now_assist",
    ],
    "SuccessFactors": [
        "successfactors_ec", "servicenow_learning", "sap_learning_hub",
        "m365_copilot:usage_user_detail_pages", "github_copilot",
    ],
    "the admin center": ["m365_copilot:admin_center_user_activity"],
}  # fmt: skip
# Rows under an address of two people stay, and have an id of the simulator's own in them: a shared
# mailbox, and an address that was handed over.
SHARE_AN_ADDRESS = {"E0000042", "E0000064", "E0000085"}


class Told(Marks):
    """Marks that remember what was added, in words."""

    def add(self, found):
        """As Marks, keeping the texts."""
        found = list(found)
        if not hasattr(self, "texts"):
            self.texts: set[Identifier] = set()
        self.texts |= set(found)
        return super().add(found)


def lines_of(raw: Path) -> Counter[tuple[str, bytes]]:
    """Lines of every delivery with the file they are in."""
    found: Counter[tuple[str, bytes]] = Counter()
    for path in sorted(raw.rglob("*")):
        if path.is_file() and "truth" not in path.relative_to(raw).parts:
            content = path.read_bytes()
            if path.suffix == ".gz":
                content = gzip.decompress(content)
            found.update((path.relative_to(raw).as_posix(), line) for line in content.splitlines())
    return found


def test_every_vendor_is_in_a_company():
    named = {name for names in COMPANIES.values() for name in names} | {"generic"}
    assert named == set(VENDORS)


@pytest.mark.long
@pytest.mark.parametrize("company", COMPANIES)
def test_nothing_of_the_erased_is_left_in_any_file(company, tmp_path):
    raw = tmp_path / "raw"
    run(100, 3, raw, sources=COMPANIES[company])
    world = raw / "truth" / "world"
    history = pq.read_table(world / "employment_history.parquet").to_pylist()
    managers = Counter(row["manager_employee_id"] for row in history if row["manager_employee_id"])
    people = sorted({row["employee_id"] for row in history} - SHARE_AN_ADDRESS)
    whom = {managers.most_common(1)[0][0], *people[:: len(people) // 8]}

    reference = raw / "reference" if (raw / "reference").is_dir() else tmp_path
    project = Project(
        PROJECT,
        {
            "CERTGAP_RAW": str(raw),
            "CERTGAP_REFERENCE": str(reference),
            "CERTGAP_WAREHOUSE": str(tmp_path / "warehouse" / "certgap.duckdb"),
        },
    )
    marks = Told(KEY)
    for employee in whom:
        marks.add(identifiers(EMPLOYEE, employee))
    before = lines_of(raw)
    shutil.copytree(raw, tmp_path / "untouched")
    kept = record.Record(tmp_path / "erasures", marks)
    # The shared reference files of the project stay as they are.
    report = erase.apply(project, kept, is_written=True)
    assert not report.unclear
    after = lines_of(raw)

    texts = {text for kind, text in marks.texts if marks.names((kind, text))}
    telling = {words(text) for text in texts if is_telling(words(text))}
    assert len(telling) > len(whom)
    for file, line in after:
        spoken = words(line.decode("utf-8", "replace"))
        for mark in telling:
            at = [n for n in range(len(spoken)) if spoken[n : n + len(mark)] == mark]
            assert not at, f"{mark} is left in {file}"
    # Lines of a CSV that are there now were there before, but for those with an emptied cell.
    new = Counter(file for file, line in after - before if file.endswith(".csv"))
    assert sum(new.values()) <= report.n_emptied
    people_left = {row["employee_id"] for row in history} - whom
    assert people_left
    assert erase.apply(project, kept, is_written=True).n_rows == 0

    # As after a build, whose database knows their addresses from the start: the same rows go.
    shutil.rmtree(raw)
    shutil.move(tmp_path / "untouched", raw)
    known = Marks(KEY)
    known.add(marks.texts)
    assert erase.apply(project, record.Record(tmp_path / "again", known)).n_rows == report.n_rows
    assert lines_of(raw) == after
