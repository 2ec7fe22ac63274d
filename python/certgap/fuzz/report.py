"""The table of a run: by feed and format, what became of the mutants and of the rows in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from certgap.fuzz.kept import Result
from certgap.fuzz.verdict import Counts

COLUMNS = ("mutants", "refused", "rows", "kept", "quarantined", "superseded", "compared", "silent")
INTRODUCTION = """# Fuzzing

`make fuzz` delivers mutants of what each vendor delivers: cut short, re-encoded, packed, columns
moved, renamed, doubled and dropped, types changed, nulls and other shapes within JSON, long fields,
formulas, quotes, control characters. They are checked (`certgap check-deliveries`) and built like
any delivery. Python reads the same files by the formats' own rules
([oracle.py](../python/certgap/fuzz/oracle.py)); then, for each file
([verdict.py](../python/certgap/fuzz/verdict.py)):

- it is refused as a whole, by name and with a reason, and only if some reader may fail on it;
- or as many rows are kept, quarantined or superseded as are in it, each quarantined one with its
  text, each kept one under an id that is in the file, and each row that the mutation did not touch
  with the values it has when it comes alone.

*Refused* counts files; what is only unusual for its feed is accepted before the build, so that the
build has to cope with it. *Compared* counts untouched rows. *Silent* counts broken rules.

"""


def table(result: Result) -> str:
    """As Markdown; the last line is the sum."""
    lines = [
        "| feed | format | " + " | ".join(COLUMNS) + " |",
        "|---|---|" + "---:|" * len(COLUMNS),
    ]
    total = Counts()
    for (feed, kind), counts in sorted(result.counts.items()):
        lines.append(_line(feed, kind, counts))
        total.add(counts)
    return "\n".join([*lines, _line("all", "", total)])


def _line(feed: str, kind: str, counts: Counts) -> str:
    numbers = " | ".join(f"{getattr(counts, name):,}" for name in COLUMNS)
    return f"| {feed} | {kind} | {numbers} |"


def write(path: Path, result: Result, seed: int, is_complete: bool) -> None:
    """The report as a file; one of a run that goes on, or was stopped, says so."""
    said = f"{date.today().isoformat()}, seed {seed}."
    if not is_complete:
        said += " **Not complete**: the table is of the parts that are done."
    if result.faults:
        said += f" {len(result.faults):,} faults were found."
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{INTRODUCTION}{said}\n\n{table(result)}\n", encoding="utf-8")
