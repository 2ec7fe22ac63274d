"""Goes through every raw delivery and reference file and takes people out.

The record is written before the first file, so that an erasure that was cut short is ended by the
next one, or by the next build.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from certgap.dbt_plugin import SAMPLE_RAW_FOLDER
from certgap.deliveries.feeds import Feed, declared_feeds, deliveries
from certgap.deliveries.reading import UnreadableError
from certgap.erasure import documents, people, tables
from certgap.erasure import record as records
from certgap.erasure.found import Found
from certgap.erasure.identifiers import (
    EMPLOYEE,
    LOGIN,
    MAIL,
    Identifier,
    Marks,
    address,
    identifiers,
    spelled,
)
from certgap.erasure.people import People
from certgap.erasure.record import Record
from certgap.errors import UserError
from certgap.project import Project
from certgap.publish.keeping import flush

Progress = Callable[[str, int, int], None]
MOST_PASSES = 10
UNFINISHED = ".certgap-erase"


@dataclass(frozen=True)
class File:
    """A file that may name people."""

    feed: str
    path: Path
    version: str
    people: People
    declared: Feed | None  # None: a reference file
    kind: str


@dataclass
class Report:
    """What was taken out of what, and what nobody could say."""

    n_people: int = 0
    erased: dict[str, Found] = field(default_factory=dict)
    # Aliases that are somebody else's, too, by kind: rows that have nothing else stay.
    n_shared: int = 0
    # Files that cannot be read as their feed declares, and why: somebody may be named in them.
    unclear: dict[str, str] = field(default_factory=dict)
    not_looked_at: list[str] = field(default_factory=list)
    databases: list[str] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        """Rows taken out of all files."""
        return sum(found.n_rows for found in self.erased.values())

    @property
    def n_emptied(self) -> int:
        """Cells emptied in rows of other people."""
        return sum(found.n_emptied for found in self.erased.values())

    def as_json(self) -> dict[str, object]:
        """For machines; nothing in it says who."""
        return {
            "n_people": self.n_people,
            "n_rows": self.n_rows,
            "n_emptied": self.n_emptied,
            "n_shared_aliases": self.n_shared,
            "feeds": {
                feed: {"n_rows": found.n_rows, "n_emptied": found.n_emptied}
                for feed, found in sorted(self.erased.items())
            },
            "unclear": self.unclear,
            "not_looked_at": self.not_looked_at,
            "deleted_databases": self.databases,
        }


def files_of(project: Project) -> Iterator[File]:
    """Every delivery of a feed that may name people, enabled or not, and the reference files."""
    feeds = declared_feeds(project)
    with duckdb.connect() as connection:
        found = deliveries(project, feeds, connection)
    named = people.declared(project, list(found))
    for feed, some in found.items():
        if not named[feed].columns:
            continue
        for delivery in some:
            if delivery.path.is_symlink():
                raise UserError(
                    f"{delivery.path} is a link.",
                    "Put the file itself there: what a link leads to may not be ours to change.",
                )
            kind = feed.format if delivery.kind == "text" else (delivery.kind or "")
            yield File(feed.folder, delivery.path, delivery.version, named[feed], feed, kind)
    for name, some_people in people.of_reference().items():
        path = project.reference / name
        if path.is_file():
            stat = path.stat()
            version = f"{stat.st_size}-{stat.st_mtime_ns // 1000}"
            yield File(f"reference/{name}", path, version, some_people, None, "csv")


def unread(project: Project) -> list[str]:
    """Folders whose files no feed declares: nobody knows what names people in them."""
    known = {feed.folder for feed in declared_feeds(project)}
    found = {
        "/".join(path.parent.relative_to(project.raw).parts[:3])
        for path in project.raw.rglob("*")
        if path.is_file() and path.name[0] not in "._" and path.suffix.lower() != ".md"
    }
    return sorted(found - known)


def known_of(project: Project, asked: Iterable[str]) -> tuple[set[Identifier], set[Identifier]]:
    """(identifiers of the people asked for, those of them that are somebody else's, too).

    Somebody is asked for by their employee id or by any alias. Aliases are those of the working
    database; raises UserError where there is none, or somebody is not in it.
    """
    if not project.warehouse.is_file():
        raise UserError(
            f"There is no {project.warehouse}: it says which aliases are whose.",
            "Run `certgap build` first.",
        )
    owners: dict[Identifier, set[str]] = {}
    with duckdb.connect(str(project.warehouse), read_only=True) as connection:
        rows = connection.execute(
            """
            select employee_id, 'employee_id', employee_id from intermediate.int_employees
            union all
            select employee_id, alias_type, alias_value from canonical.identity_aliases
            union all
            select employee_id, alias_type, alias_value from reference.alias_overrides
            """
        ).fetchall()
    for employee, kind, value in rows:
        for identifier in identifiers(kind, value) if employee else ():
            owners.setdefault(identifier, set()).update(
                text for _, text in identifiers("employee_id", employee)
            )
    # A login without a domain is theirs whose address alone begins with it.
    for (kind, text), some in list(owners.items()):
        if kind == MAIL:
            owners.setdefault((LOGIN, text.partition("@")[0]), set()).update(some)
    wanted: set[str] = set()
    for number, name in enumerate(asked, start=1):
        # A bare text is an employee id or an address: a number is many people's in other kinds.
        kind, colon, value = name.partition(":")
        named = {(EMPLOYEE, spelled(name)), (MAIL, address(spelled(name)))}
        if colon:
            named |= set(identifiers(kind.strip(), value))
        whose = set().union(*(owners.get(identifier, set()) for identifier in named))
        if len(whose) != 1:
            # Without the name: what a terminal or a log of CI keeps is kept.
            raise UserError(
                f"The {number}. name is nobody in {project.warehouse}."
                if not whose
                else f"The {number}. name is an alias of {len(whose)} people.",
                "Name the person by the employee id HR has, by an address, or by "
                "`alias_type:value` of an alias that is theirs alone.",
            )
        wanted |= whose
    theirs = {identifier for identifier, some in owners.items() if some & wanted}
    shared = {identifier for identifier in theirs if owners[identifier] - wanted}
    return theirs - shared, shared


UNREADABLE = (
    UnreadableError,
    csv.Error,
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    pa.ArrowException,
)


def _read(file: File, marks: Marks) -> Found:
    """Look at one file; unclear where it cannot be read."""
    try:
        return _read_or_raise(file, None, marks)
    except UNREADABLE as error:
        return Found(unclear=str(error))


def _read_or_raise(file: File, new: Path | None, marks: Marks, less: int = 0) -> Found:
    """One file, written to ``new`` without them."""
    if _is_by_path(file, marks):
        return Found(n_rows=documents.count(file.path, file.people), is_whole=True)
    if file.kind == "csv":
        return tables.csv_file(file.path, new, file.declared, file.people, marks)
    if file.kind == "parquet":
        return tables.parquet_file(file.path, new, file.people, marks)
    if file.kind in ("lines", "document"):
        by_line = file.kind == "lines"
        return documents.json_file(file.path, new, file.people, marks, by_line, less)
    return Found(unclear="it is of a kind its feed does not have")


def _is_by_path(file: File, marks: Marks) -> bool:
    if file.people.path is None:
        return False
    kind, pattern = file.people.path
    match = re.search(pattern, file.path.as_posix(), re.IGNORECASE)
    return match is not None and any(marks.names(i) for i in identifiers(kind, match[1]))


def _lessen(files: list[File], hits: dict[Path, Found]) -> None:
    """Pages of a folder tell the total of all of them: each must tell less by what all lose."""
    lost: Counter[Path] = Counter()
    pages = [file for file in files if file.people.total is not None and file.path in hits]
    for file in pages:
        lost[file.path.parent] += hits[file.path].n_rows
    for file in pages:
        hits[file.path].less = lost[file.path.parent]


def _rewritten(file: File, marks: Marks, found: Found) -> None:
    if found.is_whole:
        file.path.unlink()
        flush(file.path.parent)
        return
    # Hidden, so that no build takes it for a delivery.
    new = file.path.with_name(f".{file.path.name}{UNFINISHED}")
    try:
        written = _read_or_raise(file, new, marks, found.less)
        if (written.n_rows, written.n_emptied) != (found.n_rows, found.n_emptied):
            raise UserError(
                f"{file.path} has changed while it was read. Nothing was changed in it.",
                "Run `certgap erase` again when nothing writes to the raw folder.",
            )
        new.chmod(file.path.stat().st_mode & 0o777)
        flush(new)
        os.replace(new, file.path)
    except UNREADABLE as error:
        raise UserError(
            f"{file.path} cannot be written anew: {error}. Nothing was changed in it.",
            "Put that right and run `certgap erase` again: it goes on with what is left.",
        ) from None
    finally:
        new.unlink(missing_ok=True)
    flush(file.path.parent)


def apply(
    project: Project, record: Record, *, is_written: bool = True, progress: Progress | None = None
) -> Report:
    """Take everybody of the record out of every file that was not looked at since.

    Rows that lead to further ids of the same people (the vendor's own number beside HR's) are
    followed until nothing new is found.
    """
    if is_written:
        # What an erasure that was killed has left.
        for root in (project.raw, project.reference):
            for left in root.rglob(f".*{UNFINISHED}"):
                left.unlink()
    report = Report(not_looked_at=unread(project))
    files = list(files_of(project))
    hits: dict[Path, Found] = {}
    for _ in range(MOST_PASSES):
        links: set[Identifier] = set()
        claimed: set[Identifier] = set()
        for number, file in enumerate(files, start=1):
            kept = record.of(_place(project, file), file.feed)
            if kept.state and kept.state == _state(file, file.version, record):
                continue
            if progress:
                progress(file.feed, number, len(files))
            hits[file.path] = _read(file, record.marks)
            links |= hits[file.path].links
            claimed |= hits[file.path].claimed
        # Only when all their numbers are known is another number somebody else's.
        if not record.marks.add(links) and not record.marks.give_up(claimed):
            break
    else:
        raise UserError(
            f"Ids still lead to further ids after {MOST_PASSES} readings. Nothing was changed.",
            "A column may be declared as an id of people that is none (config.meta.people).",
        )
    _lessen(files, hits)
    looked_at = [file for file in files if file.path in hits]
    for file in looked_at:
        found = hits[file.path]
        if found.unclear:
            report.unclear[_place(project, file)] = found.unclear
        if found.is_any:
            report.erased.setdefault(file.feed, Found()).add(found)
    if not is_written:
        return report
    for file in looked_at:
        found = hits[file.path]
        if found.is_any:
            kept = record.of(_place(project, file), file.feed)
            record.plan(kept, file.version, found.n_rows, found.n_emptied)
    record.write()
    ours: dict[Path, os.stat_result] = {}
    for file in looked_at:
        found = hits[file.path]
        if found.is_any:
            _rewritten(file, record.marks, found)
            if not found.is_whole:
                ours[file.path] = file.path.stat()
        elif not found.unclear:
            kept = record.of(_place(project, file), file.feed)
            kept.state = _state(file, file.version, record)
    for file in files_of(project) if ours else ():
        # As the listing writes the version of what we wrote, unless it was replaced meanwhile.
        if file.path in ours and _is_same(ours[file.path], file.path.stat()):
            kept = record.of(_place(project, file), file.feed)
            kept.state = _state(file, file.version, record)
    if looked_at:
        record.write()
    return report


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_ino, one.st_size, one.st_mtime_ns) == (
        other.st_ino, other.st_size, other.st_mtime_ns,
    )  # fmt: skip


def _place(project: Project, file: File) -> str:
    if file.declared is None:
        return file.feed
    return file.path.relative_to(project.raw).as_posix()


def _state(file: File, version: str, record: Record) -> str:
    """What it takes to know that a file of this version holds nobody."""
    asked = repr((sorted(record.marks.hashes), sorted(record.marks.shared), file.people))
    return f"{version} {hashlib.sha256(asked.encode()).hexdigest()[:16]}"


def working_databases(project: Project) -> list[Path]:
    """Databases that hold people: the working one and those beside it (of `dev`, of a rebuild)."""
    named = project.environment.get("CERTGAP_DEV_WAREHOUSE")
    beside = project.warehouse.parent.glob("*.duckdb") if project.warehouse.parent.is_dir() else ()
    candidates = {project.warehouse, *beside, *([project.folder / named] if named else [])}
    return sorted(path for path in candidates if path.is_file() and _holds_people(path))


def _holds_people(path: Path) -> bool:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            query = "select 1 from information_schema.schemata where schema_name = 'canonical'"
            return connection.execute(query).fetchone() is not None
    except duckdb.Error as error:
        raise UserError(
            f"{path} cannot be opened, and may hold the people to be erased: {error}",
            "Close what has it open, or move it away if it is no database of certgap.",
        ) from None


def erase(
    project: Project, key: str, asked: list[str], *, is_written: bool, progress: Progress | None
) -> Report:
    """Erase these people, and everybody of earlier requests from what came since.

    Without ``is_written`` nothing is changed and the report says what would be. The working
    databases are deleted, since a database keeps deleted rows in its file until it is written over.
    """
    if not project.raw.is_dir():
        raise UserError(f"There is no folder of raw deliveries {project.raw}.", "Set CERTGAP_RAW.")
    record = records.read(project, key)
    if not asked and not record.requests:
        raise UserError("Nobody was named, and nobody was erased before.", "Name whom to erase.")
    n_shared = 0
    if asked:
        theirs, shared = known_of(project, asked)
        n_shared = len(shared)
        record.marks.give_up(shared)
        # What was another's, too, and is theirs alone by now.
        record.marks.shared -= {record.marks.hash(identifier) for identifier in theirs}
        record.marks.add(theirs)
        record.request(len(asked), len(theirs))
        record.are_databases_stale = True
    databases = working_databases(project) if record.are_databases_stale else []
    report = apply(project, record, is_written=is_written, progress=progress)
    report.n_people, report.n_shared = len(asked), n_shared
    report.databases = [str(path) for path in databases]
    if is_written:
        _delete(databases, record)
    return report


def _delete(databases: list[Path], record: Record) -> None:
    for path in databases:
        for gone in (path, path.with_name(f"{path.name}.wal")):
            gone.unlink(missing_ok=True)
    if record.are_databases_stale:
        record.are_databases_stale = False
        record.write()


def again(project: Project, key: str | None, say: Callable[[str], None]) -> None:
    """Before a build: take everybody who was erased out of what was delivered since."""
    path = records.path_of(project)
    # The sample's people are invented, and part of the project's own files.
    is_sample = project.raw.resolve() == (project.folder / SAMPLE_RAW_FOLDER).resolve()
    if is_sample or not path.is_file():
        return
    if not key:
        raise UserError(
            f"{path} says that people were erased, and CERTGAP_PSEUDONYM_KEY is not set.",
            "Set it: without it nobody can be kept out of new deliveries.",
        )
    record = records.read(project, key)
    report = apply(project, record)
    if record.are_databases_stale:
        _delete(working_databases(project), record)
    if report.n_rows or report.n_emptied:
        say(
            f"Erased again from new deliveries: {report.n_rows:,} rows,"
            f" {report.n_emptied:,} cells in rows of others."
        )
    for place, why in report.unclear.items():
        say(f"Warning: {place} was not searched for erased people: {why}")
