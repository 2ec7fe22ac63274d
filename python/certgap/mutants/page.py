"""What became of the mutants, as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

from certgap.mutants.operators import OPERATORS
from certgap.mutants.project import LAYERS
from certgap.mutants.run import KILLED, SURVIVED, Result

WANTED = 0.95
BY_DBT = ("unit", "data", "timeout")
COLUMNS = (
    "mutants",
    "unit test",
    "data test",
    "truth",
    "guard",
    "time limit",
    "equivalent",
    "survive",
)
INTRODUCTION = """# Mutation tests

`make mutants` changes the compiled SQL of each model in one place, as a tired developer might, and
asks whether a test notices:

{operators}

Each mutant meets, until one fails: the model's own unit tests; the data tests of the model and of
everything built on it, on the sample company; and the comparison of every cell with what Python
computes independently, for the sample company and random companies; for a join, at last, the check
that the SQL joins as the model declares (`certgap guards`). All of these run in `make test`, too.
The table says which kind of test noticed first. Mutants the database cannot
bind are not counted. What runs longer than the limit or takes more memory than it may is noticed.
Equivalent mutants mean the same as the model; each is listed with the reason in
[equivalents.yml](../../python/certgap/mutants/equivalents.yml), and a listed one that a test
notices is an error.

Covered are the models that the default vendors enable. *Staging* is that of Workday, Cornerstone,
xAPI, LinkedIn Learning, Microsoft 365 Copilot, GitHub Copilot and the generic feeds.

"""


class Outcome:
    """Results against the list of equivalents."""

    def __init__(self, results: Iterable[Result], equivalents: dict[str, str]) -> None:
        """Mutants that cannot be bound are left out."""
        self.results = sorted(
            (r for r in results if r.status != "invalid"), key=lambda r: (r.layer, r.id)
        )
        self.equivalents = equivalents

    @cached_property
    def survivors(self) -> list[Result]:
        """Mutants that no test notices and that are not known to be equivalent."""
        return [r for r in self.results if r.status in SURVIVED and r.id not in self.equivalents]

    @cached_property
    def wrong_equivalents(self) -> list[Result]:
        """Listed as equivalent, and a test notices them."""
        return [r for r in self.results if r.id in self.equivalents and r.status in KILLED]

    @property
    def judged(self) -> list[Result]:
        """Without equivalents."""
        return [r for r in self.results if r.id not in self.equivalents]

    def rate(self, holds: Callable[[Result], bool] = lambda result: True) -> float:
        """The share of mutants that a test notices."""
        judged = [r for r in self.judged if holds(r)]
        return sum(r.status in KILLED for r in judged) / len(judged) if judged else 1.0

    @property
    def surviving_joins(self) -> list[Result]:
        """Survivors that change which rows meet."""
        return [r for r in self.survivors if r.mutant.is_join]

    @property
    def is_good(self) -> bool:
        """At least 95% of all, and every mutant of a join."""
        return self.rate() >= WANTED and not self.surviving_joins and not self.wrong_equivalents

    @property
    def summary(self) -> str:
        """The numbers in words."""
        joins = [r for r in self.judged if r.mutant.is_join]
        by_dbt = sum(r.status in BY_DBT for r in self.judged)
        joins_by_dbt = sum(r.status in BY_DBT for r in joins)
        words = (
            f"{len(self.judged):,} mutants, {self.rate():.2%} of them noticed "
            f"({by_dbt / max(1, len(self.judged)):.2%} by unit and data tests alone); of "
            f"{len(joins):,} mutants of joins {self.rate(lambda r: r.mutant.is_join):.2%} "
            f"({joins_by_dbt / max(1, len(joins)):.2%} by unit and data tests alone). "
            f"{len(self.survivors):,} survive. {len(self.results) - len(self.judged):,} are "
            "equivalent."
        )
        if self.wrong_equivalents:
            wrong = ", ".join(result.id for result in self.wrong_equivalents)
            words += f" Listed as equivalent, but noticed: {wrong}."
        return words


def told(result: Result) -> str:
    """One survivor in a line."""
    mutant = result.mutant
    place = f" in {mutant.cte}" if mutant.cte else ""
    seen = "" if result.status == "same" else " (other rows)"
    return f"`{result.id}`{place}: `{_code(mutant.before)}` → `{_code(mutant.after)}`{seen}"


def write(path: Path, outcome: Outcome) -> None:
    """The page."""
    told_operators = "\n".join(
        f"- *{operator.__name__}*: {(operator.__doc__ or '').strip()}" for operator in OPERATORS
    )
    parts = [
        INTRODUCTION.format(operators=told_operators)
        + f"{date.today().isoformat()}. {outcome.summary}",
        "## By layer\n\n" + _table("layer", outcome, lambda r: r.layer, LAYERS),
        "## By operator\n\n"
        + _table("operator", outcome, lambda r: r.mutant.operator, [o.__name__ for o in OPERATORS]),
        "## Mutants of joins\n\n" + _joins(outcome),
        "## Survivors\n\n" + (_list(map(told, outcome.survivors)) or "None."),
        "## Equivalent mutants\n\n" + (_equivalents(outcome) or "None."),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _table(what: str, outcome: Outcome, key: Callable[[Result], str], order: Iterable[str]) -> str:
    lines = [f"| {what} | " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * len(COLUMNS)]
    total: Counter[str] = Counter()
    for name in order:
        counts = _counts(outcome, [r for r in outcome.results if key(r) == name])
        if counts["mutants"]:
            lines.append(_row(name, counts))
            total.update(counts)
    return "\n".join([*lines, _row("all", total)])


def _counts(outcome: Outcome, results: list[Result]) -> Counter[str]:
    counts: Counter[str] = Counter(mutants=len(results))
    names = dict(zip(KILLED, COLUMNS[1:6], strict=True))
    for result in results:
        equal = result.id in outcome.equivalents
        counts["equivalent" if equal else names.get(result.status, "survive")] += 1
    return counts


def _row(name: str, counts: Counter[str]) -> str:
    return f"| {name} | " + " | ".join(f"{counts[column]:,}" for column in COLUMNS) + " |"


def _joins(outcome: Outcome) -> str:
    joins = [r for r in outcome.results if r.mutant.is_join]
    lines = ["| | " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * len(COLUMNS)]
    return "\n".join([*lines, _row("joins", _counts(outcome, joins))])


def _equivalents(outcome: Outcome) -> str:
    reasons: dict[str, list[Result]] = {}
    for result in outcome.results:
        if result.id in outcome.equivalents:
            reasons.setdefault(outcome.equivalents[result.id], []).append(result)
    return "\n\n".join(f"{reason}\n\n{_list(map(told, r))}" for reason, r in reasons.items())


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _code(text: str) -> str:
    return text.replace("`", "'").replace("\n", " ")
