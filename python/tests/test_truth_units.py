"""The truth: what is a completion, of which unit, and which assignments are due."""

from datetime import date

import pytest

from truth_company import Company, day


@pytest.fixture
def company():
    company = Company()
    company.person("ana")
    return company


def completions(company, **where):
    return sorted({(r["tool_id"], r["completion_date"]) for r in company.facts(**where)})


MARCH_1 = [("copilot", date(2026, 3, 1))]


@pytest.mark.parametrize("event_type", ["completed", "passed", "satisfied"])
def test_satisfying_events(company, event_type):
    company.event("ana", "2026-03-01", event_type, success=True if event_type == "passed" else None)
    assert completions(company) == MARCH_1


@pytest.mark.parametrize("event_type", ["waived", "failed", "progressed", "assigned", "withdrawn"])
def test_other_events_are_no_completion(company, event_type):
    company.event("ana", "2026-03-01", event_type)
    assert completions(company) == []


def test_voided_and_unsuccessful_events_are_no_completion(company):
    company.event("ana", "2026-03-01", is_voided=True)
    company.event("ana", "2026-03-02", success=False)
    assert completions(company) == []


def test_a_later_voided_copy_voids_the_event(company):
    company.event("ana", "2026-03-01", event_id="same")
    company.event("ana", "2026-03-01", event_id="same", is_voided=True)
    assert completions(company) == []


def test_fail_then_pass_counts_the_pass(company):
    company.event("ana", "2026-02-20", "failed", success=False)
    company.event("ana", "2026-03-01", "passed", success=True)
    assert completions(company) == MARCH_1


def test_recertification_and_a_second_delivery_start_no_new_unit(company):
    company.event("ana", "2026-03-01", event_id="first")
    company.event("ana", "2026-03-01", event_id="first")
    company.event("ana", "2026-09-01")
    assert completions(company) == MARCH_1
    assert len(company.facts()) == 3


def test_completion_before_hire_counts(company):
    company.add("employees", employee_id="new", timezone="UTC")
    company.row("new", "2026-03-10")
    company.event("new", "2026-03-01")
    fact = company.fact("new")
    assert (fact["status"], fact["department_at_completion"]) == ("eligible", None)


def test_completion_after_exit_counts(company):
    company.row("ana", "2026-02-15", employment_status="terminated")
    company.event("ana", "2026-03-01")
    assert company.fact()["status"] == "left_before_day_n"
    assert company.rates()["n_completed"] == 1


def test_a_map_change_between_two_completions(company):
    company.map = []
    company.tie("c1", "old", valid_to=day("2026-03-02"))
    company.tie("c1", "new", valid_from=day("2026-03-02"))
    company.event("ana", "2026-03-01")
    assert completions(company) == [("old", date(2026, 3, 1))]
    company.event("ana", "2026-03-02")
    assert completions(company) == [("new", date(2026, 3, 2)), ("old", date(2026, 3, 1))]


@pytest.mark.parametrize(
    ("source", "course"),
    [("lms", "v1"), ("lms", "base"), ("lms", "twin"), ("other", "far"), ("lms", "further")],
)
def test_versions_and_equivalents_are_one_course(company, source, course):
    add = company.add
    add("courses", source_system="lms", course_id="v1", source_course_id="base", equivalent_to=None)
    add(
        "courses",
        source_system="lms",
        course_id="c1",
        source_course_id="base",
        equivalent_to="twin",
    )
    add("courses", source_system="lms", course_id="twin", equivalent_to="other:far")
    add("courses", source_system="other", course_id="far", equivalent_to="lms:further")
    add("courses", source_system="lms", course_id="further", equivalent_to=None)
    company.event("ana", "2026-03-01", course=course, source=source)
    assert completions(company) == MARCH_1


def test_an_id_with_a_colon_listed_in_the_same_source_is_that_course(company):
    company.add("courses", source_system="lms", course_id="c1", equivalent_to="other:far")
    company.add("courses", source_system="lms", course_id="other:far")
    company.event("ana", "2026-03-01", course="other:far")
    assert completions(company) == MARCH_1
    company.event("ana", "2026-02-01", course="far", source="other")
    assert completions(company) == MARCH_1


def with_program(company, rule, **row):
    company.programs.append(
        {"program_id": "p", "starts_on": "2026-02-01", "ends_on": "2026-04-30",
         "completion_rule": rule} | row
    )  # fmt: skip
    for course, required in (("c1", "true"), ("c2", "true"), ("c3", "false")):
        company.program_courses.append(
            {"program_id": "p", "source_system": "lms", "source_course_id": course,
             "course_role": "learner", "is_required": required}
        )  # fmt: skip
    company.tie("c2")
    company.tie("c3")


