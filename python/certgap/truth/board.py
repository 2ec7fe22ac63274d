"""`board_summary`: programs by quarter, from the truth's own rates and effects.

Source: decision record 0018. The rates are those of program × month; nothing is shared with the
SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from certgap.truth.aggregates import ALL
from certgap.truth.statistics import rate, with_interval

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
    for row in rates:
        if row["tool_id"] == ALL and row["dimension"] in (ALL, "completion_month"):
            by_cell[row["program_id"], _quarter(row)].append(row)
    for (program_id, quarter), cell in sorted(by_cell.items()):
        yield {"program_id": program_id, "completion_quarter": quarter} | _row(
            cell, verdicts.get(program_id, []), last_day
        )


def _quarter(row: Row) -> str:
    if row["dimension"] == ALL:
        return ALL
    year, _, month = row["dimension_value"].partition("-")
    return f"{year}-Q{(int(month) + 2) // 3}" if month else row["dimension_value"]


def _row(cell: list[Row], verdicts: list[tuple[str, str]], last_day: int) -> Row:
    of_last = [month for month in cell if month["checkpoint_day"] == last_day]

    def total(column: str, months: list[Row]) -> int:
        return sum(month[column] or 0 for month in months)

    row: Row = {column: total(column, of_last) for column in COUNTED}
    row |= with_interval("completion_rate", row["n_assigned_completed"], row["n_assigned"])
    for day in DAYS:
        of_day = [month for month in cell if month["checkpoint_day"] == day]
        eligible = total("n_eligible", of_day) if of_day else None
        adopted = total("n_adopted", of_day) if of_day else None
        row |= {f"n_eligible_{day}": eligible, f"n_adopted_{day}": adopted}
        row |= with_interval(f"adoption_rate_{day}", adopted or 0, eligible or 0)
    eligible, adopted = total("n_eligible", of_last), total("n_adopted", of_last)
    adoption = rate(adopted, eligible)
    missing = [
        words.format(day=last_day) for name, words in MISSING.items() if total(name, of_last)
    ]
    if eligible == 0:
        missing.insert(0, "nobody could be judged")
    if row["n_assigned"] == 0:
        missing.insert(0, "no assignment is due")
    if all(words.startswith("cannot tell") for _, words in verdicts):
        missing.append("whether training had an effect")
    is_gap = adoption is not None and row["completion_rate"] is not None
    return row | {
        "gap_checkpoint_day": last_day,
        "n_eligible_last": eligible,
        "certification_gap": row["completion_rate"] - adoption if is_gap else None,
        "target_rate": cell[0]["target_rate"],
        "effect_verdicts": "; ".join(sorted(f"{tool}: {words}" for tool, words in verdicts))
        or None,
        "not_known": "; ".join(missing) or None,
    }
