"""The truth: HR versions, who leads whom on a day, cohorts and activation."""

from datetime import datetime

import pytest

from certgap.truth.employment import pseudonym
from certgap.truth.statistics import wilson
from truth_company import Company, after

KEY = "test"


@pytest.fixture
def company():
    company = Company()
    for manager in ("bob", "eve"):
        company.person(manager)
    return company


def completed_under(company, *rows, when="2026-03-01"):
    """Ana with HR rows (from, to, manager), completing on a day."""
    company.add("employees", employee_id="ana", timezone="UTC")
    for start, end, manager in rows:
        company.row("ana", start, end, manager_employee_id=manager)
    company.event("ana", when)
    return company.fact()


def key_and_status(fact, moment="completion"):
    return fact[f"manager_key_at_{moment}"], fact[f"manager_status_at_{moment}"]


def test_a_manager_change_on_the_completion_date_is_already_in_force(company):
    fact = completed_under(
        company, ("2020-01-01", "2026-03-01", "bob"), ("2026-03-01", None, "eve")
    )
    assert key_and_status(fact) == (pseudonym(KEY, "eve"), "known")


def test_the_manager_at_the_checkpoint_is_that_days(company):
    fact = completed_under(
        company, ("2020-01-01", "2026-03-31", "bob"), ("2026-03-31", None, "eve")
    )
    assert key_and_status(fact) == (pseudonym(KEY, "bob"), "known")
    assert key_and_status(fact, "checkpoint") == (pseudonym(KEY, "eve"), "known")


@pytest.mark.parametrize("manager", [None, " "])
def test_no_manager(company, manager):
    fact = completed_under(company, ("2020-01-01", None, manager))
    assert key_and_status(fact) == (None, "no_manager")


def test_a_manager_without_a_row_that_day_is_unknown(company):
    assert key_and_status(completed_under(company, ("2020-01-01", None, "ghost"))) == (
        None,
        "unknown",
    )


def gone(company, name, manager):
    company.row(name, "2020-01-01", employment_status="terminated", manager_employee_id=manager)


def test_a_terminated_managers_manager_takes_over(company):
    gone(company, "old", "older")
    gone(company, "older", "bob")
    fact = completed_under(company, ("2020-01-01", None, "old"))
    assert key_and_status(fact) == (pseudonym(KEY, "bob"), "known")


@pytest.mark.parametrize(
    ("next_manager", "status"), [(None, "no_manager"), ("ana", "unknown"), ("ghost", "unknown")]
)
def test_a_chain_that_ends_nowhere(company, next_manager, status):
    gone(company, "old", next_manager)
    fact = completed_under(company, ("2020-01-01", None, "old"))
    assert key_and_status(fact) == (None, status)


def test_cycles_are_unknown(company):
    gone(company, "one", "two")
    gone(company, "two", "one")
    fact = completed_under(company, ("2020-01-01", None, "one"))
    assert key_and_status(fact) == (None, "unknown")


def test_ones_own_manager_is_unknown(company):
    fact = completed_under(company, ("2020-01-01", None, "ana"))
    assert key_and_status(fact) == (None, "unknown")


@pytest.mark.parametrize(
    ("length", "last", "status"),
    [(10, "bob", "known"), (11, "bob", "unknown"), (10, None, "no_manager"), (11, None, "unknown")],
)
def test_chains_are_followed_ten_steps(company, length, last, status):
    for number in range(length):
        gone(company, f"m{number}", f"m{number + 1}" if number + 1 < length else last)
    fact = completed_under(company, ("2020-01-01", None, "m0"))
    assert fact["manager_status_at_completion"] == status


def test_versions_rows_and_second_jobs(company):
    company.add("employees", employee_id="ana", timezone="UTC")
    late, early = datetime(2026, 5, 1), datetime(2026, 1, 1)
    company.row("ana", "2026-01-01", department="corrected", recorded_at=late, seq=0)
    company.row("ana", "2026-01-01", department="first", recorded_at=early, seq=None)
    company.row("ana", "2026-01-01", department="unrecorded")
    company.row("ana", "2026-02-01", department="second job", is_primary=False)
    company.row("ana", None, department="before")
    company.event("ana", "2026-03-01")
    assert company.fact()["department_at_completion"] == "corrected"
    company.row("ana", "2026-01-01", department="greater seq", seq=1)
    assert company.fact()["department_at_completion"] == "greater seq"
    company.row("ana", "2026-02-15", department="later", employment_status="terminated")
    fact = company.fact()
    assert (fact["department_at_completion"], fact["status"]) == ("later", "left_before_day_n")


