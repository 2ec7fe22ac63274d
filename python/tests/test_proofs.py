"""The long proofs: what they draw, and the page they write."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from certgap.bench.equality import TableEquality
from certgap.proofs import kills, one_page, page, readers, schedules
from certgap.proofs.place import Company
from certgap.proofs.schedule import BREAKS, draw_schedule

PROJECT = Path(__file__).parents[2]


def test_a_seed_gives_the_same_schedule() -> None:
    assert draw_schedule(4).steps == draw_schedule(4).steps
    assert draw_schedule(4).steps != draw_schedule(5).steps


def test_schedules_have_every_kind_of_event() -> None:
    events: Counter[str] = Counter()
    for seed in range(1, 41):
        schedule = draw_schedule(seed)
        events += schedule.events
        first = schedule.steps[0]
        for relation in ("hris/generic/employees", "lms/generic/courses", "usage/generic/tool_us"):
            assert any(path.startswith(relation) for path in first.written), seed
        assert schedule.steps[-1].breaks_off_after is None
        assert "received_until" not in schedule.steps[-1].variables
    assert events.keys() == {
        "builds",
        "build broken off",
        "late",
        "new vendor",
        "out of order",
        "override changed",
        "owners of addresses changed",
        "received_until in the past",
        "repeated",
        "replaced",
        "restated",
        "sent again under its name",
        "tool rule changed",
        "unreadable row",
        "var changed",
        "vendor switched off",
        "withdrawn",
    }


def test_builds_break_off_after_models_that_exist() -> None:
    names = {path.stem for path in (PROJECT / "models").rglob("*.sql")}
    assert set(BREAKS) <= names


def test_a_run_replaces_its_own_part_of_the_page(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "proofs.md"
    one_page.write(path, "kills", "1 kill")
    one_page.write(path, "schedules", "3 schedules")
    one_page.write(path, "kills", "2 kills")
    text = path.read_text(encoding="utf-8")
    assert "1 kill" not in text and text.count("2 kills") == text.count("3 schedules") == 1
    assert text.count("Not run yet.") == len(one_page.PARTS) - 2


def test_a_schedule_that_differs_in_a_table_is_counted_and_told() -> None:
    outcome = schedules.Outcome()
    same, other = TableEquality("t", 4), TableEquality("t", 3, "differs")
    outcome.add(draw_schedule(1), [same, same], True)
    outcome.add(draw_schedule(2), [other], False)
    assert (outcome.n_schedules, outcome.n_whole, outcome.n_tables, outcome.n_rows) == (2, 1, 2, 11)
    assert outcome.different == {2: [other]}
    assert outcome.events == draw_schedule(1).events + draw_schedule(2).events


def test_the_page_tells_faults() -> None:
    trial = kills.Trial("build", "any", "all", 1.0, kills.OLD, False)
    text = page.of_kills(kills.Outcome([trial], ["it broke"]))
    assert "2 kills, 1 faults" in text and "FAULT: it broke" in text
    assert "| build | any | all | 1 | 1.0 to 1.0 | 1 | 0 | 0 |" in text
    read = readers.Outcome(10, Counter(staying=3), Counter({1: 3}), ["mixed"])
    assert "1 errors or mixed versions" in page.of_readers(read)
    assert "FAULT: mixed" in page.of_readers(read)
    outcome = schedules.Outcome(2, 1, 10, 5, Counter(builds=4))
    outcome.different[7] = [TableEquality("t", 1, "differs")]
    text = page.of_schedules(outcome, {"a"})
    assert "1 equal to a full refresh" in text and "schedules [7] differ" in text
    assert "1 of the schedules compared in all published tables" in text


def test_a_place_gets_the_deliveries_up_to_a_day_and_a_restated_one(tmp_path: Path) -> None:
    company = Company(tmp_path / "company")
    usage = company.folder / "usage/generic/tool_usage_daily"
    usage.mkdir(parents=True)
    for day in range(1, 29):
        for month in (1, 2, 3):
            path = usage / f"2026-{month:02}-{day:02}.csv"
            path.write_text("alias_value,interactions\na,1\nb,\n", encoding="utf-8")
    people = company.folder / "hris/generic/employees/2026-04-01.csv"
    people.parent.mkdir(parents=True)
    people.write_text("employee_id\nE1\n", encoding="utf-8")
    (company.folder / "truth").mkdir()
    (company.folder / "truth" / "x.csv").write_text("a\n", encoding="utf-8")
    place = company.place(tmp_path / "place")
    days = company.days()
    assert company.deliver(place, days[40]) == 42
    assert not (place.raw / "truth").exists()
    assert company.deliver(place, days[-1]) == len(days) - 41
    restated = company.restate(place, 0)
    assert restated.name == "2026-03-29-restated.csv"
    assert restated.read_text(encoding="utf-8") == "alias_value,interactions\na,2\nb,1\n"
