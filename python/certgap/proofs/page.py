"""docs/reference/proofs.md: a part per proof, written by its own run, with date and numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from certgap.proofs import kills, readers, schedules

PAGE = Path("docs/reference/proofs.md")
PARTS = ("kills", "readers", "schedules")
HEAD = """# What was proved, and when

Each part is written by the run it speaks of (`make kills`, `make readers`, `make schedules`), with
the day and the numbers of that run. How a publication works:
[publish safely](../how-to/publish-safely.md). Other proofs: [faults](faults.md),
[mutants](mutants.md), [joins](joins.md), [mutated files](../fuzz.md).

What is listed here is not proved by these runs: a disk that lies about what it has flushed, a file
system without atomic renames, and warehouses other than DuckDB.
"""


def today() -> str:
    """The day of the run, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d")


def write(page: Path, part: str, text: str) -> None:
    """Replace one part of the page; the others stay as their last run left them."""
    old = page.read_text(encoding="utf-8") if page.is_file() else ""
    texts = {
        name: (found[1] if (found := _part(name).search(old)) else "\nNot run yet.\n")
        for name in PARTS
    }
    texts[part] = f"\n{text.strip()}\n"
    body = "".join(f"\n<!-- {name} -->{texts[name]}<!-- end of {name} -->\n" for name in PARTS)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(HEAD + body, encoding="utf-8")


def _part(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {name} -->(.*?)<!-- end of {name} -->", re.S)


def of_kills(outcome: kills.Outcome) -> str:
    """The part on kills: a table of where they fell and what was read."""
    groups: dict[tuple[str, str, str], list[kills.Trial]] = {}
    for trial in outcome.trials:
        groups.setdefault((trial.kind, trial.phase, trial.victim), []).append(trial)
    lines = [
        "## `kill -9` at random moments",
        "",
        f"{today()}: {len(outcome.trials) + len(outcome.faults)} kills, {len(outcome.faults)} "
        "faults. After each the published file passed its own audit and was the old or the new "
        "version in every table; the same command then succeeded by itself and gave, row for row, "
        "what an undisturbed one gives.",
        "",
        "| killed | moment drawn from | who was killed | kills | seconds after the start | old "
        "version read | new version read | had ended before |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (kind, phase, victim), trials in sorted(groups.items()):
        times = [trial.seconds for trial in trials]
        n_new = sum(trial.read == kills.NEW for trial in trials)
        n_ended = sum(trial.is_finished for trial in trials)
        lines.append(
            f"| {kind} | {phase} | {victim} | {len(trials)} | {min(times):.1f} to {max(times):.1f}"
            f" | {len(trials) - n_new} | {n_new} | {n_ended} |"
        )
    lines += ["", *(f"- FAULT: {fault}" for fault in outcome.faults)]
    return "\n".join(lines)


def of_readers(outcome: readers.Outcome) -> str:
    """The part on readers."""
    reads = ", ".join(f"{count:,} {kind}" for kind, count in sorted(outcome.n_reads.items()))
    lines = [
        "## Readers during builds",
        "",
        f"{today()}: {outcome.n_builds} builds under two readers in a loop: {reads}. "
        f"{len(outcome.errors)} errors or mixed versions. Every answer had all tables of one of "
        f"{len(outcome.versions)} publications.",
    ]
    lines += ["", *(f"- FAULT: {error}" for error in outcome.errors[:20])]
    return "\n".join(lines)


def of_schedules(outcome: schedules.Outcome, kept: set[str]) -> str:
    """The part on delivery schedules; ``kept`` are models that keep rows of earlier builds."""
    events, n_equal = outcome.events, outcome.n_schedules - len(outcome.different)
    lines = [
        "## Incremental equals full refresh",
        "",
        f"{today()}: {outcome.n_schedules} random delivery schedules, {events['builds']} "
        f"incremental builds; {n_equal} equal to a full refresh in "
        f"{outcome.n_tables} tables (all published ones and those built by month), "
        f"{outcome.n_rows:,} rows compared column by column.",
        "",
        "Only these models keep rows of an earlier build, all others are made anew each time: "
        + ", ".join(f"`{name}`" for name in sorted(kept))
        + ". Nothing published reads `join_audit`.",
        "",
        "| what happened in the schedules | times |",
        "|---|---|",
        *(f"| {name} | {count:,} |" for name, count in sorted(events.items())),
    ]
    if outcome.different:
        lines += ["", f"- FAULT: schedules {sorted(outcome.different)} differ."]
    return "\n".join(lines)
