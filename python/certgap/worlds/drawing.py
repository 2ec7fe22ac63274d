"""What the parts of a random company share: dice, days, and the raw rows they collect."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

Item = TypeVar("Item")
Row = dict[str, Any]


class Dice(random.Random):
    """Random choices in the words the parts use."""

    def happens(self, share: float) -> bool:
        """True in this share of the cases."""
        return self.random() < share

    def some(self, items: Sequence[Item], share: float) -> list[Item]:
        """Each item with this chance."""
        return [item for item in items if self.happens(share)]

    def day(self, first: date, last: date) -> date:
        """A day from `first` to `last`."""
        return first + timedelta(days=self.randint(0, max(0, (last - first).days)))


@dataclass
class Feeds:
    """Raw rows as they are delivered, by (category, relation), each with the date of its file."""

    rows: dict[tuple[str, str], list[tuple[date, Row]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def deliver(self, category: str, relation: str, delivered_on: date, row: Row) -> None:
        """One more row in the file of that day."""
        self.rows[category, relation].append((delivered_on, row))

    def newest(self, category: str, relation: str) -> date | None:
        """The date of the newest file."""
        return max((day for day, _ in self.rows[category, relation]), default=None)


def after(day: date, days: int) -> date:
    """Some days later."""
    return day + timedelta(days=days)


def as_text(value: Any) -> str | None:
    """A value as a CSV file has it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)
