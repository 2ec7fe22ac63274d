"""The truth: gates of a wave, and the failure modes of a program."""

from __future__ import annotations

import pytest

from truth_company import Company, after

START = "2026-03-01"


@pytest.fixture
def company() -> Company:
    """Ana and Bob in Sales under Eve, who took the course for managers 28 days before the wave."""
    company = Company(min_cell=5)
    company.person("eve")
    for name in ("ana", "bob"):
        company.person(name, department="Sales", manager_employee_id="eve")
        company.event(name, "2026-03-10")
    company.event("eve", str(after(START, -28)), course="lead")
    company.programs = [{"program_id": "p", "training_budget": "70", "change_budget": "30"}]
    company.program_courses = [
        {"program_id": "p", "source_system": "lms", "source_course_id": course, "course_role": role}
        for course, role in (("c1", "learner"), ("lead", "manager_enablement"))
    ]
    wave = {"program_id": "p", "wave_id": "w"}
    company.more_reference = {
        "program_waves": [wave | {"wave_name": "", "starts_on": START}],
        "program_wave_members": [wave | {"member_kind": "department", "member_value": "Sales"}],
        "program_gates": [
            {"program_id": "p", "wave_id": "", "gate": "policy_communicated",
             "met_on": str(after(START, -1))}
        ],
        "success_stories": [
            {"story_id": "s", "program_id": "p", "published_on": str(after(START, -1))}
        ],
    }  # fmt: skip
    return company


def gates(company: Company) -> dict[str, tuple]:
    """Gate -> its status and what is missing or not measured."""
    return {
        row["gate"]: (row["status"], row["missing"] or row["not_measured"])
        for row in company.table("rollout_readiness")
    }


def modes(company: Company) -> dict[str, tuple]:
    """Failure mode -> its status, and its share or what is lacking."""
    return {
        row["failure_mode"]: (row["status"], row["not_measured"] or row["measured_rate"])
        for row in company.table("program_diagnostics")
    }


def test_a_wave_with_every_gate_is_ready(company):
    assert gates(company) == {
        "tools_deployed": ("pass", None),
        "managers_trained": ("pass", None),
        "policy_communicated": ("pass", None),
        "success_story": ("pass", None),
        "all": ("pass", None),
    }


def test_a_day_later_each_gate_but_access_fails_and_the_wave_is_blocked(company):
    company.more_reference["program_waves"][0]["starts_on"] = str(after(START, -1))
    assert gates(company) == {
        "tools_deployed": ("pass", None),
        "managers_trained": ("fail", "manager_enablement"),
        "policy_communicated": ("fail", "policy"),
        "success_story": ("fail", "success_story"),
        "all": ("fail", "managers_trained, policy_communicated, success_story"),
    }


def test_what_nobody_recorded_is_not_measured(company):
    company.more_reference["program_gates"] = []
    company.more_reference["success_stories"] = []
    company.tools = [{"tool_id": "copilot", "licence_model": "seat"}]
    found = gates(company)
    assert found["tools_deployed"] == ("not measured", "licence_feed")
    assert found["policy_communicated"] == ("not measured", "program_gates")
    assert found["success_story"] == ("not measured", "success_stories")
    assert found["all"][0] == "not measured"


def test_the_failure_modes_of_a_small_program(company):
    assert modes(company) == {
        "generic_content": ("not measured", "role_of_courses"),
        "no_practice": ("pass", 1.0),
        "no_manager_involvement": ("pass", 1.0),
        "inputs_not_outcomes": ("fail", 0.0),  # two people are no measure at 60 and 90 days
        "one_time_event": ("fail", 0.0),
        "change_underfunded": ("pass", 0.3),
    }


def test_a_follow_up_on_day_90_counts_and_on_day_91_does_not(company):
    company.event("ana", str(after("2026-03-10", 90)))
    company.event("bob", str(after("2026-03-10", 91)))
    assert modes(company)["one_time_event"] == ("pass", 0.5)


@pytest.mark.parametrize(
    ("training", "status"), [("70", "pass"), ("71", "warn"), ("170", "warn"), ("171", "fail")]
)
def test_the_part_of_the_budget_for_change(company, training, status):
    company.programs[0]["training_budget"] = training
    assert modes(company)["change_underfunded"][0] == status
