"""Twenty random companies by SQL and by the truth; `make worlds` takes two hundred."""

from __future__ import annotations

from certgap.truth.world import SCHEMAS
from certgap.worlds.__main__ import KEY, prove_worlds
from certgap.worlds.random_company import draw_company


def test_twenty_random_companies_equal_the_truth():
    different = list(prove_worlds(count=20, first=1, rules=1))
    assert not different, "\n".join(
        f"company {seed}:\n{report.text()}" for seed, report in different
    )


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
    rules = {p["completion_rule"] for world in worlds for p in world.reference["programs"]}
    assert rules == {"any", "all"}
