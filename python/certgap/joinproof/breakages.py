"""The ways in which a declared join can break, as statements on the table `broken`.

`broken` is a copy of the relation behind one side, whose rows have a number `rid__` more. What is
derived from a declaration depends on its kind and settings only; what a breakage must lead to is
said in `verdicts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from certgap.joinproof.declared import LEFT, OWN_OUTPUT, RIGHT, Join, columns_of
from certgap.joinproof.measure import Victim

OUTPUT = "output"
Statement = tuple[str, list[Any]]

DOUBLED = "right row doubled"
DOUBLED_OTHERWISE = "right key once more with other values"
FAN_OUT = "more right rows than max_fan_out"
MISSING = "right key missing"
ALL_MISSING = "right side empty"
NULL_RIGHT = "right key NULL"
PADDED_RIGHT = "blank after a right key"
CASE_RIGHT = "right key in other case"
TYPE_RIGHT = "right key of another type"
NULL_END = "interval end NULL"
INVERTED = "interval ends before it starts"
OVERLAP = "intervals overlap"
BOUNDARY = "last day of one interval is the first of the next"
GAP = "gap between intervals"
SHIFTED = "right bound shifted"
NULL_LEFT = "left key NULL"
PADDED_LEFT = "blank after a left key"
CASE_LEFT = "left key in other case"
TYPE_LEFT = "left key of another type"
LATE = "left row before its right row (late arrival)"
DOUBLED_LEFT = "left row doubled"
LOST = "output lost a row"
GAINED = "output has a row twice"
SWAPPED = "output lost a row and has another twice"
KINDS = (
    DOUBLED, DOUBLED_OTHERWISE, FAN_OUT, MISSING, ALL_MISSING, NULL_RIGHT, PADDED_RIGHT, CASE_RIGHT,
    TYPE_RIGHT, NULL_END, INVERTED, OVERLAP, BOUNDARY, GAP, SHIFTED, NULL_LEFT, PADDED_LEFT,
    CASE_LEFT, TYPE_LEFT, LATE, DOUBLED_LEFT, LOST, GAINED, SWAPPED,
)  # fmt: skip
TYPES = (TYPE_LEFT, TYPE_RIGHT)


@dataclass(frozen=True)
class Breakage:
    """One way to break a join, done to one relation."""

    kind: str
    side: str  # left, right or output
    statements: list[Statement] = field(repr=False)


@dataclass(frozen=True)
class Side:
    """A side's relation: its columns with their types, and the victim's rows in it."""

    join: Join
    name: str
    columns: dict[str, str]  # lower-case name -> DuckDB type
    victim: Victim

    def base(self, part: str) -> list[str]:
        """A part of the side over the relation's own columns; empty where it is computed of many
        rows."""
        found = self.join.on_relation(self.name, part)
        return [e for e in found if columns_of(e) and self.columns.keys() >= set(columns_of(e))]

    def column(self, part: str) -> str | None:
        """The relation's column behind a part, where it is one."""
        names = {name for expression in self.base(part) for name in columns_of(expression)}
        return names.pop() if len(names) == 1 else None

    def texts(self, *, without_case: bool = False) -> list[str]:
        """Text columns behind the keys; ``without_case``: those where `E7` and `e7` must be one."""
        keys = zip(self.join.key_columns(LEFT), self.join.key_columns(self.name), strict=True)
        names = {
            name
            for left, key in keys
            if not (without_case and left in self.join.case_matters)
            for expression in self.base(key)
            for name in columns_of(expression)
        }
        return sorted(name for name in names if self.columns[name] == "VARCHAR")

    def rows(self, *, whole: bool = False) -> Statement:
        """The predicate on `broken` that is true for the victim's rows: those of its key, or with
        ``whole`` of its interval, too."""
        parts = self.join.parts(self.name)
        values = self.victim.left if self.name == LEFT else self.victim.right
        count = len(parts) if whole else len(self.join.keys)
        clauses, parameters = [], []
        for part, value in list(zip(parts, values, strict=True))[:count]:
            expressions = self.base(part)
            if expressions:
                either = " or ".join(f"({e}) is not distinct from ?" for e in expressions)
                clauses.append(f"({either})")
                parameters += [value] * len(expressions)
        where = self.join.settings.get(f"where_{self.name}")
        if where and not self.join.settings.get(f"{self.name}_sql"):
            clauses.append(f"({where})")
        return " and ".join(clauses) or "true", parameters

    def copied(self, changes: dict[str, str], times: int = 1, *, whole: bool = False) -> Statement:
        """The victim's rows once more, some columns changed."""
        chosen, parameters = self.rows(whole=whole)
        replaced = ", ".join(f'{text} as "{name}"' for name, text in changes.items())
        replace = f" replace ({replaced})" if replaced else ""
        one = f"(select * from broken where {chosen} order by rid__ limit 1)"
        return f"insert into broken select b.*{replace} from {one} as b, range({times})", parameters

    def updated(self, changes: dict[str, str], *, whole: bool = False) -> Statement:
        """The victim's rows changed."""
        chosen, parameters = self.rows(whole=whole)
        assigned = ", ".join(f'"{name}" = {text}' for name, text in changes.items())
        return f"update broken set {assigned} where {chosen}", parameters


