"""What a step takes: wall time, memory of the processes it starts, spilled and read bytes.

Read from /proc ten times a second, so Linux only; peaks shorter than that are missed.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
EVERY_SECONDS = 0.1
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Resources:
    """Peaks and sums of one measured step."""

    wall_seconds: float = 0.0
    peak_memory_bytes: int = 0
    peak_spill_bytes: int = 0
    bytes_read: int = 0


def children(pid: int) -> list[int]:
    """Every descendant of a process that is alive now."""
    found: list[int] = []
    try:
        for task in (PROC / str(pid) / "task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *children(int(child))]
    except OSError:  # it ended while we looked
        pass
    return found


def resident_bytes(pid: int) -> int:
    """Memory a process holds; 0 when it has ended."""
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def read_bytes(pid: int) -> int:
    """Bytes a process has asked its files for, from the page cache or from the disk.

    The kernel's `read_bytes` counts only what came from the disk: 0 when the files are cached.
    """
    try:
        lines = (PROC / str(pid) / "io").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("rchar")).split()[1])
    except (OSError, StopIteration):
        return 0


def folder_bytes(folder: Path) -> int:
    """Size of the files in a folder; 0 where there is none."""
    total = 0
    try:
        for entry in os.scandir(folder):
            total += entry.stat().st_size
    except OSError:  # DuckDB removes files, and the folder, while we look
        pass
    return total


class Watch:
    """Watches all processes this one starts, or this one itself, from ``with`` to its end."""

    def __init__(self, spill_folders: Sequence[Path] = (), *, own_process: bool = False) -> None:
        """``own_process``: the work runs in this process, which counts from what it held before."""
        self.result = Resources()
        self._spill_folders = spill_folders
        self._own = own_process
        self._read: dict[int, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)

    def _look(self) -> None:
        processes = [os.getpid()] if self._own else children(os.getpid())
        for pid in processes:
            self._read[pid] = max(self._read.get(pid, 0), read_bytes(pid))
        memory = sum(resident_bytes(pid) for pid in processes)
        spilled = sum(folder_bytes(folder) for folder in self._spill_folders)
        self.result.peak_memory_bytes = max(self.result.peak_memory_bytes, memory)
        self.result.peak_spill_bytes = max(self.result.peak_spill_bytes, spilled)

    def _loop(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            self._look()

    def __enter__(self) -> Watch:
        """Start the clock."""
        self._read_before = read_bytes(os.getpid()) if self._own else 0
        self._began = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the clock and the thread."""
        self.result.wall_seconds = time.perf_counter() - self._began
        if self._own:
            self._look()
        self._stop.set()
        self._thread.join()
        self.result.bytes_read = sum(self._read.values()) - self._read_before
