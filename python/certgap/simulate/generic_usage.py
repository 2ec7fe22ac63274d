"""Usage, seats and deliveries in the generic format, with late, restated, lost and hashed rows.

The same loop tells the truth what really arrived: a row counts when its file was delivered with
readable names, and the last file that carried a row's key decides its values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.addresses import Addresses, month_starts
from certgap.simulate.days import SECONDS_A_DAY, date_array, timestamp_array
from certgap.simulate.delivery_calendar import CONCEALED, FAILED, PART, REDELIVERED
from certgap.simulate.generic_hris import texts
from certgap.simulate.names import hex_ids
from certgap.simulate.workforce import Workforce
from certgap.simulate.writing import DeliveryFolder

COLUMNS = ("employee", "surface", "interactions", "active", "day")


@dataclass
class ToolFeed:
    """How a tool shows up in the generic daily file."""

    tool: str
    alias_type: str
    surfaces: list[str]
    reports_interactions: bool
    states: np.ndarray
    # Per person: the login of whoever never had a seat is in no directory.
    has_had_seat: np.ndarray
    activity: Iterator[tuple[int, np.ndarray, np.random.Generator]]
    pending: dict[int, list[dict[str, np.ndarray]]] = field(
        default_factory=lambda: defaultdict(list)
    )


class ObservedUsage:
    """What arrived, per person, tool, day and surface; the last file decides."""

    def __init__(self, enabled: bool) -> None:
        """Collect nothing when not enabled: a company of millions may not want it."""
        self.enabled = enabled
        self.parts: list[dict[str, np.ndarray]] = []

    def add(self, tool: int, filed: int, rows: dict[str, np.ndarray]) -> None:
        """Rows of `tool` that came with the file of day `filed`."""
        if self.enabled and len(rows["employee"]):
            size = len(rows["employee"])
            self.parts.append(
                {
                    "employee": rows["employee"].astype(np.int32),
                    "tool": np.full(size, tool, np.int8),
                    "day": np.broadcast_to(rows["day"], size).astype(np.int32),
                    "surface": rows["surface"].astype(np.int8),
                    "interactions": rows["interactions"].astype(np.int32),
                    "active": rows["active"].astype(np.int8),
                    "filed": np.full(size, filed, np.int32),
                }
            )

    def final(self) -> dict[str, np.ndarray]:
        """One row per key, as of the last file; interactions and active -1 where not reported."""
        names = ("employee", "tool", "day", "surface", "interactions", "active", "filed")
        if not self.parts:
            return {name: np.empty(0, np.int32) for name in names}
        columns = {name: np.concatenate([p[name] for p in self.parts]) for name in names}
        self.parts = []
        keys = ("filed", "surface", "day", "tool", "employee")
        order = np.lexsort([columns[key] for key in keys])
        columns = {name: values[order] for name, values in columns.items()}
        last = np.ones(len(order), dtype=bool)
        same = np.ones(len(order) - 1, dtype=bool)
        for key in keys[1:]:
            same &= columns[key][1:] == columns[key][:-1]
        last[:-1] = ~same
        return {name: values[last] for name, values in columns.items()}


def _pick(rows: dict[str, np.ndarray], flags: np.ndarray) -> dict[str, np.ndarray]:
    """The rows where `flags` hold."""
    return {name: values[flags] for name, values in rows.items()}


def _rows_of_day(
    feed: ToolFeed, day: int, people: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Usage rows of one day: one or two surfaces a person; some rows that report no use."""
    size = len(people)
    surfaces = len(feed.surfaces)
    home = people % surfaces
    more = np.flatnonzero(rng.random(size) < 0.2) if surfaces > 1 else np.empty(0, np.int64)
    idle = people[rng.random(size) < 0.05]
    employee = np.concatenate([people, people[more]])
    surface = np.concatenate([home, (home[more] + 1) % surfaces])
    interactions = rng.geometric(0.18, len(employee))
    active = np.full(len(employee), -1)
    if feed.reports_interactions:
        # Suggestions that were only received: the row is there, the use is not.
        nobody = idle[~np.isin(idle + 1, people)] + 1
        employee = np.concatenate([employee, nobody])
        surface = np.concatenate([surface, nobody % surfaces])
        interactions = np.concatenate([interactions, np.zeros(len(nobody), np.int64)])
        active = np.full(len(employee), -1)
        active[rng.random(len(employee)) < 0.05] = 1
        active = np.where(interactions == 0, -1, active)
    else:
        interactions, active = np.full(len(employee), -1), np.ones(len(employee), np.int64)
    return {
        "employee": employee,
        "surface": surface,
        "interactions": interactions,
        "active": active,
        "day": np.full(len(employee), day),
    }


