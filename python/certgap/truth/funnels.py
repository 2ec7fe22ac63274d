"""`adoption_funnels`: of the assigned units, how many passed each stage up to weekly use and habit.

Sources: metrics.md 6; decision record 0010, lines 1 to 4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from certgap.truth.aggregates import CellKey, cells_of, manager_word
from certgap.truth.checkpoints import ELIGIBLE, NO_LICENCE, Checkpoint
from certgap.truth.employment import Employment
from certgap.truth.statistics import with_interval
from certgap.truth.units import Unit

COUNTS = [
    "n_assigned", "n_completed", "n_licensed", "n_no_licence", "n_not_judged",
    "n_tried", "n_weekly_active", "n_habitual",
]  # fmt: skip


def adoption_funnels(
    units: list[Unit],
    checkpoints: list[Checkpoint],
    employment: Employment,
    key: str,
    ns: list[int],
) -> list[dict[str, Any]]:
    """One row per program × tool × dimension × value, at the last checkpoint."""
    last = max(ns)
    judged = {id(c.unit): c for c in checkpoints if c.checkpoint_day == last}
    cells: dict[CellKey, Counter[str]] = defaultdict(Counter)
    for unit in units:
        employee, day = unit.learner.employee_id, unit.assignment_day
        if not unit.is_due or not employee:
            continue
        attributes = employment.attributes(employee, day)
        manager = manager_word(employment.manager_on(employee, day), key)
        counts = Counter(stages(unit, judged.get(id(unit))))
        for cell in cells_of(unit, attributes, manager, day, unit.assignment_platform):
            cells[*cell, last].update(counts)
    return [_row(cell, counts) for cell, counts in sorted(cells.items())]


def stages(unit: Unit, checkpoint: Checkpoint | None) -> list[str]:
    """0010.2, 0010.3: the counts one assigned unit adds to; `checkpoint` is that of the last N."""
    passed = ["n_assigned"]
    if not unit.is_completed_in_window or checkpoint is None:
        return passed
    passed.append("n_completed")
    if checkpoint.status == NO_LICENCE:
        return [*passed, "n_no_licence"]
    if checkpoint.status != ELIGIBLE:
        return [*passed, "n_not_judged"]
    passed.append("n_licensed")
    use = checkpoint.use
    for name, holds in (
        ("n_tried", use.is_tried),
        ("n_weekly_active", use.is_adopted),
        ("n_habitual", use.is_habitual),
    ):
        if not holds:
            break
        passed.append(name)
    return passed


def _row(cell: CellKey, counts: Counter[str]) -> dict[str, Any]:
    """One cell with its step rates."""
    names = ("program_id", "tool_id", "dimension", "dimension_value", "checkpoint_day")
    row: dict[str, Any] = dict(zip(names, cell, strict=True))
    row |= {name: counts[name] for name in COUNTS}
    licence_known = counts["n_licensed"] + counts["n_no_licence"]
    for name, numerator, denominator in (
        ("completed_rate", counts["n_completed"], counts["n_assigned"]),
        ("licensed_rate", counts["n_licensed"], licence_known),
        ("tried_rate", counts["n_tried"], counts["n_licensed"]),
        ("weekly_active_rate", counts["n_weekly_active"], counts["n_tried"]),
        ("habitual_rate", counts["n_habitual"], counts["n_weekly_active"]),
    ):
        row |= with_interval(name, numerator, denominator)
    return row
