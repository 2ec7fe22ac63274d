"""`restatements`: what was published once, and the same figures as they are known now.

Two Worlds are told: what the publication had read, and all there is now. A figure of now counts the
units that were closed, completed or due under the limits of then. Source: decision record 0011,
lines 7 to 12.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from certgap.truth.aggregates import (
    ALL,
    UNATTRIBUTED,
    CellKey,
    cells_of,
    count_assignment,
    count_cells,
    count_checkpoint,
    manager_word,
)
from certgap.truth.checkpoints import (
    ELIGIBLE,
    EXCLUSIONS,
    FEED_GAP,
    LEFT,
    LICENCE_UNKNOWN,
    NO_LICENCE,
    ON_LEAVE,
    WINDOW_OPEN,
)
from certgap.truth.coverage import Coverage
from certgap.truth.expected import JudgedUnits, judge_units
from certgap.truth.statistics import rate
from certgap.truth.world import World

# 0011.7: what is divided by what; the gap is the difference of the first two.
RATES = {
    "completion_rate": ("n_assigned_completed", "n_assigned"),
    "adoption_rate": ("n_adopted", "n_eligible"),
    "conversion_rate": ("n_new_adopted", "n_new"),
    "retention_rate": ("n_existing_adopted", "n_existing"),
}
GAP = "certification_gap"
MATURED = "n_matured"
CLOSED_WITHOUT = [status for status in EXCLUSIONS if status != WINDOW_OPEN]
COUNTS = ["n_completed", MATURED, *("n_" + status for status in CLOSED_WITHOUT)]
# What units closed then are counted by, beside their status.
OF_USE = [
    "n_eligible", "n_adopted", "n_new", "n_new_adopted", "n_existing", "n_existing_adopted",
]  # fmt: skip
LEARNING, MOVED = "learning records or identities changed", "units moved between groups"
# 0011.12: in this order; either count of licences.
REASONS_OF_STATUSES = [
    ("employment changed", (LEFT,)),
    ("days of use delivered or withdrawn", (FEED_GAP,)),
    ("licences changed", (LICENCE_UNKNOWN, NO_LICENCE)),
    ("leave changed", (ON_LEAVE,)),
]
SMALLEST_FLOOR = 5

Cells = dict[CellKey, Counter[str]]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Hashes:
    """What the hashes of a publication say beside those of a build; a World has none."""

    has_other_rules: bool = False
    has_same_deliveries: bool = False

    def reason(self) -> str | None:
        """0011.12: what decides before any count is looked at."""
        if self.has_other_rules:
            return "rules changed"
        return "calculation changed" if self.has_same_deliveries else None


def restatements(then: World, now: World, hashes: Hashes = Hashes()) -> Rows:
    """One row per figure that was published of `then` and is another one now."""
    floor = max(SMALLEST_FLOOR, then.settings.min_cell)
    judged_then, judged_now = judge_units(then), judge_units(now)
    published = _published_cells(judged_then, then)
    known = _known_now(judged_now, judged_then.coverage, now)
    days = {
        "published_as_of_date": date.fromordinal(judged_then.coverage.as_of_day),
        "as_of_date": date.fromordinal(judged_now.coverage.as_of_day),
    }
    rows = []
    for cell, counts in published.items():
        program, tool, dimension, value, n = cell
        whole = (program, tool, ALL, ALL, n)
        reasons = _reasons(counts, known[cell], published[whole], known[whole])
        for row in _changed_figures(counts, known[cell], floor):
            reason = hashes.reason() or _reason_of(row["metric_name"], reasons)
            key = {
                "program_id": program,
                "tool_id": tool,
                "checkpoint_day": n,
                "dimension": dimension,
                "dimension_value": value,
            }
            rows.append(key | row | {"reason": reason} | days)
    return rows


def _published_cells(judged: JudgedUnits, world: World) -> Cells:
    """0011.7: the counts of every published group, as adoption_rates had them."""
    settings = world.settings
    cells = count_cells(
        judged.units,
        judged.checkpoints,
        judged.employment,
        settings.key(),
        settings.checkpoint_days,
    )
    published = {cell: counts for cell, counts in cells.items() if cell[2] != UNATTRIBUTED}
    for counts in published.values():
        counts[MATURED] = counts["n_completed"] - counts["n_" + WINDOW_OPEN]
    return published


def _known_now(judged: JudgedUnits, then: Coverage, now: World) -> Cells:
    """0011.9, 0011.10: units of now that were due, completed or closed by the limits of then."""
    key, employment, cells = now.settings.key(), judged.employment, defaultdict(Counter)
    for unit in judged.units:
        employee = unit.learner.employee_id
        if not unit.is_due or not employee:
            continue
        if unit.due_day > then.as_of_day:
            continue
        day = unit.assignment_day
        manager = manager_word(employment.manager_on(employee, day), key)
        attributes = employment.attributes(employee, day)
        for cell in cells_of(unit, attributes, manager, day, unit.assignment_platform):
            for n in now.settings.checkpoint_days:
                cells[*cell, n].update(count_assignment(unit))
    for checkpoint in judged.checkpoints:
        unit = checkpoint.unit
        counts: Counter[str] = Counter()
        if unit.completion_day <= then.as_of_day:
            counts["n_completed"] = 1
        if not then.of(unit.tool_id).is_open(checkpoint.day, then.as_of_day):
            counts[MATURED] = 1
            counted = count_checkpoint(checkpoint)
            del counted["n_completed"]
            counts.update(counted)
        manager = manager_word(checkpoint.manager_at_completion, key)
        for cell in cells_of(
            unit,
            checkpoint.attributes,
            manager,
            unit.completion_day,
            unit.completion_platform,
        ):
            cells[*cell, checkpoint.checkpoint_day].update(counts)
    return cells


def _changed_figures(then: Counter[str], now: Counter[str], floor: int) -> Rows:
    """0011.11: rates of which value, numerator or denominator is another one; counts that are."""
    figures = []
    values: dict[str, tuple[float | None, float | None]] = {}
    for name, (part, whole) in RATES.items():
        values[name] = tuple(rate(counts[part], counts[whole]) for counts in (then, now))
        parts = [(counts[part], counts[whole]) for counts in (then, now)]
        is_enough = then[whole] >= floor
        if name in ("conversion_rate", "retention_rate"):
            is_enough = is_enough and then["n_eligible"] >= floor
        figures.append((name, values[name], parts, is_enough))
    gap = tuple(
        None if None in pair else pair[0] - pair[1]
        for pair in zip(values["completion_rate"], values["adoption_rate"], strict=True)
    )
    smaller = [(None, min(counts["n_assigned"], counts["n_eligible"])) for counts in (then, now)]
    figures.append((GAP, gap, smaller, smaller[0][1] >= floor))
    # 10.3: counts of completions need judged units at the floor, too, unless nobody is judged.
    eligible = then["n_eligible"]
    is_enough = then["n_completed"] >= floor and (eligible >= floor or eligible == 0)
    for name in COUNTS:
        parts = [(counts[name], counts["n_completed"]) for counts in (then, now)]
        value = (float(then[name]), float(now[name]))
        figures.append((name, value, parts, is_enough))
    rows = []
    for name, (before, after), (parts_before, parts_after), was_shown in figures:
        is_other = before != after
        if name not in COUNTS:
            is_other = is_other or parts_before != parts_after
        if is_other:
            rows.append(
                {
                    "metric_name": name,
                    "value_published": before,
                    "value_now": after,
                    "value_change": None if None in (before, after) else after - before,
                    "numerator_published": parts_before[0],
                    "denominator_published": parts_before[1],
                    "numerator_now": parts_after[0],
                    "denominator_now": parts_after[1],
                    # A rate that was NULL was not shown.
                    "was_shown": was_shown and before is not None,
                }
            )
    return rows


def _reasons(
    then: Counter[str], now: Counter[str], whole_then: Counter[str], whole_now: Counter[str]
) -> dict[str, list[str]]:
    """0011.12: why the three sets of units of a group differ; the first evidence decides."""

    def differ(*names: str) -> bool:
        return any(then[name] != now[name] for name in names)

    def added_or_gone(*names: str) -> list[str]:
        is_of_whole = any(whole_then[name] != whole_now[name] for name in names)
        return [LEARNING if is_of_whole else MOVED]

    assigned = ("n_assigned", "n_assigned_completed")
    reasons: dict[str, list[str]] = {"assigned": [], "completed": [], "closed": []}
    if differ(*assigned):
        reasons["assigned"] = added_or_gone(*assigned)
    if differ("n_completed"):
        reasons["completed"] = added_or_gone("n_completed")
    judged = now["n_" + ELIGIBLE] + sum(now["n_" + status] for status in CLOSED_WITHOUT)
    if differ(MATURED):
        reasons["closed"] = added_or_gone(MATURED)
    elif judged < now[MATURED]:
        reasons["closed"] = ["deliveries of use withdrawn"]
    else:
        reasons["closed"] = [
            text
            for text, statuses in REASONS_OF_STATUSES
            if differ(*("n_" + status for status in statuses))
        ]
        if not reasons["closed"] and differ(*OF_USE):
            reasons["closed"] = ["use restated or delivered late"]
    return reasons


def _reason_of(name: str, reasons: dict[str, list[str]]) -> str:
    """The reasons of the units a figure is made of."""
    if name == GAP:
        said = reasons["assigned"] + reasons["closed"]
    elif name == "completion_rate":
        said = reasons["assigned"]
    else:
        said = reasons["completed" if name == "n_completed" else "closed"]
    return "; ".join(dict.fromkeys(said)) or "calculation changed"
