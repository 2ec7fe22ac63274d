"""``certgap publish --restore``: an earlier publication in the place of the one that is read now.

The kept file is copied, its log is written anew (which publication is current, which was withdrawn,
when), it is audited, the restore is recorded, and only then the file is swapped in. The publication
that is taken away stays beside it and can be put back the same way.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from certgap.errors import UserError
from certgap.project import Project
from certgap.publish import contents, keeping, log, store
from certgap.publish.publisher import check_new, code_version, writing


@dataclass(frozen=True)
class Restored:
    """What was put back."""

    path: Path
    publication_id: int
    instead_of: int | None

    def as_json(self) -> dict[str, Any]:
        """For ``certgap publish --json``."""
        return {**self.__dict__, "path": str(self.path)}


def _choose(
    target: Path, wanted: int | None, read_now: int | None, past: store.History
) -> tuple[int, Path]:
    """The publication to put back and its file."""
    kept = keeping.kept_files(target)
    # One that was withdrawn itself is put back by its number only.
    before = [
        number
        for number in kept
        if (read_now is None or number < read_now) and not past.is_withdrawn(number)
    ]
    number = wanted if wanted is not None else max(before, default=None)
    if number is not None and number == read_now:
        raise UserError(f"Publication {number} is the one that {target} holds.")
    if number in kept:
        return number, kept[number]
    there = ", ".join(map(str, kept)) or "none"
    what = "an earlier publication" if number is None else f"publication {number}"
    raise UserError(
        f"There is no file of {what} beside {target}; kept are: {there}.",
        f"Name a kept one with --publication. {keeping.SETTING} says how many are kept (default "
        f"{keeping.DEFAULT_KEPT}). `certgap build --as-of-publication N` builds an older one.",
    )


def restore(project: Project, wanted: int | None = None) -> Restored:
    """Put publication ``wanted`` back; None: the one before that which is read now."""
    keep = keeping.how_many(project.environment.get(keeping.SETTING))
    target = project.published
    with writing(project), keeping.workshop(target) as folder:
        read_now = keeping.number_of(target)
        new = folder / target.name
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            store.attach(connection, project.publications, read_only=False)
            past = store.history(connection)
            number, kept = _choose(target, wanted, read_now, past)
            if number not in past.log:
                raise UserError(
                    f"The record {project.publications} knows no publication {number}.",
                    "Set CERTGAP_PUBLICATIONS to the record that belongs to the published file.",
                )
            event = store.next_restore(connection, past, number, code_version(project.folder))
            past = past.with_restore(event) if event else past
            tables = _write(kept, new, past, number)
            check_new(new, number, tables)
            if event:
                store.record_restore(connection, event)
            # At least the one that is taken away is kept, whatever the setting.
            keeping.swap(new, target, number, max(keep, 1))
    return Restored(target, number, read_now)


def _write(kept: Path, new: Path, past: store.History, number: int) -> set[str]:
    """Copy the kept file with the log of today; its tables."""
    shutil.copyfile(kept, new)
    with duckdb.connect(str(new)) as connection:
        _, _, held = contents.read(connection)
        held = [entry for entry in held if entry.table != store.LOG]
        held.append(log.write(connection, past, number))
        contents.write(connection, number, held)
        connection.execute("checkpoint")
    return {entry.table for entry in held}
