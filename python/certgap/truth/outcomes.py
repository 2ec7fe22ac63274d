"""Outcomes of people before and after a completion.

Source: decision record 0015.
"""

from __future__ import annotations

from collections import defaultdict

from certgap.truth.units import Unit
from certgap.truth.world import World

# Of one unit and metric: before and after; None where no whole period is there.
Change = tuple[float | None, float | None]


def outcomes_of_units(
    world: World, units: list[Unit], days: int, as_of_day: int
) -> dict[int, dict[str, Change]]:
    """By id of the unit and metric: values over what they are divided by, of the whole periods
    within `days` before and after the completion."""
    of_people: dict[str, list[tuple[str, int, int, float, float]]] = defaultdict(list)
    for row in world.rows("outcomes"):
        exposure = 1.0 if row["exposure"] is None else row["exposure"]
        first, last = row["period_start"].toordinal(), row["period_end"].toordinal()
        is_told = row["value"] is not None and exposure > 0 and last <= as_of_day
        if row["subject_type"] == "employee" and is_told:
            told = (row["metric_id"], first, last, row["value"], exposure)
            of_people[row["subject_id"]].append(told)
    found = {}
    for unit in units:
        day = unit.completion_day
        sums: dict[str, list[list[float]]] = defaultdict(lambda: [[0.0, 0.0], [0.0, 0.0]])
        for metric, first, last, value, exposure in of_people[unit.learner.employee_id]:
            is_before = day - days <= first and last < day
            is_after = day < first and last <= day + days
            if is_before or is_after:
                side = sums[metric][0 if is_before else 1]
                side[0] += value
                side[1] += exposure
        found[id(unit)] = {
            metric: tuple(value / over if over else None for value, over in sides)
            for metric, sides in sums.items()
        }
    return found
