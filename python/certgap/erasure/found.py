"""What one row says of people who are to be erased, and what was found in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from certgap.erasure.identifiers import (
    EMPLOYEE,
    NAME,
    WEAK,
    Identifier,
    Marks,
    identifiers,
    spelled,
)
from certgap.erasure.people import People


@dataclass
class Found:
    """Rows taken out, cells emptied in rows that stay, further identifiers of the same people."""

    n_rows: int = 0
    n_emptied: int = 0
    links: set[Identifier] = field(default_factory=set)
    # Identifiers that by now are somebody else's.
    claimed: set[Identifier] = field(default_factory=set)
    # The file itself is about somebody, by its name.
    is_whole: bool = False
    # By how much the total that a page tells is too large now.
    less: int = 0
    # Why somebody may be named in it all the same.
    unclear: str = ""

    def take(self, row: Row) -> None:
        """What a row says of other ids."""
        self.links |= row.links
        self.claimed |= row.claimed

    def add(self, other: Found) -> None:
        """And what was found in another part."""
        self.n_rows += other.n_rows
        self.n_emptied += other.n_emptied
        self.links |= other.links
        self.claimed |= other.claimed
        self.unclear = self.unclear or other.unclear

    @property
    def is_any(self) -> bool:
        """Whether the file has to be written anew."""
        return bool(self.n_rows or self.n_emptied or self.less or self.is_whole)


class Row:
    """One row. ``cell(name)`` is a value, a list of values, or None."""

    def __init__(self, people: People, cell: Callable[[str], Any], marks: Marks) -> None:
        """Looks at all that names a person in it."""
        found = [(name, i) for name, kind in people.own for i in _identifiers(name, kind, cell)]
        own = {i for _, i in found}
        # A number that may be another range's proves nothing.
        unsure = {i for name, i in found if i[0] == EMPLOYEE and name in people.ambiguous}
        theirs = {i for i in own - unsure if marks.names(i)}
        strong = {i for i in own if i[0] not in WEAK}
        # A column of several kinds says nothing against anybody.
        numbers = {i for name, i in found if i[0] == EMPLOYEE and name not in people.ambiguous}
        is_of_another = bool(numbers) and not numbers & theirs
        is_proven = bool(strong & theirs) and not is_of_another
        # HR's numbers say whose a row is: what else it shares with the erased, an address that has
        # changed hands or a word written for many, is not theirs. Elsewhere an address is enough,
        # since few others know HR's numbers.
        is_others = not is_proven and people.is_hr and bool(strong)
        self.is_theirs = is_proven or (not is_others and bool(theirs - strong))
        self.claimed = theirs if is_others else set()
        self.links = own - unsure - theirs if self.is_theirs and not is_of_another else set()
        named = [
            name
            for name, kind in people.others
            if not self.is_theirs and any(marks.names(i) for i in _identifiers(name, kind, cell))
        ]
        # Which name belongs to which id a table does not say: none of them stays.
        names = [name for name, kind in people.others if kind == NAME] if named else []
        self.named = list(dict.fromkeys([*named, *names]))


def _identifiers(name: str, kind: str, cell: Callable[[str], Any]) -> Iterator[Identifier]:
    if kind.startswith("@"):
        told = cell(kind[1:])
        kind = spelled(told[0] if isinstance(told, list) and told else told or "")
    values = cell(name)
    for value in values if isinstance(values, list) else [values]:
        yield from identifiers(kind, value)
