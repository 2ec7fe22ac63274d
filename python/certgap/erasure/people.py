"""Which columns of a feed name a person: `config.meta.people` of its source table.

    people: none
    people:
      own: {worker_code: employee_id, email: mail}   # the row is about this person, and goes
      others: {manager_id: employee_id}              # names somebody else: emptied, the row stays
      rows: $.value                                  # of a JSON page: where its rows are
      total: total_seats                             # and what tells how many a listing has
      path: {acme_user_id: 'user_([^/]+)[.]json$'}   # a file of one person, named by its path
      mapped: {columns.csv: {employee_id: employee_id}}  # columns that a reference file names

A key is a column; of JSON the dotted path from the row's object, through arrays on the way. A value
is a kind of identifier, or `@column` where that column of the row says the kind. A path that ends
in `.*` means that the rows are the members of that object and their names the identifiers. Where a
value may be of one of several kinds, they are a list; `employee_id+sap_user_id`: it is of both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from certgap.deliveries.feeds import Feed, source_tables
from certgap.errors import UserError
from certgap.project import Project

REFERENCE = Path(__file__).with_name("reference.yml")
KEYS = {"own", "others", "rows", "total", "path", "mapped"}


@dataclass(frozen=True)
class People:
    """How a file names people. Pairs of (column or path, kind)."""

    own: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    rows: str | None = None
    # Of a page: the property that tells how many rows the listing has, over all pages of a folder.
    total: str | None = None
    # (kind, pattern) of an identifier in the file's name: then all of it is about one person.
    path: tuple[str, str] | None = None
    # Columns that hold one of several kinds, and do not say which.
    ambiguous: frozenset[str] = frozenset()
    # A feed of HR: each of its rows has a number of whom it is about.
    is_hr: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is looked at."""
        pairs = (*self.own, *self.others)
        kinds = (kind[1:] for _, kind in pairs if kind.startswith("@"))
        return tuple(dict.fromkeys([*(name for name, _ in pairs), *kinds]))


def people_of(declared: Any, where: str) -> People:
    """A declaration as it is written; UserError where it is none."""
    if declared == "none":
        return People()
    if not isinstance(declared, dict) or not declared.keys() <= KEYS:
        raise UserError(
            f"{where} does not say which of its columns name a person.",
            "Declare it as config.meta.people of the source table (docs/how-to/erase-a-person.md).",
        )
    paths = tuple((declared.get("path") or {}).items())
    return People(
        _pairs(declared.get("own") or {}),
        _pairs(declared.get("others") or {}),
        declared.get("rows"),
        declared.get("total"),
        paths[0] if paths else None,
        frozenset(n for n, kinds in (declared.get("own") or {}).items() if isinstance(kinds, list)),
    )


def _pairs(written: dict[str, str | list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, kind)
        for name, kinds in written.items()
        for kind in (kinds.split("+") if isinstance(kinds, str) else kinds)
    )


def declared(project: Project, feeds: list[Feed]) -> dict[Feed, People]:
    """The declaration of each of these feeds; UserError where one has none."""
    written = {
        f"{category}/{vendor}/{table['name']}": table.get("config", {})
        .get("meta", {})
        .get("people")
        for category, vendor, table in source_tables(project)
    }
    found = {}
    for feed in feeds:
        people = people_of(written[feed.folder], f"The feed {feed.folder}")
        own = (*people.own, *_mapped(project, written[feed.folder]))
        found[feed] = replace(people, own=own, is_hr=feed.category == "hris")
    return found


def _mapped(project: Project, written: Any) -> Iterator[tuple[str, str]]:
    """Columns whose names a reference file gives: those its rows have for some fields."""
    for name, kinds in (written.get("mapped") or {}).items() if isinstance(written, dict) else ():
        path = project.reference / name
        if not path.is_file():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("field") in kinds and row.get("report_column"):
                    yield row["report_column"], kinds[row["field"]]


@cache
def of_reference() -> dict[str, People]:
    """Name of a reference file to how it names people; files that name nobody are not in it."""
    written = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    return {name: replace(people_of(some, name), is_hr=True) for name, some in written.items()}