def breakages(join: Join, sides: dict[str, Side]) -> Iterator[Breakage]:
    """Every breakage of the join. ``sides`` lacks the left where it is the model's own output: that
    is broken through the right side and the other joins of the model."""
    if RIGHT in sides:
        yield from _of_right(join, sides[RIGHT])
    if LEFT in sides:
        yield from _of_left(join, sides[LEFT])
    # Where the left side is the output itself, there is nothing to compare the output with.
    if join.settings.get("preserves_left") and join.settings[LEFT] != OWN_OUTPUT:
        yield from _of_output(join)


def _of_right(join: Join, side: Side) -> Iterator[Breakage]:
    def broken(kind: str, *statements: Statement) -> Breakage:
        return Breakage(kind, RIGHT, list(statements))

    yield broken(DOUBLED, side.copied({}))
    others = _other_values(side)
    if others:
        yield broken(DOUBLED_OTHERWISE, side.copied(others))
    if join.settings.get("max_fan_out"):
        yield broken(FAN_OUT, side.copied({}, join.settings["max_fan_out"]))
    chosen, parameters = side.rows()
    if join.keys:
        yield broken(MISSING, (f"delete from broken where {chosen}", parameters))
    yield broken(ALL_MISSING, ("delete from broken", []))
    if join.keys:
        yield from _of_keys(side, {"null": NULL_RIGHT, "padded": PADDED_RIGHT, "case": CASE_RIGHT,
                                   "type": TYPE_RIGHT})  # fmt: skip
    if join.as_of:
        yield from _of_intervals(join, side)
    if join.ranges:
        yield from _of_bounds(join, side)


def _of_left(join: Join, side: Side) -> Iterator[Breakage]:
    if join.keys:
        yield from _of_keys(side, {"null": NULL_LEFT, "padded": PADDED_LEFT, "case": CASE_LEFT,
                                   "type": TYPE_LEFT})  # fmt: skip
        new = _new_key(side)
        if new:
            yield Breakage(LATE, LEFT, [side.copied(new, whole=True)])
    if join.is_from_one:
        yield Breakage(DOUBLED_LEFT, LEFT, [side.copied({}, whole=True)])


def _of_keys(side: Side, kinds: dict[str, str]) -> Iterator[Breakage]:
    """The key itself spoilt, in the victim's rows; its type in all rows."""
    names = [c for key in side.join.key_columns(side.name) if (c := side.column(key))]
    if names:
        yield Breakage(kinds["null"], side.name, [side.updated({names[0]: "null"})])
        name = names[0]
        to_type = "bigint" if side.columns[name] == "VARCHAR" else "varchar"
        using = (
            f"try_cast(regexp_replace(\"{name}\", '[^0-9]', '', 'g') as bigint)"
            if to_type == "bigint"
            else f'cast("{name}" as varchar)'
        )
        retyped = f'alter table broken alter "{name}" type {to_type} using {using}'
        yield Breakage(kinds["type"], side.name, [(retyped, [])])
    texts = side.texts()
    if texts:
        padded = {name: f"\"{name}\" || ' '" for name in texts[:1]}
        yield Breakage(kinds["padded"], side.name, [side.updated(padded)])
        # Ids of digits have no case, and of some columns it is declared to matter.
        cased = {
            name: f'if("{name}" = lower("{name}"), upper("{name}"), lower("{name}"))'
            for name in side.texts(without_case=True)
        }
        if cased:
            yield Breakage(kinds["case"], side.name, [side.updated(cased)])


