"""The truth: rates and gaps of groups, hand-counted, and the statistics against scipy."""

import math

import numpy as np
import pytest
from scipy import stats

from certgap.truth.statistics import (
    benjamini_hochberg,
    competition_ranks,
    median,
    pooled_z_test,
    wilson,
)
from truth_company import Company, after


@pytest.fixture(scope="module")
def company():
    """Sales: 4 completed, 1 adopted, 1 left. Legal: 2 completed, 2 adopted, one an old user."""
    company = Company()
    for name in ("s0", "s1", "s2", "s3", "s4"):
        company.person(name, department="Sales")
        company.event(name, "2026-01-05", "assigned")
    for name in ("l0", "l1"):
        company.person(name, department="Legal")
    for name in ("s0", "s1", "s2", "s3", "l0", "l1"):
        company.event(name, "2026-03-01")
    company.row("s3", "2026-03-15", employment_status="terminated")
    company.use("s0", "2026-03-30")
    company.use("l0", "2026-03-30", "2026-02-20")
    company.use("l1", "2026-03-30")
    return company


def test_counts_and_rates_of_all(company):
    row = company.rates()
    counts = {name: value for name, value in row.items() if name.startswith("n_")}
    assert counts == {
        "n_assigned": 5, "n_assigned_completed": 4, "n_self_enrolled": 2, "n_completed": 6,
        "n_eligible": 5, "n_window_open": 0, "n_left_before_day_n": 1, "n_feed_gap": 0,
        "n_licence_unknown": 0, "n_no_licence": 0, "n_on_leave": 0, "n_adopted": 3, "n_tried": 3,
        "n_habitual": 0, "n_daily": 0, "n_new": 4, "n_new_adopted": 2, "n_existing": 1,
        "n_existing_adopted": 1, "n_matured": 6,
    }  # fmt: skip
    assert row["completion_rate"] == 0.8
    assert row["adoption_rate"] == 0.6
    assert row["adoption_rate_if_leavers_none"] == 0.5
    assert row["adoption_rate_if_leavers_all"] == pytest.approx(4 / 6)
    assert (row["conversion_rate"], row["retention_rate"]) == (0.5, 1.0)
    assert row["judged_rate"] == pytest.approx(5 / 6)
    assert row["evidence"] == "insufficient evidence"  # five of the ten that min_cell asks for
    assert (row["target_rate"], row["benchmark_low"], row["benchmark_high"]) == (0.4, 0.12, 0.18)


DAYS = ("active_days_per_week", "baseline_active_days_per_week", "active_days_per_week_change")


def test_active_days_per_week_and_their_change(company):
    row = company.rates()
    # Three days of use in five times 30 days, one in five times 28.
    expected = (7 * 3 / 150, 7 * 1 / 140, 7 * 3 / 150 - 7 * 1 / 140)
    assert tuple(row[name] for name in DAYS) == pytest.approx(expected)


def test_days_nobody_could_see_are_not_days_without_use():
    company = Company()
    for name in ("ana", "bob"):
        company.person(name)
        company.event(name, "2026-03-01")
    company.use("ana", *(after("2026-03-01", day) for day in (1, 8, 30)))
    company.deliver("2026-03-01", "2026-03-10")
    company.deliver("2026-03-16", "2026-12-31")
    row = company.rates()
    assert tuple(row[name] for name in DAYS) == (7 * 3 / 50, None, None)
    company.deliver("2026-02-22", "2026-02-28")
    company.use("bob", "2026-02-20", "2026-02-22")  # the 20th is known of all the same
    row = company.rates()
    assert row["baseline_active_days_per_week"] == pytest.approx(7 * 2 / 14)
    company.use("bob", *(after("2026-02-01", day) for day in range(7)))
    assert company.rates()["baseline_active_days_per_week"] == pytest.approx(7 * 9 / 16)


@pytest.mark.parametrize("completed", [f"2026-03-0{day}" for day in range(1, 8)])
def test_steady_use_of_a_weekly_tool_is_no_change(completed):
    company = Company()
    company.person("ana")
    company.event("ana", completed)
    company.is_delivered = False
    company.deliver("2025-06-02", "2026-12-27", feed="tool_usage_period")
    for number in range(60):  # three days of every week from Monday to Sunday
        first = after("2025-11-03", 7 * number)
        company.add(
            "usage_weeks", employee_id="ana", tool_id="copilot", period_start=first,
            period_end=after(first, 6), active_days=3, interactions=9,
        )  # fmt: skip
    for n in (30, 60, 90):
        assert tuple(company.rates(checkpoint_day=n)[name] for name in DAYS) == (3.0, 3.0, 0.0)


def test_every_completed_unit_has_one_status(company):
    statuses = ("eligible", "window_open", "left_before_day_n", "feed_gap")
    statuses += ("licence_unknown", "no_licence", "on_leave")
    judged = [r for r in company.table("adoption_rates") if r["dimension"] != "unattributed"]
    assert judged
    for row in judged:
        assert row["n_completed"] == sum(row[f"n_{status}"] for status in statuses)
        assert row["n_adopted"] <= row["n_eligible"]