def test_role_groups(company):
    company.role_groups = [
        {"job_family": "Dev", "role_group": "engineers", "track": "builders",
         "audience": "technical"},
        {"job_family": "QA", "role_group": "engineers", "track": "builders",
         "audience": "professionals"},
    ]  # fmt: skip
    for name, row in {
        "own": {"role_group": "engineers"},
        "family": {"job_family": "Dev"},
        "both": {"job_family": "QA", "role_group": "sales"},
        "neither": {"job_family": "Cook"},
    }.items():
        company.person(name, **row)
        company.event(name, "2026-03-01")
    found = {
        fact["employee_id"]: tuple(
            fact[f"{column}_at_completion"] for column in ("role_group", "track", "audience")
        )
        for fact in company.facts(checkpoint_day=30)
    }
    assert found == {
        "own": ("engineers", "builders", None),
        "family": ("engineers", "builders", "technical"),
        "both": ("sales", "builders", "professionals"),
        "neither": (None, None, None),
    }


def team(size=2, when="2026-03-01"):
    company = Company(min_cell=2)
    company.person("bob")
    company.programs = [{"program_id": "p", "completion_rule": "any"}]
    company.program_courses = [
        {"program_id": "p", "source_system": "lms", "source_course_id": "c1",
         "course_role": "learner"},
        {"program_id": "p", "source_system": "lms", "source_course_id": "lead",
         "course_role": "manager_enablement"},
    ]  # fmt: skip
    for number in range(size):
        company.person(f"r{number}", manager_employee_id="bob")
        company.event(f"r{number}", when)
    return company


def cohort(company, n=30, manager="bob", **where):
    key = pseudonym(KEY, manager) if manager not in ("unknown", "no_manager") else manager
    wanted = {"program_id": "all", "tool_id": "copilot"} | where
    (row,) = company.table("manager_cohorts", manager_key=key, checkpoint_day=n, **wanted)
    return row


@pytest.mark.parametrize(
    ("days_before", "status", "lead_bin"),
    [(-1, "after_report", "after_report"), (0, "activated", "0-27"), (27, "activated", "0-27"),
     (28, "activated", "28-42"), (42, "activated", "28-42"), (43, "activated", "43+")],
)  # fmt: skip
def test_activation_bins(days_before, status, lead_bin):
    company = team()
    company.event("bob", after("2026-03-01", -days_before).isoformat(), course="lead")
    company.event("bob", "2026-06-01", course="lead")
    row = cohort(company)
    assert (row["activation_status"], row["activation_lead_bin"]) == (status, lead_bin)
    assert row["activation_lead_days"] == days_before


def test_lead_is_the_median_of_the_reports():
    company = team(1)
    company.person("r9", manager_employee_id="bob")
    company.event("r9", "2026-03-02")
    company.event("bob", "2026-03-02", course="lead")
    row = cohort(company)
    assert (row["activation_lead_days"], row["activation_lead_bin"]) == (-0.5, "after_report")


def test_not_activated_and_managers_without_a_key():
    company = team()
    company.person("boss")
    company.event("boss", "2026-03-01")
    assert cohort(company)["activation_status"] == "not_activated"
    row = cohort(company, manager="no_manager")
    assert (row["activation_status"], row["activation_lead_days"]) == (None, None)
    assert row["adoption_rank"] is None


def test_manager_own_use_and_rank():
    company = team()
    company.person("eve")
    for number in range(2):
        company.person(f"s{number}", manager_employee_id="eve")
        company.event(f"s{number}", "2026-03-01")
    company.use("s0", "2026-03-30")
    company.event("bob", "2026-03-01")
    company.use("bob", "2026-03-30")
    assert cohort(company)["manager_is_adopted"] is True
    assert cohort(company, n=60)["manager_is_adopted"] is False
    assert cohort(company, manager="eve")["manager_is_adopted"] is None
    assert cohort(company, manager="eve", tool_id="all")["adoption_rank"] == 1
    assert cohort(company)["adoption_rank"] == 2
    assert cohort(company, n=60)["adoption_rank"] == 1  # both 0: the tie shares the best rank
    company.settings.min_cell = 3
    assert cohort(company)["adoption_rank"] is None


def test_reversion():
    company = team(3)
    for number in range(3):
        company.use(f"r{number}", "2026-03-30")  # adopted at 30
    company.use("r0", "2026-04-28")  # and at 60
    company.row("r2", "2026-04-01", employment_status="terminated")  # not eligible at 60
    row = cohort(company)
    assert row["reversion_rate_30_60"] == 0.5
    interval = (row["reversion_rate_30_60_low"], row["reversion_rate_30_60_high"])
    assert interval == wilson(1, 2)
    assert row["reversion_rate_60_90"] == 1.0
    assert cohort(company, n=90)["reversion_rate_30_60"] == 0.5


def test_cohort_counts_assignments_under_the_manager_of_day_a():
    company = team(1)
    company.person("eve")
    company.row("r0", "2026-02-01", manager_employee_id="eve")
    company.event("r0", "2026-01-15", "assigned")
    row = cohort(company)
    assert (row["n_reports_assigned"], row["n_reports_completed"], row["n_eligible"]) == (1, 1, 0)
    row = cohort(company, manager="eve")
    assert (row["n_reports_assigned"], row["n_completed"], row["n_eligible"]) == (0, 1, 1)
