"""What would give a person away: employee ids, aliases, names in mail addresses, their digests.

A mark is a tuple of words in small letters, so that `Ana.Li@example.com`, `li, ana` and
`ana%2Eli` are found by the same two words wherever they stand beside each other.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

WORD = re.compile(r"[^\W_]+")
Mark = tuple[str, ...]

# Whoever has a list of addresses can make these of all of it: a digest without a key hides nobody.
DIGESTS = ("md5", "sha1", "sha256")
# A shorter word, or a number, also stands for a count, a course or a year.
SHORTEST = 6
IDENTIFIERS = """
    select 'employee_id' as kind, employee_id as value from canonical.employees
    union
    select 'alias', alias_value from canonical.identity_aliases
"""


def words(text: str) -> Mark:
    """The words of a text, in small letters."""
    return tuple(word.lower() for word in WORD.findall(text))


def _is_telling(mark: Mark) -> bool:
    return len("".join(mark)) >= SHORTEST and not all(word.isdigit() for word in mark)


def marks_of(identifiers: Iterable[tuple[str, str]]) -> dict[Mark, str]:
    """Marks, each with its kind, of pairs (kind, identifier); telling ones only.

    An identifier whose words are few or only digits is looked for by its digests alone.
    """
    found: dict[Mark, str] = {}
    for kind, identifier in identifiers:
        given = [(kind, words(identifier))]
        local, at, _ = identifier.partition("@")
        if at:
            name = words(local)
            given += [("name", name), ("name", name[::-1])]
        for which, mark in given:
            if _is_telling(mark):
                found.setdefault(mark, which)
        for spelling in {identifier, identifier.lower(), identifier.upper()}:
            raw = spelling.encode()
            for algorithm in DIGESTS:
                digest = hashlib.new(algorithm, raw, usedforsecurity=False).hexdigest()
                found.setdefault((digest,), "digest")
            encoded = words(base64.b64encode(raw).decode())
            if _is_telling(encoded):
                found.setdefault(encoded, "digest")
    return found


def marks_in(warehouse: Path) -> dict[Mark, str]:
    """Marks of everybody in a working database."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return marks_of(connection.execute(IDENTIFIERS).fetchall())


def found_in(text: str, marks: dict[Mark, str], lengths: Iterable[int]) -> set[Mark]:
    """The marks that stand in a text; ``lengths`` are those of the marks, in words."""
    spoken = words(text)
    found = set()
    for length in lengths:
        for start in range(len(spoken) - length + 1):
            mark = spoken[start : start + length]
            if mark in marks:
                found.add(mark)
    return found
