"""docs/reference/faults.md, written by the run it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from certgap.faults.catalogue import SUBJECTS
from certgap.faults.fault import CAUGHT, HARMLESS, QUARANTINED, SILENT
from certgap.faults.measure import Measured

PAGE = Path("docs/reference/faults.md")


def write(page: Path, measured: Sequence[Measured]) -> None:
    """Replace the page."""
    counts = Counter(found.verdict.outcome for found in measured)
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    lines = [HEAD.strip(), "", f"## Measured on {day}", "", f"{len(measured)} faults.", ""]
    lines += ["| outcome | faults |", "|---|---|"]
    lines += [f"| {name} | {counts[name]} |" for name in (CAUGHT, QUARANTINED, HARMLESS, SILENT)]
    others = sum(counts.values()) - sum(
        counts[name] for name in (CAUGHT, QUARANTINED, HARMLESS, SILENT)
    )
    lines += [f"| not measured | {others} |"] if others else []
    wrong = [found for found in measured if found.mismatch]
    lines += ["", f"Not as expected: {len(wrong)}.", ""]
    lines += [f"- FAULT: `{found.id}`: {found.mismatch}" for found in wrong]
    by_id = {found.id: found for found in measured}
    for subject in SUBJECTS:
        rows = [by_id[fault.id] for fault in subject.faults if fault.id in by_id]
        if rows:
            lines += ["", f"## {subject.name}", "", TABLE]
            lines += [_row(found) for found in rows]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


TABLE = (
    "| fault | what was done | feed | outcome | observed by | words |\n|---|---|---|---|---|---|"
)


def _row(found: Measured) -> str:
    fault, verdict = found.fault, found.verdict
    words = " ".join(verdict.short().split()).replace("|", "\\|")
    cells = (
        f"`{fault.id}`", fault.words, f"`{fault.feed}`", verdict.outcome, verdict.told_by, words,
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


HEAD = """
# Faults in deliveries, and what became of them

`make faults` changes the raw files of a healthy company, one fault at a time, and measures what
follows: `certgap check-deliveries` first, then the build of what passed, with its data tests.
"""
