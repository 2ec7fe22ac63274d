"""`board_summary`: programs by quarter, from the truth's own rates and effects.

Source: decision record 0018. The rates are those of program × month; nothing is shared with the
SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from certgap.truth.aggregates import ALL
from certgap.truth.statistics import wilson

Row = dict[str, Any]
DAYS = (30, 60, 90)
COUNTED = ("n_assigned", "n_assigned_completed", "n_completed")
MISSING = {
    "n_window_open": "day {day} is not reached for some",
    "n_feed_gap": "the usage feed has gaps",
    "n_licence_unknown": "seats are not known for some",
}


def board_summary(rates: list[Row], effects: list[Row], last_day: int) -> Iterator[Row]:
    """One row per program × quarter, and per program."""
    verdicts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for effect in effects:
        if effect["estimator"] == "completion" and effect["aggregation"] == "overall":
            words = effect["verdict"]
            if effect["verdict_reason"]:
                words += f" ({effect['verdict_reason']})"
            verdicts[effect["program_id"]].append((effect["tool_id"], words))
    by_cell: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for rate in rates:
        if rate["tool_id"] == ALL and rate["dimension"] in (ALL, "completion_month"):
            by_cell[rate["program_id"], _quarter(rate)].append(rate)
    for (program_id, quarter), cell in sorted(by_cell.items()):
        yield {"program_id": program_id, "completion_quarter": quarter} | _row(
            cell, verdicts.get(program_id, []), last_day
        )


def _quarter(rate: Row) -> str:
    if rate["dimension"] == ALL:
        return ALL
    year, _, month = rate["dimension_value"].partition("-")
    return f"{year}-Q{(int(month) + 2) // 3}" if month else rate["dimension_value"]


def _row(cell: list[Row], verdicts: list[tuple[str, str]], last_day: int) -> Row:
    of_last = [rate for rate in cell if rate["checkpoint_day"] == last_day]

    def total(column: str, rates: list[Row]) -> int:
        return sum(rate[column] or 0 for rate in rates)

    row: Row = {column: total(column, of_last) for column in COUNTED}
    row["completion_rate"], row["completion_rate_low"], row["completion_rate_high"] = _rate(
        row["n_assigned_completed"], row["n_assigned"]
    )
    for day in DAYS:
        of_day = [rate for rate in cell if rate["checkpoint_day"] == day]
        eligible = total("n_eligible", of_day) if of_day else None
        adopted = total("n_adopted", of_day) if of_day else None
        name = f"adoption_rate_{day}"
        row |= {f"n_eligible_{day}": eligible, f"n_adopted_{day}": adopted}
        row[name], row[f"{name}_low"], row[f"{name}_high"] = _rate(adopted, eligible)
    eligible, adopted = total("n_eligible", of_last), total("n_adopted", of_last)
    rate = _rate(adopted, eligible)[0]
    missing = [
        words.format(day=last_day) for name, words in MISSING.items() if total(name, of_last)
    ]
    if eligible == 0:
        missing.insert(0, "nobody could be judged")
    if row["n_assigned"] == 0:
        missing.insert(0, "no assignment is due")
    if all(words.startswith("cannot tell") for _, words in verdicts):
        missing.append("whether training had an effect")
    is_gap = rate is not None and row["completion_rate"] is not None
    return row | {
        "gap_checkpoint_day": last_day,
        "n_eligible_last": eligible,
        "certification_gap": row["completion_rate"] - rate if is_gap else None,
        "target_rate": cell[0]["target_rate"],
        "effect_verdicts": "; ".join(sorted(f"{tool}: {words}" for tool, words in verdicts))
        or None,
        "not_known": "; ".join(missing) or None,
    }


def _rate(part: int | None, whole: int | None) -> tuple[float | None, float | None, float | None]:
    if not whole:
        return None, None, None
    return part / whole, *wilson(part, whole)
