"""A fixed sample of the fuzzing: three vendors, one for each format; `make fuzz` does them all.

Rule: of each mutated file all rows are kept, quarantined or superseded, or it is refused by name.
The oracle and the verdict are tested, too: one that finds nothing wrong proves nothing.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from certgap.deliveries.feeds import declared_feeds
from certgap.fuzz.catalog import FuzzedFeed, fuzzed_feeds
from certgap.fuzz.deliver import Outcome, Row
from certgap.fuzz.fuzzing import Settings, fuzz
from certgap.fuzz.kept import KeptParts, Result, code_of
from certgap.fuzz.oracle import Contents, contents
from certgap.fuzz.report import write
from certgap.fuzz.verdict import Counts, Reference, judge
from certgap.project import Project
from vendor_samples import PROJECT

VENDORS = {"docebo", "github_copilot", "linkedin_learning"}
MUTANTS = 40


@pytest.fixture(scope="module")
def feeds() -> dict[str, FuzzedFeed]:
    return {fuzzed.feed.folder: fuzzed for fuzzed in fuzzed_feeds(Project.find(PROJECT))}


@pytest.fixture(scope="module")
def fuzzed(feeds: dict[str, FuzzedFeed], tmp_path_factory: pytest.TempPathFactory) -> Result:
    settings = Settings(MUTANTS, seed=1, folder=tmp_path_factory.mktemp("fuzz"))
    chosen = [fuzzed for fuzzed in feeds.values() if fuzzed.feed.vendor in VENDORS]
    whole = Result()
    for part in fuzz(Project.find(PROJECT), chosen, settings):
        whole.add_all(part)
    return whole


@pytest.mark.long
def test_no_mutant_crashes_loses_or_invents_a_row(fuzzed: Result) -> None:
    assert fuzzed.faults == []


@pytest.mark.long
def test_the_sample_has_every_format_and_every_fate(fuzzed: Result) -> None:
    assert {kind for _, kind in fuzzed.counts} == {"csv", "lines", "document"}
    for feed, counts in fuzzed.counts.items():
        assert counts.mutants == MUTANTS, feed
        read = counts.kept + counts.superseded
        assert min(counts.refused, read, counts.quarantined, counts.compared) > 0, feed


def test_every_declared_feed_is_fuzzed(feeds: dict[str, FuzzedFeed]) -> None:
    assert set(feeds) == {feed.folder for feed in declared_feeds(Project.find(PROJECT))}


COUNTED = {
    "a blank line is no row": ("lms/docebo/users_courses", ".csv", "{h}\n{r}\n\n{r}\n", 2),
    "a short row is one": ("lms/docebo/users_courses", ".csv", "{h}\nx\n{r}\n", 2),
    "a line end in quotes ends no row": ("lms/docebo/users_courses", ".csv", '{h}\n"x\n"\n', 1),
    "a header is no row": ("lms/docebo/users_courses", ".csv", "{h}\n", 0),
    "a page without elements is one": (
        "lms/linkedin_learning/learning_activity_reports", ".json", '{{"elements": []}}', 1,
    ),
    "elements are": (
        "lms/linkedin_learning/learning_activity_reports", ".json", '{{"elements": [1, {{}}]}}', 2,
    ),
    "what is no JSON is one": (
        "lms/linkedin_learning/learning_activity_reports", ".json", '{{"elements": [', 1,
    ),
    "lines end in any way": (
        "usage/github_copilot/users_1_day", ".ndjson", "{{}}\r\nx\n\n{{}}\r", 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTED)
def test_the_oracle_counts_rows_by_the_rules(feeds: dict[str, FuzzedFeed], name: str) -> None:
    feed, suffix, text, count = COUNTED[name]
    columns = feeds[feed].feed.columns
    text = text.format(h=",".join(columns), r=",".join("x" for _ in columns))
    found = contents(feeds[feed], f"file{suffix}", text.encode())
    assert found.counts == {count}
    assert not found.must_refuse


def test_the_oracle_refuses_what_nobody_can_read(feeds: dict[str, FuzzedFeed]) -> None:
    feed = feeds["lms/docebo/users_courses"]
    good = (
        ",".join(feed.feed.columns) + "\n" + "é," * (len(feed.feed.columns) - 1) + "\n"
    ).encode()
    for name, content in {
        "a.csv": good.decode().encode("latin-1"),
        "b.csv": good + b'"',
        "c.csv": good.split(b",", 1)[1],
        "d.csv.gz": gzip.compress(good)[:-3],
        "e.csv": b"",
    }.items():
        assert contents(feed, name, content).must_refuse, name


def row(status: str, value: str, raw_text: str = "") -> Row:
    return Row(status, "", raw_text, f"id{value}", {"value": value})


REFERENCE = {(0, n): row("kept", str(n)) for n in range(3)}
TEXT = json.dumps(["id0", "id1", "id2", "text"]).replace('"', "").replace(", ", "")[1:-1]
FATES = {
    "a lost row": ([row("kept", "0")], "rows in, 1 out"),
    "an invented row": ([row("kept", n) for n in "012"], "3 out"),
    "a changed value": ([row("kept", "0"), row("kept", "2")], "read differently"),
    "an id that is not in the file": ([row("kept", "0"), row("kept", "9")], "id that is not in it"),
    "a text that is not in the file": (
        [row("kept", "1"), row("quarantined", "0", "other")], "text that is not in it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FATES)
def test_the_verdict_finds(name: str) -> None:
    rows, words = FATES[name]
    reference = Reference(REFERENCE, REFERENCE, {key: TEXT for key in REFERENCE})
    file = Contents(counts=frozenset({2}), must_read=True, text=TEXT)
    _, faults = judge("f", file, [(0, 1)], Outcome(rows={"f": rows}), reference)
    assert any(words in fault for fault in faults), faults


def test_the_verdict_lets_a_whole_file_pass() -> None:
    rows = [row("superseded", "1"), row("quarantined", "0", "text")]
    reference = Reference(REFERENCE, REFERENCE, {key: TEXT for key in REFERENCE})
    file = Contents(counts=frozenset({2}), must_read=True, text=TEXT)
    counts, faults = judge("f", file, [(0, 1)], Outcome(rows={"f": rows}), reference)
    assert faults == []
    assert (counts.rows, counts.superseded, counts.quarantined) == (2, 1, 1)


def test_a_part_that_is_done_is_kept_for_the_code_it_was_run_with(tmp_path: Path) -> None:
    done = Result(faults=["one"])
    done.add("lms/docebo/users_courses", "csv", Counts(mutants=500, rows=7, silent=1))
    KeptParts(tmp_path, "code a").write(0, 500, done)
    assert KeptParts(tmp_path, "code a").read(0, 500) == done
    assert KeptParts(tmp_path, "code a").read(500, 1000) is None
    assert KeptParts(tmp_path, "code b").read(0, 500) is None


def test_the_code_of_a_part_is_all_that_decides_its_outcome(tmp_path: Path) -> None:
    project = Project(tmp_path, {})
    for name in ("models/a.sql", "macros/b.sql", "python/certgap/c.py", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    before = code_of(project)
    (tmp_path / "README.md").write_text("2")
    assert code_of(project) == before
    for name in ("models/a.sql", "macros/b.sql", "python/certgap/c.py"):
        (tmp_path / name).write_text("2")
        assert code_of(project) != before, name
        before = code_of(project)


def test_a_report_says_whether_the_run_was_complete(tmp_path: Path) -> None:
    result = Result(faults=["one"])
    for is_complete in (False, True):
        write(tmp_path / "report.md", result, 1, is_complete)
        said = (tmp_path / "report.md").read_text()
        assert ("Not complete" in said) is not is_complete
        assert "1 faults were found" in said
