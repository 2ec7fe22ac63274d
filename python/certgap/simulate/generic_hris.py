"""HR data in the generic format with the defects it has: holes, open ends, old versions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.addresses import Addresses
from certgap.simulate.days import NEVER, as_date, date_array
from certgap.simulate.names import numbered
from certgap.simulate.randomness import Randomness, chosen
from certgap.simulate.workforce import UNKNOWN_MANAGER, Workforce
from certgap.simulate.writing import DeliveryFolder

UNKNOWN_MANAGER_ID = "E9999999"
LEAVE_TYPES = ["parental", "medical", "sabbatical"]


def texts(values: list[str], index: np.ndarray) -> pa.Array:
    """Texts by index; a negative index is null."""
    index = np.asarray(index)
    return pa.array(values).take(pa.array(index, mask=index < 0))


def manager_ids(company: Workforce, manager: np.ndarray) -> pa.Array:
    """Manager ids: null where there is none, an unknown id where HR names a stranger."""
    known = company.ids.take(pa.array(np.maximum(manager, 0), mask=manager < 0))
    return pc.if_else(pa.array(manager == UNKNOWN_MANAGER), UNKNOWN_MANAGER_ID, known)


def employees_table(company: Workforce) -> pa.Table:
    """One row per person."""
    last = company.row_on(np.arange(company.count), np.full(company.count, company.end))
    places = [company.locations[i] for i in range(len(company.locations))]
    location = company.history.location[last]
    gone = (company.exit < NEVER) & (company.rehire == NEVER)
    hired = np.where(company.rehire < NEVER, company.rehire, company.hire)
    return pa.table(
        {
            "employee_id": company.ids,
            "hire_date": date_array(hired),
            "original_hire_date": date_array(company.hire),
            "termination_date": date_array(np.where(gone, company.exit - 1, NEVER)),
            "country": texts([p["country"] for p in places], location),
            "timezone": texts([p["timezone"] or None for p in places], location),
            "is_contingent": pa.array(company.is_contractor),
        }
    )


def history_table(company: Workforce, settings: dict[str, Any], randomness: Randomness) -> pa.Table:
    """The history with its defects; last recorded version and greatest (valid_from, seq) win."""
    parameters = settings["workforce"]
    rng = randomness.stream("generic history")
    history = company.history
    size = len(history)
    followed = history.valid_to < NEVER
    recent = history.valid_from > company.start
    left_open = followed & chosen(rng, size, parameters["share_open_overlaps"], 1)
    hole = followed & ~left_open & chosen(rng, size, parameters["share_no_hr_row"] * 8, 1)
    hole &= history.valid_to - history.valid_from > 60
    twice = recent & chosen(rng, size, 0.02, 1)
    valid_to = np.where(left_open, NEVER, np.where(hole, history.valid_to - 21, history.valid_to))
    own_group = chosen(rng, size, 0.02)

    def rows(index: np.ndarray, **changed: np.ndarray) -> dict[str, np.ndarray]:
        columns = {
            "employee": history.employee[index],
            "valid_from": history.valid_from[index],
            "valid_to": valid_to[index],
            "org": history.org[index],
            "family": history.family[index],
            "location": history.location[index],
            "employed": history.employed[index],
            "recorded": history.recorded[index],
            "seq": twice[index].astype(np.int32),
            "primary": np.ones(len(index), dtype=bool),
            "own_group": own_group[index],
        }
        return {**columns, **changed}

    everything = np.arange(size)
    corrected, doubled = np.flatnonzero(history.was_corrected), np.flatnonzero(twice)
    seconds = np.flatnonzero(company.second_job_from <= company.end)
    base = company.row_on(seconds, company.second_job_from[seconds])
    parts = [
        rows(everything),
        rows(
            corrected,
            family=history.wrong_family[corrected],
            location=history.wrong_location[corrected],
            recorded=history.valid_from[corrected],
        ),
        rows(doubled, seq=np.zeros(len(doubled), np.int32), family=history.wrong_family[doubled]),
        rows(
            base,
            valid_from=company.second_job_from[seconds],
            org=(history.org[base] + 1) % company.manager_count,
            primary=np.zeros(len(base), dtype=bool),
            seq=np.zeros(len(base), np.int32),
            valid_to=np.full(len(base), NEVER),
            recorded=company.second_job_from[seconds],
        ),
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort(
        (
            columns["recorded"],
            ~columns["primary"],
            columns["seq"],
            columns["valid_from"],
            columns["employee"],
        )
    )
    columns = {name: values[order] for name, values in columns.items()}
    department = company.orgs.department[columns["org"]]
    parent = np.maximum(company.orgs.parent[columns["org"]], 0)
    seconds_a_day = 86_400
    return pa.table(
        {
            "employee_id": company.ids.take(pa.array(columns["employee"])),
            "valid_from": date_array(columns["valid_from"]),
            "valid_to": date_array(columns["valid_to"]),
            "seq": pa.array(columns["seq"]),
            "manager_employee_id": manager_ids(
                company,
                np.where(columns["employee"] == 0, -1, company.orgs.manager[columns["org"]]),
            ),
            "job_title": texts(company.families, columns["family"]),
            "job_family": texts(company.families, columns["family"]),
            "role_group": texts(["analysts"], np.where(columns["own_group"], 0, -1)),
            "department": texts(company.departments, department),
            "division": texts(company.departments, company.orgs.department[parent]),
            "location": texts([p["name"] for p in company.locations], columns["location"]),
            "cost_center": numbered("CC", 100 + department, 3),
            "employment_status": texts(
                ["Active", "Terminated"], np.where(columns["employed"], 0, 1)
            ),
            "is_primary": pa.array(columns["primary"]),
            "valid_basis": texts(["business_effective"], np.zeros(len(order), np.int32)),
            "recorded_at": pa.array(
                (columns["recorded"].astype(np.int64) + 1) * seconds_a_day - 7200
            ).cast(pa.timestamp("s")),
        }
    )


def leave_table(company: Workforce) -> pa.Table:
    """Leave periods; an open one has no end."""
    people = np.flatnonzero(company.leave_start < NEVER)
    return pa.table(
        {
            "employee_id": company.ids.take(pa.array(people)),
            "leave_start": date_array(company.leave_start[people]),
            "leave_end": date_array(company.leave_end[people]),
            "leave_type": texts(LEAVE_TYPES, company.leave_type[people]),
        }
    )


def alias_rows(
    company: Workforce,
    who: np.ndarray,
    alias_type: str,
    values: pa.Array,
    first: np.ndarray | int = -1,
    last: np.ndarray | int = NEVER,
) -> pa.Table:
    """Claims of aliases; first day -1 means always, last day NEVER still."""
    size = len(who)
    first = np.broadcast_to(np.asarray(first, dtype=np.int32), size)
    return pa.table(
        {
            "employee_id": company.ids.take(pa.array(who)),
            "alias_type": pa.array([alias_type], pa.string()).take(
                pa.array(np.zeros(size, np.int8))
            ),
            "alias_value": values,
            "valid_from": date_array(np.where(first < 0, NEVER, first)),
            "valid_to": date_array(np.broadcast_to(np.asarray(last, dtype=np.int32), size)),
            "method": pa.array(["directory"]).take(pa.array(np.zeros(size, np.int8))),
            "confidence": pa.array(np.ones(size)),
        }
    )


def mail_claims(
    company: Workforce,
    addresses: Addresses,
    alias_types: Sequence[str] = ("work_email", "upn"),
    people: np.ndarray | None = None,
) -> list[pa.Table]:
    """Claims of the addresses of `people` (all that are listed): before and after a new name."""
    if people is None:
        people = np.flatnonzero(~addresses.is_unclaimed)
    renamed = people[addresses.rename_day[people] < NEVER]
    last = np.minimum(addresses.rename_day, addresses.claim_to)
    tables = []
    for alias_type in alias_types:
        tables.append(
            alias_rows(
                company,
                people,
                alias_type,
                addresses.mail.take(pa.array(people)),
                addresses.claim_from[people],
                last[people],
            )
        )
        tables.append(
            alias_rows(
                company,
                renamed,
                alias_type,
                addresses.new_mail.take(pa.array(renamed)),
                addresses.rename_day[renamed],
            )
        )
    return tables


def rival_claims(company: Workforce, addresses: Addresses) -> list[pa.Table]:
    """Second claims: somebody else's address for two months, and a claim an override beats."""
    disputed = np.flatnonzero(addresses.conflict_from < NEVER)
    values = addresses.mail.take(pa.array(disputed))
    tables = [
        alias_rows(
            company,
            addresses.rival[disputed],
            alias_type,
            values,
            addresses.conflict_from[disputed],
            addresses.conflict_to[disputed],
        )
        for alias_type in ("work_email", "upn")
    ]
    for row in addresses.overrides:
        if row["alias_type"] == "work_email" and row["end_day"] < NEVER:
            value = pa.array([row["alias_value"]])
            tables.append(alias_rows(company, np.array([1]), "work_email", value))
    return tables


