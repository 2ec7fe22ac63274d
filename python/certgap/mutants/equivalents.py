"""Mutants that mean the same as the model, each with the reason why no test can notice them.

Single ones are listed in equivalents.yml; a rule speaks for all of which it can prove from the SQL
alone that they give the same rows. A mutant of either that a test notices is an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from sqlglot import exp

from certgap.mutants.constructs import parts_of

FILE = Path(__file__).with_name("equivalents.yml")
UNION_OF_OTHERS = "union_of_others"
UNION_OF_UNIQUE_ROWS = "union_of_unique_rows"
RULES = {
    UNION_OF_OTHERS: (
        "UNION ALL becomes UNION, and no two rows can be equal: each part has one row, or one for "
        "each value of the keys it is grouped by, all of them among its columns, and the texts "
        "or whole numbers that all parts have in the same columns are others in each part."
    ),
    UNION_OF_UNIQUE_ROWS: (
        "UNION ALL becomes UNION, and its rows are the model's own: of data that pass the model's "
        "test unique_key, which stops the build, no two are equal."
    ),
}


def read_equivalents(file: Path = FILE) -> dict[str, str]:
    """Reason by mutant. Raises ValueError where one is listed twice or has no reason."""
    found: dict[str, str] = {}
    for entry in yaml.safe_load(file.read_text(encoding="utf-8")) or []:
        reason = " ".join(str(entry.get("reason") or "").split())
        for mutant in entry["mutants"]:
            if mutant in found:
                raise ValueError(f"{mutant} is listed twice")
            if len(reason) < 20:
                raise ValueError(f"{mutant} needs a reason")
            found[mutant] = reason
    return found


def rule_for(
    node: exp.Expression,
    changed: exp.Expression | dict[str, Any],
    *,
    has_tested_key: bool = False,
) -> str:
    """The rule by which the change of the node means the same; empty where none does.

    ``has_tested_key``: a test unique_key of the model stops the build.
    """
    becomes_union = isinstance(changed, dict) and changed.get("distinct") is True
    if isinstance(node, exp.Union) and becomes_union:
        parts = parts_of(node)
        if _are_told_apart(parts) and all(map(_has_no_equal_rows, parts)):
            return UNION_OF_OTHERS
        if has_tested_key and _is_all_rows(node):
            return UNION_OF_UNIQUE_ROWS
    return ""


def _is_all_rows(union: exp.Expression) -> bool:
    """Whether every row of the union is a row of the model: its last CTE is this, or ends in it."""
    whole = union
    while isinstance(whole.parent, exp.Union) and not whole.parent.args.get("distinct"):
        whole = whole.parent
    cte, last = whole.parent, whole.root()
    if not isinstance(cte, exp.CTE) or not isinstance(last, exp.Select):
        return False
    said = {name for name, value in last.args.items() if value} - {"with", "with_", "kind"}
    source = last.args.get("from_") or last.args.get("from")
    return (
        said <= {"expressions", "from", "from_"}
        and [item.sql() for item in last.expressions] == ["*"]
        and isinstance(source.this, exp.Table)
        and source.this.name == cte.alias
        and not source.this.args.get("joins")
    )


def _has_no_equal_rows(part: exp.Expression) -> bool:
    """Whether the SQL alone says so."""
    if not isinstance(part, exp.Select) or part.find(exp.Unnest, exp.Explode):
        return False
    if part.args.get("distinct"):
        return True
    items = [item.unalias() for item in part.expressions]
    group = part.args.get("group")
    if group is not None:
        is_plain = not any(v for k, v in group.args.items() if k != "expressions")
        keys = group.expressions
        return is_plain and bool(keys) and all(key in items for key in keys)
    if not (part.args.get("from_") or part.args.get("from")):
        return True
    return any(
        found.find_ancestor(exp.Window, exp.Select) is part
        for item in items
        for found in item.find_all(exp.AggFunc)
    )


def _are_told_apart(parts: list[exp.Expression]) -> bool:
    """Whether the constants that all of them have in the same columns are others in each part."""
    rows = [[_constant(item) for item in part.expressions] for part in parts]
    columns = [
        column
        for column in zip(*rows, strict=False)
        if None not in column and len({value.isdigit() for value in column}) == 1
    ]
    return len(set(zip(*columns, strict=True))) == len(parts)


def _constant(item: exp.Expression) -> str | None:
    """A text or a whole number: 1 and 1.0 read differently and are equal."""
    value = item.unalias()
    if not isinstance(value, exp.Literal):
        return None
    return value.sql() if value.is_string or value.this.isdigit() else None
