"""docs/reference/faults.md, written by the run it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from certgap.faults.catalogue import FAULTS, SUBJECTS
from certgap.faults.fault import CAUGHT, HARMLESS, QUARANTINED, SILENT
from certgap.faults.measure import Measured
from certgap.proofs.one_page import today

PAGE = Path("docs/reference/faults.md")


def write(page: Path, measured: Sequence[Measured]) -> None:
    """Replace the page."""
    lines = [HEAD.strip(), "", "## Measured", "", counted(measured)]
    by_id = {found.id: found for found in measured}
    for subject in SUBJECTS:
        rows = [by_id[fault.id] for fault in subject.faults if fault.id in by_id]
        if rows:
            lines += ["", f"## {subject.name}", "", TABLE]
            lines += [_row(found) for found in rows]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def counted(measured: Sequence[Measured]) -> str:
    """How many of which outcome, and what is not as expected."""
    counts = Counter(found.verdict.outcome for found in measured)
    lines = [f"{today()}: {len(measured)} of the {len(FAULTS)} faults of the catalogue.", ""]
    lines += ["| outcome | faults |", "|---|---|"]
    outcomes = (CAUGHT, QUARANTINED, HARMLESS, SILENT)
    lines += [f"| {name} | {counts[name]} |" for name in outcomes]
    others = sum(counts.values()) - sum(counts[name] for name in outcomes)
    lines += [f"| not measured | {others} |"] if others else []
    wrong = [found for found in measured if found.mismatch]
    lines += ["", f"Not as expected: {len(wrong)}.", ""]
    lines += [f"- FAULT: `{found.id}`: {found.mismatch}" for found in wrong]
    return "\n".join(lines).rstrip()


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
follows: `certgap check-deliveries` first, then the build of what passed, with its data tests. Two
companies of 1,200 people are used: one on the generic format, one on the vendors' own.

- **caught**: a delivery fails its check, a feed is late, the build stops or warns, a data test
  fails or warns that did not; or figures change, and a note of the check or a worse row of
  `data_quality` says so.
- **quarantined**: as many rows as were broken are in `quarantined_rows`, and every figure is that
  of the company in which these rows were never delivered.
- **harmless**: every figure is that of the healthy company.
- **silent**: a figure is another one, and nobody said anything.

A figure is any cell of a mart or published table, but those that say what is wrong (`data_quality`,
the governance tables) and which build it was. A row of `data_quality` is worse when its status is,
or when its share rose by two hundredths. What is expected of a fault is in the catalogue
(`python/certgap/faults`); a run fails where something else is found.

A build is not run anew for each fault. dbt builds the healthy company once; of its compiled
statements those are run again whose input changed, in the same order, models and data tests. dbt's
own start of a build (listing files, headers, verdicts) runs wherever files or headers are others.

## What nobody can know

Not in the count, because no rule could tell it from the deliveries alone:

- One person's use, completion or address that is missing, or is another's and would be possible.
- Times of learning events that were written in local time and are called UTC: few days change.
- A learning export that lacks a part of its events: how much is learned differs from week to week.
  (One that does not come at all is late.)
- All days of a usage feed shifted alike, where the vendor does not report its deliveries.
- Two columns of the same kind whose values are swapped in every row, such as last activity in Word
  and in Teams: surfaces are told wrongly, adoption is not.
- A department or location under another name in every row, from the first delivery on.
"""
