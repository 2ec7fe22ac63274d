"""Independent tasks side by side, in processes that keep what their first task made.

What is expensive to make (dbt's parsed project, a company, a copy of a database) stays in a module
of the process: see ``kills``, ``schedules`` and ``mutants``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeVar

Result = TypeVar("Result")


def each_finished(
    task: Callable[..., Result], arguments: Sequence[tuple[Any, ...]], processes: int
) -> Iterator[tuple[int, Future[Result]]]:
    """Number of a task and its future, as tasks finish; ``task`` must be a function of a module.

    Whoever asks reads the result, or its error. Where they stop asking, by an error or by Ctrl-C,
    tasks that have not begun never do: with hundreds of them, the pool alone would go on for hours.
    """
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(task, *some): number for number, some in enumerate(arguments)}
        try:
            for finished in as_completed(running):
                yield running[finished], finished
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
