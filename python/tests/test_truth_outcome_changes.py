"""The truth of outcome_changes: who is compared with whom, and what can be told."""

import pytest

from truth_company import Company, after

TRAINED = "2026-03-10"
MIDDLE = "2026-03-15"
METRIC = "production_contributions"


def company_of(trained, controls, **settings):
    """Changes of people trained on one day, and of people nobody trained."""
    company = Company(**({"min_cell": 5} | settings))
    company.role_groups = [{"job_family": "Data", "role_group": "makers", "track": "builders"}]
    for name, changes in (("T", trained), ("C", controls)):
        for number, change in enumerate(changes):
            person = f"{name}{number}"
            company.person(person, job_family="Data")
            if name == "T":
                company.event(person, TRAINED, score_scaled=0.5 + number / 20)
            for first, value in ((-40, 10.0), (20, 10.0 + change)):
                outcome(company, person, first, value)
    return company


def outcome(company, person, first, value, metric=METRIC):
    """A value of ten days, the first of them so many days after the middle of the month."""
    company.add(
        "outcomes", source_system="lms", subject_type="employee", subject_id=person,
        metric_id=metric, period_start=after(MIDDLE, first), period_end=after(MIDDLE, first + 9),
        value=value,
    )  # fmt: skip


def row_of(company, track="all"):
    (row,) = company.table("outcome_changes", program_id="all", track=track)
    return row


def test_a_program_without_outcomes_says_so():
    company = Company()
    company.person("E1")
    company.event("E1", TRAINED)
    row = row_of(company)
    assert (row["metric_id"], row["not_measured_reason"]) == ("none", "no_outcomes")
    outcome(company, "E1", 20, 1.0)
    assert row_of(company)["not_measured_reason"] == "no_periods_before_and_after"


def test_the_change_of_the_trained_less_that_of_the_untrained():
    row = row_of(company_of([3.0, 4.0, 5.0, 4.0, 4.0], [1.0, 1.0, 0.0, 2.0, 1.0]))
    assert (row["mean_before"], row["mean_after"], row["mean_change"]) == (10, 14, 4)
    assert (row["n_supported"], row["n_controls"], row["difference"]) == (5, 5, 3)
    assert row["difference_low"] > 0
    assert row["verdict"] == "better"


@pytest.mark.parametrize(
    ("direction", "verdict"), [("up", "better"), ("down", "worse"), (None, "cannot tell")]
)
def test_the_direction_of_the_metric_says_what_is_good(direction, verdict):
    directions = {METRIC: direction} if direction else {}
    company = company_of([3.0, 4.0, 5.0, 4.0, 4.0], [0.0] * 5, outcome_directions=directions)
    assert row_of(company)["verdict"] == verdict


@pytest.mark.parametrize(("controls", "reason"), [(0, "no_control"), (4, "few_people")])
def test_without_enough_controls_nothing_can_be_told(controls, reason):
    row = row_of(company_of([3.0] * 5, [0.0] * controls))
    assert (row["verdict"], row["verdict_reason"]) == ("cannot tell", reason)
    assert row["difference"] is None
    assert row["mean_change"] == 3


def test_a_control_may_be_trained_after_the_days_compared_and_not_before():
    company = company_of([3.0] * 5, [0.0] * 6)
    company.event("C0", after(MIDDLE, 91).isoformat())
    company.event("C1", after(MIDDLE, 90).isoformat())
    assert row_of(company)["n_controls"] == 5


def test_tracks_have_rows_of_their_own():
    company = company_of([3.0] * 5, [0.0] * 5)
    company.person("other")
    company.event("other", TRAINED)
    for first in (-40, 20):
        outcome(company, "other", first, 1.0)
    assert row_of(company, "builders")["n_trained"] == 5
    assert (row_of(company, "unknown")["n_trained"], row_of(company)["n_trained"]) == (1, 6)


def test_an_exam_that_predicts_the_change_is_correlated_with_it():
    row = row_of(company_of([1.0, 2.0, 3.0, 4.0, 5.0], []))
    assert row["n_exams"] == 5
    assert row["exam_correlation"] == pytest.approx(1)
    row = row_of(company_of([1.0, 3.0, 2.0, 2.0, 1.5], []))
    assert row["exam_correlation_low"] < row["exam_correlation"] < row["exam_correlation_high"]
