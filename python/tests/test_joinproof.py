"""A breakage breaks what it says, and what must stop a build is told from what need not."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from certgap.joinproof import breakages as b
from certgap.joinproof.breakages import Breakage, Side, breakages
from certgap.joinproof.declared import LEFT, RIGHT, Join
from certgap.joinproof.fates import fate
from certgap.joinproof.measure import Measure, Victim, measured, part_types, victims
from certgap.joinproof.session import Database
from certgap.joinproof.verdicts import is_absorbed, must_fail

TABLES = """
create table days as select * from (values
    ('upn', 'ann', date '2026-01-05', 1), ('upn', 'ann', date '2026-02-05', 2),
    ('upn', 'bob', date '2026-01-05', 3)
) as t(kind, alias, day, n);
create table owners as select * from (values
    ('upn', 'ann', date '2026-01-01', date '2026-02-01', 'W1'),
    ('upn', 'ann', date '2026-02-01', date '9999-12-31', 'W2'),
    ('upn', 'bob', date '2026-01-01', date '9999-12-31', 'W3')
) as t(kind, alias, valid_from, valid_to, employee);
create table people as select * from (values
    ('W1', 'Sales', true), ('W2', 'Legal', true), ('W3', 'Sales', false)
) as t(employee, department, is_active);
create table one as select 1 as setting;
"""
BASIC = {"cardinality": "many_to_one", "min_match_rate": 1, "unmatched": "keep"}
AS_OF: dict[str, Any] = {
    **BASIC,
    "kind": "as_of",
    "keys": [["kind", "kind"], ["alias", "alias"]],
    "as_of": {"date": "day", "from": "valid_from", "to": "valid_to"},
}
EQUALITY: dict[str, Any] = {**BASIC, "kind": "equality", "keys": [["employee", "employee"]]}
RANGE: dict[str, Any] = {
    **BASIC,
    "kind": "range",
    "keys": [["alias", "alias"]],
    "range": [["day", ">=", "valid_from"], ["day", "<", "valid_to"]],
}
CROSS: dict[str, Any] = {"kind": "cross", "cardinality": "many_to_one", "unmatched": "keep"}


def join_of(left: str, right: str, settings: dict[str, Any]) -> Join:
    settings = {"left": f"ref('{left}')", "right": f"ref('{right}')", **settings}
    return Join("j", "model.m", left, {LEFT: left, RIGHT: right}, {}, settings)


JOINS = {
    "as_of": join_of("days", "owners", AS_OF),
    "equality": join_of("owners", "people", EQUALITY),
    "range": join_of("days", "owners", RANGE),
    "cross": join_of("days", "one", CROSS),
}


@pytest.fixture
def database() -> Database:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return Database(connection)


def derived(database: Database, join: Join) -> tuple[Victim, dict[str, Breakage]]:
    victim = victims(database, join, 1)[0]
    sides = {
        name: Side(join, name, database.columns(join.relations[name]), victim)
        for name in (LEFT, RIGHT)
    }
    return victim, {breakage.kind: breakage for breakage in breakages(join, sides)}


def broken(database: Database, join: Join, kind: str) -> tuple[Measure, tuple[str, ...]]:
    """Break the join for good; what it then meets, and the types of the broken side's keys."""
    _, some = derived(database, join)
    breakage = some[kind]
    relation = join.relations.get(breakage.side, join.output)
    database.execute(
        f"create table broken as select row_number() over () as rid__, * from {relation}"
    )
    for sql, parameters in breakage.statements:
        database.execute(sql, parameters)
    database.execute(f"create or replace table {relation} as select * exclude (rid__) from broken")
    return measured(database, join), part_types(database, join, breakage.side)


