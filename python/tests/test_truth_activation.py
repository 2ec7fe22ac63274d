"""The truth of manager_activation_effects: bins by the report's own lead, what has no number."""

import pytest

from truth_company import Company, after

TRAINED = "2026-03-01"
STATUSES, BINS = "activation_status", "activation_lead_bin"


def company_of(teams, **settings):
    """Manager → (days of lead or None, who of the reports adopts), everybody trained on one day."""
    company = Company(**({"min_cell": 2, "effect_min_clusters": 2} | settings))
    company.programs = [{"program_id": "p", "completion_rule": "any"}]
    company.program_courses = [
        {"program_id": "p", "source_system": "lms", "source_course_id": "lead",
         "course_role": "manager_enablement"},
    ]  # fmt: skip
    for manager, (lead, adopts) in teams.items():
        company.person(manager)
        if lead is not None:
            company.event(manager, after(TRAINED, -lead).isoformat(), course="lead")
        for number, uses in enumerate(adopts):
            report = f"{manager}{number}"
            company.person(report, manager_employee_id=manager)
            company.event(report, TRAINED)
            if uses:
                company.use(report, "2026-03-30")
    return company


def row_of(company, value, dimension=STATUSES, n=30, tool="copilot"):
    wanted = {"program_id": "all", "tool_id": tool, "checkpoint_day": n}
    (row,) = company.table(
        "manager_activation_effects", dimension=dimension, dimension_value=value, **wanted
    )
    return row


@pytest.mark.parametrize(
    ("lead", "status", "lead_bin"),
    [(-1, "after_report", "after_report"), (0, "activated", "0-27"), (27, "activated", "0-27"),
     (28, "activated", "28-42"), (42, "activated", "28-42"), (43, "activated", "43+"),
     (None, "not_activated", "not_activated")],
)  # fmt: skip
def test_reports_are_grouped_by_their_own_lead(lead, status, lead_bin):
    company = company_of({"bob": (lead, [True, False])})
    for dimension, value in ((STATUSES, status), (BINS, lead_bin)):
        row = row_of(company, value, dimension)
        assert (row["n_managers"], row["n_eligible"], row["adoption_rate"]) == (1, 2, 0.5)
        others = company.table("manager_activation_effects", dimension=dimension)
        assert sum(row["n_completed"] for row in others) == 2 * 2 * 3  # tool and all, three N


def test_one_team_may_be_in_two_bins():
    company = company_of({"bob": (0, [True, False])})
    company.person("early", manager_employee_id="bob")
    company.event("early", "2026-02-28")
    assert row_of(company, "activated")["n_managers"] == 1
    after_report = row_of(company, "after_report")
    assert (after_report["n_managers"], after_report["n_eligible"]) == (1, 1)


def test_reports_without_a_known_manager_are_counted_and_not_compared():
    company = company_of({"bob": (30, [True, True])})
    company.person("boss")
    company.event("boss", TRAINED)
    row = row_of(company, "unknown")
    assert (row["n_eligible"], row["n_managers"], row["verdict"]) == (1, 0, None)


FOUR_TEAMS = {
    "a": (30, [True, True, True]), "b": (30, [True, True, False]),
    "c": (None, [True, False, False]), "d": (None, [False, False, False]),
}  # fmt: skip


def test_a_difference_by_hand():
    # Residuals sum to 0.5, -0.5 on both sides: variance 4 * 0.25 / 36, times 4/3 * 11/10.
    row = row_of(company_of(FOUR_TEAMS), "activated")
    assert row["difference_points"] == pytest.approx(200 / 3)
    error = 100 * (4 * 0.25 / 36 * 4 / 3 * 11 / 10) ** 0.5
    assert row["standard_error_points"] == pytest.approx(error)
    assert row["adjusted_difference_points"] == pytest.approx(200 / 3)  # all of one kind
    assert (row["n_alike"], row["n_reference_alike"], row["n_unsupported"]) == (6, 6, 0)
    assert (row["n_reference_managers"], row["n_strata"]) == (2, 1)


def test_only_like_reports_are_in_the_adjusted_difference():
    company = company_of(FOUR_TEAMS)
    for number in range(2):  # the baseline of one side only
        company.person(f"old{number}", manager_employee_id="a")
        company.event(f"old{number}", TRAINED)
        company.use(f"old{number}", "2026-02-20", "2026-03-30")
    row = row_of(company, "activated")
    assert row["difference_points"] == pytest.approx(100 * (7 / 8 - 1 / 6))
    assert row["adjusted_difference_points"] == pytest.approx(200 / 3)
    assert (row["n_alike"], row["n_unsupported"]) == (6, 2)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [({"min_cell": 7}, "few_people"), ({"effect_min_clusters": 3}, "few_managers")],
)
def test_few_have_no_number(settings, reason):
    row = row_of(company_of(FOUR_TEAMS, **settings), "activated")
    assert (row["verdict"], row["verdict_reason"]) == ("cannot tell", reason)
    numbers = ("difference_points", "adjusted_difference_points", "p_value", "benchmark_comparison")
    assert [row[name] for name in numbers] == [None] * len(numbers)


def test_nobody_alike_has_a_crude_number_only():
    company = company_of(FOUR_TEAMS)
    for report in ("a0", "a1", "a2", "b0", "b1", "b2"):
        company.use(report, "2026-02-20")
    row = row_of(company, "activated")
    assert (row["verdict"], row["verdict_reason"]) == ("cannot tell", "few_alike")
    assert row["difference_points"] == pytest.approx(200 / 3)
    assert row["adjusted_difference_points"] is None


def test_a_verdict_needs_an_effect_or_a_sample_that_can_tell():
    slight = FOUR_TEAMS | {"a": (30, [True, True, False]), "b": (30, [True, False, False])}
    row = row_of(company_of(slight), "activated")
    assert (row["verdict"], row["verdict_reason"]) == ("cannot tell", "small_sample")
    patient = company_of(slight, effect_relevant_points=1000)
    assert row_of(patient, "activated")["verdict"] == "no significant difference"
    most, few = [True] * 9 + [False], [False] * 9 + [True]
    clear = {"a": (30, most), "b": (30, most), "c": (30, [True] * 10)}
    clear |= {"d": (None, few), "e": (None, few), "f": (None, [False] * 10)}
    assert row_of(company_of(clear), "activated")["verdict"] == "effect"