def _of_intervals(join: Join, side: Side) -> Iterator[Breakage]:
    start, end = side.column(join.as_of["from"]), side.column(join.as_of["to"])
    if not (start and end):
        return
    day = side.victim.left[len(join.keys)]
    is_inclusive = bool(join.as_of.get("to_inclusive"))
    types = side.columns

    def at(offset: int, name: str) -> str:
        return f"cast(timestamp '{day}' + interval ({offset}) day as {types[name]})"

    def broken(kind: str, *statements: Statement) -> Breakage:
        return Breakage(kind, RIGHT, list(statements))

    yield broken(NULL_END, side.updated({end: "null"}, whole=True))
    inverted = f'cast("{start}" - interval 10 day as {types[end]})'
    yield broken(INVERTED, side.copied({end: inverted}, whole=True))
    yield broken(OVERLAP, side.copied({start: at(0, start)}, whole=True))
    ends_on_day = {end: at(0 if is_inclusive else 1, end)}
    yield broken(
        BOUNDARY,
        side.copied({start: at(0, start), end: at(30, end)}, whole=True),
        side.updated(ends_on_day, whole=True),
    )
    yield broken(
        GAP,
        side.copied({start: at(1, start)}, whole=True),
        side.updated({end: at(-1 if is_inclusive else 0, end)}, whole=True),
    )


def _of_bounds(join: Join, side: Side) -> Iterator[Breakage]:
    """A bound moved so far that the victim no longer lies within."""
    operator, bound = join.ranges[0][1], join.ranges[0][2]
    column = side.column(bound)
    value = side.victim.left[len(join.keys) + len(join.as_of and [1])]
    if column is None or value is None:
        return
    sign = "-" if operator in ("<", "<=") else "+"
    shift = "1000" if isinstance(value, int) else "interval 1000 day"
    moved = f"cast(cast(? as {side.columns[column]}) {sign} {shift} as {side.columns[column]})"
    sql, parameters = side.updated({column: moved}, whole=True)
    yield Breakage(SHIFTED, RIGHT, [(sql, [value, *parameters])])


def _of_output(join: Join) -> Iterator[Breakage]:
    where = join.settings.get("where_out") or "true"
    one = f"(select {{}}(rid__) from broken where {where})"
    lost = (f"delete from broken where rid__ = {one.format('min')}", [])
    twice = (f"insert into broken select * from broken where rid__ = {one.format('max')}", [])
    yield Breakage(LOST, OUTPUT, [lost])
    yield Breakage(GAINED, OUTPUT, [twice])
    yield Breakage(SWAPPED, OUTPUT, [lost, twice])


def _other_values(side: Side) -> dict[str, str]:
    """Every column that the join does not look at, with another value."""
    join = side.join
    looked_at = {
        name
        for part in join.parts(side.name)
        for expression in join.on_relation(side.name, part)
        for name in columns_of(expression)
    }
    for setting in (f"where_{side.name}", f"{side.name}_sql"):
        text = (join.settings.get(setting) or "").replace("{", "").replace("}", "")
        if text:
            looked_at |= set(columns_of(text))
    changed = {}
    for name, kind in side.columns.items():
        if name in looked_at:
            continue
        if kind == "VARCHAR":
            changed[name] = f"coalesce(\"{name}\", '') || '~'"
        elif kind == "BOOLEAN":
            changed[name] = f'not "{name}"'
        elif kind == "DATE" or kind.startswith("TIMESTAMP"):
            changed[name] = f'cast("{name}" + interval 1 day as {kind})'
        elif kind in ("INTEGER", "BIGINT", "DOUBLE", "HUGEINT", "SMALLINT"):
            changed[name] = f'"{name}" + 1'
    return changed


LATE_TEXT, LATE_NUMBER, LATE_DAYS = "-late", 1_000_000, 4_000


def late(value: Any) -> Any:
    """The key of a row that came before its right row, for a key that was there."""
    if isinstance(value, str):
        return value + LATE_TEXT
    if isinstance(value, date):
        return value + timedelta(LATE_DAYS)
    return value + LATE_NUMBER if isinstance(value, int) else value


def _new_key(side: Side) -> dict[str, str] | None:
    """A key that no other row has."""
    for key in side.join.key_columns(side.name):
        name = side.column(key)
        if name is None:
            continue
        kind = side.columns[name]
        if kind == "VARCHAR":
            return {name: f"\"{name}\" || '{LATE_TEXT}'"}
        if kind in ("INTEGER", "BIGINT"):
            return {name: f'"{name}" + {LATE_NUMBER}'}
        if kind == "DATE":
            return {name: f'cast("{name}" + interval {LATE_DAYS} day as date)'}
    return None