def test_what_can_break_follows_from_the_declaration(database):
    of_keys = {b.NULL_RIGHT, b.PADDED_RIGHT, b.CASE_RIGHT, b.TYPE_RIGHT, b.NULL_LEFT, b.PADDED_LEFT,
               b.CASE_LEFT, b.TYPE_LEFT, b.LATE, b.MISSING}  # fmt: skip
    always = {b.DOUBLED, b.ALL_MISSING}
    intervals = {b.NULL_END, b.INVERTED, b.OVERLAP, b.BOUNDARY, b.GAP}
    expected = {
        "as_of": always | of_keys | intervals | {b.DOUBLED_OTHERWISE},
        "equality": always | of_keys | {b.DOUBLED_OTHERWISE},
        "range": always | of_keys | {b.SHIFTED, b.DOUBLED_OTHERWISE},
        "cross": always | {b.DOUBLED_OTHERWISE},
    }
    assert {name: set(derived(database, join)[1]) for name, join in JOINS.items()} == expected


def test_more_settings_give_more_breakages(database):
    more = {"cardinality": "one_to_many", "max_fan_out": 2, "preserves_left": True}
    _, some = derived(database, join_of("owners", "people", {**EQUALITY, **more}))
    assert {b.FAN_OUT, b.DOUBLED_LEFT, b.LOST, b.GAINED, b.SWAPPED} <= set(some)


# What the sides look like afterwards: (matched left rows, most right rows of one, doubled keys).
EFFECTS = [
    ("as_of", b.DOUBLED, (3, 2, None)),
    ("as_of", b.OVERLAP, (3, 2, None)),
    ("as_of", b.BOUNDARY, (3, 2, None)),
    ("as_of", b.GAP, (2, 1, None)),
    ("as_of", b.NULL_END, (2, 1, None)),
    ("as_of", b.INVERTED, (3, 1, None)),
    ("as_of", b.ALL_MISSING, (0, 0, None)),
    ("equality", b.DOUBLED, (3, 2, 1)),
    ("equality", b.DOUBLED_OTHERWISE, (3, 2, 1)),
    ("equality", b.MISSING, (2, 1, 0)),
    ("equality", b.NULL_RIGHT, (2, 1, 0)),
    ("equality", b.PADDED_RIGHT, (2, 1, 0)),
    ("equality", b.CASE_RIGHT, (2, 1, 0)),
    ("equality", b.NULL_LEFT, (2, 1, 0)),
    ("equality", b.PADDED_LEFT, (2, 1, 0)),
    ("equality", b.CASE_LEFT, (2, 1, 0)),
    ("equality", b.LATE, (3, 1, 0)),
    ("range", b.DOUBLED, (3, 2, None)),
    ("cross", b.DOUBLED, (3, 2, 0)),
    ("cross", b.ALL_MISSING, (0, 0, 0)),
]


@pytest.mark.parametrize(("name", "kind", "effect"), EFFECTS)
def test_a_breakage_does_what_it_says(database, name, kind, effect):
    before = measured(database, JOINS[name])
    after, _ = broken(database, JOINS[name], kind)
    matched, most, doubled = effect
    assert (after.n_matched, after.most) == (matched, most)
    assert doubled is None or after.n_doubled == doubled
    assert after.sums != before.sums


def test_a_late_row_is_one_more_that_finds_nothing(database):
    after, _ = broken(database, JOINS["equality"], b.LATE)
    assert (after.n_left, after.n_unmatched) == (4, 1)


def test_a_shifted_bound_lets_its_rows_go(database):
    after, _ = broken(database, JOINS["range"], b.SHIFTED)
    assert after.n_matched < 3


@pytest.mark.parametrize("kind", b.TYPES)
def test_a_type_change_changes_the_type(database, kind):
    healthy = part_types(database, JOINS["equality"], LEFT)
    try:
        _, types = broken(database, JOINS["equality"], kind)
    except duckdb.Error:
        return  # the two sides can no longer be compared at all
    assert types != healthy


def test_computed_keys_are_broken_at_their_columns(database):
    shaped = {**EQUALITY, "left_sql": "select trim(employee) as employee, valid_from from {left}"}
    join = join_of("owners", "people", shaped)
    assert join.on_relation(LEFT, "employee") == ["TRIM(employee)"]
    _, some = derived(database, join)
    before = measured(database, join)
    assert broken(database, join, b.NULL_LEFT)[0].n_matched == 2
    assert before.n_matched == 3
    assert b.PADDED_LEFT in some


