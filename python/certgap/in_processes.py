"""Independent tasks side by side, in processes that keep what their first task made.

What is expensive to make (dbt's parsed project, a company, a copy of a database) stays in a module
of the process: see ``kills``, ``schedules`` and ``mutants``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

Result = TypeVar("Result")


def each_finished(
    task: Callable[..., Result], arguments: Sequence[tuple[Any, ...]], processes: int
) -> Iterator[tuple[int, Future[Result]]]:
    """Number of a task and its future, as tasks finish; ``task`` must be a function of a module.

    Whoever asks reads the result, or its error. Where they stop asking, by an error or by Ctrl-C,
    only those of the tasks that run already end: a pool that was given hundreds of them at once
    goes on with some, for hours where a task takes one.
    """
    waiting = enumerate(arguments)
    running: dict[Future[Result], int] = {}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            while True:
                for number, some in islice(waiting, processes - len(running)):
                    running[pool.submit(task, *some)] = number
                if not running:
                    return
                for finished in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(finished), finished
        finally:
            pool.shutdown(cancel_futures=True)
