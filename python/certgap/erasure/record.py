"""What is kept about erasures, outside of every database, in CERTGAP_ERASURES (default: beside it).

- `record.json`: when each request was made, and the keyed hashes of what named the people;
- `erased_rows.csv`: how many rows were taken out of each feed, for the dbt build
  (macros/sources/erased_rows.sql).

Nothing in it says who. It is what keeps somebody out of later deliveries, so it must be kept, and
with it the key: under another key no hash fits any more.
"""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from certgap.erasure.identifiers import Marks
from certgap.errors import UserError
from certgap.project import Project
from certgap.publish.keeping import flush

VERSION = 1
RECORD, ROWS = "record.json", "erased_rows.csv"
ROW_COLUMNS = ("source_system", "category", "feed", "n_rows")
PROBE = ("probe", "certgap")


@dataclass
class Request:
    """One call of `certgap erase`."""

    requested_at: str  # UTC
    n_people: int
    n_identifiers: int


@dataclass
class Kept:
    """What is kept of one file, under the hash of its name, which may be somebody's."""

    feed: str
    # Version and digest of marks and columns for which it holds nobody; empty: not known.
    state: str = ""
    # Version that rows are being taken out of, and how many had been before: a run that was killed
    # counts the same rows again.
    version: str = ""
    before: tuple[int, int] = (0, 0)
    erased: tuple[int, int] = (0, 0)  # rows, cells in rows of others


@dataclass
class Record:
    """All requests, and which files hold nobody of them."""

    folder: Path
    marks: Marks
    requests: list[Request] = field(default_factory=list)
    files: dict[str, Kept] = field(default_factory=dict)
    # Databases made before the last request hold them still.
    are_databases_stale: bool = False

    def request(self, n_people: int, n_identifiers: int) -> None:
        """Note a new request."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.requests.append(Request(now, n_people, n_identifiers))

    def of(self, place: str, feed: str) -> Kept:
        """What is kept of the file at this place."""
        return self.files.setdefault(self.marks.hash(("file", place)), Kept(feed))

    def plan(self, kept: Kept, version: str, n_rows: int, n_emptied: int) -> None:
        """Count what will be taken out of a file of this version, before it is."""
        if version != kept.version:
            # The version we wrote loses further rows; another one came anew and counts for itself.
            is_ours = kept.state.partition(" ")[0] == version
            kept.before = kept.erased if is_ours else (0, 0)
        kept.version, kept.state = version, ""
        kept.erased = (kept.before[0] + n_rows, kept.before[1] + n_emptied)

    @property
    def erased(self) -> dict[str, tuple[int, int]]:
        """Feed to rows erased and cells emptied, by all requests."""
        found: dict[str, tuple[int, int]] = {}
        for kept in self.files.values():
            rows, emptied = found.get(kept.feed, (0, 0))
            found[kept.feed] = (rows + kept.erased[0], emptied + kept.erased[1])
        return found

    def write(self) -> None:
        """Replace the files, each at once and for good."""
        written = {
            "version": VERSION,
            "about": "People taken out of the deliveries, as keyed hashes. Keep it: without it "
            "they come back with the next delivery that names them.",
            "probe": self.marks.hash(PROBE),
            "requests": [asdict(request) for request in self.requests],
            "hashes": sorted(self.marks.hashes),
            "shared": sorted(self.marks.shared),
            "files": {name: asdict(kept) for name, kept in self.files.items()},
            "are_databases_stale": self.are_databases_stale,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(ROW_COLUMNS)
        for name, (n_rows, _) in sorted(self.erased.items()):
            # Of a reference file there are two parts: its rows are no delivery's.
            if n_rows and name.count("/") == 2:
                category, vendor, feed = name.split("/")
                writer.writerow((vendor, category, feed, n_rows))
        self._replace(ROWS, text.getvalue())
        self._replace(RECORD, json.dumps(written, indent=1) + "\n")
        flush(self.folder)

    def _replace(self, name: str, text: str) -> None:
        new = self.folder / f".{name}.new"
        new.write_text(text, encoding="utf-8")
        new.chmod(0o600)
        flush(new)
        os.replace(new, self.folder / name)


def _kept(written: dict[str, Any]) -> Kept:
    pairs = {name: tuple(written[name]) for name in ("before", "erased")}
    return Kept(**{**written, **pairs})


def folder_of(project: Project) -> Path:
    """Where the record lies."""
    named = project.environment.get("CERTGAP_ERASURES")
    return project.folder / named if named else project.warehouse.parent / "erasures"


def path_of(project: Project) -> Path:
    """The record itself; there is none before the first erasure."""
    return folder_of(project) / RECORD


def read(project: Project, key: str) -> Record:
    """The record, empty where there is none. UserError where it is damaged or of another key."""
    path = path_of(project)
    if not path.is_file():
        return Record(path.parent, Marks(key))
    try:
        written: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        marks = Marks(key, set(written["hashes"]), set(written["shared"]))
        record = Record(
            path.parent,
            marks,
            [Request(**request) for request in written["requests"]],
            {name: _kept(one) for name, one in written["files"].items()},
            written["are_databases_stale"],
        )
        is_of_key = written["probe"] == marks.hash(PROBE)
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(
            f"{path}, the record of erased people, cannot be read.",
            "Restore it from a backup. Without it they come back with the next delivery.",
        ) from None
    if not is_of_key:
        raise UserError(
            f"{path}, the record of erased people, was written under another key.",
            "Set the CERTGAP_PSEUDONYM_KEY it was written with. After a change of keys, move the "
            "record away and erase the people again under the new one.",
        )
    return record
