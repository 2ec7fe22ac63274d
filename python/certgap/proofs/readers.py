"""Readers query the published file in a loop while builds replace it.

One reader opens the file anew each time, as a dashboard that reconnects; the other keeps its
connection over everything it asks in a round, as a dashboard that stays open, and asks in several
statements with pauses. Each answer must be whole and of one version: all tables of one file have
the checksums that publication had.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from certgap.proofs.place import Company, ProofFailed, whole
from certgap.publish import contents
from certgap.publish.audit import LOG, quoted

# Between two statements of one connection: long enough that swaps fall in between.
PAUSE_SECONDS = 0.2


@dataclass
class Outcome:
    """What the readers saw."""

    n_builds: int = 0
    n_reads: Counter[str] = field(default_factory=Counter)
    versions: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


def read_whole(path: Path) -> tuple[int, dict[str, str]]:
    """A reader that reconnects: opens, audits, closes."""
    return whole(path)


def read_slowly(path: Path) -> tuple[int, dict[str, str]]:
    """A reader that stays: one connection, a statement per table, with pauses."""
    with duckdb.connect(str(path), read_only=True) as connection:
        number, _, held = contents.read(connection)
        found = {}
        for row in held:
            time.sleep(PAUSE_SECONDS)
            if contents.summed(connection, quoted(row.table)) != (row.n_rows, row.checksum):
                raise ProofFailed(f"{row.table} is not of publication {number}")
            found[row.table] = row.checksum
        if contents.read(connection)[0] != number or number is None:
            raise ProofFailed("the publication changed within a connection")
    del found[LOG]
    return number, found


READERS: dict[str, Callable[[Path], tuple[int, dict[str, str]]]] = {
    "reconnecting": read_whole,
    "staying": read_slowly,
}


def _loop(kind: str, path: Path, ends: Event, answers: Queue) -> None:
    while not ends.is_set():
        try:
            answers.put((kind, *READERS[kind](path), None))
        except Exception as error:
            answers.put((kind, 0, {}, f"{kind} reader: {type(error).__name__}: {error}"))
        time.sleep(PAUSE_SECONDS)


def prove_readers(folder: Path, n_builds: int, say: Callable[[str], None] = print) -> Outcome:
    """So many builds and publications, each with a day of old use restated, under two readers."""
    company = Company.invent(folder / "company")
    place = company.place(folder / "place")
    company.deliver(place, company.days()[-1])
    say("building the first version")
    place.build()
    published = dict([whole(place.published)])
    outcome = Outcome()
    context = multiprocessing.get_context("spawn")
    ends, answers = context.Event(), context.Queue()
    readers = [
        context.Process(target=_loop, args=(kind, place.published, ends, answers), daemon=True)
        for kind in READERS
    ]
    for reader in readers:
        reader.start()
    seen: list[tuple[str, int, dict[str, str], str | None]] = []
    try:
        for number in range(1, n_builds + 1):
            company.restate(place, number)
            place.build()
            version, tables = whole(place.published)
            published[version] = tables
            outcome.n_builds += 1
            seen += _answers(answers)
            say(f"{number} of {n_builds} builds, {len(seen)} answers")
    finally:
        ends.set()
        for reader in readers:
            reader.join(timeout=60)
        seen += _answers(answers)
    for kind, version, tables, error in seen:
        outcome.n_reads[kind] += 1
        outcome.versions[version] += 1
        if error:
            outcome.errors.append(error)
        elif published.get(version) != tables:
            outcome.errors.append(f"{kind} reader: mixed tables of publication {version}")
    return outcome


def _answers(answers: Queue) -> list[tuple[str, int, dict[str, str], str | None]]:
    found = []
    while not answers.empty():
        found.append(answers.get())
    return found
