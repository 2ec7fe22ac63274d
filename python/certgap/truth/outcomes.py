"""Outcomes of people before and after a date.

Source: decision record 0015.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from certgap.truth.world import World

# Before and after; None where no whole period is there.
Change = tuple[float | None, float | None]


class Told(NamedTuple):
    """One outcome of one person; days are ordinals, the last one included."""

    metric_id: str
    first: int
    last: int
    value: float
    exposure: float


class Outcomes:
    """What is told of people, not of teams."""

    def __init__(self, world: World, days: int, as_of_day: int) -> None:
        """Keep what was told by the as-of day; `days` are those before and after a date."""
        self.days = days
        self.of_people: dict[str, list[Told]] = defaultdict(list)
        # Everybody who is named, also without a value.
        self.people: set[str] = set()
        for row in world.rows("outcomes"):
            if row["subject_type"] != "employee":
                continue
            self.people.add(row["subject_id"])
            exposure = 1.0 if row["exposure"] is None else row["exposure"]
            first, last = row["period_start"].toordinal(), row["period_end"].toordinal()
            if row["value"] is not None and exposure > 0 and last <= as_of_day:
                told = Told(row["metric_id"], first, last, row["value"], exposure)
                self.of_people[row["subject_id"]].append(told)

    def changes(self, employee_id: str, day: int) -> dict[str, Change]:
        """Per metric the values over what they are divided by, of the whole periods within the days
        before and after `day`."""
        sums: dict[str, list[list[float]]] = defaultdict(lambda: [[0.0, 0.0], [0.0, 0.0]])
        for told in self.of_people.get(employee_id, ()):
            is_before = day - self.days <= told.first and told.last < day
            is_after = day < told.first and told.last <= day + self.days
            if is_before or is_after:
                side = sums[told.metric_id][0 if is_before else 1]
                side[0] += told.value
                side[1] += told.exposure
        return {
            metric: tuple(value / over if over else None for value, over in sides)
            for metric, sides in sums.items()
        }
