"""The World for the truth path: the simulator's own knowledge as the truth's tables.

Nothing here reads an exported file; nothing here knows the project's SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.days import NEVER, date_array
from certgap.simulate.generic_hris import texts
from certgap.simulate.workforce import Workforce
from certgap.truth.world import SCHEMAS, World


@dataclass
class TruthTables:
    """Tables and rows being collected while deliveries are written."""

    tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    newest_files: list[dict[str, Any]] = field(default_factory=list)
    # What must come of logs, which are no part of the world: rows by the name of their table.
    logs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, name: str, table: pa.Table) -> None:
        """One more part of a table."""
        self.tables.setdefault(name, []).append(table)

    def add_log(self, name: str, rows: list[dict[str, Any]]) -> None:
        """More rows that must come of a log."""
        self.logs.setdefault(name, []).extend(rows)

    def add_file(
        self,
        source: str,
        category: str,
        feed: str,
        newest: int,
        tool: str | None = None,
        first: int = int(NEVER),
        last: int = int(NEVER),
    ) -> None:
        """The newest file of a feed, and the dates of its rows for usage feeds."""
        first_date, last_date, newest_date = date_array(np.array([first, last, newest])).to_pylist()
        self.newest_files.append(
            {
                "source_system": source,
                "category": category,
                "feed": feed,
                "tool_id": tool,
                "first_date": first_date,
                "last_date": last_date,
                "newest_file_date": newest_date,
            }
        )

    def part(self, name: str, columns: list[str]) -> pa.Table | list:
        """All parts of a table with the given columns; an absent column is null."""
        parts = []
        for table in self.tables.get(name, []):
            arrays = {
                c: table.column(c) if c in table.column_names else pa.nulls(len(table))
                for c in columns
            }
            parts.append(pa.table(arrays))
        return pa.concat_tables(parts, promote_options="permissive") if parts else []


def usage_table(
    company: Workforce, rows: dict[str, np.ndarray], tools: list[str], surfaces: list[list[str]]
) -> pa.Table:
    """Observed usage with names instead of numbers."""
    widest = max(len(names) for names in surfaces)
    flat = [name for names in surfaces for name in (names + [""] * widest)[:widest]]
    return pa.table(
        {
            "employee_id": company.ids.take(pa.array(rows["employee"])),
            "tool_id": texts(tools, rows["tool"]),
            "usage_date": date_array(rows["day"]),
            "surface": texts(flat, rows["tool"] * widest + rows["surface"]),
            "interactions": pa.array(rows["interactions"], mask=rows["interactions"] < 0),
            "is_active": pa.array(rows["active"] == 1, mask=rows["active"] < 0),
        }
    )


def build_world(truth: TruthTables, reference: dict[str, list[dict[str, Any]]]) -> World:
    """The World of certgap.truth, with the settings' defaults."""
    tables = {
        name: truth.part(name, schema.names)
        for name, schema in SCHEMAS.items()
        if name != "newest_files"
    }
    return World(**tables, newest_files=truth.newest_files, reference=reference)
