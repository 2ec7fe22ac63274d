"""Seats as full lists in the generic format, and each seat's true holder for the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.addresses import Addresses
from certgap.simulate.adoption import Seats
from certgap.simulate.days import NEVER, date_array
from certgap.simulate.generic_hris import texts
from certgap.simulate.workforce import Workforce
from certgap.simulate.writing import DeliveryFolder

MONTHLY_COST = {"copilot_m365": 30.0, "github_copilot": 19.0}


def cut(
    columns: dict[str, np.ndarray], at: np.ndarray, later: dict[str, int] | None = None
) -> dict[str, np.ndarray]:
    """Intervals split at day `at` of each row; `later` changes columns of the later part."""
    inside = (at > columns["valid_from"]) & (at < columns["valid_to"])
    after = at <= columns["valid_from"]
    first, second = dict(columns), {name: values[inside] for name, values in columns.items()}
    first["valid_to"] = np.where(inside, at, columns["valid_to"])
    second["valid_from"] = at[inside]
    for name, value in (later or {}).items():
        first[name] = np.where(after, value, first[name])
        second[name] = np.full(int(inside.sum()), value)
    return {name: np.concatenate([first[name], second[name]]) for name in columns}


def seat_intervals(seats: Seats, addresses: Addresses, by_mail: bool) -> dict[str, np.ndarray]:
    """Seats by alias: a change of the mail address ends one listed seat and begins another."""
    people = np.flatnonzero((seats.valid_from < NEVER) & (seats.valid_to > seats.valid_from))
    columns = {
        "employee": people,
        "valid_from": seats.valid_from[people],
        "valid_to": seats.valid_to[people],
        "suspended": seats.is_suspended[people].astype(int),
        "renamed": np.zeros(len(people), dtype=int),
    }
    if by_mail:
        columns = cut(columns, addresses.rename_day[people], {"renamed": 1})
    order = np.lexsort((columns["valid_from"], columns["employee"]))
    return {name: values[order] for name, values in columns.items()}


def true_seats(
    tool: str,
    company: Workforce,
    addresses: Addresses,
    columns: dict[str, np.ndarray],
    by_mail: bool,
    mail_is_listed: bool,
) -> pa.Table:
    """Seats per holder: nobody holds an alias that is disputed or that nobody listed."""
    columns = {**columns, "unowned": np.zeros(len(columns["employee"]), dtype=int)}
    if by_mail:
        columns = cut(columns, addresses.conflict_from[columns["employee"]], {"unowned": 1})
        columns = cut(columns, addresses.conflict_to[columns["employee"]], {"unowned": 0})
    unowned = columns["unowned"] == 1
    if not (by_mail and mail_is_listed):
        unowned |= addresses.is_unclaimed[columns["employee"]]
    size = len(unowned)
    return pa.table(
        {
            "employee_id": company.ids.take(pa.array(columns["employee"], mask=unowned)),
            "tool_id": texts([tool], np.zeros(size, np.int8)),
            "valid_from": date_array(columns["valid_from"]),
            "valid_to": date_array(columns["valid_to"]),
            "status": texts(["active", "suspended"], columns["suspended"]),
            "monthly_cost": pa.array(np.full(size, MONTHLY_COST.get(tool, 10.0))),
        }
    )


def licence_table(
    tool: str, addresses: Addresses, columns: dict[str, np.ndarray], alias_type: str
) -> pa.Table:
    """Seats in the contract's columns."""
    index = pa.array(columns["employee"])
    size = len(index)
    if alias_type == "github_login":
        alias = addresses.github_login.take(index)
    else:
        alias = pc.if_else(
            pa.array(columns["renamed"] == 1),
            addresses.new_mail.take(index),
            addresses.mail.take(index),
        )
    nothing = np.zeros(size, np.int8)
    return pa.table(
        {
            "tool_id": texts([tool], nothing),
            "alias_type": texts([alias_type], nothing),
            "alias_value": alias,
            "valid_from": date_array(columns["valid_from"]),
            "valid_to": date_array(columns["valid_to"]),
            "status": texts(["active", "suspended"], columns["suspended"]),
            "monthly_cost": pa.array(np.full(size, MONTHLY_COST.get(tool, 10.0))),
        }
    )


def write_licences(out: Path, day: int, tables: list[pa.Table], fmt: str) -> None:
    """The newest full list of seats."""
    folder = DeliveryFolder(out, "usage", "generic", "tool_licences")
    folder.table(day, pa.concat_tables(tables), fmt)
