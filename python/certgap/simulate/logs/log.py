"""What every log of the simulator has in common: its truth is tables of its own.

A log says nothing about adoption. What must come of it is told beside the world: the counts, and
for each feed how many rows end kept, quarantined or superseded, and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from certgap.simulate.company import Company
from certgap.simulate.usage_vendors import Setting

KEPT, QUARANTINED, SUPERSEDED = "kept", "quarantined", "superseded"
FATES = "row_fates"

# person, mail address of the day, how often
Actor = tuple[int, str, int]


Chances = Callable[[int], "float | np.ndarray"]


def actors_of_days(
    company: Company, rng: np.random.Generator, share: Chances, most: int
) -> Iterator[tuple[int, list[Actor]]]:
    """Each day's people: a share of those at work, each one to ``most`` times.

    ``share`` gives it by day, for all or for each of the people. What the caller draws from
    ``rng`` for a day comes after these draws.
    """
    force = company.workforce
    people = np.arange(min(force.count, company.settings["web_access"]["people"]))
    for day in range(force.start, force.end + 1):
        here = force.employed_on(day, people) & ~force.on_leave(day, people)
        who = people[here & (rng.random(len(people)) < share(day))]
        counts = rng.integers(1, most + 1, len(who))
        mails, _ = company.addresses.used_mail("upn", who, day)
        yield day, list(zip(who.tolist(), mails.to_pylist(), counts.tolist(), strict=True))


class Log:
    """One log."""

    name = ""

    def write(self, setting: Setting) -> None:
        """Write the files, and tell the truth what must come of them."""
        raise NotImplementedError


class Fates:
    """How the rows of a log end, by feed."""

    def __init__(self, source: str) -> None:
        """None yet."""
        self.source = source
        self.counts: Counter[tuple[str, str, str | None]] = Counter()

    def add(self, feed: str, status: str, reason: str | None = None, count: int = 1) -> None:
        """So many rows more."""
        if count:
            self.counts[feed, status, reason] += count

    def rows(self) -> list[dict[str, Any]]:
        """For the truth."""
        return [
            {
                "source_system": self.source,
                "feed": feed,
                "row_status": status,
                "status_reason": reason,
                "n_rows": count,
            }
            for (feed, status, reason), count in self.counts.items()
        ]
