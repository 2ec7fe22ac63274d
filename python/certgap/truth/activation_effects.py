"""`manager_activation_effects`: reports of activated managers beside those of the others.

Sources: metrics.md 8.4 to 8.6; decision record 0013.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from certgap.truth.aggregates import ALL
from certgap.truth.checkpoints import Checkpoint
from certgap.truth.cohorts import lead_bin
from certgap.truth.employment import KNOWN
from certgap.truth.statistics import t_95, t_test, with_interval
from certgap.truth.training_effects import ALPHA, HARD_FLOOR, NO_ERROR, Z_POWER_80
from certgap.truth.world import Settings

NOT_ACTIVATED, UNKNOWN = "not_activated", "unknown"
ACTIVATED_BINS = ("0-27", "28-42", "43+")
SPANS = ((30, 60), (60, 90))
# Dimension -> value -> the bins in it.
GROUPS: dict[str, dict[str, set[str]]] = {
    "activation_status": {
        "activated": set(ACTIVATED_BINS),
        "after_report": {"after_report"},
        NOT_ACTIVATED: {NOT_ACTIVATED},
        UNKNOWN: {UNKNOWN},
    },
    "activation_lead_bin": {
        name: {name} for name in (*ACTIVATED_BINS, "after_report", NOT_ACTIVATED, UNKNOWN)
    },
}


@dataclass(frozen=True)
class Report:
    """One unit at one checkpoint, with what it is grouped by."""

    checkpoint: Checkpoint
    lead_bin: str
    manager: str | None
    adopted_at: dict[int, bool]

    @property
    def likeness(self) -> tuple[str, str | None, str]:
        """Who is compared with whom: the same tool, role group and baseline."""
        checkpoint = self.checkpoint
        role_group = checkpoint.attributes.role_group
        return checkpoint.unit.tool_id, role_group or UNKNOWN, checkpoint.baseline.status


@dataclass(frozen=True)
class Difference:
    """The coefficient of being activated in a regression, and how many are behind it."""

    value: float
    error: float
    n_treated: int
    n_controls: int
    n_managers: int
    n_reference_managers: int
    n_strata: int

    @property
    def freedom(self) -> int:
        """Degrees of freedom: of the side with fewer managers."""
        return min(self.n_managers, self.n_reference_managers) - 1


def manager_activation_effects(
    checkpoints: list[Checkpoint],
    enablement: dict[str, dict[str, int]],
    benchmark: dict[str, Any],
    settings: Settings,
) -> list[dict[str, Any]]:
    """One row per program × tool × N × dimension × value; `enablement` as for the cohorts."""
    adopted_at: dict[int, dict[int, bool]] = defaultdict(dict)
    for checkpoint in checkpoints:
        if checkpoint.is_eligible:
            adopted_at[id(checkpoint.unit)][checkpoint.checkpoint_day] = checkpoint.is_adopted
    cells: dict[tuple[str, str, int], list[Report]] = defaultdict(list)
    for checkpoint in checkpoints:
        unit, manager = checkpoint.unit, checkpoint.manager_at_completion
        program = unit.program_id or ALL
        known = manager.employee_id if manager.status == KNOWN else None
        first = enablement[program].get(known)
        if known is None:
            name = UNKNOWN
        elif first is None:
            name = NOT_ACTIVATED
        else:
            name = lead_bin(unit.completion_day - first)
        report = Report(checkpoint, name, known, adopted_at[id(unit)])
        for tool in (unit.tool_id, ALL):
            cells[program, tool, checkpoint.checkpoint_day].append(report)
    low, high = (benchmark.get(end) for end in ("low", "high"))
    beside = (None if low is None else 100 * low, None if high is None else 100 * high)
    return [
        {"program_id": program, "tool_id": tool, "checkpoint_day": n}
        | {"dimension": dimension, "dimension_value": value}
        | _counts([r for r in reports if r.lead_bin in bins])
        | _comparison(value, bins, reports, beside, settings)
        for (program, tool, n), reports in cells.items()
        for dimension, values in GROUPS.items()
        for value, bins in values.items()
    ]


def _counts(reports: list[Report]) -> dict[str, Any]:
    """Who is in the group, who adopted, who reverted."""
    eligible = [r for r in reports if r.checkpoint.is_eligible]
    n_adopted = sum(r.checkpoint.is_adopted for r in eligible)
    row: dict[str, Any] = {
        "evidence_kind": "observational",
        "n_managers": len({r.manager for r in eligible} - {None}),
        "n_completed": len(reports),
        "n_eligible": len(eligible),
        "n_adopted": n_adopted,
    } | with_interval("adoption_rate", n_adopted, len(eligible))
    for early, late in SPANS:
        at_risk = [r for r in reports if late in r.adopted_at and r.adopted_at.get(early, False)]
        n_reverted = sum(not r.adopted_at[late] for r in at_risk)
        span = f"{early}_{late}"
        row |= {f"n_at_risk_{span}": len(at_risk), f"n_reverted_{span}": n_reverted}
        row |= with_interval(f"reversion_rate_{span}", n_reverted, len(at_risk))
    return row


def _comparison(
    value: str,
    bins: set[str],
    reports: list[Report],
    benchmark: tuple[float | None, float | None],
    settings: Settings,
) -> dict[str, Any]:
    """0013: both differences from the never activated, and the verdict."""
    judged = [r for r in reports if r.checkpoint.is_eligible and r.manager]
    reference = [r for r in judged if r.lead_bin == NOT_ACTIVATED]
    row: dict[str, Any] = {
        "n_reference_eligible": len(reference),
        "n_reference_managers": len({r.manager for r in reference}),
        "benchmark_low_points": benchmark[0],
        "benchmark_high_points": benchmark[1],
    }
    numbers = dict.fromkeys(
        [
            *(f"{prefix}{name}" for prefix in ("", "adjusted_") for name in _points(0, 0, 1)),
            "p_value", "smallest_detectable_points", "n_alike", "n_reference_alike",
            "n_unsupported", "n_strata", "benchmark_comparison", "verdict", "verdict_reason",
        ]
    )  # fmt: skip
    if value in (NOT_ACTIVATED, UNKNOWN):
        return row | numbers
    treated = [r for r in judged if r.lead_bin in bins]
    crude = difference(treated, reference, lambda _: ALL)
    adjusted = difference(treated, reference, lambda report: report.likeness)
    n_alike, n_reference_alike = (adjusted.n_treated, adjusted.n_controls) if adjusted else (0, 0)
    numbers |= {
        "n_alike": n_alike,
        "n_reference_alike": n_reference_alike,
        "n_unsupported": len(treated) + len(reference) - n_alike - n_reference_alike,
        "n_strata": adjusted.n_strata if adjusted else 0,
    }
    few = _too_few(crude, settings)
    if few is None:
        numbers |= _points(crude.value, crude.error, crude.freedom)
        few = _too_few(adjusted, settings) and "few_alike"
    if few is not None:
        return row | numbers | {"verdict": "cannot tell", "verdict_reason": few}
    points = _points(adjusted.value, adjusted.error, adjusted.freedom)
    p_value = t_test(adjusted.value / adjusted.error, adjusted.freedom)
    detectable = 100 * (t_95(adjusted.freedom) + Z_POWER_80) * adjusted.error
    numbers |= {f"adjusted_{name}": number for name, number in points.items()}
    numbers |= {"p_value": p_value, "smallest_detectable_points": detectable}
    low, high = points["difference_points_low"], points["difference_points_high"]
    if None not in benchmark:
        below, above = high < benchmark[0], low > benchmark[1]
        numbers["benchmark_comparison"] = "below" if below else "above" if above else "overlapping"
    if p_value < ALPHA:
        numbers["verdict"] = "effect"
    elif detectable > settings.effect_relevant_points:
        numbers |= {"verdict": "cannot tell", "verdict_reason": "small_sample"}
    else:
        numbers["verdict"] = "no significant difference"
    return row | numbers


def difference(
    treated: list[Report], controls: list[Report], stratum: Callable[[Report], Any]
) -> Difference | None:
    """Least squares of adoption on being activated and a constant per stratum, managers as
    clusters; only over strata with both. None without any.
    """
    shared = {stratum(r) for r in treated} & {stratum(r) for r in controls}
    if not shared:
        return None
    kept = [(r, 1.0) for r in treated if stratum(r) in shared]
    kept += [(r, 0.0) for r in controls if stratum(r) in shared]
    names = sorted(shared, key=str)
    design = np.zeros((len(kept), 1 + len(names)))
    design[:, 0] = [x for _, x in kept]
    design[range(len(kept)), [1 + names.index(stratum(r)) for r, _ in kept]] = 1
    outcome = np.array([float(r.checkpoint.is_adopted) for r, _ in kept])
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ outcome
    scores = design * (outcome - design @ coefficients)[:, None]
    managers = sorted({str(r.manager) for r, _ in kept})
    sums = np.zeros((len(managers), design.shape[1]))
    np.add.at(sums, [managers.index(str(r.manager)) for r, _ in kept], scores)
    n, n_managers, n_columns = len(kept), len(managers), design.shape[1]
    error = 0.0
    if n > n_columns:
        finite = n_managers / (n_managers - 1) * (n - 1) / (n - n_columns)
        error = math.sqrt(max(0.0, finite * (inverse @ sums.T @ sums @ inverse)[0, 0]))
    n_treated = int(design[:, 0].sum())
    of_treated = {r.manager for r, x in kept if x}
    return Difference(
        float(coefficients[0]), error, n_treated, n - n_treated,
        len(of_treated), n_managers - len(of_treated), len(names),
    )  # fmt: skip


def _too_few(found: Difference | None, settings: Settings) -> str | None:
    """Why there is no number."""
    floor = max(HARD_FLOOR, settings.min_cell)
    if found is None or min(found.n_treated, found.n_controls) < floor:
        return "few_people"
    if found.freedom + 1 < max(2, settings.effect_min_clusters):
        return "few_managers"
    return "few_managers" if found.error < NO_ERROR else None


def _points(value: float, error: float, freedom: int) -> dict[str, float]:
    """A difference with its interval, in points."""
    return {
        "difference_points": 100 * value,
        "standard_error_points": 100 * error,
        "difference_points_low": 100 * (value - t_95(freedom) * error),
        "difference_points_high": 100 * (value + t_95(freedom) * error),
    }
