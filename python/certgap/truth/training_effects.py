"""`training_effects`: who was where in which month, and what the effects by hand make of it.

Sources: metrics.md 9.2; decision record 0012.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from scipy.stats import chi2

from certgap.truth.aggregates import ALL
from certgap.truth.checkpoints import Judge
from certgap.truth.effects import Effects, Estimator, Figure, Name
from certgap.truth.matched import Alike, Matched, Observed, alike_of, matched_figures
from certgap.truth.segments import PersonWeeks, ToolWeeks, person_weeks, tool_weeks
from certgap.truth.statistics import Z_95, t_95, t_test
from certgap.truth.units import Unit
from certgap.truth.usage import DAYS_IN_WEEK

HARD_FLOOR = 5
ALPHA = 0.05
# Normal deviate below which 80% lie.
Z_POWER_80 = 0.8416212335729143
# A standard error below it is rounding: nobody's use differed from anybody's.
NO_ERROR = 1e-9
# Of differences in differences there is no share of either side.
NOTHING_BESIDE: dict[str, float | None] = dict.fromkeys(
    ("treated_rate", "control_rate", "e_value", "e_value_of_interval")
)
ESTIMATORS = ("completion", "assignment")
COMPLETION = ESTIMATORS[0]
TEAM_MATES = "team_mates"
MATCHED = "matched"


def month_number(day: int) -> int:
    """Months counted through."""
    calendar = date.fromordinal(day)
    return 12 * calendar.year + calendar.month


def first_day(month: int) -> int:
    """The first day of a numbered month."""
    return date((month - 1) // 12, (month - 1) % 12 + 1, 1).toordinal()


@dataclass
class ToolMonths:
    """The months of one tool's panel, and which of its judged weeks make the outcome of each."""

    weeks: ToolWeeks
    places: dict[int, list[int]]  # month → places in weeks.starts, of covered weeks only

    @property
    def first_day(self) -> int:
        """First day of the panel."""
        return first_day(min(self.places))

    @property
    def last_day(self) -> int:
        """Last day of the panel."""
        return first_day(max(self.places) + 1) - 1


def tool_months(weeks: ToolWeeks, judge: Judge) -> ToolMonths | None:
    """0012.3: months of which most weeks are covered, every day judged and every seat known."""
    tool = weeks.tool
    judged: dict[int, list[int]] = {}
    for place, start in enumerate(weeks.starts):
        judged.setdefault(month_number(start + DAYS_IN_WEEK - 1), []).append(place)

    def covered(month: int) -> list[int]:
        return [p for p in judged[month] if weeks.uncovered_days(weeks.starts[p], 1) == 0]

    def is_known(month: int) -> bool:
        first, last = first_day(month), first_day(month + 1) - 1
        starts = [weeks.starts[place] for place in judged[month]]
        # The weeks before and after them end in other months.
        complete = starts[0] - 1 < first and starts[-1] + 2 * DAYS_IN_WEEK - 1 > last
        seats = not tool.is_sold_by_seat or all(
            day in tool.seats_covered for day in range(first, last + 1)
        )
        mostly = 2 * len(covered(month)) > len(starts)
        return complete and mostly and seats and last <= judge.coverage.as_of_day

    known = [month for month in judged if is_known(month)]
    newest = max(known, default=0)
    kept = {m: covered(m) for m in known if m > newest - judge.settings.effect_months}
    return ToolMonths(weeks, kept) if kept else None


def entry(employee: str, months: ToolMonths, judge: Judge) -> int | None:
    """0012.4: the month from which the person could have used the tool, to the panel's end.

    Employed on every day and, of a tool sold by seat, seated in every calendar month.
    """
    rows = judge.employment.rows.get(employee, ())
    # Between these days nothing about the employment changes.
    changes = sorted({day for row in rows for day in (row.valid_from, row.valid_to)})
    # A seat that ends on the day it begins is none.
    seats = [
        (start, end)
        for start, end in judge.usage.seats.get((employee, months.weeks.tool_id), ())
        if start < end
    ]
    entered = None
    for month in range(max(months.places), min(months.places) - 1, -1):
        first, last = first_day(month), first_day(month + 1) - 1
        days = [first, *(day for day in changes if first < day <= last)]
        if not all(judge.employment.is_employed(employee, day) for day in days):
            break
        is_seated = any(start <= last and end > first for start, end in seats)
        if months.weeks.tool.is_sold_by_seat and not is_seated:
            break
        entered = month
    return entered


