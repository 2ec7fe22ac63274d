"""`rollout_readiness`: the phase gates of each wave of a program, and which waves are blocked.

Sources: decision record 0016, lines 1 to 9.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from certgap.truth.checkpoints import Judge
from certgap.truth.courses import Courses, Program
from certgap.truth.employment import KNOWN
from certgap.truth.statistics import with_interval
from certgap.truth.world import World

PASS, FAIL, NOT_MEASURED = "pass", "fail", "not measured"
TOOLS, MANAGERS = "tools_deployed", "managers_trained"
POLICY, STORY = "policy_communicated", "success_story"
GATES = [TOOLS, MANAGERS, POLICY, STORY]
MISSING = {
    TOOLS: "tool_access",
    MANAGERS: "manager_enablement",
    POLICY: "policy",
    STORY: "success_story",
}
WORDS = {
    TOOLS: "pairs of person and tool had access",
    MANAGERS: "managers were enabled in time",
    POLICY: "recorded policies were communicated in time",
    STORY: "success stories were published in time",
    "all": "gates passed",
}
LITTLE = 1e-9


@dataclass
class Gate:
    """What is counted of one gate of one wave."""

    name: str
    states: list[bool | None]  # of everybody asked for; None: not known
    share: float | None  # that must meet it; None: one must
    nothing: str | None  # what there is not to judge by
    lead_days: int
    recorded: date | None = None

    @property
    def status(self) -> str:
        """0016.3: what is not known matters only where it could change the answer."""
        if self.nothing:
            return NOT_MEASURED
        met = self.states.count(True)
        if self.share is None:
            return PASS if met else FAIL
        needed = self.share * len(self.states) - LITTLE
        if met >= needed:
            return PASS
        return FAIL if met + self.states.count(None) < needed else NOT_MEASURED


@dataclass
class Wave:
    """One wave and the day it is judged on."""

    row: dict[str, Any]
    day: int
    program: Program
    people: list[str]

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return self.row["starts_on"]


def rollout_readiness(
    world: World,
    courses: Courses,
    enablement: dict[str, dict[str, int]],
    judge: Judge,
    as_of_day: int,
) -> list[dict[str, Any]]:
    """Every gate of every wave, and each wave as a whole."""
    rows = []
    for row in world.reference["program_waves"]:
        day = min(row["starts_on"].toordinal(), as_of_day)
        people = sorted(_people_of(world, judge, row, day))
        wave = Wave(row, day, courses.programs[row["program_id"]], people)
        gates = [
            _tools(world, courses, judge, wave),
            _managers(world, judge, wave, enablement[row["program_id"]]),
            _policy(world, wave),
            _story(world, wave),
        ]
        rows += [_gate_row(gate, wave, as_of_day) for gate in gates]
        rows.append(_wave_row(gates, wave, as_of_day))
    return rows


def _people_of(world: World, judge: Judge, row: dict[str, Any], day: int) -> Iterable[str]:
    """0016.2: employed on the day, and in one of the wave's groups."""
    key = (row["program_id"], row["wave_id"])
    members = {
        (member["member_kind"], member["member_value"])
        for member in world.reference["program_wave_members"]
        if (member["program_id"], member["wave_id"]) == key
    }
    for employee_id in judge.employment.rows:
        if not judge.employment.is_employed(employee_id, day):
            continue
        attributes = judge.employment.attributes(employee_id, day)
        is_in = {
            ("employee_id", employee_id),
            ("department", attributes.department),
            ("location", attributes.location),
            ("role_group", attributes.role_group),
        }
        if is_in & members:
            yield employee_id


def _tools(world: World, courses: Courses, judge: Judge, wave: Wave) -> Gate:
    """0016.4: each person of the wave with each tool of the program."""
    program = wave.program
    tools = {
        tie.tool_id
        for group in program.learner_groups
        for tie in courses.ties.get(group, ())
        if max(tie.valid_from, program.first_day) < min(tie.valid_to, program.last_day + 1)
    }
    states = [has_access(judge, person, tool, wave.day) for person in wave.people for tool in tools]
    nothing = None if wave.people else "wave_people"
    nothing = nothing or (None if tools else "program_tools")
    return Gate(TOOLS, states, world.settings.readiness_tool_share, nothing, 0)


def has_access(judge: Judge, person: str, tool_id: str, day: int) -> bool | None:
    """0016.4: the tool is open, or they held a seat; None where that day's seats are unknown."""
    tool = judge.coverage.of(tool_id)
    if not tool.is_sold_by_seat:
        return True
    return judge.usage.is_licensed(person, tool_id, day) if day in tool.seats_covered else None