def _files_of_day(
    feed: ToolFeed,
    day: int,
    index: int,
    people: np.ndarray,
    rng: np.random.Generator,
    count: int,
    settings: dict[str, Any],
) -> dict[str, np.ndarray]:
    """What the file of `day` holds; late, restated and repeated rows go to later files."""
    parameters = settings["deliveries"]
    rows = _rows_of_day(feed, day, people, rng)
    rows = _pick(rows, rows["employee"] < count)
    size = len(rows["employee"])
    late = rng.random(size) < parameters["share_late_rows"]
    restated = ~late & (rng.random(size) < parameters["share_restated"])
    if feed.reports_interactions:
        final = _pick(rows, restated)
        final["interactions"] = final["interactions"] + 3
        feed.pending[index + 2].append(final)
    feed.pending[index + 2].append(_pick(rows, late))
    parts = [_pick(rows, ~late), *feed.pending.pop(index, [])]
    return {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}


def usage_alias(
    feed: ToolFeed, addresses: Addresses, rows: dict[str, np.ndarray], mail_is_listed: bool
) -> tuple[pa.Array, np.ndarray]:
    """The alias of each row, and whether it belongs to the person on that day.

    `mail_is_listed`: the HR system lists everybody's mail, also of people nobody else listed.
    """
    who = rows["employee"]
    if feed.alias_type == "github_login":
        is_listed = feed.has_had_seat & ~addresses.is_unclaimed
        return addresses.github_login.take(pa.array(who)), is_listed[who]
    mail, by = addresses.used_mail(feed.alias_type, who, rows["day"])
    owned = addresses.owns_used(who, rows["day"], rows["day"], by)
    return mail, owned & (mail_is_listed | ~addresses.is_unclaimed[who] | (by >= 0))


