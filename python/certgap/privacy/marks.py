"""What would give a person away: employee ids, aliases, names in mail addresses, their digests.

A mark is a tuple of words in small letters, so that `Ana.Li@example.com`, `li, ana` and
`ana%2Eli` are found by the same two words wherever they stand beside each other.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from certgap.errors import UserError
from certgap.publish.audit import quoted

WORD = re.compile(r"[^\W_]+")
Mark = tuple[str, ...]

# Whoever has a list of addresses can make these of all of it: a digest without a key hides nobody.
DIGESTS = ("md5", "sha1", "sha256")
# A shorter word, or a number, also stands for a count, a course or a year.
SHORTEST = 6

COLUMNS = """
    select table_schema, table_name, column_name from information_schema.columns
    where
        table_catalog = current_catalog()
        and (
            column_name in ('alias_value', 'subject_id', 'member_value', 'raw_text')
            or column_name like '%employee_id'
        )
        and table_schema in ('staging', 'canonical', 'intermediate', 'reference', 'main')
        and data_type = 'VARCHAR'
"""
# Of these columns only what is of a person: other subjects and members are teams and groups.
ONLY = {"subject_id": "subject_type = 'employee'", "member_value": "member_kind = 'employee_id'"}
ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+\.[\w.-]+")


def words(text: str) -> Mark:
    """The words of a text, in small letters."""
    return tuple(word.lower() for word in WORD.findall(unicodedata.normalize("NFKC", text)))


def is_telling(mark: Mark) -> bool:
    """Long enough, and no mere number, so that it stands for nobody and nothing else."""
    return len("".join(mark)) >= SHORTEST and not all(word.isdigit() for word in mark)


def _plain(kind: str, identifier: str) -> Iterator[tuple[str, Mark]]:
    yield kind, words(identifier)
    local, at, _ = identifier.partition("@")
    if at:
        name = words(local.partition("+")[0])
        # First name last, last name first: ana maria li; li ana maria; li maria ana.
        for order in (name, name[-1:] + name[:-1], name[1:] + name[:1], name[::-1]):
            yield "name", order


def marks_of(identifiers: Iterable[tuple[str, str]]) -> dict[Mark, str]:
    """Marks, each with its kind, of pairs (kind, identifier); telling ones only.

    An identifier that is short or only digits is looked for by its digests alone.
    """
    found: dict[Mark, str] = {}
    for kind, identifier in identifiers:
        for which, mark in _plain(kind, identifier):
            if is_telling(mark):
                found.setdefault(mark, which)
        for spelling in {identifier, identifier.lower(), identifier.upper()}:
            raw = spelling.encode()
            for algorithm in DIGESTS:
                digest = hashlib.new(algorithm, raw, usedforsecurity=False).hexdigest()
                found.setdefault((digest,), "digest")
            encoded = words(base64.b64encode(raw).decode())
            if is_telling(encoded):
                found.setdefault(encoded, "digest")
    return found


def identifiers_in(warehouse: Path) -> set[tuple[str, str]]:
    """(kind, identifier) of everybody a working database names, known to HR or not.

    Raises UserError where it names nobody: then nothing could be found.
    """
    found: set[tuple[str, str]] = set()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for schema, table, column in connection.execute(COLUMNS).fetchall():
            name, place = quoted(column), f"{quoted(schema)}.{quoted(table)}"
            rows = connection.execute(
                f"select distinct {name} from {place}"
                f" where {name} is not null and {ONLY.get(column, 'true')}"
            ).fetchall()
            if column == "raw_text":
                found |= {("alias", a) for (text,) in rows for a in ADDRESS.findall(text)}
            else:
                kind = "alias" if column == "alias_value" else "employee_id"
                found |= {(kind, value) for (value,) in rows}
    if not found:
        raise UserError(f"{warehouse} names nobody.", "Run `certgap build` first.")
    return found


def without_plain_mark(identifiers: Iterable[tuple[str, str]]) -> int:
    """How many identifiers are too short, or only digits, to be looked for as they are."""
    return sum(
        not any(is_telling(mark) for _, mark in _plain(kind, identifier))
        for kind, identifier in identifiers
    )


def found_in(
    spoken: Mark, marks: dict[Mark, str], lengths: Iterable[int], *, is_binary: bool = False
) -> set[Mark]:
    """The marks that stand in a text of these words; ``lengths`` are those of the marks.

    In a binary file the length of a text stands before it, and may read as a letter or two.
    """
    found = set()
    for length in lengths:
        for start in range(len(spoken) - length + 1):
            mark = spoken[start : start + length]
            if mark in marks:
                found.add(mark)
            elif is_binary:
                for cut in (1, 2):
                    shorter = (mark[0][cut:], *mark[1:])
                    if shorter in marks:
                        found.add(shorter)
    return found
