"""The truth of kirkpatrick_levels: what counts as evidence of a level, and when."""

from datetime import datetime

import pytest

from truth_company import Company, after, day

DAY = "2026-03-02"
EXAMPLE = "It drafts my weekly report."


def company_of(*people, **settings):
    company = Company(**settings)
    for person in people:
        company.person(person)
        company.event(person, DAY)
    return company


def answer(company, person, kind, days, number=None, text=None):
    """An answer so many days after the completion."""
    company.number += 1
    company.add(
        "surveys", source_system="lms", response_id=f"R{company.number}", question_id="q",
        employee_id=person, survey_kind=kind, value_number=number, value_text=text,
        responded_at=datetime.fromisoformat(f"{after(DAY, days)} 12:00:00"),
    )  # fmt: skip


def outcome(company, person, first, last, value, exposure=None, subject="employee"):
    """A value of the days `first` to `last` after the completion."""
    company.add(
        "outcomes", source_system="lms", subject_type=subject, subject_id=person, metric_id="m",
        period_start=after(DAY, first), period_end=after(DAY, last), value=value,
        exposure=exposure,
    )  # fmt: skip


def level(company, number):
    (row,) = company.table("kirkpatrick_levels", program_id="all", level=number)
    return row


def test_a_level_without_evidence_is_not_measured():
    company = company_of("E1")
    assert level(company, 1)["not_measured_reason"] == "no_reaction_evidence"
    assert level(company, 2)["missing_evidence"] == "knowledge_surveys exam_scores"
    assert level(company, 3)["missing_evidence"] == "self_reports manager_observations"
    assert level(company, 4)["not_measured_reason"] == "no_results_evidence"
    assert level(company, 1)["n_answered"] == 0


def test_before_its_days_are_over_it_is_too_early():
    company = company_of("E1", as_of_date=day(after(DAY, 29)))
    answer(company, "E1", "reaction", 1, 5)
    row = level(company, 1)
    assert (row["n_could_answer"], row["not_measured_reason"]) == (0, "too_early")


@pytest.mark.parametrize(
    ("kind", "number", "days", "counts"),
    [
        ("reaction", 1, 0, True),
        ("reaction", 1, 30, True),
        ("reaction", 1, 31, False),
        ("reaction", 1, -1, False),
        ("behavior_90d", 3, 60, True),
        ("behavior_90d", 3, 120, True),
        ("behavior_90d", 3, 59, False),
        ("behavior_90d", 3, 121, False),
    ],
)
def test_answers_count_within_their_days(kind, number, days, counts):
    company = company_of("E1")
    answer(company, "E1", kind, days, 4, EXAMPLE)
    row = level(company, number)
    found = row["n_reaction_rated"] if number == 1 else row["n_self_reported"]
    assert found == int(counts)


def test_knowledge_before_and_after_is_that_of_the_same_people():
    company = company_of("E1", "E2")
    answer(company, "E1", "knowledge_pre", -120, 40)
    answer(company, "E1", "knowledge_post", 3, 70)
    answer(company, "E2", "knowledge_post", 3, 100)
    answer(company, "E2", "knowledge_pre", -121, 90)
    row = level(company, 2)
    assert (row["n_answered"], row["n_knowledge_pairs"]) == (2, 1)
    assert (row["knowledge_pre_mean"], row["knowledge_post_mean"]) == (40, 70)


@pytest.mark.parametrize(("n_without", "verdict"), [(2, "passing"), (3, "failing")])
def test_more_than_two_in_five_without_an_example_are_failing(n_without, verdict):
    company = company_of(*(f"E{n}" for n in range(5)))
    for n in range(5):
        answer(company, f"E{n}", "behavior_90d", 90, None, "  " if n < n_without else EXAMPLE)
    assert level(company, 3)["example_verdict"] == verdict


def test_self_report_and_use_stand_side_by_side():
    company = company_of("says", "does", "both", "neither", "silent")
    for person in ("does", "both", "silent"):
        company.use(person, after(DAY, 88))
    for person in ("says", "does", "both", "neither"):
        words = EXAMPLE if person in ("says", "both") else None
        answer(company, person, "behavior_90d", 90, 1, words)
    row = level(company, 3)
    assert (row["n_adopted"], row["n_eligible"]) == (3, 5)
    assert row["n_reported_and_judged"] == 4
    cells = ("example_and_adopted", "example_not_adopted", "adopted_without_example", "neither")
    assert [row[f"n_{cell}"] for cell in cells] == [1, 1, 1, 1]
    assert row["disagreement_rate"] == 0.5


@pytest.mark.parametrize(
    ("before", "then", "counts"),
    [
        ((-90, -61), (1, 30), True),
        ((-91, -61), (1, 30), False),
        ((-30, 0), (1, 30), False),
        ((-30, -1), (0, 30), False),
        ((-30, -1), (61, 90), True),
        ((-30, -1), (61, 91), False),
    ],
)
def test_results_need_whole_periods_before_and_after(before, then, counts):
    company = company_of("E1")
    outcome(company, "E1", *before, 3, 10)
    outcome(company, "E1", *then, 2, 10)
    outcome(company, "E1", -10, -1, 3, subject="team")
    assert level(company, 4)["n_answered"] == int(counts)
