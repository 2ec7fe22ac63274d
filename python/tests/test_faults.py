"""Fault injection: the verdict, the catalogue, what is changed and put back, and the page.

Rule: a figure that changes without a word is silent. A judge that never says so proves nothing, so
one detection is switched off here and must be missed. `make faults` injects the catalogue.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from certgap.faults import page
from certgap.faults.catalogue import FAULTS
from certgap.faults.fault import CAUGHT, HARMLESS, QUARANTINED, SILENT, Fault
from certgap.faults.measure import Measured
from certgap.faults.observe import Observation, worse
from certgap.faults.raw import RawFolder
from certgap.faults.replay import Node, replay
from certgap.faults.verdict import judge, mismatch

SEEN = {
    "a file fails its check": (Observation(failed_files={"a.csv": "is empty"}), CAUGHT),
    "the build stops": (Observation(refused="is stopped", different=["x"]), CAUGHT),
    "a test fails": (Observation(tests={"t": "1"}, different=["x"]), CAUGHT),
    "the build warns": (Observation(warnings=["not read"], different=["x"]), CAUGHT),
    "a feed is late": (Observation(late=["f: late"], different=["x"]), CAUGHT),
    "data_quality is worse": (Observation(quality=["quarantine"], different=["x"]), CAUGHT),
    "a note and another figure": (Observation(notes={"a": "moved"}, different=["x"]), CAUGHT),
    "a note and no other figure": (Observation(notes={"a": "moved"}), HARMLESS),
    "nothing": (Observation(), HARMLESS),
    "the figures are right": (Observation(different=["x"], unlike_right=[]), HARMLESS),
    "the figures are wrong": (Observation(different=["x"], unlike_right=["x"]), SILENT),
    "another figure and no word": (Observation(different=["x"]), SILENT),
    "the broken rows are in the quarantine": (
        Observation(
            quarantined=Counter({("f", "bad"): 2}), n_broken=2, different=["x"], unlike_the_rest=[]
        ),
        QUARANTINED,
    ),
    "other figures than without them": (
        Observation(
            quarantined=Counter({("f", "bad"): 2}),
            n_broken=2,
            different=["x"],
            unlike_the_rest=["x"],
        ),
        SILENT,
    ),
    "fewer rows than were broken": (
        Observation(quarantined=Counter({("f", "bad"): 1}), n_broken=2, different=["x"]),
        SILENT,
    ),
}


@pytest.mark.parametrize("name", SEEN)
def test_the_verdict(name: str) -> None:
    seen, outcome = SEEN[name]
    assert judge(seen).outcome == outcome


def test_another_verdict_than_expected_is_a_mismatch() -> None:
    fault = Fault("f", "words", "feed", lambda _: None, CAUGHT, "is empty")
    assert "found silent" in mismatch(fault, judge(Observation(different=["x"])))
    assert "told by 'is empty'" in mismatch(fault, judge(Observation(tests={"t": "1"})))
    assert mismatch(fault, judge(Observation(failed_files={"a": "is empty"}))) == ""


def test_the_catalogue_has_every_outcome_and_sixty_faults() -> None:
    outcomes = Counter(fault.outcome for fault in FAULTS.values())
    assert len(FAULTS) >= 60
    assert set(outcomes) == {CAUGHT, QUARANTINED, HARMLESS}
    assert all(fault.words for fault in FAULTS.values())


def test_quality_is_worse_by_its_status_or_by_two_hundredths() -> None:
    before = {("s", "f", "all", "q", "all"): ("warn", 0.10)}
    for status, share, told in (("warn", 0.11, 0), ("warn", 0.13, 1), ("fail", 0.10, 1)):
        after = {("s", "f", "all", "q", "all"): (status, share)}
        assert len(worse(before, after)) == told, (status, share)
    assert len(worse(before, {**before, ("s", "f", "all", "q", "bad"): ("warn", 0.01)})) == 1


def nodes(*, is_tested: bool) -> list[Node]:
    def model(name: str, sql: str, parent: str) -> Node:
        return Node(name, "model", name, "main", "marts", "table", sql, (parent,))

    test = Node(
        "t", "test", "no_negative_use", "main", "values", "", "select * from use where n < 0",
        ("use",), "warn",
    )  # fmt: skip
    made = [
        model("use", "select n from delivered", "source"),
        model("days", "select count(*) as n_days from use", "use"),
        model("rates", "select sum(n) as rate from use", "use"),
        model("below", "select n_days from days", "days"),
    ]
    return [*made, test] if is_tested else made


@pytest.mark.parametrize("is_tested", [True, False])
def test_without_its_detection_a_fault_is_silent(is_tested: bool) -> None:
    connection = duckdb.connect()
    connection.execute("create table delivered as select 1 as n union all select 2")
    built = nodes(is_tested=is_tested)
    healthy = replay(connection, built, {}, {"source"})
    assert healthy.failed == {} and healthy.n_models == 4
    connection.execute("update delivered set n = -n where n = 2")
    done = replay(connection, built, healthy.checksums, {"source"})
    # `below` reads what came out as before, so it is not made again.
    assert done.n_models == 3 and done.changed == {"source", "use", "rates"}
    seen = Observation(tests=done.failed, different=sorted(done.changed - {"source", "use"}))
    assert judge(seen).outcome == (CAUGHT if is_tested else SILENT)


def test_a_model_that_breaks_stops_the_build() -> None:
    connection = duckdb.connect()
    connection.execute("create table delivered as select 'x' as n")
    done = replay(connection, nodes(is_tested=True), {}, {"source"})
    assert done.broken.startswith("rates: ")


@pytest.fixture
def raw(tmp_path: Path) -> RawFolder:
    folder = RawFolder(tmp_path / "raw", tmp_path / "reference", tmp_path / "healthy")
    for name, text in {
        "raw/usage/v/f/2026-01-01.csv": "a,b\n1,2\n3,4\n",
        "raw/usage/v/f/2026-01-02.csv": "a,b\n5,6\n",
        "reference/tools.csv": "tool_id\nx\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    folder.keep()
    return folder


def test_changes_are_counted_and_put_back(raw: RawFolder) -> None:
    feed = "usage/v/f"
    before = {name: (raw.raw / name).stat().st_mtime_ns for name in raw.files(feed)}
    raw.edit(raw.files(feed), lambda row: {**row, "b": ""}, lambda row: row["a"] != "3")
    raw.write(f"{feed}/2026-01-03.csv", b"a,b\n")
    raw.edit("reference/tools.csv", lambda _: None)
    assert raw.read(raw.files(feed)[0]) == b"a,b\n1,\n3,4\n"
    assert raw.broken == 3
    assert len(raw.touched) == 4
    raw.put_back()
    assert {name: (raw.raw / name).stat().st_mtime_ns for name in raw.files(feed)} == before
    assert raw.read("reference/tools.csv") == b"tool_id\nx\n"
    assert (raw.broken, raw.touched) == (0, set())


def test_broken_rows_can_be_left_out_instead(raw: RawFolder) -> None:
    name = raw.newest("usage/v/f", 1)
    raw.leaves_out = True
    raw.edit(name, lambda row: {**row, "b": ""}, lambda row: row["a"] == "1")
    raw.add(name, [{"a": "9", "b": "9"}])
    assert raw.read(name) == b"a,b\n3,4\n"
    assert raw.broken == 2


def test_a_fault_that_finds_nothing_to_change_is_an_error(raw: RawFolder) -> None:
    with pytest.raises(ValueError, match="no row"):
        raw.edit(raw.newest("usage/v/f"), lambda _: None, lambda _: False)


def test_the_page_counts_outcomes_and_names_what_is_wrong(tmp_path: Path) -> None:
    names = list(FAULTS)[:2]
    seen = [Observation(failed_files={"a.csv": "is empty"}), Observation(different=["x"])]
    measured = [
        Measured(name, judge(s), mismatch(FAULTS[name], judge(s)), s, 1.0)
        for name, s in zip(names, seen, strict=True)
    ]
    page.write(tmp_path / "docs" / "faults.md", measured)
    text = (tmp_path / "docs" / "faults.md").read_text("utf-8")
    assert "| caught | 1 |" in text and "| silent | 1 |" in text
    assert f"- FAULT: `{names[1]}`" in text and f"| `{names[0]}` |" in text
