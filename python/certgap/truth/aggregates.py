"""`adoption_rates` and `certification_gaps`: units counted by group.

Sources: metrics.md 5, 6, 7; marts.md; decision records 0002, lines 18 to 20 and 28 to 32, and 0010,
line 20.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from certgap.truth.checkpoints import EXCLUSIONS, EXISTING, NEW, Checkpoint
from certgap.truth.employment import KNOWN, UNKNOWN, Attributes, Employment, Manager, pseudonym
from certgap.truth.statistics import (
    benjamini_hochberg,
    competition_ranks,
    pooled_z_test,
    rate,
    wilson,
    with_interval,
)
from certgap.truth.units import Unit
from certgap.truth.world import Settings

ALL, UNATTRIBUTED = "all", "unattributed"
SUFFICIENT, INSUFFICIENT = "sufficient", "insufficient evidence"
# Dimensions that exist only in the rows over all tools.
ONLY_OVER_TOOLS = {"tool", "role_group_tool", "manager_tool"}
# program, tool, dimension, value, N
CellKey = tuple[str, str, str, str, int]
ROUNDING_DIGITS = 9  # so that equal shortfalls tie whatever the engine's last bit


def manager_word(manager: Manager, key: str) -> str:
    """The pseudonym, or the word for why there is none."""
    if manager.status == KNOWN and manager.employee_id:
        return pseudonym(key, manager.employee_id)
    return manager.status


def dimension_values(
    unit: Unit, attributes: Attributes, manager: str, day: int, platform: str | None
) -> Iterator[tuple[str, str]]:
    """7: every group a unit belongs to, by what was true on the day; not known is `unknown`."""
    role_group = attributes.role_group or UNKNOWN
    yield ALL, ALL
    yield "track", attributes.track or UNKNOWN
    yield "audience", attributes.audience or UNKNOWN
    yield "role_group", role_group
    yield "department", attributes.department or UNKNOWN
    yield "location", attributes.location or UNKNOWN
    yield "manager", manager
    yield "platform", platform or UNKNOWN
    yield "completion_month", date.fromordinal(day).strftime("%Y-%m")
    yield "tool", unit.tool_id
    yield "role_group_tool", f"{role_group}|{unit.tool_id}"
    yield "manager_tool", f"{manager}|{unit.tool_id}"


def cells_of(
    unit: Unit, attributes: Attributes, manager: str, day: int, platform: str | None
) -> Iterator[tuple[str, str, str, str]]:
    """The cells (without N) a unit counts in: those of its tool and those over all tools."""
    program = unit.program_id or ALL
    for dimension, value in dimension_values(unit, attributes, manager, day, platform):
        yield program, ALL, dimension, value
        if dimension not in ONLY_OVER_TOOLS:
            yield program, unit.tool_id, dimension, value


def count_assignment(unit: Unit) -> Counter[str]:
    """2.7: what a unit that is due adds."""
    counts = Counter(n_assigned=1)
    if unit.is_completed_in_window:
        counts["n_assigned_completed"] = 1
    return counts


def count_checkpoint(checkpoint: Checkpoint) -> Counter[str]:
    """5, 6: what a completed unit adds at one checkpoint."""
    counts: Counter[str] = Counter(n_completed=1)
    counts["n_" + checkpoint.status] = 1
    if checkpoint.unit.is_self_enrolled:
        counts["n_self_enrolled"] = 1
    use = checkpoint.use
    if use is not None:
        flags = {
            "n_adopted": use.is_adopted,
            "n_tried": use.is_tried,
            "n_habitual": use.is_habitual,
            "n_daily": use.is_daily,
            "n_new": checkpoint.baseline.status == NEW,
            "n_new_adopted": checkpoint.baseline.status == NEW and use.is_adopted,
            "n_existing": checkpoint.baseline.status == EXISTING,
            "n_existing_adopted": checkpoint.baseline.status == EXISTING and use.is_adopted,
        }
        counts.update(name for name, holds in flags.items() if holds)
        counts.update(
            n_active_days=use.active_days_since_completion,
            n_known_days=use.known_days,
            n_baseline_active_days=checkpoint.baseline.active_days,
            n_baseline_known_days=checkpoint.baseline.known_days,
        )
    return counts


def count_cells(
    units: list[Unit],
    checkpoints: list[Checkpoint],
    employment: Employment,
    key: str,
    ns: list[int],
) -> dict[CellKey, Counter[str]]:
    """All counts of all cells; assignments by the attributes of day A, the rest by those of C."""
    cells: dict[CellKey, Counter[str]] = defaultdict(Counter)
    for unit in units:
        employee = unit.learner.employee_id
        if unit.is_due and employee:
            day = unit.assignment_day
            attributes = employment.attributes(employee, day)
            manager = manager_word(employment.manager_on(employee, day), key)
            counts = count_assignment(unit)
            for cell in cells_of(unit, attributes, manager, day, unit.assignment_platform):
                for n in ns:
                    _add(cells[*cell, n], counts)
        elif not employee and unit.completion_day is not None:
            for tool in (unit.tool_id, ALL):
                for n in ns:
                    cell = (unit.program_id or ALL, tool, UNATTRIBUTED, UNATTRIBUTED, n)
                    cells[cell]["n_completed"] += 1
    for checkpoint in checkpoints:
        unit = checkpoint.unit
        manager = manager_word(checkpoint.manager_at_completion, key)
        counts = count_checkpoint(checkpoint)
        for cell in cells_of(
            unit, checkpoint.attributes, manager, unit.completion_day, unit.completion_platform
        ):
            _add(cells[*cell, checkpoint.checkpoint_day], counts)
    # metrics.md 5: one such row per program and tool, also where everybody could be named.
    for program, tool, dimension, _, n in list(cells):
        if dimension == ALL:
            cells[program, tool, UNATTRIBUTED, UNATTRIBUTED, n].update()
    return cells


def _add(total: Counter[str], counts: Counter[str]) -> None:
    """Faster than Counter.update for a handful of entries."""
    for name, count in counts.items():
        total[name] += count


COUNTS = [
    "n_assigned", "n_assigned_completed", "n_self_enrolled", "n_completed", "n_eligible",
    *["n_" + status for status in EXCLUSIONS],
    "n_adopted", "n_tried", "n_habitual", "n_daily",
    "n_new", "n_new_adopted", "n_existing", "n_existing_adopted",
]  # fmt: skip


def adoption_rates(
    cells: dict[CellKey, Counter[str]],
    targets: dict[str, float],
    benchmark: dict[str, Any],
    settings: Settings,
) -> list[dict[str, Any]]:
    """One row per program × tool × dimension × value × N."""
    rows = []
    for (program, tool, dimension, value, n), counts in sorted(cells.items()):
        row: dict[str, Any] = {
            "program_id": program,
            "tool_id": tool,
            "checkpoint_day": n,
            "dimension": dimension,
            "dimension_value": value,
        }
        row |= {name: counts[name] for name in COUNTS}
        row |= rates(counts)
        row["judged_rate"] = rate(counts["n_eligible"], counts["n_completed"])
        row["n_matured"] = counts["n_completed"] - counts["n_window_open"]
        row["target_rate"] = targets[program]
        row["benchmark_low"], row["benchmark_high"] = benchmark.get("low"), benchmark.get("high")
        if dimension == UNATTRIBUTED:
            unknown = [*COUNTS, *rates(counts), "judged_rate", "n_matured"]
            row |= {name: None for name in unknown if name != "n_completed"}
        is_enough = (row["n_eligible"] or 0) >= settings.min_cell
        row["evidence"] = SUFFICIENT if is_enough else INSUFFICIENT
        rows.append(row)
    return rows


def rates(counts: Counter[str]) -> dict[str, float | None]:
    """2.7, 5, 6, 9.1: every rate of a cell; without a denominator None."""
    adopted, eligible = counts["n_adopted"], counts["n_eligible"]
    leavers = counts["n_left_before_day_n"]
    completion = wilson(counts["n_assigned_completed"], counts["n_assigned"])
    adoption = wilson(adopted, eligible)
    after = rate(7 * counts["n_active_days"], counts["n_known_days"])
    before = rate(7 * counts["n_baseline_active_days"], counts["n_baseline_known_days"])
    return {
        "completion_rate": rate(counts["n_assigned_completed"], counts["n_assigned"]),
        "completion_rate_low": completion[0],
        "completion_rate_high": completion[1],
        "adoption_rate": rate(adopted, eligible),
        "adoption_rate_low": adoption[0],
        "adoption_rate_high": adoption[1],
        "adoption_rate_if_leavers_none": rate(adopted, eligible + leavers),
        "adoption_rate_if_leavers_all": rate(adopted + leavers, eligible + leavers),
        **with_interval("conversion_rate", counts["n_new_adopted"], counts["n_new"]),
        **with_interval("retention_rate", counts["n_existing_adopted"], counts["n_existing"]),
        "active_days_per_week": after,
        "baseline_active_days_per_week": before,
        "active_days_per_week_change": None if None in (after, before) else after - before,
    }


COUNTS_OF_GAPS = ["n_assigned", "n_assigned_completed", "n_eligible", "n_adopted", "target_rate"]


def certification_gaps(rates_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """7: the gap of every group, its share of the missing adopters, rank and adjusted p; 0010.17:
    what it contributes to the gap of all."""
    partitions: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rates_rows:
        if row["dimension"] != UNATTRIBUTED:
            partition = (row["program_id"], row["tool_id"], row["dimension"], row["checkpoint_day"])
            partitions[partition].append(row)
    gaps = []
    for (program, tool, _, n), rows in partitions.items():
        (everybody,) = partitions[program, tool, ALL, n]
        gaps += _gaps_of(rows, net_missing(everybody))
    return gaps


def net_missing(row: dict[str, Any]) -> float:
    """0010.17: the adopters that the target asks for less those there are; negative beyond it."""
    return row["target_rate"] * row["n_eligible"] - row["n_adopted"]


def _gaps_of(rows: list[dict[str, Any]], missing_of_all: float) -> list[dict[str, Any]]:
    """The gaps of one program × tool × dimension × N."""
    is_missing_any = round(missing_of_all, ROUNDING_DIGITS) > 0
    missing = [
        round(max(0.0, row["target_rate"] * row["n_eligible"] - row["n_adopted"]), ROUNDING_DIGITS)
        for row in rows
    ]
    ranks = competition_ranks(missing)
    all_missing = sum(missing)
    all_eligible = sum(row["n_eligible"] for row in rows)
    all_adopted = sum(row["n_adopted"] for row in rows)
    p_values = [
        pooled_z_test(
            row["n_adopted"],
            row["n_eligible"],
            all_adopted - row["n_adopted"],
            all_eligible - row["n_eligible"],
        )
        for row in rows
    ]
    adjusted = benjamini_hochberg(p_values)
    gaps = []
    for i, row in enumerate(rows):
        completion, adoption = row["completion_rate"], row["adoption_rate"]
        keys = ("program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value")
        is_known = completion is not None and adoption is not None
        gaps.append(
            {key: row[key] for key in (*keys, *COUNTS_OF_GAPS)}
            | {
                "completion_rate": completion,
                "adoption_rate": adoption,
                "certification_gap": completion - adoption if is_known else None,
                "gap_to_target": None if adoption is None else row["target_rate"] - adoption,
                "missing_adopters": missing[i],
                "share_of_missing_adopters": missing[i] / all_missing if all_missing else None,
                "gap_rank": ranks[i],
                "net_missing_adopters": net_missing(row),
                "contribution_rate": net_missing(row) / missing_of_all if is_missing_any else None,
                "p_value": p_values[i],
                "p_value_adjusted": adjusted[i],
            }
        )
    return gaps
