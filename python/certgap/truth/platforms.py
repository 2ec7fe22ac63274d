"""`platform_portfolio`: what a learning platform costs, what is learned there, what is only there.

Sources: decision record 0014, lines 13 to 18.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from certgap.truth.checkpoints import Checkpoint
from certgap.truth.courses import Group
from certgap.truth.days import ALWAYS, STILL, ordinal
from certgap.truth.statistics import rate, with_interval
from certgap.truth.units import Learner, Learning
from certgap.truth.world import Settings, World

YEAR = 365
FLAGS = ("has_outcome_data_clause", "integrates_xapi", "integrates_scorm")
# Learner -> the courses completed on one platform within the year.
Completed = dict[Learner, set[Group]]


def platform_portfolio(
    world: World,
    learning: dict[Learner, Learning],
    checkpoints: list[Checkpoint],
    as_of_day: int,
) -> list[dict[str, Any]]:
    """One row per platform."""
    settings = world.settings
    first_days, completed, offered = _completions(learning, as_of_day)
    contracts = _contracts(world, as_of_day)
    names = set(first_days) | set(contracts)
    delivered = {source for (source,) in world.columns("events", "source_system")}
    n_all = sum(len(groups) for of in completed.values() for groups in of.values())
    rows = []
    for name in sorted(names):
        others = names - {name}
        elsewhere = {group for other in others for group in offered[other]}
        learners_elsewhere = {learner for other in others for learner in completed[other]}
        row = {"platform": name} | _status(name in delivered) | _terms(contracts.get(name, []))
        first = first_days.get(name)
        days = None if first is None else min(YEAR, as_of_day - first + 1)
        figures = _learned(offered[name], elsewhere, completed[name], learners_elsewhere, n_all)
        figures |= _units(name, checkpoints, settings, as_of_day)
        row |= {"first_completion_date": None if first is None else date.fromordinal(first)}
        row |= {"n_days_observed": days}
        is_told = name in delivered
        row |= figures if is_told else dict.fromkeys(figures)
        cost, seen = row["annual_cost"], None
        if cost is not None and days is not None:
            seen = cost * days / YEAR
        heads = (figures["n_completions"], figures["n_completions"])
        row |= _per_head("cost_per_completion", seen, cost, *heads)
        judged = figures["n_units"] - figures["n_units_judged"] + figures["n_adopters"]
        row |= _per_head("cost_per_adopter", seen, cost, judged, figures["n_adopters"])
        rows.append(row | _verdict(is_told, row["n_contracts"], figures, n_all, settings))
    return rows


def _completions(
    learning: dict[Learner, Learning], as_of_day: int
) -> tuple[dict[str, int], dict[str, Completed], dict[str, set[Group]]]:
    """0014.13, 0014.14: first days of platforms, who completed what in the year, and what ever."""
    first_days: dict[str, int] = {}
    offered: dict[str, set[Group]] = defaultdict(set)
    completed: dict[str, Completed] = defaultdict(lambda: defaultdict(set))
    for learner, record in learning.items():
        for event in record.satisfying:
            platform = event.source_system
            offered[platform].add(event.group)
            first_days[platform] = min(event.day, first_days.get(platform, event.day))
            if event.day > as_of_day - YEAR:
                completed[platform][learner].add(event.group)
    return first_days, completed, offered


def _contracts(world: World, as_of_day: int) -> dict[str, list[dict[str, Any]]]:
    """The contracts valid on the as-of day; both of their days are inside."""
    valid: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in world.reference["platform_contracts"]:
        first = ordinal(row.get("contract_start"), ALWAYS)
        if first <= as_of_day <= ordinal(row.get("contract_end"), STILL):
            valid[row["platform"]].append(row)
    return dict(valid)


def _status(is_delivered: bool) -> dict[str, Any]:
    return {
        "learning_status": "measured" if is_delivered else "not measured",
        "learning_status_reason": None if is_delivered else "no_feed",
    }


def _terms(contracts: list[dict[str, Any]]) -> dict[str, Any]:
    """0014.15: costs add up where all are stated, in one currency; blank is not no."""

    def stated(column: str) -> list[Any]:
        return [row[column] for row in contracts if row.get(column) is not None]

    costs, currencies = stated("annual_cost"), {row.get("currency") for row in contracts}
    is_one = len(currencies) == 1
    ends = [row.get("contract_end") for row in contracts]
    terms: dict[str, Any] = {
        "n_contracts": len(contracts),
        "annual_cost": sum(costs)
        if contracts and is_one and len(costs) == len(contracts)
        else None,
        "currency": next(iter(currencies)) if is_one else None,
        "contract_seats": sum(stated("seats")) if stated("seats") else None,
        "contract_end": max(ends) if ends and None not in ends else None,
        "refresh_cadence_months": min(stated("refresh_cadence_months"), default=None),
    }
    return terms | {flag: any(stated(flag)) if stated(flag) else None for flag in FLAGS}


def _learned(
    offered: set[Group],
    elsewhere: set[Group],
    completed: Completed,
    learners_elsewhere: set[Learner],
    n_all: int,
) -> dict[str, Any]:
    """0014.14, 0014.16: the courses, the learners, and what is only there."""
    pairs = [(learner, group) for learner, groups in completed.items() for group in groups]
    known = sum(learner.employee_id is not None for learner, _ in pairs)
    figures = {
        "n_courses": len(offered),
        "n_courses_elsewhere": len(offered & elsewhere),
        "course_overlap_rate": rate(len(offered & elsewhere), len(offered)),
        "n_learners": len(completed),
        "n_learners_elsewhere": sum(learner in learners_elsewhere for learner in completed),
        "n_completions": len(pairs),
        "completion_share": rate(len(pairs), n_all),
        "n_completions_offered_elsewhere": sum(group in elsewhere for _, group in pairs),
        "n_completions_attributed": known,
        "n_courses_lost": len(offered - elsewhere),
        "n_learners_of_lost_courses": sum(
            bool(groups - elsewhere) for groups in completed.values()
        ),
    }
    figures["n_learners_only_here"] = figures["n_learners"] - figures["n_learners_elsewhere"]
    return figures | with_interval("hris_join_rate", known, len(pairs))


def _units(
    name: str, checkpoints: list[Checkpoint], settings: Settings, as_of_day: int
) -> dict[str, int]:
    """Learner-tool units completed on the platform within the year, at the last N."""
    last_n = max(settings.checkpoint_days)
    units = [
        c
        for c in checkpoints
        if c.unit.program_id is None
        and c.checkpoint_day == last_n
        and c.unit.completion_platform == name
        and c.unit.completion_day > as_of_day - YEAR
    ]
    return {
        "n_units": len(units),
        "n_units_judged": sum(c.is_eligible for c in units),
        "n_adopters": sum(c.is_adopted for c in units),
    }


def _per_head(
    name: str, low_cost: float | None, high_cost: float | None, many: int, few: int
) -> dict[str, float | None]:
    return {
        f"{name}_low": low_cost / many if low_cost is not None and many else None,
        f"{name}_high": high_cost / few if high_cost is not None and few else None,
    }


def _verdict(
    is_told: bool, n_contracts: int, figures: dict[str, Any], n_all: int, settings: Settings
) -> dict[str, Any]:
    """0014.17: most of it is elsewhere, and little of all is learned there."""
    reason = None
    if not is_told:
        reason = "no_feed"
    elif not n_contracts:
        reason = "no_contract"
    elif not n_all:
        reason = "no_completions"
    verdict = "cannot tell"
    if reason is None:
        overlap = figures["course_overlap_rate"]
        if overlap is None or overlap < settings.portfolio_overlap_rate:
            reason = "few_courses_elsewhere"
        elif figures["completion_share"] > settings.portfolio_small_share:
            reason = "many_completions"
        verdict = "keep" if reason else "candidate"
    return {"consolidation_verdict": verdict, "consolidation_reason": reason}