@dataclass
class Member:
    """One person of a tool's panel."""

    entered: int
    cluster: str
    manager: str | None
    outcome: list[float]
    units: dict[str | None, Unit]  # by program; None: the learner-tool unit
    alike: Alike
    # By month, whether the last covered week had use.
    is_active_at_end: list[bool]


def members(
    months: ToolMonths, of_learner: dict[str, dict[str | None, Unit]], judge: Judge
) -> list[Member]:
    """0012.4, 0012.6: who is in the panel, under whom, and what they did in each month."""
    found = []
    for employee in judge.employment.rows:
        entered = entry(employee, months, judge)
        if entered is not None:
            row = judge.employment.row_on(employee, first_day(entered))
            use = person_weeks(months.weeks, judge.usage.of(employee, months.weeks.tool_id))
            manager = row.manager if row else None
            outcome = shares_of_weeks(months, use)
            found.append(
                Member(
                    entered,
                    manager or employee,
                    manager,
                    outcome,
                    of_learner.get(employee, {}),
                    alike_of(employee, first_day(entered), judge),
                    [use.is_active[max(places)] for _, places in sorted(months.places.items())],
                )
            )
    return found


def exposures(of_learner: dict[str, dict[str | None, Unit]], judge: Judge) -> dict[str, int]:
    """0012.17: by manager, the first day on which a report of theirs completed."""
    first: dict[str, int] = {}
    for employee, of_one in of_learner.items():
        unit = of_one.get(None)
        if unit is not None and unit.completion_day is not None:
            row = judge.employment.row_on(employee, unit.completion_day)
            if row is not None and row.manager is not None:
                known = first.get(row.manager, unit.completion_day)
                first[row.manager] = min(known, unit.completion_day)
    return first


def exposed_month(person: Member, exposed: dict[str, int], months: ToolMonths) -> float | None:
    """0012.17: the month in which the team was first trained; None: trained, or in no panel."""
    of_any = person.units.get(None)
    trained = of_any.completion_day if of_any is not None else None
    if trained is not None and trained <= months.last_day:
        return None
    day = exposed.get(person.manager) if person.manager is not None else None
    if day is None or month_number(day) > max(months.places):
        return math.inf
    return month_number(day) if month_number(day) > person.entered else None


def treated_month(
    person: Member, program_id: str | None, estimator: str, months: ToolMonths
) -> float | None:
    """0012.5: the month of the treatment, infinite for none in the panel; None: in no panel."""
    unit, of_any = person.units.get(program_id), person.units.get(None)
    begun = day = None
    if unit is not None:
        by_completion = estimator == COMPLETION
        day = unit.completion_day if by_completion else unit.assignment_day
        begun = unit.first_day if by_completion else unit.assignment_day
    if of_any is not None:
        ways = [of_any.completion_day]
        if estimator != COMPLETION:
            ways.append(of_any.assignment_day)
        came = [way for way in ways if way is not None]
        # Another way: instead of the treatment, or before it began.
        if came and (day is None or min(came) < begun):
            return None
    if day is None or month_number(day) > max(months.places):
        return math.inf
    return month_number(day) if month_number(day) > person.entered else None


def shares_of_weeks(months: ToolMonths, use: PersonWeeks) -> list[float]:
    """0012.2: the outcome, month by month."""
    return [
        sum(use.is_active[place] for place in places) / len(places)
        for _, places in sorted(months.places.items())
    ]


