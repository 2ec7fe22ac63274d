"""The truth of completion_integrity: what each rule flags, clears, and cannot judge."""

from datetime import datetime

import pytest

from truth_company import Company, after

DAY = "2026-03-02"
WORDS = "I draft the weekly report with it and check each number."


def rows_of(company, n=30):
    """Rule → its row over the one tool."""
    rows = company.table("completion_integrity", program_id="all", tool_id="copilot")
    return {row["rule_name"]: row for row in rows if row["checkpoint_day"] == n}


def trained(*attempts, **settings):
    """One person per attempt, who completes at the time with the score and the seconds."""
    company = Company(**settings)
    for number, (when, score, seconds) in enumerate(attempts):
        company.person(f"E{number}")
        company.event(f"E{number}", when, score_scaled=score, duration_seconds=seconds)
    return company


def test_what_is_not_told_is_not_measured():
    company = trained((DAY, None, None))
    rows = rows_of(company)
    assert {rule: row["not_measured_reason"] for rule, row in rows.items()} == {
        "implausibly_short": "no_durations",
        "perfect_score_burst": "no_scores",
        "identical_answers": "no_answers_in_words",
        "deadline_spike": "no_completions_before_a_deadline",
        "any_rule": "no_rule_can_judge",
        "no_rule": "no_rule_can_judge",
    }
    assert {row["n_suspicious"] for row in rows.values()} == {None}
    assert {row["n_judged"] for row in rows.values()} == {0}


def test_a_score_by_the_day_and_a_course_without_length_cannot_be_judged():
    rows = rows_of(trained((DAY, 1.0, 600)))
    assert rows["implausibly_short"]["not_measured_reason"] == "no_course_durations"
    assert rows["perfect_score_burst"]["not_measured_reason"] == "no_times_of_day"


@pytest.mark.parametrize(
    ("seconds", "judged", "flagged"), [(449, 1, 1), (450, 1, 0), (0, 0, None), (None, 0, None)]
)
def test_an_attempt_below_the_share_of_the_course_is_short(seconds, judged, flagged):
    company = trained((DAY, None, seconds))
    company.add("courses", source_system="lms", course_id="c1", duration_minutes=30)
    company.add(
        "courses", source_system="lms", course_id="c2", equivalent_to="c1", duration_minutes=60
    )
    row = rows_of(company)["implausibly_short"]
    assert (row["n_judged"], row["n_suspicious"]) == (judged, flagged)


@pytest.mark.parametrize(("last", "flagged"), [("10:00:00", 3), ("10:00:01", 0)])
def test_perfect_scores_within_the_hour_are_a_burst(last, flagged):
    times = ("09:00:00", "09:59:59", last)
    company = trained(
        *((f"{DAY} {time}", 1.0, None) for time in times),
        (f"{DAY} 09:30:00", 0.99, None),
        integrity_burst_people=3,
    )
    row = rows_of(company)["perfect_score_burst"]
    assert (row["n_judged"], row["n_suspicious"]) == (4, flagged)


def test_the_adoption_of_the_flagged_stands_beside_that_of_the_rest():
    company = trained(
        (f"{DAY} 09:00:00", 1.0, None),
        (f"{DAY} 09:10:00", 1.0, None),
        (f"{DAY} 12:00:00", 1.0, None),
        integrity_burst_people=2,
    )
    company.use("E2", after(DAY, 30))
    rows = rows_of(company)
    row = rows["perfect_score_burst"]
    assert (row["n_eligible_suspicious"], row["n_adopted_suspicious"]) == (2, 0)
    assert (row["n_eligible_rest"], row["adoption_rate_rest"]) == (1, 1.0)
    assert rows["any_rule"]["n_suspicious"] == 2
    assert (rows["no_rule"]["n_judged"], rows["no_rule"]["n_suspicious"]) == (1, 0)


@pytest.mark.parametrize(
    ("days", "text", "judged", "flagged"),
    [
        (14, WORDS, 3, 3),
        (-14, f" {WORDS.upper()} ", 3, 3),
        (15, WORDS, 2, 2),
        (0, WORDS + " Mostly.", 3, 0),
        (0, "It helps.", 2, 0),
    ],
)
def test_words_that_three_people_gave_are_identical(days, text, judged, flagged):
    company = trained(*[(DAY, None, None)] * 3)
    answers = [(0, WORDS), (0, WORDS), (days, text)]
    for number, (distance, words) in enumerate(answers):
        company.add(
            "surveys", source_system="lms", response_id=f"R{number}", question_id="q",
            employee_id=f"E{number}", survey_kind="knowledge_post", value_text=words,
            responded_at=datetime.fromisoformat(f"{after(DAY, distance)} 12:00:00"),
        )  # fmt: skip
    row = rows_of(company)["identical_answers"]
    assert (row["n_judged"], row["n_suspicious"]) == (judged, flagged)


@pytest.mark.parametrize(("n_before", "flagged"), [(5, 2), (6, 0)])
def test_three_times_the_usual_on_the_last_days_is_a_spike(n_before, flagged):
    """A window of 19 days: 2 completions on the last 2, and one on each of some days before."""
    company = Company(
        completion_window_days=18, integrity_deadline_people=2, integrity_deadline_factor=3
    )
    days = [18, 17, *range(1, n_before + 1), 19]
    for number, days_after in enumerate(days):
        company.person(f"E{number}")
        company.event(f"E{number}", DAY, "assigned")
        company.event(f"E{number}", after(DAY, days_after).isoformat())
    row = rows_of(company)["deadline_spike"]
    # 2 in 2 days against 5 or 6 in 17: the last one is late and is not judged.
    assert (row["n_judged"], row["n_suspicious"]) == (n_before + 2, flagged)
