"""What every log of the simulator has in common: its truth is tables of its own.

A log says nothing about adoption. What must come of it is told beside the world: the counts, and
for each feed how many rows end kept, quarantined or superseded, and why.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from certgap.simulate.usage_vendors import Setting

KEPT, QUARANTINED, SUPERSEDED = "kept", "quarantined", "superseded"
FATES = "row_fates"


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
