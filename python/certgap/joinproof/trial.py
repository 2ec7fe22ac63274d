"""One breakage: done, the model built again, the guards asked; everything undone afterwards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
from dbt.contracts.graph.nodes import GenericTestNode

from certgap.joinproof import breakages as b
from certgap.joinproof.breakages import Breakage, Side, breakages
from certgap.joinproof.declared import LEFT, OWN_OUTPUT, RIGHT, Join
from certgap.joinproof.fates import fate
from certgap.joinproof.measure import Measure, Victim, measured, part_types, victims
from certgap.joinproof.outcome import (
    ABSORBED,
    ALLOWED,
    CAUGHT,
    COUNTS,
    HOLE,
    KEYS,
    NO_DATA,
    VALUE,
    WARNED,
    Outcome,
)
from certgap.joinproof.session import Session
from certgap.joinproof.verdicts import is_absorbed, must_fail

GUARD = "guarded_joins"
# Examples of checks that count and do not look at keys: `left 7, output 6`.
TWO_COUNTS = ("left ", "by keys ", "unmatched ", "matched ", "(")
VICTIMS = 3


@dataclass(frozen=True)
class Guard:
    """A test; with a join it is asked of that join only."""

    test: str
    join: str
    stops_the_build: bool


@dataclass(frozen=True)
class Failed:
    """A guard that failed, its rows, or the error of a statement that cannot run."""

    guard: Guard
    rows: list[Any]
    error: str = ""


class Trials:
    """All breakages of joins on one built company."""

    def __init__(self, session: Session) -> None:
        """Nothing is read yet."""
        self.session = session
        self._healthy: dict[Guard, Counter[Any]] = {}
        self._measures: dict[str, Measure] = {}
        self._guards: dict[str, list[Guard]] = {}
        self._stored: set[str] = set()
        self._views: set[str] | None = None
        self._replaced: set[str] = set()  # for good, or within the open transaction

    def of(self, join: Join) -> list[Outcome]:
        """Break the join in every way."""
        session = self.session
        self._prepare(join)
        before = self._measures[join.name] = measured(session, join)
        found = victims(session, join, VICTIMS)
        if not found:
            why = f"{before.n_left} left rows, {before.n_right} right rows, none of them meet"
            return [Outcome(join.name, "every", NO_DATA, why)]
        by_kind: dict[str, Outcome] = {}
        for victim in found:
            for breakage in breakages(join, self._sides(join, victim)):
                earlier = by_kind.get(breakage.kind)
                if earlier is None or earlier.verdict == ABSORBED:
                    by_kind[breakage.kind] = self._tried(join, breakage, victim)
        return list(by_kind.values())

    def _sides(self, join: Join, victim: Victim) -> dict[str, Side]:
        # A side that stands in the output is written within the model, which is built again.
        names = [name for name in (LEFT, RIGHT) if join.settings[name] != OWN_OUTPUT]
        return {
            name: Side(join, name, self.session.columns(join.relations[name]), victim)
            for name in names
        }

    # ---- guards ---------------------------------------------------------------------------------

    def _guards_of(self, join: Join) -> list[Guard]:
        """Tests that see the broken relation or the model: the join's own first, then that of the
        model's other joins.

        A test that reads tables beyond what the model reads is none of them, because those are not
        built again here.
        """
        if join.name not in self._guards:
            self._guards[join.name] = list(self._find_guards(join))
        return self._guards[join.name]

    def _find_guards(self, join: Join) -> Iterator[Guard]:
        manifest = self.session.manifest
        read = manifest.nodes[join.model].depends_on.nodes
        broken = set(join.relations.values())
        touched = {join.model, *(name for name in read if self._relation_of(name) in broken)}
        tests = [node for node in manifest.nodes.values() if node.resource_type == "test"]
        own = [node for node in tests if self._is_guard_of(node, join)]
        for name in (join.name, ""):
            for node in own:
                yield Guard(node.unique_id, name, node.config.severity.lower() == "error")
        for node in tests:
            seen = set(node.depends_on.nodes)
            is_near = seen <= {join.model, *read} and bool(seen & touched)
            if is_near and node not in own and node.config.severity.lower() == "error":
                yield Guard(node.unique_id, "", True)

    def _relation_of(self, unique_id: str) -> str | None:
        manifest = self.session.manifest
        node = manifest.nodes.get(unique_id) or manifest.sources.get(unique_id)
        return node.relation_name if node else None

    @staticmethod
    def _is_guard_of(node: Any, join: Join) -> bool:
        return (
            isinstance(node, GenericTestNode)
            and node.test_metadata.name == GUARD
            and node.attached_node == join.model
        )

    def _prepare(self, join: Join) -> None:
        """What the guards say of the healthy company, and their statements."""
        parents = self.session.manifest.nodes[join.model].depends_on.nodes
        for relation in {*join.relations.values(), *map(self._relation_of, parents)} - {None}:
            self._store(relation)
        self.session.sql(join.model)
        for guard in self._guards_of(join):
            if guard not in self._healthy:
                self._healthy[guard] = Counter(self.session.rows(self._sql(guard)))

    def _store(self, relation: str) -> None:
        """A view becomes a table, once: many lead back to the raw files."""
        if relation not in self._stored:
            self._stored.add(relation)
            if self._is_view(relation):
                self._replace(relation, f"select * from {relation}")

    def _sql(self, guard: Guard, *, rendered_now: bool = False) -> str:
        if guard.join:
            return self.session.sql_of_guard(guard.test, guard.join, rendered_now=rendered_now)
        return self.session.sql_now(guard.test) if rendered_now else self.session.sql(guard.test)

    def _failed(self, join: Join, *, rendered_now: bool = False) -> Failed | None:
        """The first guard that says more than on the healthy company; one that warns, if no
        other."""
        warned = None
        for guard in self._guards_of(join):
            try:
                sql = self._sql(guard, rendered_now=rendered_now)
                rows = Counter(self.session.rows(sql)) - self._healthy[guard]
            except duckdb.Error as error:
                return Failed(guard, [], str(error).splitlines()[0])
            if rows and guard.stops_the_build:
                return Failed(guard, list(rows))
            if rows and warned is None:
                warned = Failed(guard, list(rows))
        return warned

    # ---- one breakage ---------------------------------------------------------------------------

    def _tried(self, join: Join, breakage: Breakage, victim: Victim) -> Outcome:
        try:
            return self._try(join, breakage, victim)
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            return Outcome(join.name, breakage.kind, HOLE, "the breakage cannot be done", said)

    def _try(self, join: Join, breakage: Breakage, victim: Victim) -> Outcome:
        session = self.session
        self._replaced = set(self._stored)
        with session.undone():
            relation = join.relations.get(breakage.side, join.output)
            if breakage.side == b.OUTPUT:
                self._break(relation, breakage)
                return self._judged(join, breakage, victim, None, None, None)
            if breakage.kind in b.TYPES:
                return self._try_type(join, breakage, victim)
            session.execute(f"create temp table output_before as select * from {join.output}")
            self._break(relation, breakage)
            before, after = self._measures[join.name], measured(session, join)
            if is_absorbed(join, breakage.kind, before, after):
                return self._absorbed(join, breakage)
            error = self._rebuild(join)
            if join.settings[LEFT] == OWN_OUTPUT and not error:
                after = measured(session, join)
            return self._judged(join, breakage, victim, before, after, error)

    def _try_type(self, join: Join, breakage: Breakage, victim: Victim) -> Outcome:
        """The guard is asked before the model is built: an error ends a transaction."""
        healthy = part_types(self.session, join, breakage.side)
        self._break(join.relations[breakage.side], breakage)
        try:
            if part_types(self.session, join, breakage.side) == healthy:
                return self._absorbed(join, breakage)
        except duckdb.Error:
            pass  # the declared side itself cannot be read: so the guard cannot, either
        failed = self._failed(join, rendered_now=True)
        if failed:
            return self._caught(join, breakage, failed)
        return self._judged(join, breakage, victim, None, None, self._rebuild(join))

    def _absorbed(self, join: Join, breakage: Breakage) -> Outcome:
        side = breakage.side
        is_shaped = any(join.settings.get(name) for name in (f"{side}_sql", f"where_{side}"))
        if breakage.kind in (b.CASE_LEFT, b.CASE_RIGHT) and not is_shaped:
            return Outcome(join.name, breakage.kind, ABSORBED, "its keys have no letters")
        why = "the declared side groups, casts or filters it away"
        if not is_shaped:
            return Outcome(join.name, breakage.kind, HOLE, "the breakage broke nothing")
        return Outcome(join.name, breakage.kind, ABSORBED, why)

    def _break(self, relation: str, breakage: Breakage) -> None:
        """Put a broken copy in the relation's place; views become tables."""
        session = self.session
        session.execute(
            f"create temp table broken as select row_number() over () as rid__, * from {relation}"
        )
        for sql, parameters in breakage.statements:
            session.execute(sql, parameters)
        self._replace(relation, "select * exclude (rid__) from broken")

    def _replace(self, relation: str, select: str) -> None:
        self.session.execute(f"create temp table put_in_place as {select}")
        self.session.execute(f"drop {'view' if self._is_view(relation) else 'table'} {relation}")
        self._replaced.add(relation)
        self.session.execute(f"create table {relation} as select * from put_in_place")
        self.session.execute("drop table put_in_place")

    def _is_view(self, relation: str) -> bool:
        """Whether a relation is a view still: what was replaced is a table."""
        if self._views is None:
            rows = self.session.rows(
                "select database_name, schema_name, view_name from duckdb_views()"
            )
            self._views = {".".join(f'"{name}"' for name in row) for row in rows}
        return relation in self._views and relation not in self._replaced

    def _rebuild(self, join: Join) -> str:
        """Build the model again; its error, if that stops the build."""
        try:
            self._replace(join.output, self.session.sql(join.model))
        except duckdb.Error as error:
            return str(error).splitlines()[0]
        return ""

    def _judged(
        self,
        join: Join,
        breakage: Breakage,
        victim: Victim,
        before: Measure | None,
        after: Measure | None,
        error: str | None,
    ) -> Outcome:
        def outcome(verdict: str, by: str, message: str = "", names: str = KEYS) -> Outcome:
            return Outcome(join.name, breakage.kind, verdict, by, message, names)

        if error:
            return outcome(CAUGHT, "the model's own statement stops", error, VALUE)
        failed = self._failed(join)
        if failed:
            return self._caught(join, breakage, failed)
        if must_fail(join, breakage.kind, before, after):
            return outcome(HOLE, "nothing failed", f"{before} -> {after}; victim {victim}")
        is_right, words = fate(self.session, join, breakage.kind, victim)
        return outcome(ALLOWED if is_right else HOLE, words, join.settings.get("reason") or "")

    def _caught(self, join: Join, breakage: Breakage, failed: Failed) -> Outcome:
        """Who caught it, the message, and whether that names join, rows and keys."""
        node = self.session.manifest.nodes[failed.guard.test]
        name = getattr(getattr(node, "test_metadata", None), "name", None) or "singular test"
        verdict = CAUGHT if failed.guard.stops_the_build else WARNED
        if failed.error:
            by = f"{name} stops"
            return Outcome(join.name, breakage.kind, verdict, by, failed.error, VALUE)
        row = failed.rows[0]
        if name != GUARD:
            return Outcome(join.name, breakage.kind, verdict, name, f"{node.name}: {row}")
        own = [row for row in failed.rows if row[0] == join.name] or failed.rows
        # Of several checks that fail, the one that names keys says more than two counts.
        row = min(own, key=lambda row: row[3].startswith(TWO_COUNTS))
        names = COUNTS if row[3].startswith(TWO_COUNTS) else KEYS
        if not all(row):
            raise ValueError(f"{node.name} failed without saying what is broken: {row}")
        check = re.sub(r"\d[\d.]*( right| rows)?", "…", row[1])
        by = f"{GUARD}: {check}" if row[0] == join.name else f"{GUARD} of another join"
        message = f"{row[0]}: {row[1]}: {row[2]} rows, {row[3]}. {row[4]}"
        return Outcome(join.name, breakage.kind, verdict, by, message, names)
