"""docs/reference/joins.md: what was broken, what caught it, what is allowed and why."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from certgap.joinproof import breakages as b
from certgap.joinproof.trial import ABSORBED, ALLOWED, CAUGHT, HOLE, NO_DATA, Outcome

PAGE = Path("docs/reference/joins.md")
Outcomes = dict[str, list[Outcome]]


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
    guarded = declared - {line.partition(":")[0] for line in problems(outcomes, declared)}
    counts = Counter(o.verdict for o in every)
    return (
        f"Joins guarded: {len(guarded)} of {len(declared)}; {len(every)} breakages: "
        f"{counts[CAUGHT]} caught, {counts[ALLOWED]} allowed by their declaration, "
        f"{counts[ABSORBED]} without effect, {counts[HOLE]} holes."
    )


def write(page: Path, outcomes: Outcomes, declared: set[str]) -> None:
    """Write the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text(outcomes, declared), encoding="utf-8")


def text(outcomes: Outcomes, declared: set[str]) -> str:
    """The page as Markdown."""
    every = [o for some in outcomes.values() for o in some]
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    lines = [
        "# Every join, broken",
        "",
        "Written by `make joins`. How joins are declared and guarded: `macros/joins/README.md`.",
        "",
        f"{today}: {headline(outcomes, declared)}",
        "",
    ]
    for kind in b.KINDS:
        counts = Counter(o.verdict for o in every if o.kind == kind)
        lines.append(f"| {kind} | {counts[CAUGHT]} | {counts[ALLOWED]} | {counts[ABSORBED]} | {counts[HOLE]} |")
    return "\n".join(lines) + "\n"
