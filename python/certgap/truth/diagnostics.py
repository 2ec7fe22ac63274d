"""`program_diagnostics`: the six ways in which programs fail, each a share and what is asked for.

Sources: decision record 0016, lines 10 to 18.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from certgap.truth.checkpoints import Checkpoint, Judge
from certgap.truth.courses import Courses, Group, Program
from certgap.truth.employment import KNOWN
from certgap.truth.readiness import has_access
from certgap.truth.statistics import wilson, with_interval
from certgap.truth.units import Learner, Learning, Unit
from certgap.truth.world import World

CONTENT, PRACTICE, MANAGERS = "generic_content", "no_practice", "no_manager_involvement"
OUTCOMES, ONCE, CHANGE = "inputs_not_outcomes", "one_time_event", "change_underfunded"
OF_PEOPLE = {CONTENT, PRACTICE, MANAGERS, ONCE}
UNKNOWN = {
    CONTENT: "role_of_courses",
    PRACTICE: "licence_feed",
    MANAGERS: "known_managers",
    OUTCOMES: "checkpoints_to_come",
    ONCE: "follow_up_time",
    CHANGE: "budgets",
}
LATER_DAYS, HARD_FLOOR, LITTLE = 60, 5, 1e-9


@dataclass
class Share:
    """What is as it should be, of all of which it is known."""

    mode: str
    threshold: float
    met: float | None = None  # None: nothing to judge by
    known: float | None = None
    unknown: int = 0
    nothing: str | None = None

    @classmethod
    def of(cls, mode: str, threshold: float, states: list[bool | None], nothing: str) -> Share:
        """The share of those whose state is known; `nothing` without anybody."""
        if not states:
            return cls(mode, threshold, nothing=nothing)
        met, unknown = states.count(True), states.count(None)
        return cls(mode, threshold, met, len(states) - unknown, unknown)

    def status(self, warn_share: float) -> str:
        """0016.11: what is not known matters only where it could change the verdict."""
        if self.nothing:
            return "not measured"
        whole = self.known + self.unknown
        verdicts = {
            self._verdict(met / whole, warn_share) for met in (self.met, self.met + self.unknown)
        }
        return verdicts.pop() if len(verdicts) == 1 else "not measured"

    def _verdict(self, share: float, warn_share: float) -> str:
        if share >= self.threshold - LITTLE:
            return "pass"
        return "warn" if share >= warn_share * self.threshold - LITTLE else "fail"


@dataclass
class OfProgram:
    """What happened in one program."""

    program: Program
    row: dict[str, Any]
    units: list[Unit] = field(default_factory=list)
    checkpoints: dict[int, list[Checkpoint]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Diagnosis:
    """Everything that is asked of."""

    world: World
    courses: Courses
    learning: dict[Learner, Learning]
    enablement: dict[str, dict[str, int]]
    judge: Judge
    as_of_day: int

    def rows(self, units: list[Unit], checkpoints: list[Checkpoint]) -> list[dict[str, Any]]:
        """Six rows a program."""
        reference = {row["program_id"]: row for row in self.world.reference["programs"]}
        seen = {
            name: OfProgram(program, reference[name])
            for name, program in self.courses.programs.items()
        }
        for unit in units:
            is_complete = unit.completion_day is not None and unit.learner.employee_id is not None
            if unit.program_id and is_complete:
                seen[unit.program_id].units.append(unit)
        for checkpoint in checkpoints:
            if checkpoint.unit.program_id:
                days = seen[checkpoint.unit.program_id].checkpoints
                days[checkpoint.checkpoint_day].append(checkpoint)
        return [row for of in seen.values() for row in self._rows_of(of)]

    def _rows_of(self, of: OfProgram) -> Iterator[dict[str, Any]]:
        settings = self.world.settings
        shares = [
            Share.of(CONTENT, settings.role_specific_share, self._contents(of), "completions"),
            Share.of(PRACTICE, settings.readiness_tool_share, self._practice(of), "completions"),
            self._managers(of),
            self._outcomes(of),
            Share.of(ONCE, settings.follow_up_share, self._follow_ups(of), "completions"),
            _budget(of, settings.change_budget_share),
        ]
        for share in shares:
            yield self._row(of, share)

    def _contents(self, of: OfProgram) -> list[bool | None]:
        """0016.12: each person's completed courses of the program, each once."""
        said: dict[Group, list[bool]] = defaultdict(list)
        for row in self.world.rows("courses"):
            if row["is_role_specific"] is not None:
                group = self.courses.group(row["source_system"], row["course_id"])
                said[group].append(row["is_role_specific"])
        completed = {
            (learner.employee_id, event.group)
            for learner, record in self.learning.items()
            if learner.employee_id
            for event in record.satisfying
            if event.group in of.program.learner_groups
            and of.program.covers(event.day)
            and self.courses.tools_on(event.group, event.day)
        }
        return [any(said[group]) if group in said else None for _, group in completed]

    def _practice(self, of: OfProgram) -> list[bool | None]:
        """0016.13: access on the index date."""
        return [
            has_access(self.judge, unit.learner.employee_id, unit.tool_id, unit.completion_day)
            for unit in of.units
        ]

    def _managers(self, of: OfProgram) -> Share:
        """0016.14: enabled so long before the first of their reports completed."""
        first: dict[str, int] = {}
        for unit in of.units:
            day = unit.completion_day
            manager = self.judge.employment.manager_on(unit.learner.employee_id, day)
            if manager.status == KNOWN:
                known = first.get(manager.employee_id, day)
                first[manager.employee_id] = min(known, day)
        enabled = self.enablement[of.program.program_id]
        lead, threshold = (
            self.world.settings.manager_lead_days,
            self.world.settings.readiness_manager_share,
        )
        if not of.program.enablement_groups:
            return Share(MANAGERS, threshold, nothing="enablement_courses")
        states: list[bool | None] = [
            m in enabled and day - enabled[m] >= lead for m, day in first.items()
        ]
        return Share.of(MANAGERS, threshold, states, "known_managers")

    def _outcomes(self, of: OfProgram) -> Share:
        """0016.15: later checkpoints that are judged, surveys and outcomes."""
        floor = max(HARD_FLOOR, self.world.settings.min_cell)
        states: list[bool | None] = []
        for n in self.world.settings.checkpoint_days:
            if n >= LATER_DAYS:
                statuses = [checkpoint.status for checkpoint in of.checkpoints[n]]
                eligible, still = statuses.count("eligible"), statuses.count("window_open")
                to_come = None if eligible + still >= floor else False
                states.append(True if eligible >= floor else to_come)
        feeds = {f["feed"] for f in self.world.rows("newest_files") if f["newest_file_date"]}
        states += [feed in feeds for feed in ("surveys", "outcomes")]
        return Share.of(OUTCOMES, 1.0, states if of.units else [], "completions")

    def _follow_ups(self, of: OfProgram) -> list[bool | None]:
        """0016.16: another course of the tool after the index date."""
        days = self.world.settings.follow_up_days
        states: list[bool | None] = []
        for unit in of.units:
            last = unit.completion_day + days
            later = [
                event
                for event in self.learning[unit.learner].satisfying
                if unit.completion_day < event.day <= last
                and self.courses.is_tied(event.group, unit.tool_id, event.day)
            ]
            states.append(True if later else (False if last <= self.as_of_day else None))
        return states

    def _reversion(self, of: OfProgram) -> dict[str, Any]:
        """0016.16: adopted at the first checkpoint and not at the last, both eligible."""
        days = self.world.settings.checkpoint_days
        last = {id(c.unit): c for c in of.checkpoints[max(days)]}
        at_risk = [
            last[id(checkpoint.unit)].is_adopted
            for checkpoint in of.checkpoints[min(days)]
            if checkpoint.is_adopted and last[id(checkpoint.unit)].is_eligible
        ]
        reverted = at_risk.count(False)
        rate = with_interval("reversion_rate", reverted, len(at_risk))
        return {"n_at_risk": len(at_risk), "n_reverted": reverted, **rate}

    def _row(self, of: OfProgram, share: Share) -> dict[str, Any]:
        settings = self.world.settings
        status = share.status(settings.diagnostic_warn_share)
        low, high = None, None
        if share.mode in OF_PEOPLE and share.known:
            low, high = wilson(share.met, share.known)
        reversion = self._reversion(of)
        if share.mode != ONCE:
            reversion = dict.fromkeys(reversion)
        lacking = share.nothing or UNKNOWN[share.mode]
        return {
            "program_id": of.program.program_id,
            "failure_mode": share.mode,
            "status": status,
            "n_people": len({unit.learner.employee_id for unit in of.units}),
            "numerator": share.met,
            "denominator": share.known,
            "n_unknown": share.unknown,
            "measured_rate": share.met / share.known if share.known else None,
            "measured_rate_low": low,
            "measured_rate_high": high,
            "threshold_rate": share.threshold,
            "warn_rate": settings.diagnostic_warn_share * share.threshold,
            "not_measured": lacking if status == "not measured" else None,
            "evidence": _evidence(share, settings.follow_up_days),
            **reversion,
        }


def _budget(of: OfProgram, threshold: float) -> Share:
    """0016.17: the part of the money that is for change."""
    training, change = of.row.get("training_budget"), of.row.get("change_budget")
    if training is None or change is None or training + change <= 0:
        return Share(CHANGE, threshold, nothing="budgets")
    return Share(CHANGE, threshold, change, training + change)


def _evidence(share: Share, days: int) -> str:
    if not share.known:
        return "nothing to judge by"
    if share.mode == CHANGE:
        percent = math.floor(100 * share.met / share.known + LITTLE)
        return f"change has {percent}% of the budget"
    words = {
        CONTENT: "completions were of role-specific courses",
        PRACTICE: "trained units had access to the tool on the index date",
        MANAGERS: "managers were enabled in time before their first report completed",
        OUTCOMES: "measures of the outcome are there",
        ONCE: f"trained units had another course of the tool within {days} days",
    }
    return f"{share.met} of {share.known} {words[share.mode]}"
