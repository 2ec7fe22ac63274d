"""Units: learner × tool, and learner × tool × program, with their index and assignment dates.

Sources: metrics.md 2; decision record 0002, lines 12 to 19 and 33.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from certgap.truth.courses import Courses, Group, Program
from certgap.truth.employment import Employment
from certgap.truth.world import World

SATISFYING = {"completed", "passed", "satisfied"}
ASSIGNED = "assigned"


@dataclass(frozen=True)
class Learner:
    """A person; or an alias nobody owned on the dates of the events (employee_id None)."""

    employee_id: str | None
    alias: tuple[str, str] | None = None


@dataclass(frozen=True, order=True)
class Event:
    """An event on its local day, in the order in which ties are broken (0002.19)."""

    day: int
    occurred_at: datetime
    source_system: str
    event_id: str
    group: Group
    is_date_only: bool = field(default=False, compare=False)
    # The course as the source names it; the group holds all of its names.
    course_id: str | None = field(default=None, compare=False)
    # 0 to 1, and the time the attempt took; None: not told.
    score: float | None = field(default=None, compare=False)
    duration_seconds: float | None = field(default=None, compare=False)


@dataclass
class Unit:
    """One learner × tool (× program)."""

    learner: Learner
    tool_id: str
    program_id: str | None
    # The first satisfying event that counts; under rule `all` earlier than the completion.
    first_day: int | None = None
    completion_day: int | None = None
    completion_platform: str | None = None
    # The event that set the completion day.
    completing: Event | None = None
    assignment_day: int | None = None
    assignment_platform: str | None = None
    # 2.7: the last day of the completion window of the assignment; due once it has come.
    due_day: int | None = None
    is_due: bool = False
    is_completed_in_window: bool = False

    @property
    def is_self_enrolled(self) -> bool:
        """2.8, 0002.18: completed without any assignment."""
        return self.completion_day is not None and self.assignment_day is None


@dataclass
class Learning:
    """What one learner did: satisfying events and assignments, earliest first."""

    satisfying: list[Event]
    assigned: list[Event]


def read_learning(
    world: World, employment: Employment, courses: Courses, as_of_day: int
) -> dict[Learner, Learning]:
    """2.1, 2.6: every learner's events that count, up to the as-of date."""
    final: dict[tuple[str, str], dict[str, Any]] = {}
    for row in world.rows("events"):
        final[row["source_system"], row["event_id"]] = row
    learning: dict[Learner, Learning] = defaultdict(lambda: Learning([], []))
    for row in final.values():
        is_satisfying = row["event_type"] in SATISFYING and row["success"] is not False
        is_assigned = row["event_type"] == ASSIGNED
        if row["is_voided"] or row["occurred_at"] is None or not (is_satisfying or is_assigned):
            continue
        employee_id = row["employee_id"]
        alias = None if employee_id else (row["alias_type"], row["alias_value"])
        day = employment.local_day(employee_id, row["occurred_at"], bool(row["is_date_only"]))
        if day > as_of_day:
            continue
        event = Event(
            day=day,
            occurred_at=row["occurred_at"],
            source_system=row["source_system"],
            event_id=row["event_id"],
            group=courses.group(row["source_system"], row["source_course_id"]),
            is_date_only=bool(row["is_date_only"]),
            course_id=row["source_course_id"],
            score=row["score_scaled"],
            duration_seconds=row["duration_seconds"],
        )
        record = learning[Learner(employee_id, alias)]
        (record.satisfying if is_satisfying else record.assigned).append(event)
    for record in learning.values():
        record.satisfying.sort()
        record.assigned.sort()
    return dict(learning)


def build_units(
    learning: dict[Learner, Learning], courses: Courses, window_days: int, as_of_day: int
) -> list[Unit]:
    """Every unit that was completed or assigned, with and without program."""
    units = []
    for learner, record in learning.items():
        units += _units_without_program(learner, record, courses, window_days)
        for program in courses.programs.values():
            units += _units_of_program(learner, record, courses, program)
    return [_judged(unit, courses, window_days, as_of_day) for unit in units]


def first_enablement(learning: dict[Learner, Learning], groups: Iterable[Group]) -> dict[str, int]:
    """8.4, 0002.33: each person's first completion of an enablement course, whenever it was."""
    wanted = set(groups)
    first: dict[str, int] = {}
    for learner, record in learning.items():
        days = [event.day for event in record.satisfying if event.group in wanted]
        if learner.employee_id and days:
            first[learner.employee_id] = min(days)
    return first


def _units_without_program(
    learner: Learner, record: Learning, courses: Courses, window_days: int
) -> list[Unit]:
    """2.4: C is the first satisfying event of any course tied to the tool on its date."""
    units = []
    events = record.satisfying + record.assigned
    for tool_id in sorted({tool for e in events for tool in courses.tools_on(e.group, e.day)}):
        satisfying = [e for e in record.satisfying if courses.is_tied(e.group, tool_id, e.day)]
        assigned = [e for e in record.assigned if courses.is_tied(e.group, tool_id, e.day)]
        unit = Unit(learner, tool_id, None)
        units.append(_dated(unit, satisfying[:1], satisfying, assigned))
    return units


def _units_of_program(
    learner: Learner, record: Learning, courses: Courses, program: Program
) -> list[Unit]:
    """2.5: the same within the program's dates and courses, by its rule."""
    units = []
    for tool_id in sorted(courses.tools_of(program)):
        required = courses.required_for(program, tool_id)
        counted_groups = required if program.needs_all else program.learner_groups

        satisfying, assigned = (
            [
                event
                for event in events
                if event.group in counted_groups
                and program.covers(event.day)
                and courses.is_tied(event.group, tool_id, event.day)
            ]
            for events in (record.satisfying, record.assigned)
        )
        if program.needs_all:
            completing = _last_of_first_completions(satisfying, required)
        else:
            completing = satisfying[:1]
        if completing or assigned:
            unit = Unit(learner, tool_id, program.program_id)
            units.append(_dated(unit, completing, satisfying, assigned))
    return units


def _last_of_first_completions(satisfying: list[Event], required: set[Group]) -> list[Event]:
    """Rule `all`: the event that completed the last required course; nothing if one is missing."""
    first_of_group: dict[Group, Event] = {}
    for event in satisfying:  # earliest first
        first_of_group.setdefault(event.group, event)
    if not required or set(first_of_group) != required:
        return []
    last_day = max(event.day for event in first_of_group.values())
    return [min(event for event in first_of_group.values() if event.day == last_day)]


def _dated(
    unit: Unit, completing: list[Event], satisfying: list[Event], assigned: list[Event]
) -> Unit:
    """The unit with the dates and platforms of the events that set them, earliest first."""
    if satisfying:
        unit.first_day = satisfying[0].day
    if completing:
        unit.completion_day = completing[0].day
        unit.completion_platform = completing[0].source_system
        unit.completing = completing[0]
    if assigned:
        unit.assignment_day = assigned[0].day
        unit.assignment_platform = assigned[0].source_system
    return unit


def _judged(unit: Unit, courses: Courses, window_days: int, as_of_day: int) -> Unit:
    """2.7, 0002.17: due by the as-of date, and completed within the window or before A."""
    if unit.assignment_day is None:
        return unit
    if unit.program_id is not None:
        window_days = courses.programs[unit.program_id].window_days
    due_day = unit.assignment_day + window_days
    is_due = due_day <= as_of_day
    completed = unit.completion_day is not None and unit.completion_day <= due_day
    return replace(
        unit, due_day=due_day, is_due=is_due, is_completed_in_window=is_due and completed
    )
