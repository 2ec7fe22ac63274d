"""dbt runs of the cluster test: watched, timed, and told of in a few lines."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from certgap.errors import CheckFailed

# "12:31:04  75 of 746 START sql table model …"
STARTED = re.compile(r"\b(?P<number>\d+) of (?P<total>\d+) START (?!hook)")
PROGRESS_LINES = 10
FAILURES_SHOWN = 10
PASSING = {"success", "pass", "warn", "no-op"}


@dataclass(frozen=True)
class DbtRun:
    """What a run did: seconds, and {"model success": 191, …}."""

    seconds: float
    counts: Mapping[str, int]

    def __str__(self) -> str:
        """One line for people."""
        counts = ", ".join(f"{number} {what}" for what, number in sorted(self.counts.items()))
        return f"{self.seconds / 60:.1f} min ({counts})"


def run_dbt(
    name: str,
    command: list[str],
    environment: Mapping[str, str],
    project: Path,
    log: Path,
    on_start: Callable[[int, int], None] = lambda number, total: None,
) -> DbtRun:
    """Run dbt and print its progress; ``CheckFailed`` with what failed when it does.

    ``on_start`` is told the number of every node that starts, and how many there are.
    """
    began = time.monotonic()
    told = 0
    with (
        log.open("w") as output,
        subprocess.Popen(
            command, env=dict(environment), cwd=project, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process,
    ):  # fmt: skip
        try:
            for line in process.stdout or ():
                output.write(line)
                output.flush()
                started = STARTED.search(line)
                if not started:
                    continue
                number, total = int(started["number"]), int(started["total"])
                on_start(number, total)
                if number * PROGRESS_LINES // total > told:
                    told = number * PROGRESS_LINES // total
                    minutes = (time.monotonic() - began) / 60
                    print(f"  {name}: {number} of {total} nodes, {minutes:.1f} min", flush=True)
        except BaseException:
            process.terminate()
            raise
    exit_code = process.returncode
    seconds = time.monotonic() - began
    results = _results(Path(environment["DBT_TARGET_PATH"]))
    if exit_code:
        failed = [
            f"{result['unique_id']}: {' '.join((result['message'] or '').split())[:300]}"
            for result in results
            if result["status"] not in PASSING | {"skipped"}
        ]
        shown = "\n  ".join(failed[:FAILURES_SHOWN]) or "dbt did not get as far as running a node"
        raise CheckFailed(
            f"dbt failed on {name}: {len(failed)} nodes.\n  {shown}", f"All of its words: {log}"
        )
    counts = Counter(
        f"{result['unique_id'].split('.')[0]} {result['status']}" for result in results
    )
    return DbtRun(seconds, counts)


def _results(target: Path) -> list[dict]:
    try:
        return json.loads((target / "run_results.json").read_text())["results"]
    except (OSError, json.JSONDecodeError):
        return []
