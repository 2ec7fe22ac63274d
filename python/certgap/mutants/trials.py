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


class UnitTrials:
    """The unit tests of one model, their given rows as tables, so that they are planned once."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, tests: list[UnitTest], model: MutableSql
    ) -> None:
        """Raises AssertionError where a test fails on the SQL that is not mutated."""
        self._connection = connection
        self._tests: list[tuple[UnitTest, MutableSql, list[int | None], Counter[Any]]] = []
        connection.execute("create schema if not exists unit_tests")
        for number, test in enumerate(tests):
            sql = self._fixtures(test, number)
            mutable = MutableSql(test.model, sql)
            expected = self._rows(test.expected) if test.expected else Counter()
            if self._rows(self._query(test, mutable.original)) != expected:
                raise AssertionError(f"{test.name} fails on {test.model} as it is")
            self._tests.append((test, mutable, model.places_in(mutable), expected))

    def _fixtures(self, test: UnitTest, number: int) -> str:
        """Given rows become tables; the model's SQL over them comes back."""
        tree = parse(test.sql)
        names = {}
        with_ = tree.args.get("with_") or tree.args.get("with")
        for cte in list(with_.expressions) if with_ else []:
            if cte.alias.startswith(FIXTURE_PREFIX):
                table = f"unit_tests.t{number}_{cte.alias.removeprefix(FIXTURE_PREFIX)}"
                self._connection.execute(f"create or replace table {table} as {text(cte.this)}")
                names[cte.alias] = table
                cte.pop()
        if with_ is not None and not with_.expressions:
            with_.pop()
        for node in list(tree.find_all(exp.Table)):
            if node.name in names and not node.db:
                moved = exp.to_table(names[node.name])
                moved.set("alias", exp.TableAlias(this=exp.to_identifier(node.alias_or_name)))
                node.replace(moved)
        return text(tree)

    @staticmethod
    def _query(test: UnitTest, sql: str) -> str:
        return f"select {test.columns} from ({sql})"

    def _rows(self, sql: str) -> Counter[Any]:
        with limited(self._connection):
            rows = self._connection.execute(sql).fetchall()
        return Counter(tuple(_plain(value) for value in row) for row in rows)

    def verdict(self, number: int) -> Verdict | None:
        """The test that notices the model's mutant of that number, if any. Raises Unbound."""
        for place, (test, mutable, places, expected) in enumerate(self._tests):
            where = places[number]
            if where is None:
                continue
            try:
                found = self._rows(self._query(test, mutable.mutated(where)))
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

    @property
    def names(self) -> list[str]:
        """The tests that are tried."""
        return [test.name for test, _, _, _ in self._tests]


def _plain(value: Any) -> Any:
    """Numbers of whatever type are equal where their values are; lists become comparable."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, (list, dict)):
        return repr(value)
    return value