def _managers(world: World, judge: Judge, wave: Wave, enabled: dict[str, int]) -> Gate:
    """0016.5: known managers of the day, enabled `manager_lead_days` before the first day."""
    lead = world.settings.manager_lead_days
    last_day = wave.starts_on.toordinal() - lead
    leaders = [judge.employment.manager_on(person, wave.day) for person in wave.people]
    managers = {manager.employee_id for manager in leaders if manager.status == KNOWN}
    states = [manager in enabled and enabled[manager] <= last_day for manager in managers]
    nothing = None
    if not wave.program.enablement_groups:
        nothing = "enablement_courses"
    elif not wave.people:
        nothing = "wave_people"
    elif not managers:
        nothing = "known_managers"
    return Gate(MANAGERS, states, world.settings.readiness_manager_share, nothing, lead)


def _policy(world: World, wave: Wave) -> Gate:
    """0016.6: every recorded policy of the wave and of its program."""
    days = [
        gate["met_on"]
        for gate in world.reference["program_gates"]
        if gate["gate"] == POLICY
        and gate["program_id"] == wave.program.program_id
        and gate["wave_id"] in (None, wave.row["wave_id"])
    ]
    states = [_is_in_time(wave, day) for day in days]
    told = max((day for day in days if day), default=None)
    return Gate(POLICY, states, 1.0, None if days else "program_gates", 1, told)


def _story(world: World, wave: Wave) -> Gate:
    """0016.7: at least one story of the program; without any story at all nobody records them."""
    published = [s for s in world.reference["success_stories"] if s["published_on"]]
    program_id = wave.program.program_id
    days = [s["published_on"] for s in published if s["program_id"] == program_id]
    nothing = None if published else "success_stories"
    states = [_is_in_time(wave, day) for day in days]
    return Gate(STORY, states, None, nothing, 1, min(days, default=None))


def _is_in_time(wave: Wave, day: date | None) -> bool:
    return day is not None and day < wave.starts_on and day.toordinal() <= wave.day


def _gate_row(gate: Gate, wave: Wave, as_of_day: int) -> dict[str, Any]:
    counts = [gate.states.count(True), gate.states.count(False), gate.states.count(None)]
    has_rate = gate.name in (TOOLS, MANAGERS)
    row = _row(gate.name, wave, as_of_day, gate.status, counts, gate.share if has_rate else None)
    row |= {"due_on": wave.starts_on - timedelta(days=gate.lead_days)}
    row |= {"recorded_on": gate.recorded}
    failed, unmeasured = gate.status == FAIL, gate.status == NOT_MEASURED
    row |= {"missing": MISSING[gate.name] if failed else None}
    row |= {"not_measured": (gate.nothing or "licence_feed") if unmeasured else None}
    return row | {"evidence": _evidence(row)}


def _wave_row(gates: list[Gate], wave: Wave, as_of_day: int) -> dict[str, Any]:
    """0016.8: one failed gate blocks the wave."""
    by_status = {
        status: [gate.name for gate in gates if gate.status == status]
        for status in (PASS, FAIL, NOT_MEASURED)
    }
    status = next(s for s in (FAIL, NOT_MEASURED, PASS) if by_status[s])
    counts = [len(by_status[s]) for s in (PASS, FAIL, NOT_MEASURED)]
    row = _row("all", wave, as_of_day, status, counts, None)
    row |= {"due_on": wave.starts_on, "recorded_on": None}
    row |= {"missing": ", ".join(by_status[FAIL]) or None}
    row |= {"not_measured": ", ".join(by_status[NOT_MEASURED]) or None}
    return row | {"evidence": _evidence(row)}


def _row(
    gate: str, wave: Wave, as_of_day: int, status: str, counts: list[int], share: float | None
) -> dict[str, Any]:
    met, not_met, unknown = counts
    rate = with_interval("met_rate", met, met + not_met)
    return {
        "program_id": wave.row["program_id"],
        "wave_id": wave.row["wave_id"],
        "wave_name": wave.row["wave_name"] or wave.row["wave_id"],
        "gate": gate,
        "starts_on": wave.starts_on,
        "judged_on": date.fromordinal(wave.day),
        "is_started": wave.starts_on.toordinal() <= as_of_day,
        "n_people": len(wave.people),
        "n_met": met,
        "n_judged": met + not_met,
        "n_unknown": unknown,
        **(rate if share is not None else dict.fromkeys(rate)),
        "threshold_rate": share,
        "status": status,
    }


def _evidence(row: dict[str, Any]) -> str:
    if row["not_measured"] and not row["n_judged"]:
        return "nothing to judge by"
    whole = len(GATES) if row["gate"] == "all" else row["n_judged"]
    return f"{row['n_met']} of {whole} {WORDS[row['gate']]}"