def login_claims(company: Workforce, addresses: Addresses, holders: np.ndarray) -> pa.Table:
    """GitHub logins of `holders`, without those nobody listed."""
    people = holders[~addresses.is_unclaimed[holders]]
    logins = addresses.github_login.take(pa.array(people))
    return alias_rows(company, people, "github_login", logins)


def sorted_aliases(tables: list[pa.Table]) -> pa.Table:
    """All claims in one fixed order."""
    table = pa.concat_tables(tables)
    return table.sort_by(
        [(name, "ascending") for name in ("alias_type", "alias_value", "employee_id", "valid_from")]
    )


def snapshot_days(company: Workforce, settings: dict[str, Any]) -> list[int]:
    """Dates of the full HRIS snapshots; the last is the day after the period."""
    count = settings["period"]["hris_snapshots"]
    length = company.end + 1 - company.start
    return [company.start + length * step // count for step in range(1, count + 1)]


def write_snapshots(
    out: Path,
    feed: str,
    table: pa.Table,
    days: list[int],
    fmt: str,
    start_column: str | None = None,
) -> None:
    """Full snapshots: the last is complete, an older one lacks what began later."""
    folder = DeliveryFolder(out, "hris", "generic", feed)
    for day in days[:-1]:
        known = table
        if start_column:
            limit = pa.scalar(as_date(day))
            column = table.column(start_column).cast(pa.date32())
            keep = pc.fill_null(pc.less(column, limit), True)
            known = table.filter(keep)
        folder.table(day, known, fmt)
    folder.table(days[-1], table, fmt)