def training_effects(tools: list[str], units: list[Unit], judge: Judge) -> list[dict[str, Any]]:
    """One row per program (and all) × tool × estimator × aggregation × value."""
    rows = []
    for tool_id in tools:
        weeks = tool_weeks(tool_id, judge.coverage.of(tool_id), judge.coverage.as_of_day)
        months = tool_months(weeks, judge) if weeks.starts else None
        if months is None:
            continue
        of_learner: dict[str, dict[str | None, Unit]] = {}
        for unit in units:
            if unit.tool_id == tool_id and unit.learner.employee_id is not None:
                of_learner.setdefault(unit.learner.employee_id, {})[unit.program_id] = unit
        people = members(months, of_learner, judge)
        programs = {program for of_one in of_learner.values() for program in of_one}
        for program_id in sorted(programs, key=str):
            readings = {
                estimator: [treated_month(p, program_id, estimator, months) for p in people]
                for estimator in ESTIMATORS
            }
            if program_id is None:
                exposed = exposures(of_learner, judge)
                readings[TEAM_MATES] = [exposed_month(p, exposed, months) for p in people]
            for estimator, treated in readings.items():
                effects = _estimate(people, treated, months, judge)
                if effects is not None:
                    of_panel = {
                        **{"program_id": program_id or ALL, "tool_id": tool_id},
                        "estimator": estimator,
                        "evidence_kind": "observational",
                        "control_group": judge.settings.effect_controls,
                        "panel_first_date": date.fromordinal(months.first_day),
                        "panel_last_date": date.fromordinal(months.last_day),
                    }
                    rows += [
                        of_panel | _row(name, figure, effects, judge)
                        for name, figure in effects.figures.items()
                    ]
                    if estimator == COMPLETION:
                        rows += [
                            of_panel | {"estimator": MATCHED} | row
                            for row in matched_rows(people, program_id, months, judge)
                        ]
    return rows


def _estimate(
    people: list[Member], treated: list[float | None], months: ToolMonths, judge: Judge
) -> Effects | None:
    """The panel of one program, tool and reading; None without anybody."""
    settings = judge.settings
    kept = [(p, month) for p, month in zip(people, treated, strict=True) if month is not None]
    if not kept:
        return None
    _, clusters = np.unique([person.cluster for person, _ in kept], return_inverse=True)
    return Estimator(
        sorted(months.places),
        np.array([month for _, month in kept], dtype=float),
        clusters.ravel(),
        np.array([person.outcome for person, _ in kept]),
        never_only=settings.effect_controls == "never_treated",
        least=max(HARD_FLOOR, settings.min_cell),
        leads=settings.effect_leads,
        entered=np.array([person.entered for person, _ in kept], dtype=float),
    ).estimate()


def matched_rows(
    people: list[Member], program_id: str | None, months: ToolMonths, judge: Judge
) -> Iterator[dict[str, Any]]:
    """0012.10: the matched reading of a panel of completion."""
    observed = []
    for person in people:
        month = treated_month(person, program_id, COMPLETION, months)
        if month is not None:
            observed.append(
                Observed(
                    month,
                    person.entered,
                    person.cluster,
                    person.alike,
                    person.outcome,
                    person.is_active_at_end,
                )
            )
    never_only = judge.settings.effect_controls == "never_treated"
    least = max(HARD_FLOOR, judge.settings.min_cell)
    for value, matched in matched_figures(sorted(months.places), observed, never_only, least):
        name: Name = ("overall", None) if value is None else ("event_time", value)
        row = _judged_row(name, matched.figure, matched.n_clusters, None, None, judge, MATCHED)
        yield row | _beside(row, matched)


def _beside(row: dict[str, Any], matched: Matched) -> dict[str, float | None]:
    """0012.18: the use of both sides, and the E-values of the difference and of its interval."""
    points = row["effect_points"]
    if points is None:
        return NOTHING_BESIDE
    treated, controls = matched.treated_rate, matched.control_rate
    low, high = row["effect_points_low"], row["effect_points_high"]
    nearer = 0.0 if low <= 0 <= high else (low if points > 0 else high) / 100
    return {
        "treated_rate": treated,
        "control_rate": controls,
        "e_value": _e_value(treated, controls),
        "e_value_of_interval": _e_value(controls + nearer, controls),
    }


