"""What became of the mutants, as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

from certgap.mutants.equivalents import RULES
from certgap.mutants.operators import OPERATORS
from certgap.mutants.project import LAYERS
from certgap.mutants.run import KILLED, SURVIVED, Result, Sample
from certgap.truth.statistics import wilson

WANTED = 0.95
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

`python -m certgap.mutants` changes the compiled SQL of each model in one place, as a tired
developer might, and asks whether a test notices:

{operators}

Each mutant meets, until one fails: the model's own unit tests; the data tests of the model and of
everything built on it, on the sample company; and the comparison of every cell with what Python
computes independently, for the sample company and random companies; for a join, at last, the check
that the SQL joins as the model declares (`certgap guards`). All of these run in `make test`, too,
with fewer random companies. The tables say which kind of test noticed first: a mutant that only
the guard notices gives no other row in any of these companies. Mutants the database cannot
bind are not counted. What runs longer than the limit or takes more memory than it may is noticed.
Equivalent mutants mean the same as the model; each is listed with the reason in
[equivalents.yml](../../python/certgap/mutants/equivalents.yml), and a listed one that a test
notices is an error.

The compiled SQL repeats what was written once: a macro that reads a column stands in it for each
column of each feed, a list of time zones or of measured row counts value by value. Such copies are
counted once, and are noticed where a mutant of a copy is, since whoever breaks the macro breaks
all of them. Copies are only those of which the mutated word, sign or value does not occur in the
model's own file and whose surroundings read the same apart from names
([constructs.py](../../python/certgap/mutants/constructs.py)). What stands in a loop of the file and
nowhere else in it is one construct, too, as are more than 20 terms that differ in numbers alone.
What a model's author hands to a macro, and each mutant of a join, counts for itself. Of a sampled
construct at most five copies are tried, first in the models with the most unit tests. A rule that
proves from the SQL alone that a mutant gives the same rows is in
[equivalents.py](../../python/certgap/mutants/equivalents.py).

Covered are the models that the default vendors enable. *Staging* is that of Workday, Cornerstone,
xAPI, LinkedIn Learning, Microsoft 365 Copilot, GitHub Copilot and the generic feeds.

"""


class Outcome:
    """Results against the list of equivalents."""

    def __init__(
        self,
        results: Iterable[Result],
        equivalents: dict[str, str],
        sample: Sample | None = None,
    ) -> None:
        """Mutants that cannot be bound are left out; ``sample`` says how the others were drawn."""
        self.sample = sample
        tried = sorted((r for r in results if r.status != "invalid"), key=lambda r: (r.layer, r.id))
        by_rule = {r.id: RULES[r.mutant.rule] for r in tried if r.mutant.rule}
        self.equivalents = by_rule | equivalents
        # A noticed equivalent is an error, whatever became of other copies.
        self.wrong_equivalents = [
            r for r in tried if r.id in self.equivalents and r.status in KILLED
        ]
        self.tried = len(tried)
        self.results = self._by_construct(tried)

    def _by_construct(self, tried: list[Result]) -> list[Result]:
        """Of copies of what was written once the one that a test notices, or else the first."""
        chosen: dict[str, Result] = {}
        for result in tried:
            key = result.id if result.id in self.equivalents else result.mutant.counted_as
            known = chosen.setdefault(key, result)
            if known.status not in KILLED and result.status in KILLED:
                chosen[key] = result
        return list(chosen.values())

    @cached_property
    def survivors(self) -> list[Result]:
        """Mutants that no test notices and that are not known to be equivalent."""
        return [r for r in self.results if r.status in SURVIVED and r.id not in self.equivalents]

    @property
    def judged(self) -> list[Result]:
        """Without equivalents."""
        return [r for r in self.results if r.id not in self.equivalents]

    @property
    def joins(self) -> list[Result]:
        """Mutants that change which rows meet."""
        return [r for r in self.results if r.mutant.is_join]

    @property
    def others(self) -> list[Result]:
        """All other mutants that were tried."""
        return [r for r in self.results if not r.mutant.is_join]

    def counted(self, results: Iterable[Result]) -> tuple[int, int]:
        """How many a test notices, and how many there are without equivalents."""
        judged = [r for r in results if r.id not in self.equivalents]
        return sum(r.status in KILLED for r in judged), len(judged)

    def rate(self, holds: Callable[[Result], bool] = lambda result: True) -> float:
        """The share of mutants that a test notices."""
        noticed, judged = self.counted(r for r in self.results if holds(r))
        return noticed / judged if judged else 1.0

    @property
    def surviving_joins(self) -> list[Result]:
        """Survivors that change which rows meet."""
        return [r for r in self.survivors if r.mutant.is_join]

    @property
    def is_good(self) -> bool:
        """At least 95% of what was tried, apart from joins, too; every mutant of a join."""
        rates = (self.rate(), self.rate(lambda r: not r.mutant.is_join))
        return min(rates) >= WANTED and not self.surviving_joins and not self.wrong_equivalents

    @property
    def summary(self) -> str:
        """The numbers in words."""
        words = ""
        if self.joins:
            words += f"{self._told('mutants of joins', self.joins)} "
        if self.others and not self.sample:
            words += f"{self._told('other mutants', self.others)} "
        if self.sample:
            low, high = wilson(*self.counted(self.others))
            words += (
                f"Of {self.sample.of:,} other mutants a random sample was tried (seed "
                f"{self.sample.seed}): {self._told('mutants', self.others)} The 95% interval of "
                f"that rate is {low or 0:.1%} to {high or 1:.1%}. "
            )
        words += f"{len(self.survivors):,} survive. {self._n_equivalent:,} are equivalent."
        copies = self.tried - len(self.results)
        if copies:
            words += f" {copies:,} more were tried as copies of a construct that is counted once."
        if self.wrong_equivalents:
            wrong = ", ".join(result.id for result in self.wrong_equivalents)
            words += f" Listed as equivalent, but noticed: {wrong}."
        return words

    @property
    def _n_equivalent(self) -> int:
        return len(self.results) - len(self.judged)

    def _told(self, what: str, results: list[Result]) -> str:
        noticed, judged = self.counted(results)
        counts = _counts(self, results)
        by = ", ".join(f"{counts[column]:,} by {column}" for column in COLUMNS[1:6])
        return f"{judged:,} {what}, {noticed / max(1, judged):.2%} of them noticed ({by})."


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
        + f"{date.today().isoformat()}. {outcome.summary}"
    ]
    others = "A sample of the other mutants" if outcome.sample else "Other mutants"
    for title, results in (("Mutants of joins", outcome.joins), (others, outcome.others)):
        if results:
            parts += [f"## {title}", *_tables(outcome, results)]
    parts += [
        "## Survivors\n\n" + (_list(map(told, outcome.survivors)) or "None."),
        "## Equivalent mutants\n\n" + (_equivalents(outcome) or "None."),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _tables(outcome: Outcome, results: list[Result]) -> list[str]:
    operators = [operator.__name__ for operator in OPERATORS]
    return [
        _table("layer", outcome, results, lambda r: r.layer, LAYERS),
        _table("operator", outcome, results, lambda r: r.mutant.operator, operators),
    ]


def _table(
    what: str,
    outcome: Outcome,
    results: list[Result],
    key: Callable[[Result], str],
    order: Iterable[str],
) -> str:
    lines = [f"| {what} | " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * len(COLUMNS)]
    total: Counter[str] = Counter()
    for name in order:
        counts = _counts(outcome, [r for r in results if key(r) == name])
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