def _usage_table(feed: ToolFeed, alias: pa.Array, rows: dict[str, np.ndarray]) -> pa.Table:
    """Rows in the contract's columns."""
    size = len(rows["employee"])
    nothing = np.zeros(size, np.int8)
    return pa.table(
        {
            "tool_id": texts([feed.tool], nothing),
            "alias_type": texts([feed.alias_type], nothing),
            "alias_value": alias,
            "usage_date": date_array(rows["day"]),
            "surface": texts(feed.surfaces, rows["surface"]),
            "interactions": pa.array(rows["interactions"], mask=rows["interactions"] < 0),
            "sessions": pa.array(1 + rows["interactions"] // 6, mask=rows["interactions"] < 0),
            "is_active": pa.array(rows["active"] == 1, mask=rows["active"] < 0),
            "is_final": pa.array(np.ones(size, dtype=bool)),
        }
    )


def write_usage(
    out: Path,
    company: Workforce,
    addresses: Addresses,
    feeds: list[ToolFeed],
    settings: dict[str, Any],
    observed: ObservedUsage,
    fmt: str,
    monthly: bool,
    tool_number: dict[str, int],
    progress: Callable[[str, float], None],
    mail_is_listed: bool,
) -> list[dict[str, Any]]:
    """Writes the daily usage and the deliveries; returns the delivery rows."""
    days = range(company.start, company.end + 1)
    usage = DeliveryFolder(out, "usage", "generic", "tool_usage_daily")
    reports = DeliveryFolder(out, "usage", "generic", "deliveries")
    months = np.append(month_starts(company.start + 1, company.end), company.end + 1)
    tables: list[pa.Table] = []
    new_reports: list[dict[str, Any]] = []
    all_reports: list[dict[str, Any]] = []
    repeated: dict[str, dict[str, np.ndarray] | None] = {feed.tool: None for feed in feeds}
    for index, day in enumerate(days):
        file_day = int(months[np.searchsorted(months, day, side="right")]) if monthly else day + 1
        for feed in feeds:
            at, people, rng = next(feed.activity)
            assert at == day
            rows = _files_of_day(feed, day, index, people, rng, company.count, settings)
            if repeated[feed.tool] is not None:
                rows = {n: np.concatenate([repeated[feed.tool][n], rows[n]]) for n in COLUMNS}
                new_reports.append(_report(feed, day - 1, file_day, None, "-again"))
                repeated[feed.tool] = None
            state = feed.states[index]
            if state == REDELIVERED:
                repeated[feed.tool] = rows
            if state == PART:
                rows = _pick(rows, rng.random(len(rows["employee"])) < 0.5)
            delivered = state not in (FAILED, REDELIVERED)
            size = len(rows["employee"]) if delivered else 0
            new_reports.append(
                _report(feed, day, file_day, None if monthly else size, "", int(state))
            )
            if not delivered:
                continue
            alias, owned = usage_alias(feed, addresses, rows, mail_is_listed)
            if state == CONCEALED:
                hidden = (rows["employee"] * 7_919 + day) % 10_000_000_000
                alias = hex_ids("a1b2c3d4e5f6a7b8", hidden)
            else:
                observed.add(tool_number[feed.tool], file_day, _pick(rows, owned))
            tables.append(_usage_table(feed, alias, rows))
        last_of_file = not monthly or day == company.end or day + 1 in months
        if last_of_file:
            if sum(len(table) for table in tables):
                usage.table(file_day, pa.concat_tables(tables), fmt)
            reports.table(file_day, deliveries_table(new_reports), fmt)
            all_reports += new_reports
            tables, new_reports = [], []
        progress("usage", (index + 1) / len(days))
    return all_reports


def _report(
    feed: ToolFeed, day: int, file_day: int, rows: int | None, suffix: str, state: int = 0
) -> dict[str, Any]:
    """One row of the deliveries relation."""
    return {
        "feed": "tool_usage_daily",
        "tool_id": feed.tool,
        "delivery_id": f"{feed.tool}-{day}{suffix}",
        "received_at": file_day * SECONDS_A_DAY + 6 * 3600,
        "date_from": day,
        "date_to": day,
        "max_complete_date": day,
        "row_count": rows,
        "population_scope": "part" if state == PART else "all",
        "is_concealed": state == CONCEALED,
        "is_failed": state in (FAILED, REDELIVERED),
    }


def deliveries_table(reports: list[dict[str, Any]], source: str | None = None) -> pa.Table:
    """Delivery rows in the contract's columns."""
    columns = {name: [row[name] for row in reports] for name in reports[0]} if reports else {}
    table = pa.table(
        {
            "feed": pa.array(columns["feed"]),
            "tool_id": pa.array(columns["tool_id"]),
            "delivery_id": pa.array(columns["delivery_id"]),
            "received_at": timestamp_array(np.array(columns["received_at"])),
            **{
                name: date_array(np.array(columns[name]))
                for name in ("date_from", "date_to", "max_complete_date")
            },
            "row_count": pa.array(columns["row_count"], pa.int64()),
            "population_scope": pa.array(columns["population_scope"]),
            "is_concealed": pa.array(columns["is_concealed"]),
            "is_failed": pa.array(columns["is_failed"]),
        }
    )
    if source:
        systems = [row.get("source_system", source) for row in reports]
        table = table.add_column(0, "source_system", pa.array(systems))
    return table
