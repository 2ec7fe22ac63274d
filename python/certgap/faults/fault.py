"""What a fault is, and what may become of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from certgap.faults.raw import RawFolder

CAUGHT = "caught"
QUARANTINED = "quarantined"
HARMLESS = "harmless"
SILENT = "silent"

GENERIC, NATIVE = "generic", "native"

Change = Callable[[RawFolder], None]


@dataclass(frozen=True)
class Fault:
    """One kind of wrong delivery and what must become of it.

    ``by`` is in the words that tell it: of the check, of a build that stops, the name of a test, or
    the reason in the quarantine. ``right`` is for what is harmless though figures change: the
    deliveries in which the same is said without a fault; the figures must be theirs. Tables that
    ``lists`` names are lists of people or their keys, which rightly are others.
    """

    id: str
    words: str
    feed: str
    change: Change
    outcome: str
    by: str = ""
    company: str = GENERIC
    right: Change | None = None
    lists: frozenset[str] = frozenset()


class Subject:
    """The faults of one subject, in the order they are written."""

    def __init__(self, name: str, company: str = GENERIC) -> None:
        """``company``: whose files are changed."""
        self.name, self.company = name, company
        self.faults: list[Fault] = []

    def fault(
        self,
        feed: str,
        outcome: str,
        by: str = "",
        right: Change | None = None,
        lists: Iterable[str] = (),
    ) -> Callable[[Change], Change]:
        """Add the decorated change: its name, with hyphens, is the fault's id, its docstring says
        what is done."""

        def added(change: Change) -> Change:
            name = change.__name__.replace("_", "-")
            words = (change.__doc__ or "").strip().removesuffix(".")
            fault = Fault(
                name, words, feed, change, outcome, by, self.company, right, frozenset(lists)
            )
            self.faults.append(fault)
            return change

        return added
