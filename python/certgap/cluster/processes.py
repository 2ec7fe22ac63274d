"""Processes that outlive the command that started them: pid files, ports, signals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 20


def port_answers(port: int) -> bool:
    """Whether something on this machine accepts connections on a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path, pid_file: Path
) -> None:
    """Start a process in a session of its own, so that Ctrl-C in the shell does not reach it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    pid_file.write_text(f"{process.pid}\n")


def running_pid(pid_file: Path, words: str) -> int | None:
    """The process of a pid file while it runs; None when it is gone or another took its number.

    ``words`` must stand in its command line: after a reboot the number may be anybody's.
    """
    try:
        pid = int(pid_file.read_text())
        for _ in range(20):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if command or state == "Z":
                break
            # Empty for an instant while a process becomes another program.
            time.sleep(0.05)
    except (OSError, ValueError):
        return None
    return pid if words in command and state != "Z" else None


def children(pid: int) -> list[int]:
    """Processes that a process started."""
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def processor_seconds(pids: list[int]) -> float:
    """Processor time that processes have used so far."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def stop(pid_file: Path, words: str) -> bool:
    """End the process of a pid file and wait for it; True when one was running."""
    pid = running_pid(pid_file, words)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running_pid(pid_file, words) and time.monotonic() < deadline:
            time.sleep(0.2)
        if running_pid(pid_file, words):
            os.kill(pid, signal.SIGKILL)
    pid_file.unlink(missing_ok=True)
    return pid is not None
