"""One build at a time: a lock file beside the database, held until the process ends.

The operating system holds the lock (flock), so a kill of any kind releases it and no file has to be
cleared away by hand. What stands in the file is for people only: who holds it, since when. dbt runs
as a child and inherits the lock, so that it outlives a killed parent for as long as dbt writes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from certgap.database import explain_os_error
from certgap.errors import UserError

try:
    import fcntl
except ImportError:  # Windows: there DuckDB's own lock on the database has to do
    fcntl = None  # type: ignore[assignment]

# The dbt of a certgap build finds its parent's process id here, and may pass the lock.
HOLDER = "CERTGAP_LOCK_HOLDER"
# A killed build's dbt ends within half a second; so long nobody is told that a build is running.
GRACE_SECONDS = 3.0
POLL_SECONDS = 0.1

_held: dict[Path, int] = {}


def lock_file(database: Path) -> Path:
    """Where the lock of a database lies. It stays when the lock is released."""
    return database.with_name(f".{database.name}.lock")


def inherited() -> tuple[int, ...]:
    """File descriptors a child must inherit to share the locks of this process."""
    return tuple(_held.values())


def is_held(database: Path) -> bool:
    """Whether this process holds the lock of ``database``."""
    return database.absolute() in _held


def _open(path: Path, database: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise explain_os_error(database, error) or error from None


def _try(descriptor: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path) -> str:
    """The words in the lock file; a program that has just taken it may not have written them."""
    try:
        return path.read_text(encoding="utf-8").strip() or "another certgap command"
    except (OSError, UnicodeDecodeError):
        return "another certgap command"


def _busy(database: Path, path: Path) -> UserError:
    return UserError(
        f"{database} is in use by {_holder(path)}.",
        "Wait until it has ended (`certgap build --wait` does), or end that process: the lock goes "
        "with it, and nothing has to be deleted.",
    )


@contextmanager
def hold(
    database: Path,
    what: str,
    *,
    wait: bool = False,
    say: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the lock of ``database`` for ``what`` (a command, for the message to others).

    Held already by this process: nothing happens. Held by another one: raises ``UserError`` with
    its process and time, or waits for it where ``wait`` is set, after telling ``say`` so.
    """
    key = database.absolute()
    if key in _held:
        yield
        return
    path = lock_file(key)
    descriptor = _open(path, database)
    try:
        patience = time.monotonic() + GRACE_SECONDS
        told = False
        while not _try(descriptor):
            if time.monotonic() > patience:
                if not wait:
                    raise _busy(database, path)
                if say and not told:
                    say(f"Waiting: {database} is in use by {_holder(path)}.")
                    told = True
            time.sleep(POLL_SECONDS)
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{what}, process {os.getpid()}, since {since}\n".encode(), 0)
        except OSError as error:
            raise explain_os_error(database, error) or error from None
        _held[key] = descriptor
        yield
    finally:
        _held.pop(key, None)
        os.close(descriptor)


def check_free(database: Path) -> None:
    """Raise a ``UserError`` where a certgap command other than this process's parent holds it.

    For dbt called by hand: between the phases of ``certgap build`` the database itself is closed.
    """
    path = lock_file(database.absolute())
    if fcntl is None or os.environ.get(HOLDER) == str(os.getppid()) or not path.is_file():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _busy(database, path) from None
    finally:
        os.close(descriptor)
