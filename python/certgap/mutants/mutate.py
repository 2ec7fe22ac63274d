"""The mutants of a SQL text, each with a name that survives edits elsewhere in the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from certgap.guards.sql_joins import DIALECT
from certgap.mutants.constructs import (
    MANY_ROWS,
    Printed,
    Written,
    surroundings,
    without_numbers,
)
from certgap.mutants.equivalents import rule_for
from certgap.mutants.operators import OPERATORS, Change, is_of_join

SHOWN = 160  # characters of a fragment


@dataclass(frozen=True)
class Mutant:
    """One change of one model."""

    model: str
    operator: str
    cte: str  # in which it lies; empty in the last select
    before: str
    after: str
    occurrence: int  # among equal changes of the CTE
    is_join: bool
    construct: str = ""  # the same for copies of what was written once; empty: itself
    rule: str = ""  # by which it means the same as the model

    @property
    def counted_as(self) -> str:
        """The construct that was written, of which this may be one copy of many."""
        return self.construct or self.id

    @property
    def id(self) -> str:
        """Model, operator and a digest of the change: the same as long as the change is."""
        said = f"{self.cte}\n{self.before}\n{self.after}\n{self.occurrence}"
        return f"{self.model}.{self.operator}.{_short(said)}"

    @property
    def change(self) -> tuple[str, str, str, str, int]:
        """What is the same in the model's SQL under other vars."""
        return self.operator, self.cte, self.before, self.after, self.occurrence

    @property
    def kind(self) -> tuple[str, str, bool]:
        """What must agree for two trees to have the same sites."""
        return self.operator, self.cte, self.is_join


class _Writer(DuckDB.Generator):
    """Keeps the text of every node: of a mutant only the nodes above the change are written anew.

    Writing a whole statement takes up to 0.2 s, which is more than the tests of most mutants.
    """

    def __init__(self, tree: exp.Expression) -> None:
        super().__init__(
            dialect=DIALECT, comments=False, unsupported_level=sqlglot.ErrorLevel.IGNORE
        )
        self._texts: dict[int, str] | None = {}
        self._kept: dict[int, str] = {}
        self._above: set[int] = set()
        self.original = self.generate(tree, copy=False)
        # Copies that sqlglot made meanwhile are gone, and their ids may be those of other nodes.
        living = {id(node) for node in tree.walk()}
        self._kept = {place: kept for place, kept in self._texts.items() if place in living}
        self._texts = None
        # sqlglot changes some nodes as it writes them (string_agg), so that they are written twice
        # differently: such a statement is copied each time.
        self.is_stable = text(tree) == self.original

    def sql(self, expression, key=None, comment=True):
        """The kept text, or a new one."""
        if key is not None or not isinstance(expression, exp.Expression):
            return super().sql(expression, key, comment)
        place = id(expression)
        if place in self._kept and place not in self._above:
            return self._kept[place]
        written = super().sql(expression, key, comment)
        if self._texts is not None:
            self._texts[place] = written
        return written

    def changed(self, tree: exp.Expression, node: exp.Expression) -> str:
        """The tree after ``node`` was put into it."""
        self._above = {id(node)}
        while node.parent is not None:
            node = node.parent
            self._above.add(id(node))
        # A branch of CASE on its own is written below a CASE that sqlglot makes for it: without its
        # own parent again, what changes in it later would not be above the change.
        place = tree.parent, tree.arg_key, tree.index
        try:
            return self.generate(tree, copy=False)
        finally:
            self._above = set()
            tree.parent, tree.arg_key, tree.index = place


