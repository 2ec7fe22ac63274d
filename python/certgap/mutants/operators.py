"""What is changed in a model's SQL: pairs of a node and what stands in its place.

Each operator is a generator over one node of the tree. It yields what a tired developer could have
written instead, as a node or, where a copy of everything below would be dear, as other arguments of
the same node; what cannot be bound is found out later and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlglot import exp

from certgap.guards.sql_joins import conjuncts

Change = tuple[exp.Expression, exp.Expression | dict[str, Any]]
Operator = Callable[[exp.Expression], Iterator[Change]]

_BOUNDARIES = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT}
_COMPARISONS = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.NullSafeEQ: exp.EQ,
    exp.NullSafeNEQ: exp.NEQ,
}
_LOGIC = {exp.And: exp.Or, exp.Or: exp.And}
_ARITHMETIC = {exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Div, exp.Div: exp.Mul}
_AGGREGATES = {
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Sum: exp.Max,
    exp.Avg: exp.Max,
    exp.LogicalOr: exp.LogicalAnd,
    exp.LogicalAnd: exp.LogicalOr,
    exp.ArgMax: exp.ArgMin,
    exp.ArgMin: exp.ArgMax,
    exp.Lag: exp.Lead,
    exp.Lead: exp.Lag,
    exp.FirstValue: exp.LastValue,
    exp.LastValue: exp.FirstValue,
}
_EXTREMES = {exp.Greatest: exp.Least, exp.Least: exp.Greatest}
# What stands in the place of one LEFT JOIN and so on; a cross join has no other kind.
_KINDS = {"left": "", "right": "", "": "left", "full": "left", "semi": "anti", "anti": "semi"}
MUTATED = "_mutated"


def join_kind(node: exp.Expression) -> Iterator[Change]:
    """LEFT becomes INNER and so on; IN and EXISTS become their opposite (negation does NOT)."""
    if isinstance(node, exp.Join) and (node.args.get("on") or node.args.get("using")):
        side, kind = node.side.lower(), node.kind.lower()
        if kind in ("semi", "anti"):
            yield node, {"kind": _KINDS[kind].upper()}
        else:
            yield node, {"side": _KINDS[side].upper() or None, "kind": None}
    is_subquery = isinstance(node, exp.Exists) or (
        isinstance(node, exp.In) and node.args.get("query") is not None
    )
    if is_subquery and not isinstance(node.parent, exp.Not):
        yield node, exp.Not(this=node.copy())
    if isinstance(node, (exp.Intersect, exp.Except)):
        other = exp.Except if isinstance(node, exp.Intersect) else exp.Intersect
        yield node, other(**_copied(node))


def join_key(node: exp.Expression) -> Iterator[Change]:
    """One condition of ON, or one column of USING, is dropped."""
    if not isinstance(node, exp.Join):
        return
    on, using = node.args.get("on"), node.args.get("using")
    if on is not None:
        for changed in _without_each(on):
            yield on, changed
    for column in using or [] if len(using or []) > 1 else []:
        changed = node.copy()
        changed.set("using", [name.copy() for name in using if name is not column])
        yield node, changed


def boundary(node: exp.Expression) -> Iterator[Change]:
    """`<` becomes `<=` and so on; both ends of BETWEEN."""
    if type(node) in _BOUNDARIES:
        yield node, _BOUNDARIES[type(node)](**_copied(node))
    if isinstance(node, exp.Between):
        low, high = conjuncts(node)
        for changed in (
            exp.And(this=exp.GT(**_copied(low)), expression=high.copy()),
            exp.And(this=low.copy(), expression=exp.LT(**_copied(high))),
        ):
            yield node, exp.Paren(this=changed)


def comparison(node: exp.Expression) -> Iterator[Change]:
    """`=` becomes `<>`; the NULL-safe comparison becomes the common one."""
    if type(node) in _COMPARISONS and not (_within_on(node) and isinstance(node, exp.EQ)):
        yield node, _COMPARISONS[type(node)](**_copied(node))


def and_or(node: exp.Expression) -> Iterator[Change]:
    """AND becomes OR, and the other way."""
    if type(node) in _LOGIC:
        changed = _LOGIC[type(node)](this=_grouped(node.this), expression=_grouped(node.expression))
        yield node, exp.Paren(this=changed)


def negation(node: exp.Expression) -> Iterator[Change]:
    """NOT goes; IS NULL becomes IS NOT NULL."""
    if isinstance(node, exp.Not):
        yield node, exp.Paren(this=node.this.copy())
    if isinstance(node, exp.Is) and not isinstance(node.parent, exp.Not):
        yield node, exp.Not(this=exp.Paren(this=node.copy()))


def condition(node: exp.Expression) -> Iterator[Change]:
    """One condition of WHERE, HAVING, QUALIFY or FILTER is dropped."""
    if not isinstance(node, (exp.Where, exp.Having, exp.Qualify)):
        return
    for changed in _without_each(node.this):
        yield node.this, changed


def constant(node: exp.Expression) -> Iterator[Change]:
    """A number grows by one, a text and a day become others, true becomes false."""
    if isinstance(node, exp.Boolean) and not _is_whole_condition(node):
        yield node, exp.Boolean(this=not node.this)
    if not isinstance(node, exp.Literal) or not _counts(node):
        return
    if isinstance(node.parent, (exp.Cast, exp.TryCast)) and node.is_string:
        day = _as_day(node.this)
        if day:
            # Backwards, since 9999-12-31 is the last day there is; 0001-01-01 is the first.
            step = timedelta(days=-1 if day > date.min else 1)
            changed = (day + step).isoformat() + node.this[10:]
            yield node, exp.Literal.string(changed)
            return
    if isinstance(node.parent, exp.Interval) or not node.is_string:
        text = node.this
        grown = str(int(text) + 1) if text.isdigit() else str(float(text) * 2 + 1)
        yield node, exp.Literal(this=grown, is_string=node.is_string)
    else:
        yield node, exp.Literal.string(node.this + MUTATED)


def coalesce(node: exp.Expression) -> Iterator[Change]:
    """COALESCE becomes its first and its last argument, NULLIF its first."""
    if isinstance(node, exp.Coalesce) and node.expressions:
        yield node, exp.Paren(this=node.this.copy())
        yield node, exp.Paren(this=node.expressions[-1].copy())
    if isinstance(node, exp.Nullif):
        yield node, exp.Paren(this=node.this.copy())


def case(node: exp.Expression) -> Iterator[Change]:
    """A branch of CASE is dropped, or its ELSE."""
    if not isinstance(node, exp.Case):
        return
    branches = node.args["ifs"]
    for place in range(len(branches)) if len(branches) > 1 else []:
        changed = node.copy()
        changed.set("ifs", [b for n, b in enumerate(changed.args["ifs"]) if n != place])
        yield node, changed
    if node.args.get("default") is not None and not isinstance(node.args["default"], exp.Null):
        changed = node.copy()
        changed.set("default", None)
        yield node, changed


def arithmetic(node: exp.Expression) -> Iterator[Change]:
    """Plus becomes minus, times becomes divided by."""
    if type(node) in _ARITHMETIC:
        yield node, exp.Paren(this=_ARITHMETIC[type(node)](**_copied(node)))


def aggregate(node: exp.Expression) -> Iterator[Change]:
    """MIN becomes MAX, SUM and AVG become MAX, a distinct count a plain one, any row the other."""
    if type(node) in _AGGREGATES:
        yield node, _AGGREGATES[type(node)](**_copied(node))
    if isinstance(node, exp.Count):
        if isinstance(node.this, exp.Distinct):
            changed = node.copy()
            changed.set("this", node.this.expressions[0].copy())
            yield node, changed
        elif isinstance(node.this, exp.Star):
            yield node, exp.Max(this=exp.Literal.number(1))
        else:
            yield node, exp.Count(this=exp.Star())


def distinct(node: exp.Expression) -> Iterator[Change]:
    """SELECT DISTINCT becomes SELECT, UNION ALL becomes UNION and the other way."""
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        yield node, {"distinct": None}
    if isinstance(node, exp.Union):
        yield node, {"distinct": not node.args.get("distinct")}


def window(node: exp.Expression) -> Iterator[Change]:
    """A key of the order is turned or dropped, a key of the partition is dropped."""
    order = node.args.get("order")
    if isinstance(node, exp.Window) or (order and not isinstance(node, exp.Query)):
        keys = order.expressions if isinstance(order, exp.Order) else []
        for place, key in enumerate(keys):
            turned = node.copy()
            other = turned.args["order"].expressions[place]
            other.set("desc", not key.args.get("desc"))
            yield node, turned
            if len(keys) > 1:
                dropped = node.copy()
                left = [k for n, k in enumerate(dropped.args["order"].expressions) if n != place]
                dropped.args["order"].set("expressions", left)
                yield node, dropped
    for place in range(len(node.args.get("partition_by") or [])):
        dropped = node.copy()
        left = [k for n, k in enumerate(dropped.args["partition_by"]) if n != place]
        dropped.set("partition_by", left)
        yield node, dropped


def extreme(node: exp.Expression) -> Iterator[Change]:
    """GREATEST becomes LEAST, and the other way."""
    if type(node) in _EXTREMES:
        yield node, _EXTREMES[type(node)](**_copied(node))


OPERATORS: tuple[Operator, ...] = (
    join_kind,
    join_key,
    boundary,
    comparison,
    and_or,
    negation,
    condition,
    constant,
    coalesce,
    case,
    arithmetic,
    aggregate,
    distinct,
    window,
    extreme,
)


def is_of_join(node: exp.Expression) -> bool:
    """Whether a node decides which rows meet: a join, its ON, IN and EXISTS with a query."""
    if isinstance(node, exp.Not):
        node = node.this
    while node is not None:
        if isinstance(node, (exp.Join, exp.Exists, exp.Intersect, exp.Except)):
            return True
        if isinstance(node, exp.In) and node.args.get("query") is not None:
            return True
        if isinstance(node, exp.Query):
            return isinstance(node.parent, (exp.Exists, exp.In))
        node = node.parent
    return False


def _copied(node: exp.Expression) -> dict:
    return node.copy().args


def _grouped(node: exp.Expression) -> exp.Expression:
    return exp.Paren(this=node.copy()) if isinstance(node, (exp.And, exp.Or)) else node.copy()


def _within_on(node: exp.Expression) -> bool:
    return node.find_ancestor(exp.Join, exp.Query) is not None and isinstance(
        node.find_ancestor(exp.Join, exp.Query), exp.Join
    )


def _without_each(predicate: exp.Expression) -> Iterator[exp.Expression]:
    """The predicate without one of its conjuncts, each in turn."""
    parts = conjuncts(predicate)
    if len(parts) == 1 and isinstance(predicate, exp.Boolean):
        return
    for place in range(len(parts)):
        left = [_grouped(part) for n, part in enumerate(parts) if n != place]
        yield exp.and_(*left) if left else exp.true()


def _is_whole_condition(node: exp.Expression) -> bool:
    """`on true` and `where true` state nothing."""
    return isinstance(node.parent, (exp.Join, exp.Where))


def _counts(node: exp.Literal) -> bool:
    """Not the 1 of `exists (select 1 ...)`, nor what is part of a type."""
    if isinstance(node.parent, exp.DataTypeParam):
        return False
    return not (isinstance(node.parent, exp.Select) and isinstance(node.parent.parent, exp.Exists))


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