def test_aggregates_are_of_no_single_row():
    shaped = {**EQUALITY, "right_sql": "select max(employee) as employee from {right}"}
    assert join_of("owners", "people", shaped).on_relation(RIGHT, "employee") == []


def met(n_matched: int = 3, **changes: Any) -> Measure:
    counts = {"n_left": 4, "n_right": 3, "most": 1, "most_left": 2, "n_doubled": 0}
    counts |= {"n_null": 0, "sums": ()}
    return Measure(n_matched=n_matched, **{**counts, **changes})


def test_only_what_a_declaration_allows_may_pass():
    strict, loose = JOINS["equality"], join_of("l", "r", {**EQUALITY, "min_match_rate": 0.5})
    to_many = join_of("l", "r", {**EQUALITY, "cardinality": "many_to_many", "min_match_rate": 0})
    assert must_fail(strict, b.MISSING, met(), met())
    assert not must_fail(loose, b.MISSING, met(), met())
    assert must_fail(loose, b.MISSING, met(), met(1))
    assert must_fail(loose, b.DOUBLED, met(), met())
    assert not must_fail(to_many, b.DOUBLED, met(), met())
    assert must_fail(to_many, b.CASE_LEFT, met(), met())
    assert must_fail(to_many, b.NULL_RIGHT, met(), met(n_null=1))
    assert not must_fail(to_many, b.NULL_RIGHT, met(), met())
    allowed = join_of("l", "r", {**to_many.settings, "right_may_have_null_keys": True})
    assert not must_fail(allowed, b.NULL_RIGHT, met(), met(n_null=1))
    assert must_fail(JOINS["cross"], b.ALL_MISSING, met(), met(0))
    dropping = join_of("l", "r", {**CROSS, "unmatched": "exclude"})
    assert not must_fail(dropping, b.ALL_MISSING, met(), met(0))


def test_a_side_that_groups_takes_duplicates_in():
    before, after = met(sums=(1,)), met(sums=(2,))
    assert is_absorbed(JOINS["equality"], b.DOUBLED, before, after)
    assert not is_absorbed(JOINS["equality"], b.DOUBLED, before, met(most=2, sums=(2,)))
    assert not is_absorbed(JOINS["equality"], b.DOUBLED, before, met(n_doubled=1, sums=(2,)))
    assert not is_absorbed(JOINS["equality"], b.MISSING, before, after)
    assert is_absorbed(JOINS["equality"], b.MISSING, before, before)
    assert is_absorbed(JOINS["cross"], b.ALL_MISSING, before, after)
    assert not is_absorbed(JOINS["cross"], b.ALL_MISSING, before, met(0, n_right=0, sums=(2,)))


def test_both_sides_of_one_relation_change_together():
    itself = join_of("days", "days", EQUALITY)
    before = met(sums=(1,))
    assert is_absorbed(itself, b.CASE_LEFT, before, met(sums=(2,)))
    assert not is_absorbed(itself, b.CASE_LEFT, before, met(2, sums=(2,)))
    assert not is_absorbed(JOINS["equality"], b.CASE_LEFT, before, met(sums=(2,)))


def test_what_is_allowed_shows_on_rows_of_the_key_only(database):
    join = join_of("owners", "people", {**EQUALITY, "min_match_rate": 0})
    victim = Victim(("W1",), ("W1",))
    for change, seen in [
        ("n", "output unchanged"),
        ("case when employee = 'W1' then null else n end", "only rows of the key changed"),
        ("null", "rows of the key changed, and others that are computed from them"),
    ]:
        database.execute(
            "create or replace table output_before as select employee, 1 as n from owners"
        )
        database.execute(
            f"create or replace table owners as select employee, {change} as n from output_before"
        )
        assert fate(database, join, b.MISSING, victim) == (True, seen)
        database.execute("create or replace table owners as select employee from output_before")
