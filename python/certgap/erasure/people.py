"""Which columns of a feed name a person: `config.meta.people` of its source table.

    people: none
    people:
      own: {worker_code: employee_id, email: mail}   # the row is about this person, and goes
      others: {manager_id: employee_id}              # names somebody else: emptied, the row stays
      rows: $.value                                  # of a JSON page: where its rows are

A key is a column; of JSON the dotted path from the row's object, through arrays on the way. A value
is a kind of identifier, or `@column` where that column of the row says the kind. A path that ends
in `.*` means that the rows are the members of that object and their names the identifiers. Where a
value may be of several kinds, they are a list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from certgap.deliveries.feeds import Feed, source_tables
from certgap.errors import UserError
from certgap.project import Project

REFERENCE = Path(__file__).with_name("reference.yml")


@dataclass(frozen=True)
class People:
    """How a file names people. Pairs of (column or path, kind)."""

    own: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    rows: str | None = None
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
    if not isinstance(declared, dict) or not declared.keys() <= {"own", "others", "rows"}:
        raise UserError(
            f"{where} does not say which of its columns name a person.",
            "Declare it as config.meta.people of the source table (docs/how-to/erase-a-person.md).",
        )
    return People(
        _pairs(declared.get("own") or {}),
        _pairs(declared.get("others") or {}),
        declared.get("rows"),
    )


def _pairs(written: dict[str, str | list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, kind)
        for name, kinds in written.items()
        for kind in ([kinds] if isinstance(kinds, str) else kinds)
    )


def declared(project: Project, feeds: list[Feed]) -> dict[Feed, People]:
    """The declaration of each of these feeds; UserError where one has none."""
    written = {
        f"{category}/{vendor}/{table['name']}": table.get("config", {})
        .get("meta", {})
        .get("people")
        for category, vendor, table in source_tables(project)
    }
    return {
        feed: replace(
            people_of(written[feed.folder], f"The feed {feed.folder}"),
            is_hr=feed.category == "hris",
        )
        for feed in feeds
    }


@cache
def of_reference() -> dict[str, People]:
    """Name of a reference file to how it names people; files that name nobody are not in it."""
    written = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    return {name: people_of(some, name) for name, some in written.items()}
