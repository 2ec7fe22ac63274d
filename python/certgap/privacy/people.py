"""Which columns of a feed name a person: `config.meta.people` of its source table.

    people: none
    people:
      own: {worker_code: employee_id, email: mail}   # the row is about this person
      others: {manager_id: employee_id}              # names somebody else
      rows: $.value                                  # of a JSON page: where its rows are
      total: total_seats                             # and what tells how many a listing has
      path: {acme_user_id: 'user_([^/]+)[.]json$'}   # a file of one person, named by its path
      mapped: {columns.csv: {work_email: mail}}      # columns that a reference file names by field

A key is a column, also one that no model reads; of JSON the dotted path from the row's object,
through arrays on the way. A value is a kind of identifier, or several it may be: `employee_id` (the
contract's), `mail` (an address, whatever it is for), `name` (of a person, shared by many), another
alias type of the contract, or an id of the vendor's own; `@column` where that column of the row
says the kind. A path that ends in `.*` means that the rows are the members of that object, and
their names the identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from certgap.deliveries.feeds import source_tables
from certgap.errors import UserError
from certgap.project import Project

REFERENCE = Path(__file__).with_name("reference.yml")
KEYS = {"own", "others", "rows", "total", "path", "mapped"}
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class People:
    """How the rows of a feed name people. Pairs of (column or path, kind)."""

    own: Pairs = ()
    others: Pairs = ()
    # (pattern of the file's path, kind): all of the file is about one person.
    path: Pairs = ()
    # (reference file and field, kind): the column is called as that file says.
    mapped: Pairs = ()

    @property
    def is_any(self) -> bool:
        """Whether anybody is named at all."""
        return bool(self.own or self.others or self.path or self.mapped)


def _pairs(written: dict[str, str | list[str]] | None) -> Pairs:
    return tuple(
        (name, kind)
        for name, kinds in (written or {}).items()
        for kind in ([kinds] if isinstance(kinds, str) else kinds)
    )


def people_of(declared: Any, where: str) -> People:
    """A declaration as it is written; UserError where it is none."""
    if declared == "none":
        return People()
    if not isinstance(declared, dict) or not declared or not declared.keys() <= KEYS:
        raise UserError(
            f"{where} does not say which of its columns name a person.",
            "Declare it as config.meta.people of the source table "
            "(docs/reference/personal-data.md).",
        )
    mapped = {
        f"{file} {field}": kind
        for file, fields in (declared.get("mapped") or {}).items()
        for field, kind in fields.items()
    }
    path = {pattern: kind for kind, pattern in (declared.get("path") or {}).items()}
    own, others = _pairs(declared.get("own")), _pairs(declared.get("others"))
    return People(own, others, _pairs(path), _pairs(mapped))


def of_feeds(project: Project) -> dict[str, People]:
    """Folder of each feed to its declaration, in order; UserError where one has none."""
    found = {}
    for category, vendor, table in source_tables(project):
        folder = f"{category}/{vendor}/{table['name']}"
        meta = table.get("config", {}).get("meta", {})
        found[folder] = people_of(meta.get("people"), f"The feed {folder}")
    return dict(sorted(found.items()))


@cache
def of_reference() -> dict[str, People]:
    """Name of a reference file to how it names people; files that name nobody are not in it."""
    written = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    return {name: people_of(some, name) for name, some in written.items()}
