"""`manager_cohorts`: the people who had the same manager on their index date.

Sources: metrics.md 8.3 to 8.7; decision record 0002, lines 33 to 38.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from certgap.truth.aggregates import ALL, count_assignment, count_checkpoint, rates
from certgap.truth.checkpoints import Checkpoint
from certgap.truth.employment import KNOWN, Employment, Manager, pseudonym
from certgap.truth.statistics import competition_ranks, median, with_interval
from certgap.truth.units import Unit

# program, tool, manager: (status, employee_id)
CohortKey = tuple[str, str, tuple[str, str | None]]
# (employee, tool, N) -> adopted, for program-free eligible units
OwnUse = dict[tuple[str, str, int], bool]


@dataclass
class Cohort:
    """Counts of one manager's people."""

    assignments: Counter[str] = field(default_factory=Counter)
    by_n: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    completion_days: list[int] = field(default_factory=list)
    # Per unit: adopted or not at the checkpoints where it is eligible.
    adopted_at: list[dict[int, bool]] = field(default_factory=list)


def manager_cohorts(
    units: list[Unit],
    checkpoints: list[Checkpoint],
    employment: Employment,
    enablement: dict[str, dict[str, int]],
    key: str,
    ns: list[int],
    min_cell: int,
) -> list[dict[str, Any]]:
    """One row per program × tool × manager × N; `enablement` is program -> person -> day."""
    cohorts = _collect(units, checkpoints, employment)
    own_use: OwnUse = {
        (c.unit.learner.employee_id, c.unit.tool_id, c.checkpoint_day): c.is_adopted
        for c in checkpoints
        if c.unit.program_id is None and c.is_eligible
    }
    tools = sorted({unit.tool_id for unit in units})
    rows = []
    for (program, tool, manager), cohort in sorted(cohorts.items(), key=str):
        activation = _activation(manager, cohort, enablement[program])
        reversion = _reversion(cohort, 30, 60) | _reversion(cohort, 60, 90)
        for n in ns:
            own_tools = tools if tool == ALL else [tool]
            own = [own_use[manager[1], t, n] for t in own_tools if (manager[1], t, n) in own_use]
            word = pseudonym(key, manager[1]) if manager[0] == KNOWN else manager[0]
            rows.append(
                {
                    "program_id": program,
                    "tool_id": tool,
                    "manager_key": word,
                    "checkpoint_day": n,
                    "dimension": "manager",
                    "dimension_value": word,
                    "manager_is_adopted": any(own) if own else None,
                    "adoption_rank": None,
                }
                | _counts_and_rates(cohort, n)
                | activation
                | reversion
            )
    _rank(rows, min_cell)
    return rows


def _collect(
    units: list[Unit], checkpoints: list[Checkpoint], employment: Employment
) -> dict[CohortKey, Cohort]:
    """Assigned units under the manager of day A, completed ones under the manager of day C."""
    cohorts: dict[CohortKey, Cohort] = defaultdict(Cohort)
    for unit in units:
        if unit.is_due and unit.learner.employee_id:
            manager = employment.manager_on(unit.learner.employee_id, unit.assignment_day)
            for cohort_key in _keys(unit, manager):
                cohorts[cohort_key].assignments.update(count_assignment(unit))
    by_unit: dict[int, list[Checkpoint]] = defaultdict(list)
    for checkpoint in checkpoints:
        by_unit[id(checkpoint.unit)].append(checkpoint)
    for of_unit in by_unit.values():
        unit, manager = of_unit[0].unit, of_unit[0].manager_at_completion
        for cohort_key in _keys(unit, manager):
            cohort = cohorts[cohort_key]
            cohort.completion_days.append(unit.completion_day)
            cohort.adopted_at.append(
                {c.checkpoint_day: c.is_adopted for c in of_unit if c.is_eligible}
            )
            for checkpoint in of_unit:
                cohort.by_n[checkpoint.checkpoint_day].update(count_checkpoint(checkpoint))
    return cohorts


def _keys(unit: Unit, manager: Manager) -> list[CohortKey]:
    """The cohorts of a unit: of its tool, and over all tools."""
    who = (manager.status, manager.employee_id)
    return [(unit.program_id or ALL, tool, who) for tool in (unit.tool_id, ALL)]


def _counts_and_rates(cohort: Cohort, n: int) -> dict[str, Any]:
    counts = cohort.assignments + cohort.by_n[n]
    wanted = (
        "completion_rate", "completion_rate_low", "completion_rate_high",
        "adoption_rate", "adoption_rate_low", "adoption_rate_high",
    )  # fmt: skip
    all_rates = rates(counts)
    return {
        "n_reports_assigned": counts["n_assigned"],
        "n_reports_completed": counts["n_assigned_completed"],
        "n_completed": counts["n_completed"],
        "n_eligible": counts["n_eligible"],
        "n_adopted": counts["n_adopted"],
    } | {name: all_rates[name] for name in wanted}


def _activation(
    manager: tuple[str, str | None], cohort: Cohort, enabled_on: dict[str, int]
) -> dict[str, Any]:
    """8.4, 0002.34: median lead over the completed units, its bin, activated or not."""
    status, employee_id = manager
    lead = name = activation = None
    first = enabled_on.get(employee_id) if employee_id else None
    if status == KNOWN and first is None:
        activation = name = "not_activated"
    elif status == KNOWN and cohort.completion_days:
        lead = median([day - first for day in cohort.completion_days])
        name = lead_bin(math.floor(lead))
        activation = "after_report" if name == "after_report" else "activated"
    return {
        "activation_status": activation,
        "activation_lead_days": lead,
        "activation_lead_bin": name,
    }


def lead_bin(lead_days: int) -> str:
    """8.4: by whole days from the enablement to the index date."""
    if lead_days < 0:
        return "after_report"
    if lead_days < 28:
        return "0-27"
    return "28-42" if lead_days <= 42 else "43+"


def _reversion(cohort: Cohort, early: int, late: int) -> dict[str, int | float | None]:
    """8.5, 9.1: of those eligible at both and adopted at the first, the share no longer adopted."""
    adopted = [unit for unit in cohort.adopted_at if early in unit and late in unit and unit[early]]
    reverted = sum(not unit[late] for unit in adopted)
    span = f"{early}_{late}"
    counts = {f"n_at_risk_{span}": len(adopted), f"n_reverted_{span}": reverted}
    return counts | with_interval(f"reversion_rate_{span}", reverted, len(adopted))


def _rank(rows: list[dict[str, Any]], min_cell: int) -> None:
    """8.7, 0002.37: by adoption rate, only of known managers with enough eligible reports."""
    partitions: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["manager_key"] not in ("unknown", "no_manager") and row["n_eligible"] >= min_cell:
            partition = (row["program_id"], row["tool_id"], row["checkpoint_day"])
            partitions[partition].append(row)
    for ranked in partitions.values():
        ranks = competition_ranks([row["adoption_rate"] for row in ranked])
        for row, position in zip(ranked, ranks, strict=True):
            row["adoption_rank"] = position
