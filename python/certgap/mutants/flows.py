"""A mutated model within a built company: what it changes, and whether a test or the truth notices.

The model and whatever reads it are built again within a transaction that is rolled back. What comes
out as before is not followed any further: nothing below can change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from certgap.compare import compare_tables
from certgap.mutants.project import DataTest
from certgap.mutants.trials import UNBOUND, Unbound, Verdict, limited

Expected = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Built:
    """One model of a built company."""

    name: str
    relation: str  # quoted, with its schema
    sql: str
    is_view: bool
    parents: tuple[str, ...]


@dataclass
class Company:
    """A database with every model built, its data tests, and what Python expects in it."""

    name: str
    connection: duckdb.DuckDBPyConnection
    models: dict[str, Built]  # in the order of the build
    expected: Expected
    tests: Sequence[DataTest] = ()
    _tests_of: dict[str, list[DataTest]] = field(default_factory=dict)

    def check(self) -> None:
        """Raises AssertionError where a test or the truth fails on what is not mutated."""
        failing = [test.name for test in self.tests if self._fails(test)]
        if failing:
            raise AssertionError(f"{self.name}: {', '.join(failing)} fail as it is")
        if self._untrue():
            raise AssertionError(f"{self.name} differs from the truth as it is")

    def verdict(self, model: str, sql: str) -> Verdict:
        """What the company says to ``sql`` in place of the model. Raises Unbound."""
        self.connection.execute("begin")
        try:
            return self._flow(model, sql)
        except duckdb.InterruptException:
            return Verdict("timeout", self.name)
        finally:
            self.connection.execute("rollback")

    def _flow(self, model: str, sql: str) -> Verdict:
        affected, changed = self._affected(model), set()
        waiting = [test for test in self.tests if affected.intersection(test.models)]
        left = set(affected)
        for name in (name for name in self.models if name in affected):
            built = self.models[name]
            if name == model or changed.intersection(built.parents):
                try:
                    if name != model and built.is_view:
                        is_changed = True  # it shows what is new below it
                    else:
                        is_changed = self._rebuild(built, sql if name == model else built.sql)
                except UNBOUND as error:
                    if name == model:
                        raise Unbound(str(error)) from error
                    return Verdict("data", f"{name} ({type(error).__name__})")
                except duckdb.InterruptException:
                    raise
                except duckdb.Error as error:
                    return Verdict("data", f"{name} ({type(error).__name__})")
                if is_changed:
                    changed.add(name)
                elif name == model:
                    return Verdict("same")
            left.discard(name)
            # A test speaks as soon as everything it reads is built, as in dbt.
            ready = [test for test in waiting if not left.intersection(test.models)]
            waiting = [test for test in waiting if left.intersection(test.models)]
            for test in ready:
                if changed.intersection(test.models) and self._fails(test):
                    return Verdict("data", test.name)
        if changed.intersection(self.expected) and self._untrue(changed):
            return Verdict("truth", self.name)
        return Verdict("different")

    def _affected(self, model: str) -> set[str]:
        found = {model}
        for name, built in self.models.items():
            if found.intersection(built.parents):
                found.add(name)
        return found

    def _rebuild(self, built: Built, sql: str) -> bool:
        """Whether the model has other rows than before."""
        run = self.connection.execute
        with limited(self.connection):
            if built.is_view:
                run(f"create temp table before_it as select * from {built.relation}")
                run(f"create or replace view {built.relation} as {sql}")
                run(f"create temp table after_it as select * from {built.relation}")
                before = "before_it"
            else:
                run(f"create temp table after_it as {sql}")
                before = built.relation
            try:
                differs = run(
                    f"select exists(from (from {before} except all from after_it)) or "
                    f"(select count(*) from {before}) <> (select count(*) from after_it)"
                ).fetchone()[0]
            except duckdb.BinderException:  # other columns, or types without a common one
                differs = True
            if differs and not built.is_view:
                run(f"create or replace table {built.relation} as from after_it")
            run("drop table after_it")
            if built.is_view:
                run("drop table before_it")
        return differs

    def _fails(self, test: DataTest) -> bool:
        try:
            with limited(self.connection):
                [count] = self.connection.execute(
                    f"select {test.count} from ({test.sql}) as failures"
                ).fetchone()
                conditions = " or ".join(f"({count or 0} {is_so})" for is_so in test.fails_if)
                return self.connection.execute(f"select {conditions}").fetchone()[0]
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            return True

    def _untrue(self, changed: set[str] | None = None) -> bool:
        told = {t: rows for t, rows in self.expected.items() if changed is None or t in changed}
        return not all(report.agrees for report in compare_tables(told, self.connection))
