"""docs/reference/joins.md: what was broken, what caught it, what is allowed and why."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from certgap.joinproof import breakages as b
from certgap.joinproof.outcome import ABSORBED, ALLOWED, CAUGHT, HOLE, NO_DATA, WARNED, Outcome

PAGE = Path("docs/reference/joins.md")
Outcomes = dict[str, list[Outcome]]
SHOWN_MESSAGES = 8
HEAD = """# Every join, broken

Written by `make joins`. How joins are declared and guarded: `macros/joins/README.md`. Other proofs:
[proofs.md](proofs.md), [faults](faults.md), [mutants](mutants.md).
"""
HOW = """\
Each declared join is broken in every way that its declaration knows, in the tables of companies
that are invented, built by dbt, and have rows on both sides of every join. The broken relation
takes the place of the healthy one, the model is built again, and the project's own error-level
tests of the model and of what it reads are asked, as dbt renders them. Then everything is undone.

- **caught**: a test fails, or the model's own statement stops. The build fails there.
- **warned**: the test that sees it has severity `warn`. Only match rates that drift with deliveries
  are declared so (`checks: [match_rate]`).
- **allowed**: the declaration says that rows may stay unmatched, or may multiply, and why. The
  output before and after is compared: what differs must be rows of the broken key.
- **without effect**: the breakage leaves no trace in what the join reads, because the declared side
  groups, casts or filters it away.
- **hole**: neither. There must be none.
"""


def brief(outcomes: list[Outcome]) -> str:
    """One join in a line."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))


def problems(outcomes: Outcomes, declared: set[str]) -> list[str]:
    """Everything that makes the proof fail."""
    lines = [f"{name}: was not broken at all" for name in sorted(declared - outcomes.keys())]
    for name, some in sorted(outcomes.items()):
        lines += [
            f"{name}: {o.verdict}: {o.kind}: {o.by} {o.message}"
            for o in some
            if o.verdict in (HOLE, NO_DATA)
        ]
    return lines


def headline(outcomes: Outcomes, declared: set[str]) -> str:
    """The result in a line."""
    every = [o for some in outcomes.values() for o in some]
    bad = {line.partition(":")[0] for line in problems(outcomes, declared)}
    counts = Counter(o.verdict for o in every)
    return (
        f"Joins guarded: {len(declared - bad)} of {len(declared)}. {len(every):,} breakages: "
        f"{counts[CAUGHT]:,} caught, {counts[WARNED]:,} warned of, "
        f"{counts[ALLOWED]:,} allowed by their declaration, "
        f"{counts[ABSORBED]:,} without effect, {counts[HOLE]:,} holes."
    )


def write(page: Path, outcomes: Outcomes, declared: set[str]) -> None:
    """Write the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text(outcomes, declared), encoding="utf-8")


def text(outcomes: Outcomes, declared: set[str]) -> str:
    """The page as Markdown."""
    every = [o for some in outcomes.values() for o in some]
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    lines = [HEAD, f"{today}: {headline(outcomes, declared)}", "", HOW]
    lines += _by_kind(every) + _by_catcher(every) + _messages(every)
    lines += _allowed(every) + _by_join(outcomes)
    bad = problems(outcomes, declared)
    if bad:
        lines += ["## Holes", "", *(f"- {_cell(line)}" for line in bad), ""]
    return "\n".join(lines)


def _by_kind(every: list[Outcome]) -> list[str]:
    lines = [
        "## By kind of breakage",
        "",
        "| broken | caught | warned | allowed | without effect | holes |",
    ]
    lines.append("|---|---|---|---|---|---|")
    for kind in b.KINDS:
        counts = Counter(o.verdict for o in every if o.kind == kind)
        numbers = (counts[v] for v in (CAUGHT, WARNED, ALLOWED, ABSORBED, HOLE))
        lines.append(f"| {kind} | " + " | ".join(map(str, numbers)) + " |")
    return [*lines, ""]


def _by_catcher(every: list[Outcome]) -> list[str]:
    caught = [o for o in every if o.verdict == CAUGHT]
    counts = Counter(o.by for o in caught)
    lines = ["## What caught it", "", "| caught by | breakages |", "|---|---|"]
    lines += [f"| {_cell(by)} | {count} |" for by, count in counts.most_common()]
    named = Counter(o.names for o in caught)
    lines += ["", "| the message names the join or test, the number of rows, and | breakages |"]
    lines += ["|---|---|", *(f"| {what} | {count} |" for what, count in named.most_common()), ""]
    return lines


def _messages(every: list[Outcome]) -> list[str]:
    by_check: dict[str, Outcome] = {}
    for outcome in every:
        if outcome.verdict == CAUGHT:
            by_check.setdefault(outcome.by, outcome)
    picked = sorted(by_check.items())[:SHOWN_MESSAGES]
    return ["Messages, as they are said:", "", *(f"- {_cell(o.message)}" for _, o in picked), ""]


def _allowed(every: list[Outcome]) -> list[str]:
    lines = [
        "## Allowed, and why",
        "",
        "| join | broken | what was seen | reason |",
        "|---|---|---|---|",
    ]
    groups: dict[tuple[str, str, str], list[str]] = {}
    for o in every:
        if o.verdict == ALLOWED:
            groups.setdefault((o.join, o.by, o.message), []).append(o.kind)
    for (join, by, reason), kinds in sorted(groups.items()):
        lines.append(f"| {join} | {', '.join(kinds)} | {_cell(by)} | {_cell(reason)} |")
    return [*lines, ""]


def _by_join(outcomes: Outcomes) -> list[str]:
    lines = [
        "## By join",
        "",
        "| join | broken in ways | caught | warned | allowed | without effect |",
    ]
    lines.append("|---|---|---|---|---|---|")
    for name, some in sorted(outcomes.items()):
        counts = Counter(o.verdict for o in some)
        numbers = (counts[v] for v in (CAUGHT, WARNED, ALLOWED, ABSORBED))
        lines.append(f"| {name} | {len(some)} | " + " | ".join(map(str, numbers)) + " |")
    return [*lines, ""]


def _cell(words: str) -> str:
    """A text that stays within its table cell."""
    return " ".join(words.replace("|", "/").split())