def _e_value(rate: float, other: float) -> float | None:
    """VanderWeele & Ding (2017), of the risk ratio, turned round below 1."""
    if min(rate, other) <= 0:
        return None
    ratio = max(rate / other, other / rate)
    return ratio + math.sqrt(ratio * (ratio - 1))


def _row(name: Name, figure: Figure, effects: Effects, judge: Judge) -> dict[str, Any]:
    """One figure of differences in differences."""
    statistic, freedom = effects.pretest
    pretrend = float(chi2.sf(statistic, freedom)) if freedom else None
    return _judged_row(name, figure, effects.n_clusters, freedom, pretrend, judge)


def _judged_row(
    name: Name,
    figure: Figure,
    n_clusters: int,
    freedom: int | None,
    pretrend: float | None,
    judge: Judge,
    estimator: str = COMPLETION,
) -> dict[str, Any]:
    """One figure in points, and the verdict."""
    aggregation, value = name
    is_lead = aggregation == "event_time" and value is not None and value < 0
    reason = None
    if figure.estimate is None:
        reason = "few_people"
    elif (
        min(
            figure.n_treated_clusters,
            figure.n_treated,
            figure.n_control_clusters,
            figure.n_controls,
        )
        < judge.settings.effect_min_clusters
        or (figure.standard_error or 0) < NO_ERROR
    ):
        reason = "few_managers"
    row: dict[str, Any] = {
        "aggregation": aggregation,
        "aggregation_value": _value(aggregation, value),
        "event_month": int(value) if aggregation == "event_time" and value is not None else None,
        "is_lead": is_lead,
        "n_treated": figure.n_treated,
        "n_controls": figure.n_controls,
        "n_clusters": n_clusters,
        "n_treated_clusters": figure.n_treated_clusters,
        "n_control_clusters": figure.n_control_clusters,
        "n_cells": figure.n_cells,
        "n_dropped_cells": figure.n_dropped_cells,
        "pretrend_degrees_of_freedom": freedom,
        "pretrend_p_value": pretrend,
    }
    numbers: dict[str, float | None] = dict.fromkeys(
        ("effect_points", "standard_error_points", "effect_points_low", "effect_points_high")
    )
    p_value = detectable = None
    if reason is None:
        points, error = 100 * figure.estimate, 100 * figure.standard_error
        quantile = Z_95
        if estimator == MATCHED:  # 0012.11: Student's t
            freedom_of_t = min(figure.n_treated_clusters, figure.n_control_clusters) - 1
            quantile = t_95(freedom_of_t)
            p_value = t_test(points / error, freedom_of_t)
        else:
            p_value = math.erfc(abs(points / error) / math.sqrt(2))
        detectable = (quantile + Z_POWER_80) * error
        numbers = {
            "effect_points": points,
            "standard_error_points": error,
            "effect_points_low": points - quantile * error,
            "effect_points_high": points + quantile * error,
        }
        if not is_lead:
            before = 1.0 if estimator == MATCHED else pretrend  # no trends to look at
            reason = _doubt(before, p_value, detectable, judge)
    row |= numbers | {"p_value": p_value, "smallest_detectable_points": detectable}
    row |= NOTHING_BESIDE
    return row | {"verdict": _verdict(reason, p_value, is_lead), "verdict_reason": reason}


def _value(aggregation: str, value: int | None) -> str:
    if value is None:
        return ALL
    if aggregation == "event_time":
        return str(int(value))
    return date.fromordinal(first_day(int(value))).strftime("%Y-%m")


def _doubt(pretrend: float | None, p_value: float, detectable: float, judge: Judge) -> str | None:
    """0012.9: why a figure that has a number still tells nothing."""
    if pretrend is None:
        return "untested_pretrends"
    if pretrend < ALPHA:
        return "differing_pretrends"
    if p_value >= ALPHA and detectable > judge.settings.effect_relevant_points:
        return "small_sample"
    return None


def _verdict(reason: str | None, p_value: float | None, is_lead: bool) -> str:
    """0012.9: in words."""
    if reason is not None:
        return "cannot tell"
    if p_value >= ALPHA:
        return "no significant difference"
    return "difference before training" if is_lead else "effect"
