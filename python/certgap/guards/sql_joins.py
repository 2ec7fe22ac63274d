"""Find every join in a SQL text, in whatever form it is written.

A join is whatever lets rows of one relation decide about rows of another: JOIN, comma, lateral,
IN / EXISTS / ANY subqueries, scalar subqueries (also uncorrelated ones: their value decides about
rows of another relation, and is NULL when theirs is empty), INTERSECT and EXCEPT. `unnest` in the
select list and `union` are none: they never compare two relations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

DIALECT = "duckdb"

# dbt inlines ephemeral models as CTEs of this prefix; their joins are declared in their own file.
EPHEMERAL_PREFIX = "__dbt__cte__"

_COMPARISONS = {exp.GTE: ">=", exp.GT: ">", exp.LTE: "<=", exp.LT: "<", exp.NEQ: "!="}
_FLIPPED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}


@dataclass(frozen=True)
class Condition:
    """One comparison of an `on` clause, turned so that the left relation stands left."""

    left: str
    operator: str
    right: str

    def __str__(self) -> str:
        """Return it as SQL."""
        return f"{self.left} {self.operator} {self.right}"


@dataclass
class FoundJoin:
    """A join as the SQL has it."""

    right: str
    form: str  # join, comma, lateral, in, exists, any, scalar, intersect, except
    side: str  # left, inner, full, right, cross, semi, anti; empty where it does not apply
    conditions: list[Condition] = field(default_factory=list)
    one_sided: list[tuple[str, str]] = field(default_factory=list)  # (side, predicate)
    unreadable: list[str] = field(default_factory=list)  # conditions no declaration can state
    null_safe: bool = False


def normal(expression: exp.Expression | str) -> str:
    """Return an expression without qualifiers and quoting accidents, for comparison as text."""
    if isinstance(expression, str):
        expression = sqlglot.parse_one(expression, dialect=DIALECT)
    bare = expression.copy()
    for column in bare.find_all(exp.Column):
        column.set("table", None)
        column.set("db", None)
        column.set("catalog", None)
    for identifier in bare.find_all(exp.Identifier):
        identifier.set("quoted", False)
    while isinstance(bare, exp.Paren):
        bare = bare.this
    return bare.sql(dialect=DIALECT, normalize=True, comments=False).lower()


def conjuncts(predicate: exp.Expression | str | None) -> list[exp.Expression]:
    """Split a predicate at its ANDs; BETWEEN is two comparisons."""
    if predicate is None:
        return []
    if isinstance(predicate, str):
        predicate = sqlglot.parse_one(predicate, dialect=DIALECT)
    while isinstance(predicate, exp.Paren):
        predicate = predicate.this
    if isinstance(predicate, exp.And):
        return conjuncts(predicate.left) + conjuncts(predicate.right)
    if isinstance(predicate, exp.Between):
        return [
            exp.GTE(this=predicate.this.copy(), expression=predicate.args["low"].copy()),
            exp.LTE(this=predicate.this.copy(), expression=predicate.args["high"].copy()),
        ]
    return [predicate]


def find_joins(sql: str) -> list[FoundJoin]:
    """Return every join of a SQL text."""
    statements = [s for s in sqlglot.parse(sql, dialect=DIALECT) if s is not None]
    found: list[FoundJoin] = []
    for statement in statements:
        for cte in list(statement.find_all(exp.CTE)):
            if cte.alias.startswith(EPHEMERAL_PREFIX):
                cte.this.replace(sqlglot.parse_one("select 1", dialect=DIALECT))
        for node in statement.walk():
            join = _as_join(node)
            if join is not None:
                found.append(join)
    return found


def _as_join(node: exp.Expression) -> FoundJoin | None:
    if isinstance(node, exp.Join):
        return _explicit_join(node)
    if isinstance(node, exp.Lateral) and not isinstance(node.parent, exp.Join):
        return FoundJoin(node.alias_or_name, "lateral", "cross")
    if isinstance(node, exp.In) and node.args.get("query") is not None:
        return _in_subquery(node)
    if isinstance(node, exp.Exists):
        return FoundJoin(_first_source(node.this), "exists", "anti" if _negated(node) else "semi")
    if isinstance(node, (exp.Any, exp.All)) and node.find(exp.Select):
        return FoundJoin(_first_source(node.this), "any", "semi")
    if isinstance(node, (exp.Intersect, exp.Except)):
        form = "except" if isinstance(node, exp.Except) else "intersect"
        return FoundJoin(_first_source(node.expression), form, "")
    if isinstance(node, exp.Query) and not isinstance(node, exp.Subquery) and _is_value(node):
        return FoundJoin(_first_source(node), "scalar", "cross")
    return None


def _explicit_join(join: exp.Join) -> FoundJoin:
    right = join.this.alias_or_name
    side, kind, method = join.side.lower(), join.kind.lower(), join.method.lower()
    on, using = join.args.get("on"), join.args.get("using")
    if isinstance(join.this, (exp.Lateral, exp.Unnest)):
        return FoundJoin(right, "lateral", side or "cross")
    if isinstance(on, exp.Boolean) and on.this:
        on = None
    if not (side or kind or method or on or using):
        return FoundJoin(right, "comma", "cross")
    if kind in ("cross", "semi", "anti"):
        side = kind
    found = FoundJoin(right, "join", side or ("inner" if on or using else "cross"))
    if method:
        found.unreadable.append(f"{method} join: write the conditions out in `on`")
    for name in using or []:
        found.conditions.append(Condition(normal(name.name), "=", normal(name.name)))
    for part in conjuncts(on):
        _read_condition(part, right, found)
    return found


def _read_condition(part: exp.Expression, right: str, found: FoundJoin) -> None:
    """File one conjunct of an `on` clause under what it is."""
    columns = list(part.find_all(exp.Column))
    if any(not column.table for column in columns):
        found.unreadable.append(f"`{part.sql(DIALECT)}`: qualify its columns with their CTE")
        return
    if part.find(exp.Select):
        found.unreadable.append(f"`{part.sql(DIALECT)}`: a subquery within `on`")
        return
    sides = {"right" if column.table == right else "left" for column in columns}
    if len(sides) < 2:
        found.one_sided.append((sides.pop() if sides else "left", normal(part)))
        return
    operator = _COMPARISONS.get(type(part))
    if isinstance(part, exp.NullSafeEQ):
        found.null_safe = True
        operator = "="
    elif isinstance(part, exp.EQ):
        operator = "="
    if operator is None:
        found.unreadable.append(f"`{part.sql(DIALECT)}`: neither equality nor a comparison")
        return
    first, second = part.this, part.expression
    tables_first = {c.table for c in first.find_all(exp.Column)}
    tables_second = {c.table for c in second.find_all(exp.Column)}
    if right in tables_first and right not in tables_second and tables_first == {right}:
        operator = _FLIPPED.get(operator, operator)
        found.conditions.append(Condition(normal(second), operator, normal(first)))
    elif right in tables_second and right not in tables_first and tables_second == {right}:
        found.conditions.append(Condition(normal(first), operator, normal(second)))
    else:
        found.unreadable.append(f"`{part.sql(DIALECT)}`: a side mixes both relations")


def _in_subquery(node: exp.In) -> FoundJoin:
    query = node.args["query"]
    found = FoundJoin(_first_source(query), "in", "anti" if _negated(node) else "semi")
    select = query.find(exp.Select)
    lefts = node.this.expressions if isinstance(node.this, exp.Tuple) else [node.this]
    if select is not None and len(select.expressions) == len(lefts):
        for left, right in zip(lefts, select.expressions, strict=True):
            found.conditions.append(Condition(normal(left), "=", normal(right.unalias())))
    return found


def _negated(node: exp.Expression) -> bool:
    return isinstance(node.parent, exp.Not)


def _first_source(node: exp.Expression) -> str:
    table = node.find(exp.Table)
    return table.alias_or_name if table is not None else ""


def _is_value(query: exp.Expression) -> bool:
    """Whether a query stands for a value (scalar, array) and reads a relation."""
    parent = query.parent
    while isinstance(parent, (exp.Subquery, exp.Paren)):
        query, parent = parent, parent.parent
    relations = (exp.From, exp.Join, exp.SetOperation, exp.CTE, exp.Lateral)
    handled = (exp.Exists, exp.Any, exp.All)
    statements = (exp.Create, exp.Insert)
    if parent is None or isinstance(parent, relations + handled + statements):
        return False
    # `(select max(k) from b) in (1, 2)`: the subquery is the value, not the list.
    if isinstance(parent, exp.In) and query is not parent.this:
        return False
    return query.find(exp.Table) is not None
