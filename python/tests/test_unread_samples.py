"""GitHub's samples that no adapter reads: delivered by mistake, each is refused by name.

Rule: a file is read in full, or it is refused with a reason; none is taken for a day without use.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from certgap.deliveries import check
from certgap.deliveries.store import FAILED, NOT_CHECKED
from certgap.project import Project
from vendor_samples import PROJECT, SAMPLES

NOT_READ = sorted((SAMPLES / "github_not_read").glob("*.gz"))
FEEDS = {"users_1_day": "usage/github_copilot/users_1_day", "seats": "usage/github_copilot/seats"}


def contents() -> dict[str, bytes]:
    """As found, and the JSON documents on one line, too, as download links deliver them."""
    found = {path.stem: gzip.decompress(path.read_bytes()) for path in NOT_READ}
    lines = {
        f"one-line-{name}": json.dumps(json.loads(content)).encode() + b"\n"
        for name, content in found.items()
        if name.endswith(".json")
    }
    return found | lines


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    raw = tmp_path_factory.mktemp("not_read")
    for name, content in contents().items():
        for feed in FEEDS.values():
            # No table can be a page of the list of seats.
            if feed == FEEDS["users_1_day"] or name.endswith(".json"):
                path = raw / feed / "2026-04-28" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    environment = {"CERTGAP_RAW": str(raw), "CERTGAP_DELIVERY_CHECKS": str(raw / "checks")}
    project = Project(PROJECT, environment)
    report = check.run(project, check.Options(write_docs=False), lambda *_: None)
    assert report.errors == []
    return {
        record.source_file: (record.verdict, record.reason)
        for records in report.feeds.values()
        for record in records
    }


def test_every_sample_is_here() -> None:
    kinds = ("-day-report.json", "billing-credit", "download-links", "entra-org-tree")
    assert len(NOT_READ) == 13
    assert all(any(kind in path.name for kind in kinds) for path in NOT_READ)


@pytest.mark.parametrize("feed", FEEDS)
def test_each_is_refused_with_a_reason(verdicts: dict[str, tuple[str, str]], feed: str) -> None:
    judged = {name: found for name, found in verdicts.items() if f"/{feed}/" in name}
    assert len(judged) == {"users_1_day": 25, "seats": 24}[feed]
    for name, (verdict, reason) in judged.items():
        assert (verdict, bool(reason)) == (FAILED, True), name
    words = {"users_1_day": "'user_login'", "seats": "has no list of records at $.seats"}[feed]
    assert [name for name, (_, reason) in judged.items() if words not in reason] == []


def test_what_nobody_can_read_fails_also_where_its_feed_has_no_suite(tmp_path: Path) -> None:
    """Else the build stops at it and names a check that does not find it."""
    folder = tmp_path / "lms/workday_learning/learning_enrollments/2026-04-28"
    folder.mkdir(parents=True)
    (folder / "a.json").write_bytes(b'{"Report_Entry": ["\xe9"]}')
    (folder / "b.json").write_bytes(b'{"Report_Entry": []}')
    environment = {"CERTGAP_RAW": str(tmp_path), "CERTGAP_DELIVERY_CHECKS": str(tmp_path / "c")}
    report = check.run(
        Project(PROJECT, environment), check.Options(write_docs=False), lambda *_: None
    )
    [records] = report.feeds.values()
    assert [record.verdict for record in records] == [FAILED, NOT_CHECKED]
    assert "is not UTF-8" in records[0].reason
