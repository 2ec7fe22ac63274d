"""One mutant against the tests: unit tests first, then data tests, then the truth.

The first two are dbt's own tests, run as SQL; the third is what python/tests compare: every cell of
the compared tables, of the sample company and of random ones, with what Python expects.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
from sqlglot import exp

from certgap.mutants.mutate import MutableSql, parse, text
from certgap.mutants.project import UnitTest

LIMIT = 30.0  # seconds of one statement: a join without its key may never end
FIXTURE_PREFIX = "__dbt__cte__"
# A mutant that cannot be bound says nothing about the tests, and counts for nothing.
UNBOUND = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    status: str  # unit, data, truth, error, timeout; invalid; same, different
    by: str = ""  # the test, or the words of the error


class Unbound(Exception):
    """The mutated statement is none."""


@contextmanager
def limited(connection: duckdb.DuckDBPyConnection, seconds: float = LIMIT) -> Iterator[None]:
    """Statements within are stopped when the time is over; raises duckdb.InterruptException."""
    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _OverFixtures:
    """A unit test's SQL: the model's, with the names of the given tables in place of the others.

    Under other vars the test's SQL is another text, and has mutants of its own.
    """

    def __init__(self, model: MutableSql, sql: str, given: dict[str, str]) -> None:
        """``given`` are the fixture tables, by the name of their CTE, which is no longer there."""
        tree = parse(sql)
        theirs, ours = list(tree.find_all(exp.Table)), list(model.tree.find_all(exp.Table))
        self._names: dict[str, str] = {}
        for one, other in zip(theirs, ours, strict=False):
            if one.name in given and not one.db:
                bare = exp.Table(**{k: other.args.get(k) for k in ("this", "db", "catalog")})
                self._names[bare.sql("duckdb")] = given[one.name]
                # As the writer of a model has them: without an alias of their own.
                moved = exp.to_table(given[one.name])
                moved.set("alias", one.args.get("alias"))
                one.replace(moved)
        self._model, self._own, self._places = model, None, []
        if self._renamed(model.original) != text(tree):
            self._own = MutableSql("", text(tree))
            self._places = model.places_in(self._own)

    def _renamed(self, sql: str) -> str:
        for name, table in self._names.items():
            sql = sql.replace(name, table)
        return sql

    @property
    def original(self) -> str:
        """Not mutated."""
        return self._own.original if self._own else self._renamed(self._model.original)

    def mutated(self, number: int) -> str | None:
        """The model's mutant of that number; None where the test's SQL has no such place."""
        if self._own is None:
            return self._renamed(self._model.mutated(number))
        place = self._places[number]
        return None if place is None else self._own.mutated(place)


class UnitTrials:
    """The unit tests of one model, their given rows as tables, so that they are planned once."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, tests: list[UnitTest], model: MutableSql
    ) -> None:
        """Raises AssertionError where a test fails on the SQL that is not mutated."""
        self._connection = connection
        self._tests: list[tuple[UnitTest, _OverFixtures, Counter[Any]]] = []
        connection.execute("create schema if not exists unit_tests")
        for number, test in enumerate(tests):
            over = _OverFixtures(model, *self._fixtures(test, number))
            expected = self._rows(test.expected) if test.expected else Counter()
            if self._rows(self._query(test, over.original)) != expected:
                raise AssertionError(f"{test.name} fails on {test.model} as it is")
            self._tests.append((test, over, expected))

    def _fixtures(self, test: UnitTest, number: int) -> tuple[str, dict[str, str]]:
        """Given rows become tables; the SQL without them comes back, and their names."""
        tree = parse(test.sql)
        names = {}
        with_ = tree.args.get("with_")
        for cte in list(with_.expressions) if with_ else []:
            if cte.alias.startswith(FIXTURE_PREFIX):
                table = f"unit_tests.t{number}_{cte.alias.removeprefix(FIXTURE_PREFIX)}"
                self._connection.execute(f"create or replace table {table} as {text(cte.this)}")
                names[cte.alias] = table
                cte.pop()
        if with_ is not None and not with_.expressions:
            with_.pop()
        return text(tree), names

    @staticmethod
    def _query(test: UnitTest, sql: str) -> str:
        return f"select {test.columns} from ({sql})"

    def _rows(self, sql: str) -> Counter[Any]:
        with limited(self._connection):
            rows = self._connection.execute(sql).fetchall()
        return Counter(tuple(_plain(value) for value in row) for row in rows)

    def verdict(self, number: int) -> Verdict | None:
        """The test that notices the model's mutant of that number, if any. Raises Unbound."""
        for place, (test, over, expected) in enumerate(self._tests):
            sql = over.mutated(number)
            if sql is None:
                continue
            try:
                found = self._rows(self._query(test, sql))
            except UNBOUND as error:
                raise Unbound(str(error)) from error
            except duckdb.InterruptException:
                return Verdict("timeout", test.name)
            except duckdb.Error as error:
                return Verdict("unit", f"{test.name} ({type(error).__name__})")
            if found != expected:
                # What noticed one mutant will notice the next one.
                self._tests.insert(0, self._tests.pop(place))
                return Verdict("unit", test.name)
        return None


def _plain(value: Any) -> Any:
    """Numbers of whatever type are equal where their values are; lists become comparable."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, (list, dict)):
        return repr(value)
    return value