def test_every_dimension_sums_to_all(company):
    rows = company.table("adoption_rates", tool_id="all", checkpoint_day=30)
    dimensions = {row["dimension"] for row in rows} - {"unattributed"}
    assert {"tool", "role_group_tool", "manager_tool", "platform", "track"} <= dimensions
    for dimension in dimensions:
        of_dimension = [row for row in rows if row["dimension"] == dimension]
        for name in ("n_completed", "n_assigned", "n_adopted", "n_self_enrolled"):
            assert sum(row[name] for row in of_dimension) == company.rates()[name], dimension


def test_every_program_and_tool_has_an_unattributed_row(company):
    rows = company.table("adoption_rates", dimension="unattributed", checkpoint_day=30)
    assert {(row["tool_id"], row["n_completed"], row["n_eligible"]) for row in rows} == {
        ("copilot", 0, None),
        ("all", 0, None),
    }


def test_dimensions_across_tools_exist_only_over_all_tools(company):
    of_tool = company.table("adoption_rates", tool_id="copilot")
    assert not {row["dimension"] for row in of_tool} & {"tool", "role_group_tool", "manager_tool"}
    (row,) = company.table(
        "adoption_rates", tool_id="all", dimension="role_group_tool", checkpoint_day=30
    )
    assert row["dimension_value"] == "unknown|copilot"


def test_assignments_are_filed_under_their_own_month(company):
    wanted = {"tool_id": "copilot", "dimension": "completion_month", "checkpoint_day": 30}
    rows = {r["dimension_value"]: r for r in company.table("adoption_rates", **wanted)}
    assert (rows["2026-01"]["n_assigned"], rows["2026-01"]["n_completed"]) == (5, 0)
    assert (rows["2026-03"]["n_assigned"], rows["2026-03"]["n_completed"]) == (0, 6)
    assert rows["2026-01"]["adoption_rate"] is None
    assert rows["2026-01"]["adoption_rate_low"] is None


def test_gaps(company):
    wanted = {"tool_id": "copilot", "dimension": "department", "checkpoint_day": 30}
    gaps = {row["dimension_value"]: row for row in company.table("certification_gaps", **wanted)}
    sales, legal = gaps["Sales"], gaps["Legal"]
    assert sales["certification_gap"] == pytest.approx(0.8 - 1 / 3)
    assert legal["certification_gap"] is None  # nobody was assigned
    assert sales["gap_to_target"] == pytest.approx(0.4 - 1 / 3)
    assert legal["gap_to_target"] == pytest.approx(0.4 - 1)
    assert sales["missing_adopters"] == pytest.approx(0.2)
    assert legal["missing_adopters"] == 0
    assert (sales["share_of_missing_adopters"], legal["share_of_missing_adopters"]) == (1, 0)
    assert (sales["gap_rank"], legal["gap_rank"]) == (1, 2)
    # 1 of 3 against 2 of 2; without continuity correction this is the chi-squared test.
    expected = stats.chi2_contingency([[1, 2], [2, 0]], correction=False).pvalue
    assert sales["p_value"] == pytest.approx(expected, rel=1e-12)
    assert sales["p_value_adjusted"] == pytest.approx(expected, rel=1e-12)
    (row,) = company.table(
        "certification_gaps", tool_id="copilot", dimension="all", checkpoint_day=30
    )
    assert row["p_value"] is None
    assert row["share_of_missing_adopters"] is None  # nobody is missing


@pytest.mark.parametrize(("k", "n"), [(0, 1), (0, 10), (3, 10), (10, 10), (40, 1000), (999, 1000)])
def test_wilson_against_scipy(k, n):
    interval = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert wilson(k, n) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_z_test_against_scipy():
    rng = np.random.default_rng(1)
    for _ in range(200):
        trials, other_trials = (int(n) for n in rng.integers(1, 300, 2))
        successes = int(rng.integers(0, trials + 1))
        others = int(rng.integers(0, other_trials + 1))
        found = pooled_z_test(successes, trials, others, other_trials)
        table = [[successes, trials - successes], [others, other_trials - others]]
        if successes + others in (0, trials + other_trials):
            assert found is None
        else:
            expected = stats.chi2_contingency(table, correction=False).pvalue
            assert found == pytest.approx(expected, rel=1e-9)
    assert pooled_z_test(0, 0, 1, 2) is None
    assert pooled_z_test(1, 2, 0, 0) is None


def test_benjamini_hochberg_against_scipy():
    p_values = np.random.default_rng(2).random(50) ** 2
    p_values[10] = p_values[11]
    expected = stats.false_discovery_control(p_values, method="bh")
    assert benjamini_hochberg(list(p_values)) == pytest.approx(list(expected), rel=1e-12)
    assert benjamini_hochberg([None, 0.03, None, 0.01]) == [None, 0.03, None, 0.02]


def test_small_helpers():
    assert median([3, 1, 2]) == 2
    assert median([1, 4, 2, 3]) == 2.5
    assert median([]) is None
    assert competition_ranks([1.0, 3.0, 3.0, 0.0]) == [3, 1, 1, 4]
    assert math.isclose(wilson(5, 10)[0], 0.236593, abs_tol=1e-6)
