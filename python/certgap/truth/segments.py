"""`usage_segments`: everybody employed, trained or not, by how much they used a tool up to a week.

Sources: decision record 0010, lines 11 to 16.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from certgap.truth.aggregates import ALL, ONLY_OVER_TOOLS, manager_word
from certgap.truth.checkpoints import Judge
from certgap.truth.coverage import ToolCoverage
from certgap.truth.curves import MANAGER_DIMENSIONS
from certgap.truth.employment import UNKNOWN, Attributes
from certgap.truth.statistics import with_interval
from certgap.truth.units import Unit
from certgap.truth.usage import DAYS_IN_WEEK, PersonUsage

# Length in weeks -> suffix of its columns.
WINDOWS = {12: "12w", 4: "4w"}
INSUFFICIENT = "insufficient_history"
SEGMENTS = ["non_user", "low", "novice", "habitual", "power", INSUFFICIENT]
TRANSITIONS = ["newly_active", "retained", "resurrected", "lapsed", "dormant", "never_active"]
FLAGS = ["active", "daily", "monthly_active", "tried"]
MONTH = 4  # weeks
# date(1, 1, 1) is day 1 and a Monday.
MONDAY = 1
# tool, dimension, value, first day of the week
CellKey = tuple[str, str, str, int]


@dataclass(frozen=True)
class State:
    """What one person is with one tool in one week; equal ones are counted together."""

    tool_id: str
    segments: tuple[str, ...]  # in the order of WINDOWS
    flags: tuple[bool, ...]  # in the order of FLAGS
    transition: str | None


@dataclass(frozen=True)
class Person:
    """Where one person belongs on the last day of a week."""

    attributes: Attributes
    manager: str
    is_trained: bool


@dataclass
class ToolWeeks:
    """0010.13: the judged weeks of a tool, one after the other."""

    tool_id: str
    tool: ToolCoverage
    starts: list[int]
    # 0010.14: the first week that begins on or after the first delivered day.
    first_whole: int
    _uncovered: dict[tuple[int, int], int] = field(default_factory=dict)

    def uncovered_days(self, start: int, weeks: int) -> int:
        """Days not covered in `weeks` weeks, the one that starts on `start` being the last."""
        if (start, weeks) not in self._uncovered:
            first = start - DAYS_IN_WEEK * (weeks - 1)
            days = range(first, start + DAYS_IN_WEEK)
            self._uncovered[start, weeks] = sum(day not in self.tool.covered for day in days)
        return self._uncovered[start, weeks]


def tool_weeks(tool_id: str, tool: ToolCoverage, as_of_day: int) -> ToolWeeks:
    """0010.13: from the week of the first delivered day to the last that is wholly judged."""
    first = tool.covered.first
    weeks = ToolWeeks(tool_id, tool, [], 0)
    if first is None or (tool.is_weekly and tool.week_end is None):
        return weeks
    weekday = (tool.week_end + 1) % DAYS_IN_WEEK if tool.is_weekly else MONDAY
    start = first - (first - weekday) % DAYS_IN_WEEK
    weeks.first_whole = start if start == first else start + DAYS_IN_WEEK
    while not tool.is_open(start + DAYS_IN_WEEK - 1, as_of_day):
        weeks.starts.append(start)
        start += DAYS_IN_WEEK
    return weeks


@dataclass
class PersonWeeks:
    """Use of one person with one tool in each of its judged weeks."""

    active_days: list[int]
    actions: list[int]
    is_active: list[bool]


def person_weeks(weeks: ToolWeeks, seen: PersonUsage) -> PersonWeeks:
    """0010.14: an active week is one with a day of use; of weekly tools an active week."""
    size = len(weeks.starts)
    use = PersonWeeks([0] * size, [0] * size, [False] * size)
    for number, start in enumerate(weeks.starts):
        if weeks.tool.is_weekly:
            week = seen.weeks.get(start + DAYS_IN_WEEK - 1)
            if week is not None:
                use.active_days[number] = week.counted_days
                use.actions[number] = week.interactions
                use.is_active[number] = week.is_active
            continue
        for day in range(start, start + DAYS_IN_WEEK):
            if day in seen.days:
                use.active_days[number] += 1
                use.actions[number] += seen.days[day]
                use.is_active[number] = True
    return use


class SegmentReader:
    """Judges people, tool by tool and week by week."""

    def __init__(self, judge: Judge, units: list[Unit], key: str) -> None:
        """Keep what is asked, and the first training of everybody."""
        self.judge, self.key = judge, key
        self.trained_on = {
            (unit.learner.employee_id, unit.tool_id): unit.completion_day
            for unit in units
            if unit.program_id is None and unit.completion_day is not None
        }
        self._places: dict[tuple[str, int], tuple[Attributes, str] | None] = {}

    def person(self, employee: str, tool_id: str, day: int) -> Person | None:
        """0010.11: the person on the last day of a week; None when not employed."""
        if (employee, day) not in self._places:
            employment = self.judge.employment
            place = None
            if employment.is_employed(employee, day):
                manager = manager_word(employment.manager_on(employee, day), self.key)
                place = (employment.attributes(employee, day), manager)
            self._places[employee, day] = place
        place = self._places[employee, day]
        if place is None:
            return None
        trained_on = self.trained_on.get((employee, tool_id))
        return Person(*place, is_trained=trained_on is not None and trained_on <= day)

    def state(self, employee: str, weeks: ToolWeeks, use: PersonWeeks, number: int) -> State:
        """0010.14 to 0010.16: segments, flags and transition of one week."""
        active = use.is_active
        flags = (
            active[number],
            use.active_days[number] >= self.judge.settings.daily_use_days,
            any(active[max(0, number - MONTH + 1) : number + 1]),
            any(active[: number + 1]),
        )
        segments = tuple(self._segment(employee, weeks, use, number, w) for w in WINDOWS)
        return State(weeks.tool_id, segments, flags, _transition(weeks, active, number))

    def _segment(
        self, employee: str, weeks: ToolWeeks, use: PersonWeeks, number: int, length: int
    ) -> str:
        settings, start = self.judge.settings, weeks.starts[number]
        first_start = start - DAYS_IN_WEEK * (length - 1)
        hired = self.judge.employment.hired_on(employee, start + DAYS_IN_WEEK - 1)
        if hired is None or hired > first_start or weeks.first_whole > first_start:
            return INSUFFICIENT
        first = number - length + 1
        n_active = sum(use.is_active[first : number + 1])
        actions = sum(use.actions[first : number + 1]) / length
        if n_active >= (length if length == MONTH else settings.segment_habit_weeks):
            return "power" if actions >= settings.segment_power_actions else "habitual"
        if actions >= settings.segment_novice_actions:
            return "novice"
        return "low" if n_active >= 1 else "non_user"


def _transition(weeks: ToolWeeks, active: list[bool], number: int) -> str | None:
    """0010.16: against the week before; None where one of the two could not be seen wholly."""
    if number == 0 or weeks.uncovered_days(weeks.starts[number], 2) > 0:
        return None
    is_active, was_active, was_ever = active[number], active[number - 1], any(active[:number])
    if is_active:
        return "retained" if was_active else "resurrected" if was_ever else "newly_active"
    return "lapsed" if was_active else "dormant" if was_ever else "never_active"


def _groups(person: Person, tool_id: str) -> Iterator[tuple[str, str]]:
    """0010.12: the dimensions a person is counted in."""
    attributes = person.attributes
    role_group = attributes.role_group or UNKNOWN
    yield ALL, ALL
    yield "track", attributes.track or UNKNOWN
    yield "audience", attributes.audience or UNKNOWN
    yield "role_group", role_group
    yield "department", attributes.department or UNKNOWN
    yield "location", attributes.location or UNKNOWN
    yield "manager", person.manager
    yield "training_status", "trained" if person.is_trained else "not_trained"
    yield "tool", tool_id
    yield "role_group_tool", f"{role_group}|{tool_id}"
    yield "manager_tool", f"{person.manager}|{tool_id}"


def usage_segments(
    tools: list[str], units: list[Unit], judge: Judge, key: str
) -> list[dict[str, Any]]:
    """One row per tool × dimension × value × week that has people."""
    reader = SegmentReader(judge, units, key)
    of_tool = {}
    for tool_id in tools:
        weeks = tool_weeks(tool_id, judge.coverage.of(tool_id), judge.coverage.as_of_day)
        if weeks.starts:
            of_tool[tool_id] = weeks
    cells: dict[CellKey, Counter[State]] = defaultdict(Counter)
    for weeks in of_tool.values():
        for start, people in _people(weeks, reader).items():
            for (person, state), count in people.items():
                for dimension, value in _groups(person, weeks.tool_id):
                    if dimension in MANAGER_DIMENSIONS and not judge.settings.curve_managers:
                        continue
                    cells[ALL, dimension, value, start][state] += count
                    if dimension not in ONLY_OVER_TOOLS:
                        cells[weeks.tool_id, dimension, value, start][state] += count
    return [_row(cell, states, of_tool) for cell, states in sorted(cells.items(), key=_order)]


def _people(weeks: ToolWeeks, reader: SegmentReader) -> dict[int, Counter[tuple[Person, State]]]:
    """Week by week the people employed on its last day, equal ones counted together."""
    people: dict[int, Counter[tuple[Person, State]]] = {start: Counter() for start in weeks.starts}
    for employee in reader.judge.employment.rows:
        use = person_weeks(weeks, reader.judge.usage.of(employee, weeks.tool_id))
        for number, start in enumerate(weeks.starts):
            person = reader.person(employee, weeks.tool_id, start + DAYS_IN_WEEK - 1)
            if person is not None:
                people[start][person, reader.state(employee, weeks, use, number)] += 1
    return people


def _order(item: tuple[CellKey, Any]) -> CellKey:
    return item[0]


def _row(cell: CellKey, states: Counter[State], of_tool: dict[str, ToolWeeks]) -> dict[str, Any]:
    """The counts and rates of one cell; over several tools people are counted once per tool."""
    tool_id, dimension, value, start = cell
    counts: Counter[str] = Counter()
    for state, count in states.items():
        counts["n_people"] += count
        for suffix, segment in zip(WINDOWS.values(), state.segments, strict=True):
            counts[f"n_{segment}_{suffix}"] += count
        for name, holds in zip(FLAGS, state.flags, strict=True):
            counts[f"n_{name}"] += count * holds
        counts[f"n_{state.transition}"] += count
    row: dict[str, Any] = {
        "program_id": ALL,
        "tool_id": tool_id,
        "checkpoint_day": None,
        "dimension": dimension,
        "dimension_value": value,
        "week_start_date": date.fromordinal(start),
        "week_end_date": date.fromordinal(start + DAYS_IN_WEEK - 1),
        "n_people": counts["n_people"],
    }
    tools = {state.tool_id for state in states}
    for length, suffix in ((1, ""), *((w, f"_{s}") for w, s in WINDOWS.items())):
        days = sum(of_tool[tool].uncovered_days(start, length) for tool in tools)
        row[f"n_uncovered_days{suffix}"] = days
    for suffix in WINDOWS.values():
        row |= {f"n_{segment}_{suffix}": counts[f"n_{segment}_{suffix}"] for segment in SEGMENTS}
    for name in FLAGS:
        row[f"n_{name}"] = counts[f"n_{name}"]
        row |= with_interval(f"{name}_rate", counts[f"n_{name}"], counts["n_people"])
    # One tool whose change is not known makes that of the sum unknown.
    is_known = all(state.transition is not None for state in states)
    row |= {f"n_{name}": counts[f"n_{name}"] if is_known else None for name in TRANSITIONS}
    return row
