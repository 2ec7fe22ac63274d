"""`outcome_changes`: what people achieved before and after training, beside people nobody had
trained yet.

Source: decision record 0015.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from certgap.truth.aggregates import ALL
from certgap.truth.employment import UNKNOWN, Employment
from certgap.truth.integrity import attempt_of
from certgap.truth.outcomes import Outcomes
from certgap.truth.statistics import Z_95, t_95
from certgap.truth.training_effects import HARD_FLOOR
from certgap.truth.units import Learner, Learning, Unit
from certgap.truth.world import Settings, World

NOTHING = 1e-9


@dataclass(frozen=True)
class Person:
    """One person of one side, with a value before and after."""

    employee_id: str
    month: str
    track: str
    before: float
    after: float
    exam_score: float | None = None

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before


def outcome_changes(
    world: World,
    units: list[Unit],
    learning: dict[Learner, Learning],
    employment: Employment,
    as_of_day: int,
) -> list[dict[str, Any]]:
    """One row per program × metric × track, and one of a program with nothing to compare."""
    settings = world.settings
    n = max(settings.checkpoint_days)
    outcomes = Outcomes(world, n, as_of_day)
    completed = [u for u in units if u.completion_day is not None and u.learner.employee_id]
    controls = _controls(completed, outcomes, employment, n)
    of_programs: dict[str, dict[str, list[Unit]]] = defaultdict(lambda: defaultdict(list))
    for unit in completed:
        of_programs[unit.program_id or ALL][unit.learner.employee_id].append(unit)
    rows = []
    for program, people in of_programs.items():
        trained: dict[str, list[Person]] = defaultdict(list)
        for employee_id, mine in people.items():
            first = min(unit.completion_day for unit in mine)
            scores = [
                attempt_of(unit, learning[unit.learner])[1]
                for unit in mine
                if unit.completion_day == first
            ]
            exam = max((score for score in scores if score is not None), default=None)
            for metric, (before, after) in outcomes.changes(employee_id, first).items():
                if before is not None and after is not None:
                    track = employment.attributes(employee_id, first).track or UNKNOWN
                    person = Person(employee_id, _month(first), track, before, after, exam)
                    trained[metric].append(person)
        for metric, of_metric in trained.items():
            for track in sorted({person.track for person in of_metric} | {ALL}):
                ours = [p for p in of_metric if track in (ALL, p.track)]
                others = [p for p in controls[metric] if track in (ALL, p.track)]
                direction = settings.outcome_directions.get(metric)
                key = {"program_id": program, "metric_id": metric, "track": track}
                rows.append(key | _figures(ours, others, direction, settings))
        if not trained:
            key = {"program_id": program, "metric_id": "none", "track": ALL}
            rows.append(key | _not_measured(bool(outcomes.people)))
    return rows


def _month(day: int) -> str:
    return date.fromordinal(day).strftime("%Y-%m")


def _controls(
    completed: list[Unit], outcomes: Outcomes, employment: Employment, n: int
) -> dict[str, list[Person]]:
    """Per metric the people whom nobody had trained n days after the middle of a month, employed
    on that day."""
    first: dict[str, int] = {}
    for unit in completed:
        person = unit.learner.employee_id
        first[person] = min(unit.completion_day, first.get(person, unit.completion_day))
    middles = {
        date.fromordinal(unit.completion_day).replace(day=15).toordinal() for unit in completed
    }
    controls: dict[str, list[Person]] = defaultdict(list)
    for employee_id in outcomes.people:
        for middle in middles:
            if employee_id in first and first[employee_id] <= middle + n:
                continue
            if not employment.is_employed(employee_id, middle):
                continue
            track = employment.attributes(employee_id, middle).track or UNKNOWN
            for metric, (before, after) in outcomes.changes(employee_id, middle).items():
                if before is not None and after is not None:
                    person = Person(employee_id, _month(middle), track, before, after)
                    controls[metric].append(person)
    return controls


NUMBERS = [
    "mean_before", "mean_after", "mean_change", "mean_change_low", "mean_change_high",
]  # fmt: skip
DIFFERENCES = ["difference", "difference_low", "difference_high"]
EXAMS = ["exam_correlation", "exam_correlation_low", "exam_correlation_high"]


def _not_measured(has_outcomes: bool) -> dict[str, Any]:
    reason = "no_periods_before_and_after" if has_outcomes else "no_outcomes"
    return {
        "good_direction": None,
        "evidence_kind": "observational",
        "is_measured": False,
        "not_measured_reason": reason,
        "n_trained": 0,
        **dict.fromkeys(NUMBERS),
        "n_supported": 0,
        "n_controls": 0,
        **dict.fromkeys(DIFFERENCES),
        "n_exams": 0,
        **dict.fromkeys(EXAMS),
        "verdict": None,
        "verdict_reason": None,
    }


def _figures(
    trained: list[Person], controls: list[Person], direction: str | None, settings: Settings
) -> dict[str, Any]:
    """The change of the trained, and beside that of the controls of their months."""
    changes = np.array([person.change for person in trained])
    mean = float(changes.mean())
    row = _not_measured(True) | {
        "good_direction": direction,
        "is_measured": True,
        "not_measured_reason": None,
        "n_trained": len(trained),
        "mean_before": float(np.mean([person.before for person in trained])),
        "mean_after": float(np.mean([person.after for person in trained])),
        "mean_change": mean,
    }
    if len(trained) > 1:
        half = t_95(len(trained) - 1) * float(changes.std(ddof=1)) / math.sqrt(len(trained))
        row |= {"mean_change_low": mean - half, "mean_change_high": mean + half}
    row |= _exam(trained)
    value, error, n_supported, n_controls = _difference(trained, controls)
    row |= {"n_supported": n_supported, "n_controls": n_controls}
    floor = max(HARD_FLOOR, settings.min_cell)
    if min(n_supported, n_controls) < floor:
        reason = "few_people" if n_controls else "no_control"
        return row | {"verdict": "cannot tell", "verdict_reason": reason}
    half = t_95(min(n_supported, n_controls) - 1) * error
    row |= dict(zip(DIFFERENCES, (value, value - half, value + half), strict=True))
    if direction is None:
        return row | {"verdict": "cannot tell", "verdict_reason": "unknown_direction"}
    if abs(value) <= half:
        return row | {"verdict": "no significant difference"}
    return row | {"verdict": "better" if (value > 0) == (direction == "up") else "worse"}


def _difference(trained: list[Person], controls: list[Person]) -> tuple[float, float, int, int]:
    """Mean excess over the controls of the month, its error by person, and how many are behind
    it."""
    of_month: dict[str, list[Person]] = defaultdict(list)
    for control in controls:
        of_month[control.month].append(control)
    supported = [person for person in trained if of_month[person.month]]
    if not supported:
        return math.nan, math.nan, 0, 0
    means = {m: float(np.mean([c.change for c in some])) for m, some in of_month.items() if some}
    excess = [person.change - means[person.month] for person in supported]
    value = float(np.mean(excess))
    influence: dict[str, float] = defaultdict(float)
    for person, beyond in zip(supported, excess, strict=True):
        influence[person.employee_id] += (beyond - value) / len(supported)
    used: set[str] = set()
    for month in {person.month for person in supported}:
        weight = sum(person.month == month for person in supported) / len(supported)
        for control in of_month[month]:
            used.add(control.employee_id)
            distance = control.change - means[month]
            influence[control.employee_id] -= weight * distance / len(of_month[month])
    error = math.sqrt(sum(part**2 for part in influence.values()))
    return value, error, len(supported), len(used)


def _exam(trained: list[Person]) -> dict[str, Any]:
    """Pearson's correlation of exam score and change, with Fisher's interval."""
    pairs = [(p.exam_score, p.change) for p in trained if p.exam_score is not None]
    row: dict[str, Any] = {"n_exams": len(pairs)}
    if len(pairs) < 2:
        return row
    scores, changes = (np.array(side) for side in zip(*pairs, strict=True))
    deviations = scores.std(ddof=1), changes.std(ddof=1)
    if min(deviations) <= NOTHING:
        return row
    covariance = float(np.cov(scores, changes)[0, 1])
    correlation = covariance / float(deviations[0] * deviations[1])
    row["exam_correlation"] = correlation
    if len(pairs) > 3 and abs(correlation) < 1 - NOTHING:
        z, half = math.atanh(correlation), Z_95 / math.sqrt(len(pairs) - 3)
        row["exam_correlation_low"] = math.tanh(z - half)
        row["exam_correlation_high"] = math.tanh(z + half)
    return row
