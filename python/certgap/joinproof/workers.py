"""Joins of one company broken side by side: each worker has a copy of the database to itself."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Iterator
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from certgap.joinproof.company import Built
from certgap.joinproof.declared import declared_joins
from certgap.joinproof.outcome import Outcome
from certgap.joinproof.session import opened
from certgap.joinproof.trial import Trials

Outcomes = list[Outcome]


def broken_side_by_side(
    built: Built, names: list[str], processes: int
) -> Iterator[tuple[str, Outcomes]]:
    """Name and outcomes of each join, as they come."""
    # Forked, so that the project is parsed once; the database is opened by the workers only.
    context = multiprocessing.get_context("fork")
    waiting = context.Queue()
    done = context.Queue()
    for name in names:
        waiting.put(name)
    count = max(1, min(processes, len(names)))
    for _ in range(count):
        waiting.put(None)
    workers = [
        context.Process(target=_work, args=(built, _copied(built.database, n), waiting, done))
        for n in range(count)
    ]
    for worker in workers:
        worker.start()
    try:
        n_left = len(names)
        while n_left:
            name, outcomes = done.get()
            if name is None:
                raise RuntimeError(f"a worker stopped: {outcomes}")
            n_left -= 1
            yield name, outcomes
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _copied(database: Path, number: int) -> Path:
    """The database and the record of publications in a folder of a worker's own."""
    folder = database.parent / f"worker-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in (database.name, "publications.duckdb"):
        if (database.parent / name).is_file():
            shutil.copy(database.parent / name, folder / name)
    return folder / database.name


def _work(built: Built, database: Path, waiting: Queue[Any], done: Queue[Any]) -> None:
    try:
        joins = {join.name: join for join in declared_joins(built.manifest)}
        with opened(built.manifest, built.variables, database) as session:
            trials = Trials(session)
            while (name := waiting.get()) is not None:
                done.put((name, trials.of(joins[name])))
    except BaseException as error:
        done.put((None, repr(error)))
        raise
