"""`adoption_curves`: use in each week before and after training, reversion, first use and lapse.

Sources: metrics.md 4, 5 and 8.5; decision record 0010, lines 5 to 10.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from certgap.truth.aggregates import cells_of, manager_word
from certgap.truth.checkpoints import ELIGIBLE, WINDOW_OPEN, Judge
from certgap.truth.statistics import kaplan_meier, with_interval
from certgap.truth.units import Unit
from certgap.truth.usage import DAYS_IN_WEEK

MANAGER_DIMENSIONS = {"manager", "manager_tool"}
# Last day of sight, and whether the event was on it; time 0 is never at risk.
Sight = tuple[int, bool]


@dataclass(frozen=True)
class UnitCurve:
    """What one unit shows: its status and use in each week, and two times to an event."""

    status: dict[int, str]
    is_active: dict[int, bool]  # only of the weeks at risk
    first_use: Sight
    lapse: Sight | None  # None: no first use in sight, or a weekly tool


def last_day_number(week: int) -> int:
    """0010.5: weeks 1, 2, ... end on days 7, 14, ...; weeks -1, -2, ... on days -1, -8, ..."""
    return DAYS_IN_WEEK * week if week > 0 else DAYS_IN_WEEK * (week + 1) - 1


class CurveReader:
    """Follows units day by day."""

    def __init__(self, judge: Judge) -> None:
        """Keep what is asked, and what was already followed: programs share index dates."""
        self.judge = judge
        before, after = judge.settings.curve_weeks_before, judge.settings.curve_weeks_after
        self.weeks = [*range(-before, 0), *range(1, after + 1)]
        self.last_day = DAYS_IN_WEEK * after
        self._read: dict[tuple[str, str, int], UnitCurve] = {}

    def curve(self, unit: Unit) -> UnitCurve:
        """The curve of a completed unit of a known learner."""
        key = (unit.learner.employee_id, unit.tool_id, unit.completion_day)
        if key not in self._read:
            self._read[key] = self._follow(unit)
        return self._read[key]

    def _follow(self, unit: Unit) -> UnitCurve:
        # 0010.5: seven days, whatever a block of a checkpoint has.
        judge, length = self.judge, DAYS_IN_WEEK
        status = {week: judge.status(unit, last_day_number(week), length) for week in self.weeks}
        is_active = {
            week: judge.is_active(unit, last_day_number(week), length)
            for week in self.weeks
            if status[week] == ELIGIBLE
        }
        end = self._end_of_sight(unit)
        used = self._days_of_use(unit, end)
        lapse = None
        if used and not self.judge.coverage.of(unit.tool_id).is_weekly:
            lapse = self._lapse(used, end)
        first_use = (used[0], True) if used else (end, False)
        return UnitCurve(status, is_active, first_use, lapse)

    def _end_of_sight(self, unit: Unit) -> int:
        """0010.8: the day before the first one not covered, not yet judged or not employed."""
        tool = self.judge.coverage.of(unit.tool_id)
        employee, as_of_day = unit.learner.employee_id, self.judge.coverage.as_of_day
        for number in range(1, self.last_day + 1):
            day = unit.completion_day + number
            if day not in tool.covered or tool.is_open(day, as_of_day):
                return number - 1
            if not self.judge.employment.is_employed(employee, day):
                return number - 1
        return self.last_day

    def _days_of_use(self, unit: Unit, end: int) -> list[int]:
        """Day numbers from 1 to the end of sight with observed use."""
        seen = self.judge.usage.of(unit.learner.employee_id, unit.tool_id)
        completed = unit.completion_day
        return [number for number in range(1, end + 1) if completed + number in seen.days]

    def _lapse(self, used: list[int], end: int) -> Sight:
        """0010.9: days from the first use to the day on which `lapse_days` without use are full."""
        first, gap = used[0], self.judge.settings.lapse_days
        for day, following in zip(used, [*used[1:], end + 1], strict=True):
            # The days day+1 .. day+gap are without use and in sight.
            if day + gap < following:
                return day + gap - first, True
        return end - first, False


def adoption_curves(units: list[Unit], judge: Judge, key: str) -> list[dict[str, Any]]:
    """One row per program × tool × dimension × value × week."""
    reader = CurveReader(judge)
    employment = judge.employment
    cells: dict[tuple[str, str, str, str], list[UnitCurve]] = defaultdict(list)
    for unit in units:
        employee, day = unit.learner.employee_id, unit.completion_day
        if employee is None or day is None:
            continue
        attributes = employment.attributes(employee, day)
        manager = manager_word(employment.manager_on(employee, day), key)
        curve = reader.curve(unit)
        for cell in cells_of(unit, attributes, manager, day, unit.completion_platform):
            if judge.settings.curve_managers or cell[2] not in MANAGER_DIMENSIONS:
                cells[cell].append(curve)
    return [row for cell, curves in sorted(cells.items()) for row in _rows(cell, curves, reader)]


def _rows(
    cell: tuple[str, str, str, str], curves: list[UnitCurve], reader: CurveReader
) -> list[dict[str, Any]]:
    """All weeks of one cell."""
    names = ("program_id", "tool_id", "dimension", "dimension_value")
    first_use = [curve.first_use for curve in curves]
    lapse = [curve.lapse for curve in curves if curve.lapse is not None]
    waiting = kaplan_meier(first_use, reader.last_day)
    using = kaplan_meier(lapse, reader.last_day)
    rows = []
    week_before = None
    for week in reader.weeks:
        row: dict[str, Any] = dict(zip(names, cell, strict=True))
        row |= {"week_number": week, "last_day_number": last_day_number(week)}
        row |= _counts(curves, week) | _reversion(curves, week, week_before)
        row |= _survival(("n_waiting", "n_first_use", "first_use_rate"), first_use, waiting, week)
        row |= _survival(("n_using", "n_lapsed", "lapse_rate"), lapse, using, week)
        rows.append(row)
        week_before = week
    return rows


def _counts(curves: list[UnitCurve], week: int) -> dict[str, Any]:
    """0010.6: the units at risk and active, and why the others are not at risk."""
    statuses = [curve.status[week] for curve in curves]
    at_risk, is_open = statuses.count(ELIGIBLE), statuses.count(WINDOW_OPEN)
    active = sum(curve.is_active.get(week, False) for curve in curves)
    return {
        "n_completed": len(curves),
        "n_at_risk": at_risk,
        "n_window_open": is_open,
        "n_not_judged": len(curves) - at_risk - is_open,
        "n_active": active,
    } | with_interval("active_rate", active, at_risk)


def _reversion(curves: list[UnitCurve], week: int, before: int | None) -> dict[str, Any]:
    """0010.7: at risk in both weeks and active in the first: the share not active any more."""
    if before is None:
        names = ("n_reversion_at_risk", "n_reverted")
        rates = ("reversion_rate", "reversion_rate_low", "reversion_rate_high")
        return dict.fromkeys([*names, *rates])
    both = [
        curve.is_active[week]
        for curve in curves
        if curve.is_active.get(before, False) and week in curve.is_active
    ]
    reverted = both.count(False)
    return {"n_reversion_at_risk": len(both), "n_reverted": reverted} | with_interval(
        "reversion_rate", reverted, len(both)
    )


def _survival(
    names: tuple[str, str, str], sights: list[Sight], survival: list[float], week: int
) -> dict[str, Any]:
    """0010.8, 0010.9: at risk on the first day of the week, events in it, 1 - S at its end."""
    if week < 0:
        return dict.fromkeys(names)
    last = last_day_number(week)
    first = last - DAYS_IN_WEEK + 1
    at_risk = sum(time >= first for time, _ in sights)
    events = sum(is_event and first <= time <= last for time, is_event in sights)
    share = 1 - survival[last] if at_risk else None
    return dict(zip(names, (at_risk, events, share), strict=True))
