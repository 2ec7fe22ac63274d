"""The words of `certgap guards`."""

from __future__ import annotations

import json
from pathlib import Path

from certgap.guards.check import Report, check


def run(project_dir: Path, target_dir: Path | None = None, *, as_json: bool = False) -> int:
    """Print the report; return the exit code: 0 all guarded, 1 a join is not, 2 nothing to read."""
    try:
        report = check(project_dir, target_dir)
    except FileNotFoundError as error:
        print(error)
        return 2
    print(json.dumps(report.to_dict(), indent=2) if as_json else in_words(report))
    return 0 if report.ok else 1


def in_words(report: Report) -> str:
    """Return the report as text: failures first, the count last."""
    lines = [f"  {failure}" for failure in report.failures]
    if lines:
        lines.insert(0, f"{len(report.failures)} broken join rules:")
    return "\n".join([*lines, report.headline])
