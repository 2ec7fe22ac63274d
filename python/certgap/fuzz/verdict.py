"""The rules: what may become of a delivered file, given what Python finds in it.

1. Refused by ``check-deliveries``, as a whole and by name. A file that every reader must be able to
   read (oracle.py: ``must_read``) may not be.
2. Or read: as many rows are kept, quarantined or superseded as are in it. None is lost, none is
   invented. A file that nobody can read in full may not be read in part.
3. A quarantined row is there with its text, and the text is one that is in the file.
4. A kept row's id is made of texts of its file, as far as ids of the feed are (``Reference``).
5. A row the mutation did not touch has the values, and the same chance, as when it came alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from certgap.fuzz.deliver import Outcome, Row
from certgap.fuzz.oracle import Contents, squeezed


@dataclass
class Counts:
    """Of one feed and format: the line of the report."""

    mutants: int = 0
    refused: int = 0
    rows: int = 0
    kept: int = 0
    quarantined: int = 0
    superseded: int = 0
    compared: int = 0
    silent: int = 0

    def add(self, other: Counts) -> None:
        """Sum up."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def fate(row: Row) -> str:
    """Readable or not, and why not: kept or superseded depends on other rows."""
    return f"quarantined {row.reason}" if row.status == "quarantined" else "readable"


@dataclass
class Reference:
    """What is read of each row of the seeds alone; values that depend on other rows are left out.

    ``first`` and ``second`` are the same rows in two builds, the second one among the mutants;
    ``wholes`` are the rows of a file with all rows of a seed, and that seed's number.
    """

    first: dict[tuple[int, int], Row]
    second: dict[tuple[int, int], Row]
    texts: dict[tuple[int, int], str]
    wholes: list[tuple[list[Row], int]] = field(default_factory=list)
    unstable: set[str] = field(default_factory=set)
    derived: set[int] = field(default_factory=set)
    id_parts: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Find the values and the parts of ids that say something of the row alone."""
        for key, row in self.first.items():
            other = self.second.get(key)
            if other is None:
                continue
            if fate(row) != fate(other):
                self.unstable.add("(fate)")
            names = {*row.values, *other.values}
            self.unstable |= {n for n in names if row.values.get(n) != other.values.get(n)}
            if row.status != "quarantined":
                parts = re.split("[|/]", row.record_id)
                self.id_parts.add(len(parts))
                self.derived |= {
                    at for at, part in enumerate(parts) if squeezed(part) not in self.texts[key]
                }
        for rows, seed_number in self.wholes:
            alone = [row for key, row in self.second.items() if key[0] == seed_number]
            if len(rows) == len(alone):
                self._compare(rows, alone)

    def _compare(self, rows: list[Row], alone: list[Row]) -> None:
        """Values that are others when rows come together."""
        for name in {name for row in (*rows, *alone) for name in row.values}:
            values = [Counter(row.values.get(name) for row in some) for some in (rows, alone)]
            if values[0] != values[1]:
                self.unstable.add(name)
        if Counter(map(fate, rows)) != Counter(map(fate, alone)):
            self.unstable.add("(fate)")

    def said(self, row: Row) -> tuple[str, ...]:
        """A row by its own values and fate."""
        values = [f"{n}={v}" for n, v in sorted(row.values.items()) if n not in self.unstable]
        return (*values, "" if "(fate)" in self.unstable else fate(row))

    def has_invented_id(self, row: Row, text: str) -> bool:
        """Whether a part of a kept row's id is nowhere in its file."""
        parts = re.split("[|/]", row.record_id)
        is_hash = row.record_id.startswith("row:")
        if row.status == "quarantined" or is_hash or self.id_parts != {len(parts)}:
            return False
        return any(
            squeezed(part) not in text for at, part in enumerate(parts) if at not in self.derived
        )


def judge(
    name: str,
    file: Contents,
    untouched: list[tuple[int, int]],
    outcome: Outcome,
    reference: Reference,
) -> tuple[Counts, list[str]]:
    """Counts of one file, and what is wrong with what became of it."""
    rows = outcome.rows.get(name, [])
    counts = Counts(mutants=1)
    if name in outcome.refused:
        counts.refused = 1
        faults = ["refused, but some of it was read"] if rows else []
        if file.must_read:
            faults.append(f"refused without need: {outcome.refused[name]}")
        return counts, faults
    faults = []
    if file.must_refuse:
        faults.append(f"read, though it cannot be: {file.must_refuse}")
    statuses = Counter(row.status for row in rows)
    counts.rows = min(file.counts, key=lambda n: abs(n - len(rows)), default=0)
    counts.kept, counts.quarantined = statuses["kept"], statuses["quarantined"]
    counts.superseded = statuses["superseded"]
    if not file.must_refuse and len(rows) not in file.counts:
        faults.append(f"{sorted(file.counts)} rows in, {len(rows)} out")
    faults += _texts(rows, file, reference)
    if not file.must_refuse:
        expected = [reference.second[key] for key in untouched if key in reference.second]
        counts.compared = len(expected)
        missing = _missing(*(Counter(map(reference.said, some)) for some in (expected, rows)))
        faults += [f"an untouched row is read differently: {row}" for row in missing]
    counts.silent = len(faults)
    return counts, faults


def _missing(expected: Counter[tuple[str, ...]], found: Counter[tuple[str, ...]]) -> list[str]:
    """Rows that are not found. Of one without values (feeds that name only kept people) only its
    fate is known, whichever side it is on."""
    missing, others = list((expected - found).elements()), list((found - expected).elements())
    lost = []
    for row in missing:
        same = [o for o in others if o[-1] == row[-1] and 1 in (len(o), len(row))]
        if same:
            others.remove(same[0])
        else:
            lost.append(str(row))
    return lost


def _is_in(raw_text: str, text: str) -> bool:
    """Whether a row's text is in its file: fields may be in another order there."""
    whole, parts = squeezed(raw_text), map(squeezed, re.split("[,|]", raw_text))
    return whole in text or all(part in text for part in parts)


def _texts(rows: list[Row], file: Contents, reference: Reference) -> list[str]:
    """Quarantined texts and kept ids that are not in the file."""
    faults: list[str] = []
    if not file.text:
        return faults
    for row in rows:
        if row.status == "quarantined" and not row.raw_text and "null" not in file.text:
            faults.append(f"quarantined without its text: {row.reason}")
        elif row.status == "quarantined" and not _is_in(row.raw_text, file.text):
            faults.append(f"quarantined with a text that is not in it: {row.raw_text[:200]}")
        elif reference.has_invented_id(row, file.text):
            faults.append(f"kept with an id that is not in it: {row.record_id[:200]}")
    return faults