def test_rule_any_takes_the_first_learner_course_within_the_program(company):
    with_program(company, "any")
    company.event("ana", "2026-01-31", course="c1")  # the day before the program
    company.event("ana", "2026-04-30", course="c3")  # its last day, an optional course
    assert completions(company, program_id="p") == [("copilot", date(2026, 4, 30))]
    assert completions(company) == [("copilot", date(2026, 1, 31))]


def test_rule_all_needs_every_required_course(company):
    with_program(company, "all")
    company.event("ana", "2026-02-01", course="c1")
    company.event("ana", "2026-02-15", course="c3")
    assert completions(company, program_id="p") == []
    company.event("ana", "2026-05-01", course="c2")  # too late
    assert completions(company, program_id="p") == []
    company.event("ana", "2026-03-01", course="c2", source="lms")
    company.event("ana", "2026-03-20", course="c1")
    assert completions(company, program_id="p") == MARCH_1


def test_rule_all_skips_required_courses_tied_only_outside_the_program(company):
    with_program(company, "all")
    company.map = [row for row in company.map if row["source_course_id"] != "c2"]
    company.tie("c2", valid_to="2026-02-01")  # the last tied day is the day before the program
    company.event("ana", "2026-03-01", course="c1")
    assert completions(company, program_id="p") == MARCH_1
    company.map[-1]["valid_to"] = "2026-02-02"
    assert completions(company, program_id="p") == []


def test_rule_all_without_required_course_has_no_unit(company):
    with_program(company, "all")
    for row in company.program_courses:
        row["is_required"] = "false"
    company.event("ana", "2026-03-01", course="c1")
    assert completions(company, program_id="p") == []


def assigned_company(assigned, completed, as_of="2026-12-31"):
    company = Company(as_of_date=day(as_of))
    company.person("ana")
    for when in assigned:
        company.event("ana", when, "assigned")
    if completed:
        company.event("ana", completed)
    return company


@pytest.mark.parametrize(
    ("assigned", "completed", "counts"),
    [
        (["2026-01-01"], "2026-04-01", (1, 1, 0)),  # day A + 90 exactly
        (["2026-01-01"], "2026-04-02", (1, 0, 0)),
        (["2026-01-01"], "2025-12-01", (1, 1, 0)),  # before A
        (["2026-01-01"], None, (1, 0, 0)),
        (["2026-01-01", "2026-03-01"], "2026-05-01", (1, 0, 0)),  # the first assignment counts
        ([], "2026-04-01", (0, 0, 1)),
    ],
)
def test_assignments_and_their_window(assigned, completed, counts):
    row = assigned_company(assigned, completed).rates()
    assert (row["n_assigned"], row["n_assigned_completed"], row["n_self_enrolled"]) == counts


@pytest.mark.parametrize(("as_of", "due"), [("2026-04-01", 1), ("2026-03-31", 0)])
def test_an_assignment_counts_once_its_window_has_passed(as_of, due):
    row = assigned_company(["2026-01-01"], "2026-01-02", as_of).rates()
    assert row["n_assigned"] == due
    assert row["n_self_enrolled"] == 0  # assigned, only not due


def test_program_window_and_required_courses_for_assignments(company):
    with_program(company, "all", completion_window_days="10")
    company.event("ana", "2026-02-05", "assigned", course="c3")  # optional: no assignment
    assert company.table("adoption_rates", program_id="p") == []
    company.event("ana", "2026-02-10", "assigned", course="c2")
    company.event("ana", "2026-02-10", course="c1")
    company.event("ana", "2026-02-20", course="c2")
    row = company.rates(program_id="p")
    assert (row["n_assigned"], row["n_assigned_completed"]) == (1, 1)


def test_platform_is_the_one_that_set_the_index_date(company):
    company.tie("x1", source="xapi")
    company.event("ana", "2026-03-01 09:00", course="x1", source="xapi")
    company.event("ana", "2026-03-01 10:00")
    assert company.fact()["platform"] == "xapi"


def test_unattributed_completions_are_counted_apart(company):
    company.event("ana", "2026-03-01")
    company.event(None, "2026-03-01", alias="a@example.com")
    company.event(None, "2026-03-05", alias="a@example.com")
    company.event(None, "2026-03-01", alias="b@example.com")
    assert company.rates()["n_completed"] == 1
    for tool in ("copilot", "all"):
        row = company.rates(dimension="unattributed", tool_id=tool)
        assert row["n_completed"] == 2
        assert row["n_eligible"] is None
        assert row["adoption_rate"] is None
    assert company.table("certification_gaps", dimension="unattributed") == []
