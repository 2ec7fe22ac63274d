"""docs/reference/personal-data.md: which columns of which file name a person, and by what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from certgap.handbook.markdown import made_by, table
from certgap.privacy.people import Pairs, People, of_feeds, of_reference
from certgap.project import Project

NAME = "name"
INTRODUCTION = """
Which columns of the raw exports and reference files name a person, by what kind of identifier: the
list to hold against a request for access or erasure, a record of processing, or the question what
an export should leave out. Of JSON a column is a path from the row's object. Columns that no model
reads are listed, too, since the files hold them.

- **whose row it is**: identifiers of the person the row is about
- **others it names**: managers, approvers, assigners, targets of an event
- **names**: of people, which many share and which nothing is matched by

`@column` means that the column of this name says the kind. The source table of a vendor of your own
says it in its `meta`, and a test asks for it: `people: {own: {member: mail}}`, or `people: none`
(`python/certgap/privacy/people.py`).

Not in the list: free text in which people may name anybody (answers of surveys, comments, notes,
titles of teams), and exports that a vendor has concealed (hashes instead of addresses).
"""


def _told(pairs: Pairs) -> str:
    columns: dict[str, list[str]] = {}
    for column, kind in pairs:
        columns.setdefault(column, []).append(kind)
    return ", ".join(f"`{name}` ({' or '.join(kinds)})" for name, kinds in columns.items()) or "–"


def _names(people: People) -> str:
    return ", ".join(
        f"`{column}`" for column, kind in (*people.own, *people.others) if kind == NAME
    )


def _rows(found: dict[str, People]) -> Iterator[tuple[str, ...]]:
    for name, people in found.items():
        own = _told(tuple(pair for pair in people.own if pair[1] != NAME))
        if people.path:
            own += f"; the name of the file ({', '.join(kind for _, kind in people.path)})"
        if people.mapped:
            own += f"; the columns that `{people.mapped[0][0].split()[0]}` names"
        others = _told(tuple(pair for pair in people.others if pair[1] != NAME))
        yield f"`{name}`", own, others, _names(people) or "–"


def page(folder: Path) -> str:
    """The whole page."""
    feeds = of_feeds(Project(folder, {}))
    named = {feed: people for feed, people in feeds.items() if people.is_any}
    nobody = ", ".join(f"`{feed}`" for feed in feeds if feed not in named)
    head = ["file", "whose row it is", "others it names", "names"]
    parts = [
        made_by("python -m certgap.handbook"),
        "# Personal data in the files\n",
        INTRODUCTION.strip() + "\n",
        "## Feeds\n",
        table(head, list(_rows(named))),
        f"Nobody is named in {nobody}.\n",
        "## Reference files\n",
        table(head, list(_rows(of_reference()))),
    ]
    return "\n".join(parts)
