"""Random learning: courses that are one course, programs, ties that begin and end, and events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from certgap.worlds.drawing import Dice, Feeds, Row, after
from certgap.worlds.evidence import Evidence, draw_bursts, draw_outcomes, draw_surveys
from certgap.worlds.people import People, instant

SOURCE = "generic"
COURSES = ["basics", "basics-2", "lab", "safety", "lead", "clinic"]
FINISHES = ["completed", "passed", "satisfied"]
OTHERS = ["waived", "failed", "enrolled", "progressed"]


@dataclass
class Learning:
    """What is learned, and the seeds that say what it is about."""

    aside: Dice  # what was added later is drawn apart, so that the rest stays as it was
    evidence: Evidence
    courses: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    course_tool_map: list[Row] = field(default_factory=list)
    programs: list[Row] = field(default_factory=list)
    program_courses: list[Row] = field(default_factory=list)
    platform_contracts: list[Row] = field(default_factory=list)


def draw_learning(
    dice: Dice, feeds: Feeds, people: People, tools: list[str], start: date, end: date,
    evidence: Evidence,
) -> Learning:  # fmt: skip
    """Courses, programs, events, and the evidence beside them."""
    learning = Learning(Dice(f"{start} durations and budgets"), evidence)
    _draw_courses(dice, learning, tools, start, end)
    evidence.draw_courses(learning.courses)
    _draw_programs(dice, learning, start, end)
    _draw_contracts(learning, start, end)
    delivered_on = after(end, dice.choice([1, 1, 4]))
    for row in learning.courses:
        feeds.deliver("lms", "courses", delivered_on, row)
    for employee_id in people.ids:
        for course in dice.some(COURSES, 0.35):
            _draw_course_of(dice, feeds, learning, people, employee_id, course, start, end)
    if not learning.events:  # the feed is required
        _deliver(dice, feeds, learning, people, people.ids[0], "assigned", "basics", start, end)
    draw_bursts(evidence, feeds, people, learning.events, start, end)
    draw_surveys(evidence, feeds, people, learning.events, end)
    draw_outcomes(evidence, feeds, people, learning.events, end)
    return learning


def _draw_courses(dice: Dice, learning: Learning, tools: list[str], start: date, end: date) -> None:
    equivalents = {course: None for course in COURSES}
    if dice.happens(0.6):
        equivalents["basics-2"] = dice.choice(["basics", "generic:basics"])
    if dice.happens(0.3):
        equivalents["clinic"] = "basics-2"
    if dice.happens(0.2):
        equivalents["lab"] = "elsewhere:unknown"
    for course in COURSES:
        learning.courses.append(
            {
                "course_id": course,
                "source_course_id": dice.choice([None, course]),
                "equivalent_to": equivalents[course],
            }
        )
    if dice.happens(0.5):  # another version of one course
        version = {"course_id": "basics-v2", "source_course_id": "basics", "equivalent_to": None}
        learning.courses.append(version)
    for course in [*COURSES[:-2], "clinic"]:
        for tool_id in dice.some(tools, 0.6):
            first = None if dice.happens(0.6) else dice.day(start, end)
            last = None if dice.happens(0.7) else after(first or start, dice.randint(30, 200))
            row = {"source_system": SOURCE, "source_course_id": course, "tool_id": tool_id}
            learning.course_tool_map.append(row | {"valid_from": first, "valid_to": last})


def _draw_programs(dice: Dice, learning: Learning, start: date, end: date) -> None:
    for program_id in ("spring", "autumn")[: dice.randint(0, 2)]:
        begins = None if dice.happens(0.2) else after(start, dice.randint(0, 60))
        learning.programs.append(
            {
                "program_id": program_id,
                "program_name": program_id,
                "starts_on": begins,
                "ends_on": None if dice.happens(0.3) else dice.day(begins or start, end),
                "completion_rule": dice.choice(["any", "all"]),
                "completion_window_days": dice.choice([None, 30, 60]),
                "adoption_target": dice.choice([None, 0.5, 0.25]),
                "training_budget": learning.aside.choice([None, 0.0, 1000.5, 25000.0]),
            }
        )
        for course in dice.some(COURSES[:-2], 0.5):
            learning.program_courses.append(
                {
                    "program_id": program_id,
                    "source_system": SOURCE,
                    "source_course_id": course,
                    "course_role": "learner",
                    "is_required": dice.choice([True, True, None, False]),
                }
            )
        if dice.happens(0.7):
            enablement = {"source_course_id": "lead", "course_role": "manager_enablement"}
            row = {"program_id": program_id, "source_system": SOURCE, "is_required": True}
            learning.program_courses.append(row | enablement)


def _draw_contracts(learning: Learning, start: date, end: date) -> None:
    """None, one or two contracts, and one with a platform that delivers nothing."""
    dice = learning.aside
    for platform in [*[SOURCE] * dice.choice([0, 1, 1, 2]), *dice.some(["elsewhere"], 0.5)]:
        first = None if dice.happens(0.2) else dice.day(after(start, -100), end)
        learning.platform_contracts.append(
            {
                "platform": platform,
                # Two contracts of one platform begin on different days: that is their key.
                "contract_start": first and after(first, len(learning.platform_contracts)),
                "contract_end": None if dice.happens(0.4) else dice.day(first or start, end),
                "annual_cost": dice.choice([None, 0.0, 1200.0, 36500.0, 36500.0]),
                "currency": dice.choice([None, "USD", "USD", "USD", "EUR"]),
                "seats": dice.choice([None, 50]),
                "has_outcome_data_clause": dice.choice([None, True, False]),
                "refresh_cadence_months": dice.choice([None, 3, 12]),
                "integrates_xapi": dice.choice([None, True, False]),
                "integrates_scorm": dice.choice([None, True, False]),
            }
        )


def _draw_course_of(
    dice: Dice, feeds: Feeds, learning: Learning, people: People, employee_id: str, course: str,
    start: date, end: date,
) -> None:  # fmt: skip
    """What one person does with one course; most is done before the last third of the period."""
    latest = after(start, (end - start).days * 2 // 3)
    assigned = dice.day(after(start, -20), latest)
    if dice.happens(0.7):
        _deliver(dice, feeds, learning, people, employee_id, "assigned", course, assigned, end)
    if dice.happens(0.1):  # something that is no completion, sometimes before one
        kind = dice.choice(OTHERS)
        _deliver(dice, feeds, learning, people, employee_id, kind, course, assigned, end)
    for _ in range(dice.choice([0, 1, 1, 1, 2])):
        done = after(assigned, dice.choice([-5, 0, 3, 10, 30, 60, 61, 90, 91]))
        taken = "basics-v2" if course == "basics" and dice.happens(0.2) else course
        kind = dice.choice(FINISHES)
        _deliver(dice, feeds, learning, people, employee_id, kind, taken, done, end)


def _deliver(
    dice: Dice, feeds: Feeds, learning: Learning, people: People, employee_id: str, kind: str,
    course: str, day: date, end: date,
) -> None:  # fmt: skip
    """One event; it may come twice, or be voided by its later copy."""
    alias = people.alias_of[employee_id, "work_email"]
    is_date_only = dice.happens(0.15)
    when = datetime.combine(day, datetime.min.time()) if is_date_only else instant(dice, day)
    row = {
        "event_id": f"L{len(learning.events)}",
        "alias_type": alias[0],
        "alias_value": alias[1],
        "event_type": kind,
        "occurred_at": when,
        "success": dice.choice([None, None, None, True, True, False]) if kind in FINISHES else None,
        "is_voided": dice.choice([None, False]),
    } | learning.evidence.of_event(kind)
    told = [row]
    if dice.happens(0.05):
        told.append(row | {"is_voided": dice.happens(0.5)})
    for copy, delivered_on in zip(told, (end, after(end, 1)), strict=False):
        raw = copy | {"course_id": course}
        if is_date_only:
            raw["occurred_at"] = str(day) if dice.happens(0.5) else when
            raw["time_precision"] = "date"
        feeds.deliver("lms", "learning_events", delivered_on, raw)
    learning.events.append(
        told[-1]
        | {
            "employee_id": people.owner(alias, when.date()),
            "source_system": SOURCE,
            "source_course_id": course,
            "is_date_only": is_date_only,
        }
    )