class MutableSql:
    """A statement whose mutants are written one at a time."""

    def __init__(
        self, model: str, sql: str, written: str = "", *, has_tested_key: bool = False
    ) -> None:
        """Parse, and find the sites; ``written`` is the model's file: it tells what macros write.

        Without it every mutant is one of its own. ``has_tested_key``: two rows of the model cannot
        be equal, because a data test would fail.
        """
        self._model, self._written = model, Written(written)
        self.tree = parse(sql)
        self._writer = _Writer(self.tree)
        if not self._writer.is_stable:
            self.tree = parse(sql)
        self._printed = Printed(self.tree)
        self.mutants: list[Mutant] = []
        self._terms: dict[int, str] = {}  # of macros, by mutant, as they read without numbers
        self._changes: list[Change] = []
        seen: Counter[tuple[str, str, str, str]] = Counter()
        for operator, node, changed in _changes(self.tree):
            before = self._write(node, node)
            with _changed(node, changed) as now:
                whole = before, self._write(now, now)
            if whole[0] == whole[1]:
                continue  # of a pattern the writer writes what the parser has read, not its parts
            before, after = _difference(*whole)
            cte = _cte(node)
            key = (operator, cte, before, after)
            self._changes.append((node, changed))
            mutant = Mutant(model, operator, cte, before, after, seen[key], is_of_join(node))
            if not mutant.is_join:
                construct = self._construct(mutant, node, whole)
                rule = rule_for(node, changed, has_tested_key=has_tested_key)
                mutant = replace(mutant, construct=construct, rule=rule)
            self.mutants.append(mutant)
            seen[key] += 1
        self._join_terms()

    @property
    def original(self) -> str:
        """The unchanged statement, as the same generator writes it."""
        return self._writer.original

    def mutated(self, place: int) -> str:
        """The statement with the mutant of that place in ``mutants``."""
        node, changed = self._changes[place]
        is_whole = node.parent is None  # what is put in its place is not below the tree
        with _changed(node, changed) as now:
            return self._write(now if is_whole else self.tree, now)

    def _construct(self, mutant: Mutant, node: exp.Expression, whole: tuple[str, str]) -> str:
        """The name of what was written once, where the mutant is a copy of that."""
        printed = self._printed.place(node)
        if printed:
            said = f"{mutant.cte}\n{printed}"
            return f"{self._model}.{mutant.operator}.{_short(said)}"
        is_text = isinstance(node, exp.Literal) and isinstance(node.parent, exp.Alias)
        if is_text and node.is_string and self._written.prints(node.parent.alias):
            return f"{self._model}.{mutant.operator}.{_short(mutant.cte + node.parent.alias)}"
        is_of_macro = self._written.lacks(node)
        if is_of_macro and isinstance(node, exp.Window):
            said = "\n".join(map(self._written.without_runs, whole))
            return f"macro.{mutant.operator}.{_short(said)}"
        if not is_of_macro and not self._written.loops(node):
            return ""
        around = self._write(surroundings(node), node)
        shown = (mutant.before, mutant.after, around)
        if not is_of_macro:
            said = "\n".join([mutant.cte, *map(self._written.without_printed, shown)])
            return f"{self._model}.{mutant.operator}.{_short(said)}"
        said = "\n".join(map(self._written.without_columns, shown))
        self._terms[len(self.mutants)] = without_numbers(f"{mutant.cte}\n{said}")
        return f"macro.{mutant.operator}.{_short(said)}"

    def _join_terms(self) -> None:
        """More than so many constructs that read the same without their numbers become one."""
        alike: dict[str, set[str]] = {}
        for place, term in self._terms.items():
            alike.setdefault(term, set()).add(self.mutants[place].construct)
        for place, term in self._terms.items():
            if len(alike[term]) > MANY_ROWS:
                mutant = self.mutants[place]
                construct = f"{self._model}.{mutant.operator}.{_short(term)}"
                self.mutants[place] = replace(mutant, construct=construct)

    def _write(self, top: exp.Expression, changed: exp.Expression) -> str:
        return self._writer.changed(top, changed) if self._writer.is_stable else text(top)

    def places_in(self, other: MutableSql) -> list[int | None]:
        """Where ``other``, the same model over other inputs or vars, has each mutant.

        A CTE with sites of the same kinds in the same order has the same mutants, whatever numbers
        the vars put into them; of another CTE those are the same that read the same.
        """
        theirs = _by_cte(other.mutants)
        said = {mutant.change: place for place, mutant in enumerate(other.mutants)}
        found: list[int | None] = [said.get(mutant.change) for mutant in self.mutants]
        for cte, places in _by_cte(self.mutants).items():
            others = theirs.get(cte, [])
            if [self.mutants[n].kind for n in places] == [other.mutants[n].kind for n in others]:
                for place, place_there in zip(places, others, strict=True):
                    found[place] = place_there
        return found


def _short(said: str) -> str:
    return sha256(said.encode()).hexdigest()[:8]


def _by_cte(mutants: list[Mutant]) -> dict[str, list[int]]:
    """The places of the mutants of each CTE."""
    places: dict[str, list[int]] = {}
    for place, mutant in enumerate(mutants):
        places.setdefault(mutant.cte, []).append(place)
    return places


def parse(sql: str) -> exp.Expression:
    """A statement without its comments."""
    tree = sqlglot.parse_one(sql, dialect=DIALECT)
    for node in tree.walk():
        node.comments = None
    return tree


def text(tree: exp.Expression) -> str:
    """DuckDB's SQL."""
    level = sqlglot.ErrorLevel.IGNORE
    return tree.sql(dialect=DIALECT, comments=False, unsupported_level=level)


@contextmanager
def _changed(
    node: exp.Expression, changed: exp.Expression | dict[str, Any]
) -> Iterator[exp.Expression]:
    """The node that stands there while the change is made."""
    if isinstance(changed, dict):
        before = {name: node.args.get(name) for name in changed}
        node.args.update(changed)
        try:
            yield node
        finally:
            node.args.update(before)
        return
    node.replace(changed)
    try:
        yield changed
    finally:
        if changed.parent is not None:
            changed.replace(node)


def _changes(tree: exp.Expression) -> Iterator[tuple[str, exp.Expression, Any]]:
    for node in list(tree.walk(bfs=False)):
        for operator in OPERATORS:
            for target, changed in operator(node):
                yield operator.__name__, target, changed


def _cte(node: exp.Expression) -> str:
    found = node.find_ancestor(exp.CTE)
    return found.alias if found is not None else ""


def _difference(before: str, after: str) -> tuple[str, str]:
    """Both texts, cut to what differs with some words around it."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    if max(len(before), len(after)) <= SHOWN:
        return before, after
    start = max(0, start - 40)
    lead = "…" if start else ""
    return tuple(
        lead + side[start : start + SHOWN] + ("…" if len(side) > start + SHOWN else "")
        for side in (before, after)
    )
