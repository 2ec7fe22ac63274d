"""The truth: funnels, curves and priorities, hand-counted on the smallest of companies."""

import pytest

from truth_company import Company, after

C = "2026-03-01"


def curve(company, week, **where):
    wanted = {"program_id": "all", "tool_id": "copilot", "dimension": "all", "week_number": week}
    (row,) = company.table("adoption_curves", **(wanted | where))
    return row


def trained(*names, **settings):
    company = Company(**settings)
    for name in names:
        company.person(name, department="Sales")
        company.event(name, C)
    return company


def test_weeks_end_where_the_decision_says():
    rows = trained("ana").table("adoption_curves", dimension="all", tool_id="copilot")
    ends = {row["week_number"]: row["last_day_number"] for row in rows}
    assert list(ends) == [-4, -3, -2, -1, *range(1, 27)]
    assert (ends[-4], ends[-1], ends[1], ends[26]) == (-22, -1, 7, 182)


def test_use_before_and_after_training_and_reversion():
    company = trained("ana", "bob")
    # Days -1, 0, 7, 14 of ana; days -7 and 8 of bob. Day 0 is in no week.
    company.use("ana", after(C, -1), C, after(C, 7), after(C, 14))
    company.use("bob", after(C, -7), after(C, 8))
    active = {week: curve(company, week)["n_active"] for week in (-2, -1, 1, 2, 3)}
    assert active == {-2: 0, -1: 2, 1: 1, 2: 2, 3: 0}
    first, third = curve(company, 1), curve(company, 3)
    assert (first["n_reversion_at_risk"], first["n_reverted"]) == (2, 1)
    assert (third["n_reversion_at_risk"], third["reversion_rate"]) == (2, 1.0)
    assert curve(company, -4)["n_reverted"] is None


def test_who_left_is_not_at_risk_and_who_is_not_due_is_open():
    company = trained("ana", "bob", as_of_date=after(C, 20))
    company.row("bob", str(after(C, 10)), employment_status="terminated")
    second, third = curve(company, 2), curve(company, 3)
    names = ("n_completed", "n_at_risk", "n_window_open", "n_not_judged")
    assert [second[name] for name in names] == [2, 1, 0, 1]
    assert [third[name] for name in names] == [2, 0, 2, 0]
    assert third["active_rate"] is None


def test_time_to_first_use():
    # ana starts on day 3, bob on day 10, cyd leaves with day 8 as the last one, dan never starts.
    company = trained("ana", "bob", "cyd", "dan")
    company.use("ana", after(C, 3))
    company.use("bob", after(C, 10))
    company.row("cyd", str(after(C, 9)), employment_status="terminated")
    first, second, last = (curve(company, week) for week in (1, 2, 26))
    assert (first["n_waiting"], first["n_first_use"], first["first_use_rate"]) == (4, 1, 0.25)
    assert (second["n_waiting"], second["n_first_use"]) == (3, 1)
    # On day 10 only bob and dan are at risk: 1 - 3/4 * 1/2.
    assert second["first_use_rate"] == pytest.approx(1 - 3 / 4 * 1 / 2)
    assert (last["n_waiting"], last["first_use_rate"]) == (1, pytest.approx(0.625))
    assert curve(company, -1)["n_waiting"] is None


def test_a_day_that_is_not_covered_ends_the_sight():
    company = trained("ana", "bob")
    company.deliver("2025-06-01", after(C, 4))
    company.deliver(after(C, 6), "2026-12-31")
    company.use("ana", after(C, 3))
    company.use("bob", after(C, 6))  # after the hole: nobody knows whether it is the first
    week = curve(company, 1)
    assert (week["n_waiting"], week["n_first_use"], week["first_use_rate"]) == (2, 1, 0.5)
    assert curve(company, 2)["n_waiting"] == 0


def test_time_to_lapse():
    # First use on day 2, last on day 12: 28 empty days are full on day 40, 38 days after the first.
    company = trained("ana", "bob")
    company.use("ana", after(C, 2), after(C, 12), after(C, 60))
    # Never 28 empty days: day 2, then every 28 days to the end of sight.
    company.use("bob", *(after(C, 2 + 28 * step) for step in range(8)))
    fifth, sixth = curve(company, 5), curve(company, 6)
    assert (fifth["n_using"], fifth["n_lapsed"], fifth["lapse_rate"]) == (2, 0, 0.0)
    assert (sixth["n_using"], sixth["n_lapsed"], sixth["lapse_rate"]) == (2, 1, 0.5)
    assert curve(company, 7)["n_using"] == 1


def test_a_gap_that_is_not_full_in_sight_is_no_lapse():
    company = trained("ana", as_of_date=after(C, 40))
    company.use("ana", after(C, 13))
    assert sum(curve(company, week)["n_lapsed"] for week in range(1, 27)) == 0
    company = trained("ana", as_of_date=after(C, 41))
    company.use("ana", after(C, 13))
    assert curve(company, 4)["n_lapsed"] == 1


def test_a_week_of_a_curve_has_seven_days_whatever_a_block_has():
    company = trained("ana", block_days=5)
    company.use("ana", after(C, 8))  # the first day of week 2
    assert [curve(company, week)["n_active"] for week in (1, 2, 3)] == [0, 1, 0]


