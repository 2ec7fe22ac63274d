"""Twenty random companies by SQL and by the truth; `make worlds` takes two hundred.

One more is told in every other way, too; `make properties` takes many.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, note, settings, strategies

from certgap.truth.world import SCHEMAS
from certgap.worlds import retelling
from certgap.worlds.__main__ import prove_worlds
from certgap.worlds.drawing import Dice
from certgap.worlds.identities import IDENTITIES
from certgap.worlds.properties import (
    FACT,
    PROPERTIES,
    Trial,
    broken_properties,
    identities_hold,
)
from certgap.worlds.random_company import draw_company
from certgap.worlds.restated import restated, with_news, with_withdrawals
from certgap.worlds.rules import KEY, RULES

SEED = 5


@pytest.fixture(scope="module")
def compiled(compiled_models):
    return compiled_models


@pytest.fixture(scope="module")
def trial(compiled):
    return Trial(compiled, draw_company(SEED, RULES[0], KEY))


def test_twenty_random_companies_equal_the_truth(compiled):
    different = list(prove_worlds([compiled], range(1, 21)))
    assert not different, "\n".join(
        f"company {seed}:\n{report.text()}" for seed, report in different
    )


REASONS = {
    "learning records or identities changed",
    "units moved between groups",
    "employment changed",
    "leave changed",
    "licences changed",
    "days of use delivered or withdrawn",
    "deliveries of use withdrawn",
    "use restated or delivered late",
}


def test_restatements_of_random_companies_equal_the_truth(compiled):
    first, second, third = (draw_company(seed, RULES[0], KEY) for seed in (1, 2, 3))
    reasons = set()
    for publication in (with_news(first), with_withdrawals(second), with_withdrawals(third)):
        report, rows = restated(compiled, publication)
        assert report.agrees, "\n".join(report.lines())
        reasons |= {reason for row in rows for reason in row["reason"].split("; ")}
    assert reasons == REASONS
    report, rows = restated(compiled, replace(with_news(third), has_other_rules=True))
    assert report.agrees, "\n".join(report.lines())
    assert {row["reason"] for row in rows} == {"rules changed"}


# A broken property is tried again on smaller and smaller companies; 25 seconds each time.
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=strategies.integers(1, 10**6), people=strategies.integers(8, 150))
def test_every_property_holds(compiled, seed, people):
    note(f"company of seed {seed}")
    trial = Trial(compiled, draw_company(seed, RULES[0], KEY, people))
    assert broken_properties(trial) == {}


@pytest.fixture(scope="module")
def few(trial):
    """The figures, without most of the rows of the long tables."""
    return {table: rows[:3000] for table, rows in trial.before.items()}


class Disturbed(Trial):
    """A trial whose figures, told otherwise, are one adopter and one status off."""

    def tables(self, company, as_of_date=None):
        tables = {table: [dict(row) for row in rows] for table, rows in self.before.items()}
        rates = tables["adoption_rates"]
        place = next(n for n, row in enumerate(rates) if row["n_eligible"])
        rates[place] |= {"n_adopted": rates[place]["n_adopted"] + 1, "adoption_rate": 1.0}
        facts = tables[FACT]
        place = next(n for n, row in enumerate(facts) if row["status"] == "eligible")
        is_later = self.calls % 2
        self.calls += 1
        facts[place] |= {"status": "window_open" if is_later else "on_leave"}
        return tables

    calls = 0


@pytest.mark.parametrize(
    "holds", [p for p in PROPERTIES if p is not identities_hold], ids=lambda holds: holds.__name__
)
def test_a_property_notices_what_changed(holds, trial, few, monkeypatch):
    told, names = retelling.renamed(trial.company, Dice(1))
    # The disturbed figures bear the old names.
    same_names = {name: name for name in names}
    monkeypatch.setattr(retelling, "renamed", lambda *_: (told, same_names))
    disturbed = Disturbed(trial.models, trial.company)
    disturbed.__dict__["before"] = few
    found = "\n".join(holds(disturbed))
    assert "window_open" in found or "status" in found or "n_adopted" in found


BREAKS = [
    ("one_status", FACT, {"status": "unclear"}),
    ("denominators_add_up", "adoption_rates", {"n_feed_gap": 99}),
    ("parts_are_no_more_than_the_whole", "adoption_rates", {"n_assigned_completed": 999}),
    ("dimensions_add_up", "adoption_rates", {"n_habitual": 99}),
    ("aggregates_count_the_units", FACT, {"tool_id": "another"}),
    ("gaps_follow_from_rates", "certification_gaps", {"missing_adopters": 99.0}),
    ("funnels_only_narrow", "adoption_funnels", {"n_tried": 999}),
    ("segments_add_up", "usage_segments", {"n_low_4w": 999}),
    ("courses_add_up", "content_freshness", {"n_completed": 999}),
]


@pytest.mark.parametrize(("name", "table", "change"), BREAKS, ids=lambda value: str(value)[:40])
def test_an_identity_notices_what_breaks_it(name, table, change, trial):
    [check] = [check for check in IDENTITIES if check.__name__ == name]
    assert not list(check(trial.before))
    # Of completers nobody can be named for little is said; rows come in any order.
    rows = sorted(trial.before[table], key=lambda row: row.get("dimension") == "unattributed")
    first, *others = rows
    tables = trial.before | {table: [first | change, *others]}
    assert list(check(tables))


def test_every_identity_is_broken_here():
    assert [check.__name__ for check in IDENTITIES] == [name for name, _, _ in BREAKS]


def rows_of(company):
    return {feed: list(rows) for feed, rows in company.feeds.rows.items() if rows}


def test_retelling_changes_what_it_says_and_nothing_else(trial):
    company, dice = trial.company, Dice(1)
    before = rows_of(company)

    def bag(rows):
        return {feed: Counter(map(repr, told)) for feed, told in rows.items()}

    shuffled = rows_of(retelling.in_another_order(company, dice))
    assert shuffled != before and bag(shuffled) == bag(before)

    twice = bag(rows_of(retelling.told_twice(company, dice)))
    assert all(twice[feed] > rows for feed, rows in bag(before).items())

    moved = rows_of(retelling.told_on_other_days(company, dice))
    for feed, rows in before.items():
        assert [row for _, row in moved[feed]] == [row for _, row in rows]
        assert max(day for day, _ in moved[feed]) == max(day for day, _ in rows)
    events = ("lms", "learning_events")
    assert [day for day, _ in moved[events]] != [day for day, _ in before[events]]

    later = retelling.shifted(company, 7)
    assert rows_of(retelling.shifted(later, -7)) == before
    [(day, row), *_] = later.feeds.rows["hris", "employment_history"]
    [(day_before, row_before), *_] = before["hris", "employment_history"]
    assert (day - day_before, row["valid_from"] - row_before["valid_from"]) == (
        timedelta(days=7),
        timedelta(days=7),
    )

    told, names = retelling.renamed(company, dice)
    text = repr(told.feeds.rows) + repr(told.seeds)
    assert all(f"'{name}'" in text for name in names.values())
    assert "@example.com" not in text and not re.search(r"'(E\d{3}|L\d+|D\d+)'", text)

    until = retelling.received_until(retelling.as_it_happened(company), date(2025, 12, 31))
    assert max(day for rows in until.feeds.rows.values() for day, _ in rows) == date(2025, 12, 31)


def test_a_seed_gives_the_same_company():
    first, second = (draw_company(5, {}, KEY) for _ in range(2))
    assert first.feeds.rows == second.feeds.rows
    assert all(first.world.table(name).equals(second.world.table(name)) for name in SCHEMAS)


def test_companies_have_the_corners_they_are_drawn_for():
    worlds = [draw_company(seed, {}, KEY).world for seed in range(1, 21)]

    def has(table, holds):
        return any(holds(row) for world in worlds for row in world.rows(table))

    assert has(
        "employment_history", lambda r: (r["employment_status"] or "").strip() == "TERMINATED"
    )
    assert has("employees", lambda r: r["hire_date"] and r["hire_date"] != r["original_hire_date"])
    assert has("employees", lambda r: not r["timezone"])
    assert has("leave_periods", lambda r: r["leave_end"] is None)
    assert has("events", lambda r: r["employee_id"] is None)
    assert has("usage_days", lambda r: r["employee_id"] is None)
    assert has("usage_weeks", lambda r: (r["period_end"] - r["period_start"]).days != 6)
    assert has("seats", lambda r: r["status"] == "suspended")
    for column in ("is_failed", "is_concealed"):
        assert has("deliveries", lambda r, column=column: r[column])
    assert has("courses", lambda r: r["equivalent_to"])
    assert has("courses", lambda r: not r["published_at"] and not r["last_updated_at"])
    assert has("courses", lambda r: r["published_at"] and r["last_updated_at"])
    releases = [r for world in worlds for r in world.reference["tool_releases"]]
    assert {r["released_on"] is None for r in releases} == {True, False}
    assert has("web_use", lambda r: r["employee_id"] is None and r["alias_value"][0] == "p")
    assert any(not world.rows("web_use") for world in worlds)
    domains = [world.reference["tool_domains"] for world in worlds]
    assert any(not any(row["is_consumer_tool"] for row in rows) for rows in domains)
    rules = {p["completion_rule"] for world in worlds for p in world.reference["programs"]}
    assert rules == {"any", "all"}
