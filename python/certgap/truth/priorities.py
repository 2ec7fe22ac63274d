"""`gap_priorities`: which groups to act on first, from the gaps of all groups.

Sources: metrics.md 7; decision record 0010, lines 17 to 19.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from certgap.truth.aggregates import INSUFFICIENT, UNATTRIBUTED
from certgap.truth.employment import UNKNOWN
from certgap.truth.statistics import with_interval

DIMENSIONS = {
    "role_group", "department", "location", "track", "tool", "manager", "platform",
    "completion_month", "role_group_tool", "manager_tool",
}  # fmt: skip
SIGNIFICANCE = 0.05
KEYS = ("program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value")

Rows = list[dict[str, Any]]


def gap_priorities(rates: Rows, gaps: Rows, min_cell: int) -> Rows:
    """One ranked row per group that is large enough and lacks adopters."""
    gap_of = {tuple(gap[key] for key in KEYS): gap for gap in gaps}
    partitions: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for row in rates:
        if row["dimension"] != UNATTRIBUTED:
            full = row | gap_of[tuple(row[key] for key in KEYS)]
            partitions[tuple(row[key] for key in KEYS[:4])].append(full)
    listed = []
    for (*_, dimension), rows in partitions.items():
        if dimension in DIMENSIONS:
            listed += _ranked(rows, min_cell)
    return listed


def is_known(row: dict[str, Any]) -> bool:
    """0010.18: whether the group can be named; of a pair the first part decides."""
    return row["dimension_value"].split("|")[0] != UNKNOWN


def _ranked(rows: Rows, min_cell: int) -> Rows:
    """0010.18: the listed groups of one dimension, first things first."""
    eligible = sum(row["n_eligible"] for row in rows)
    adopted = sum(row["n_adopted"] for row in rows)
    listed = []
    for row in rows:
        if row["n_eligible"] < min_cell or row["missing_adopters"] <= 0 or not is_known(row):
            continue
        rest, rest_adopted = eligible - row["n_eligible"], adopted - row["n_adopted"]
        is_below = row["n_adopted"] * rest < rest_adopted * row["n_eligible"]
        p_value = row["p_value_adjusted"]
        is_significant = p_value is not None and p_value < SIGNIFICANCE and is_below
        listed.append(
            {key: row[key] for key in KEYS}
            | {
                "n_eligible": row["n_eligible"],
                "n_adopted": row["n_adopted"],
                **with_interval("adoption_rate", row["n_adopted"], row["n_eligible"]),
                "target_rate": row["target_rate"],
                "expected_adopters": row["target_rate"] * row["n_eligible"],
                "net_missing_adopters": row["net_missing_adopters"],
                "contribution_rate": row["contribution_rate"],
                "missing_adopters": row["missing_adopters"],
                "p_value": row["p_value"],
                "p_value_adjusted": p_value,
                "is_significant": is_significant,
                "evidence": _evidence(p_value, is_significant),
            }
        )
    listed.sort(
        key=lambda r: (not r["is_significant"], -r["missing_adopters"], r["dimension_value"])
    )
    return [row | {"priority_rank": rank} for rank, row in enumerate(listed, start=1)]


def _evidence(p_value: float | None, is_significant: bool) -> str:
    """0010.19."""
    if p_value is None:
        return INSUFFICIENT
    return "below the rest" if is_significant else "not distinguishable from the rest"