def test_weekly_tools_have_first_use_and_no_lapse():
    company = trained("ana")
    company.deliver("2026-02-01", "2026-12-26", feed="tool_usage_period", tool="weekly")
    company.tools.append({"tool_id": "weekly", "licence_model": "open"})
    company.tie("c1", "weekly")
    company.add(
        "usage_weeks", employee_id="ana", tool_id="weekly", period_start=after(C, 7),
        period_end=after(C, 13), active_days=2, first_active_date=after(C, 9),
    )  # fmt: skip
    first, second, third = (curve(company, week, tool_id="weekly") for week in (1, 2, 3))
    assert (first["n_active"], second["n_active"], third["n_active"]) == (0, 1, 0)
    assert (second["n_first_use"], second["first_use_rate"]) == (1, 1.0)
    assert (first["n_using"], first["n_lapsed"], first["lapse_rate"]) == (0, 0, None)


def test_managers_can_be_left_out():
    company = trained("ana", curve_managers=False)
    company.event("ana", "2026-01-05", "assigned")
    for table in ("adoption_curves", "usage_segments"):
        dimensions = {row["dimension"] for row in company.table(table)}
        assert "role_group_tool" in dimensions
        assert not dimensions & {"manager", "manager_tool"}
    assert "manager" in {row["dimension"] for row in company.table("adoption_funnels")}


def test_funnel():
    company = Company()
    company.tools[0]["licence_model"] = "seat"
    company.deliver("2025-06-01", "2026-12-31", feed="tool_licences")
    seated = ("never", "tried", "weekly", "habit", "gone", "late")
    for name in (*seated, "seatless"):
        company.person(name)
        company.event(name, "2026-01-05", "assigned")
        company.event(name, "2026-06-01" if name == "late" else C)
    for name in seated:
        company.add("seats", employee_id=name, tool_id="copilot")
    company.row("gone", "2026-04-01", employment_status="terminated")
    company.use("tried", after(C, 5))
    company.use("weekly", after(C, 88))
    company.use("habit", *(after(C, 90 - 7 * step) for step in range(3)))
    (row,) = company.table("adoption_funnels", tool_id="copilot", dimension="all")
    counts = {name: value for name, value in row.items() if name.startswith("n_")}
    assert counts == {
        "n_assigned": 7, "n_completed": 6, "n_licensed": 4, "n_no_licence": 1, "n_not_judged": 1,
        "n_tried": 3, "n_weekly_active": 2, "n_habitual": 1,
    }  # fmt: skip
    assert row["checkpoint_day"] == 90
    assert row["completed_rate"] == pytest.approx(6 / 7)
    assert (row["licensed_rate"], row["tried_rate"]) == (0.8, 0.75)
    assert row["weekly_active_rate"] == pytest.approx(2 / 3)
    assert row["habitual_rate"] == 0.5


def test_a_habit_without_its_last_week_stays_at_tried():
    company = Company()
    company.person("ana")
    company.event("ana", "2026-01-05", "assigned")
    company.event("ana", C)
    company.use("ana", *(after(C, 83 - 7 * step) for step in range(3)))
    (row,) = company.table("adoption_funnels", tool_id="copilot", dimension="all")
    assert (row["n_tried"], row["n_weekly_active"], row["n_habitual"]) == (1, 0, 0)


@pytest.fixture(scope="module")
def departments():
    """Sales 0 of 30, Legal 15 of 30, Ops 9 of 30, Field 2 of 5, unknown 0 of 10."""
    company = Company()
    sizes = {"Sales": (30, 0), "Legal": (30, 15), "Ops": (30, 9), "Field": (5, 2), None: (10, 0)}
    for department, (size, adopted) in sizes.items():
        for number in range(size):
            name = f"{department}{number}"
            company.person(name, department=department)
            company.event(name, C)
            if number < adopted:
                company.use(name, after(C, 30))
    return company


def test_priorities(departments):
    wanted = {"tool_id": "copilot", "dimension": "department", "checkpoint_day": 30}
    rows = departments.table("gap_priorities", **wanted)
    listed = {row["dimension_value"]: row for row in rows}
    # Legal has more adopters than the target asks for, Field is too small.
    assert set(listed) == {"Sales", "Ops"}
    sales, ops = listed["Sales"], listed["Ops"]
    assert (sales["priority_rank"], ops["priority_rank"]) == (1, 2)
    assert (sales["evidence"], sales["is_significant"]) == ("below the rest", True)
    assert ops["evidence"] == "not distinguishable from the rest"
    assert sales["net_missing_adopters"] == pytest.approx(12)
    # The company lacks 0.4 * 105 - 26 = 16.
    assert sales["contribution_rate"] == pytest.approx(12 / 16)
    (row,) = departments.table("gap_priorities", **(wanted | {"dimension": "completion_month"}))
    assert (row["evidence"], row["is_significant"]) == ("insufficient evidence", False)


def test_contributions_of_a_dimension_sum_to_all(departments):
    wanted = {"tool_id": "copilot", "checkpoint_day": 30}
    rows = departments.table("certification_gaps", **wanted)
    of_departments = {
        row["dimension_value"]: row["contribution_rate"]
        for row in rows
        if row["dimension"] == "department"
    }
    # Neither is a priority: Legal has adopters to spare, nobody can name the unknown.
    assert (of_departments["Legal"], of_departments["unknown"]) == pytest.approx((-3 / 16, 4 / 16))
    for dimension in {row["dimension"] for row in rows}:
        group = [row for row in rows if row["dimension"] == dimension]
        assert sum(row["net_missing_adopters"] for row in group) == pytest.approx(16)
        assert sum(row["contribution_rate"] for row in group) == pytest.approx(1)
