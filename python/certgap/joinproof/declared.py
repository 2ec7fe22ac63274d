"""Declared joins, with the SQL of their sides as the declaration states it.

Written apart from the macros that guard the joins (macros/joins): a fault there must not hide here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlglot
from dbt.contracts.graph.manifest import Manifest
from sqlglot import exp

LEFT, RIGHT = "left", "right"
SIDES = (LEFT, RIGHT)
OWN_OUTPUT = "this"
DIALECT = "duckdb"


@dataclass(frozen=True)
class Join:
    """One declared join of a model; relations are quoted names, the left may be the output."""

    name: str
    model: str  # unique id
    output: str  # the model's relation
    relations: dict[str, str]
    inputs: dict[str, str]
    settings: dict[str, Any]

    @property
    def kind(self) -> str:
        """equality, as_of, range or cross."""
        return self.settings["kind"]

    @property
    def is_to_one(self) -> bool:
        """Whether a left row may find one right row at most."""
        return self.settings["cardinality"].endswith("_to_one")

    @property
    def is_from_one(self) -> bool:
        """Whether a right row may be found by one left row at most."""
        return self.settings["cardinality"].startswith("one_to_")

    @property
    def keys(self) -> list[list[str]]:
        """Pairs of left and right expressions."""
        return self.settings.get("keys") or []

    @property
    def as_of(self) -> dict[str, Any]:
        """The date and the interval it falls into; empty for other kinds."""
        return self.settings.get("as_of") or {}

    @property
    def ranges(self) -> list[list[str]]:
        """Comparisons beside the keys: left expression, operator, right expression."""
        return self.settings.get("range") or []

    @property
    def least_rate(self) -> float:
        """Share of left rows that must find a right row."""
        return 0.0 if self.kind == "cross" else float(self.settings["min_match_rate"])

    @property
    def case_matters(self) -> list[str]:
        """Left key columns in which case tells two values apart."""
        return self.settings.get("case_matters", ["dimension_value"])

    def key_columns(self, side: str) -> list[str]:
        """The side's expressions in `keys`."""
        return [pair[SIDES.index(side)] for pair in self.keys]

    def parts(self, side: str) -> list[str]:
        """Everything of the side that decides what meets: keys, date or interval, bounds."""
        if side == LEFT:
            dates = [self.as_of["date"]] if self.as_of else []
            return self.key_columns(LEFT) + dates + [c[0] for c in self.ranges]
        ends = [self.as_of["from"], self.as_of["to"]] if self.as_of else []
        return self.key_columns(RIGHT) + ends + [c[2] for c in self.ranges]

    def rows(self, side: str) -> str:
        """The side's rows, ready to stand after `from`."""
        shaped, where = self.settings.get(f"{side}_sql"), self.settings.get(f"where_{side}")
        text = self.relations[side]
        if shaped:
            for name, relation in {side: text, **self.inputs}.items():
                shaped = shaped.replace("{" + name + "}", relation)
            text = f"({shaped})"
        return f"(select * from {text} as a_side where {where})" if where else text

    def side(self, side: str) -> str:
        """A select of the side's parts as p1, p2, …"""
        parts = self.parts(side)
        named = [f"{part} as p{number}" for number, part in enumerate(parts, 1)]
        return f"select {', '.join(named) or '1 as p0'} from {self.rows(side)} as {side}_rows"

    def condition(self) -> str:
        """What makes a row of `l` and one of `r` meet, over the columns of `side`."""
        equal = "is not distinct from" if self.settings.get("null_safe") else "="
        met = [f"l.p{n} {equal} r.p{n}" for n in range(1, len(self.keys) + 1)]
        next_left = next_right = len(self.keys) + 1
        if self.as_of:
            start, end = f"r.p{next_right}", f"r.p{next_right + 1}"
            if self.as_of.get("null_ends"):
                start = f"coalesce({start}, date '1900-01-01')"
                end = f"coalesce({end}, date '9999-12-31')"
            until = "<=" if self.as_of.get("to_inclusive") else "<"
            met += [f"l.p{next_left} >= {start}", f"l.p{next_left} {until} {end}"]
            next_left, next_right = next_left + 1, next_right + 2
        for number, (_, operator, _) in enumerate(self.ranges):
            met.append(f"l.p{next_left + number} {operator} r.p{next_right + number}")
        return " and ".join(met) or "true"

    def on_relation(self, side: str, part: str) -> list[str]:
        """A part of the side as expressions over the columns of its relation.

        Where the declaration shapes the side, these are the projections of that name; an aggregate
        or a window is of no single row, and gives none.
        """
        shaped = self.settings.get(f"{side}_sql")
        if not shaped:
            return [part]
        text = re.sub(r"\{(\w+)\}", r"\1", shaped)
        column = sqlglot.parse_one(part, dialect=DIALECT)
        if not isinstance(column, exp.Column):
            return []
        found: list[str] = []
        for select in sqlglot.parse_one(text, dialect=DIALECT).find_all(exp.Select):
            for projection in select.expressions:
                if projection.alias_or_name.lower() != column.name.lower():
                    continue
                whole = projection.unalias().copy()
                if whole.find(exp.AggFunc, exp.Window, exp.Select):
                    continue
                for inner in whole.find_all(exp.Column):
                    inner.set("table", None)
                found.append(whole.sql(dialect=DIALECT))
        return list(dict.fromkeys(found))


def columns_of(expression: str) -> list[str]:
    """Names of the columns in an expression."""
    parsed = sqlglot.parse_one(expression, dialect=DIALECT)
    return list(dict.fromkeys(c.name.lower() for c in parsed.find_all(exp.Column)))


def declared_joins(manifest: Manifest) -> list[Join]:
    """Every join that a model of the project declares, by name."""
    own = manifest.metadata.project_name
    found = []
    for node in manifest.nodes.values():
        if node.resource_type != "model" or node.package_name != own:
            continue
        for settings in node.config.meta.get("joins") or []:
            relations = {
                side: node.relation_name
                if settings[side] == OWN_OUTPUT
                else _relation(manifest, settings[side])
                for side in SIDES
            }
            inputs = {k: _relation(manifest, v) for k, v in settings.get("inputs", {}).items()}
            found.append(
                Join(
                    settings["name"],
                    node.unique_id,
                    node.relation_name,
                    relations,
                    inputs,
                    settings,
                )
            )
    return sorted(found, key=lambda join: join.name)


def _relation(manifest: Manifest, text: str) -> str:
    """The relation behind `ref('x')` or `source('s', 't')`."""
    words = re.findall(r"'([^']+)'", text)
    if text.startswith("source"):
        known = [(s.source_name, s.name, s.relation_name) for s in manifest.sources.values()]
        return next(name for *source, name in known if source == words)
    return next(
        node.relation_name
        for node in manifest.nodes.values()
        if node.name == words[-1] and node.resource_type in ("model", "seed", "snapshot")
    )


def all_names(manifest: Manifest) -> set[str]:
    """Names of all declared joins, those of vendors that are not enabled, too."""
    own = manifest.metadata.project_name
    nodes = [
        *manifest.nodes.values(),
        *(node for some in manifest.disabled.values() for node in some),
    ]
    return {
        settings["name"]
        for node in nodes
        if node.resource_type == "model" and node.package_name == own
        for settings in node.config.meta.get("joins") or []
    }
