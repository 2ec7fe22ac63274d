"""Workday as the connector delivers it: full table copies with sync times beside business dates.

Each history row is a position of its own, in one supervisory org. A row recorded late or corrected
shows as a version synced later than it took effect.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.addresses import Addresses
from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, SECONDS_A_DAY, as_date, date_text, timestamp_text
from certgap.simulate.generic_hris import UNKNOWN_MANAGER_ID, snapshot_days, texts
from certgap.simulate.names import hex_ids, join, numbered
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.workforce import UNKNOWN_MANAGER, Workforce
from certgap.simulate.writing import DeliveryFolder, vendor_csv

SYNC_SECOND = 5 * 3600 + 40 * 60
OPEN_END = "9999-12-31 23:59:59"
LEAVE_TYPES = ["Regulatory_Parental_Leave", "Medical_Leave", "Personal_Sabbatical"]


def worker_ids(people: np.ndarray) -> pa.Array:
    """Workday's internal worker ids."""
    return hex_ids("7687e33f1595", people)


def _sync(day: np.ndarray) -> np.ndarray:
    """Instant at which the connector saw what happened on `day`."""
    return np.asarray(day, dtype=np.int64) * SECONDS_A_DAY + SYNC_SECOND


def _ends(next_sync: np.ndarray) -> pa.Array:
    """Ends of versions: a second before the next one; NEVER is the connector's open end."""
    is_open = next_sync >= NEVER
    closed = timestamp_text(_sync(np.where(is_open, 0, next_sync)) - 1)
    return pc.if_else(pa.array(is_open), OPEN_END, closed)


def _flags(values: np.ndarray) -> pa.Array:
    """`true` and `false`."""
    return texts(["false", "true"], np.asarray(values).astype(np.int8))


def _constant(value: str | None, size: int) -> pa.Array:
    """The same text in every row."""
    if value is None:
        return pa.nulls(size, pa.string())
    return texts([value], np.zeros(size, np.int8))


def _first_sync(company: Workforce, day: np.ndarray) -> np.ndarray:
    """The connector was switched on a month before the period; older facts were seen that day."""
    return np.maximum(day, company.start - 30)


def worker_history(company: Workforce) -> dict[str, np.ndarray]:
    """Versions of each worker: hired, left, back again."""
    parts = []
    people = np.arange(company.count)
    first = _first_sync(company, company.hire)
    left = np.flatnonzero(company.exit <= company.end)
    back = np.flatnonzero(company.rehire <= company.end)
    never = np.full(company.count, NEVER, dtype=np.int32)
    parts.append(
        (
            people,
            first,
            np.where(company.exit <= company.end, company.exit, never),
            company.hire,
            never,
        )
    )
    until = np.where(company.rehire <= company.end, company.rehire, NEVER)[left]
    parts.append((left, company.exit[left], until, company.hire[left], company.exit[left] - 1))
    parts.append((back, company.rehire[back], never[back], company.rehire[back], never[back]))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    names = ("employee", "sync", "next_sync", "hire", "last_day")
    return {n: c[order] for n, c in zip(names, columns, strict=True)}


def _worker_table(company: Workforce, versions: dict[str, np.ndarray]) -> pa.Table:
    """worker_history in the connector's columns."""
    people = versions["employee"]
    index = pa.array(people)
    size = len(people)
    last = company.row_on(people, np.full(size, company.end))
    country = [place["country"] for place in company.locations]
    gone = versions["last_day"] < NEVER
    return pa.table(
        {
            "id": worker_ids(people),
            "_fivetran_active": _flags(versions["next_sync"] >= NEVER),
            "_fivetran_start": timestamp_text(_sync(versions["sync"])),
            "_fivetran_end": _ends(versions["next_sync"]),
            "_fivetran_deleted": _constant("false", size),
            "_fivetran_synced": timestamp_text(_sync(versions["sync"]) + 95),
            "active": _flags(~gone),
            "active_status_date": date_text(np.where(gone, versions["last_day"], versions["hire"])),
            "end_employment_date": date_text(versions["last_day"]),
            "hire_date": date_text(versions["hire"]),
            "hire_rescinded": _constant("false", size),
            "home_country": texts(country, company.history.location[last]),
            "original_hire_date": date_text(company.hire[people]),
            "contract_vendor_name": _constant(None, size),
            "primary_termination_reason": texts(["Terminate_Voluntary"], np.where(gone, 0, -1)),
            "terminated": _flags(gone),
            "termination_date": date_text(versions["last_day"]),
            "universal_id": _constant(None, size),
            "user_id": join("u", company.ids.take(index)),
            "worker_code": company.ids.take(index),
        }
    )


def position_versions(company: Workforce) -> dict[str, np.ndarray]:
    """Versions of each position: corrected rows have two, second jobs are positions too."""
    history = company.history
    rows = np.flatnonzero(history.employed)
    seen = _first_sync(
        company, np.where(history.was_corrected, history.valid_from, history.recorded)
    )
    corrected = rows[history.was_corrected[rows]]
    fixed = np.where(history.was_corrected, history.recorded, NEVER)
    seconds = np.flatnonzero(company.second_job_from <= company.end)
    base = company.row_on(seconds, company.second_job_from[seconds])

    def part(index: np.ndarray, **changed: Any) -> dict[str, np.ndarray]:
        columns = {
            "position": index,
            "employee": history.employee[index],
            "effective": history.valid_from[index],
            "sync": seen[index],
            "next_sync": fixed[index],
            "family": np.where(history.was_corrected, history.wrong_family, history.family)[index],
            "location": np.where(history.was_corrected, history.wrong_location, history.location)[
                index
            ],
            "org": history.org[index],
            "primary": np.ones(len(index), dtype=bool),
        }
        return {**columns, **changed}

    never = np.full(len(corrected), NEVER)
    parts = [
        part(rows),
        part(
            corrected,
            sync=fixed[corrected],
            next_sync=never,
            family=history.family[corrected],
            location=history.location[corrected],
        ),
        part(
            base,
            position=len(history) + np.arange(len(base)),
            primary=np.zeros(len(base), bool),
            effective=company.second_job_from[seconds],
            sync=_first_sync(company, company.second_job_from[seconds]),
            next_sync=np.full(len(base), NEVER),
        ),
    ]
    columns = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    order = np.lexsort((columns["sync"], columns["position"], columns["employee"]))
    return {name: values[order] for name, values in columns.items()}


def _position_table(company: Workforce, versions: dict[str, np.ndarray]) -> pa.Table:
    """worker_position_history in the connector's columns."""
    people, size = versions["employee"], len(versions["employee"])
    places = [place["name"] for place in company.locations]
    contractor = company.is_contractor[people].astype(np.int8)
    return pa.table(
        {
            "position_id": hex_ids("d0e0ae2f7be8", versions["position"]),
            "worker_id": worker_ids(people),
            "_fivetran_active": _flags(versions["next_sync"] >= NEVER),
            "_fivetran_start": timestamp_text(_sync(versions["sync"])),
            "_fivetran_end": _ends(versions["next_sync"]),
            "_fivetran_deleted": _constant("false", size),
            "_fivetran_synced": timestamp_text(_sync(versions["sync"]) + 95),
            "business_site_summary_location": texts(places, versions["location"]),
            "business_title": texts(company.families, versions["family"]),
            "effective_date": date_text(versions["effective"]),
            "employee_type": texts(["Regular", "Contingent_Worker"], contractor),
            "end_date": _constant(None, size),
            "external_employee": _flags(contractor),
            "full_time_equivalent_percentage": _constant("100", size),
            "is_primary_job": _flags(versions["primary"]),
            "job_profile_id": hex_ids("15baf9003ea9", versions["family"]),
            "start_date": date_text(versions["effective"]),
        }
    )


def _position_orgs(company: Workforce, versions: dict[str, np.ndarray]) -> pa.Table:
    """The supervisory org and the cost centre of each position, known from its first version on."""
    first = np.ones(len(versions["position"]), dtype=bool)
    first[1:] = versions["position"][1:] != versions["position"][:-1]
    rows = {name: values[first] for name, values in versions.items()}
    size = len(rows["employee"])
    department = company.orgs.department[rows["org"]]
    tables = []
    for index, organization in enumerate(
        (hex_ids("9378b36dabd9", rows["org"]), hex_ids("c057ce27e400", department))
    ):
        tables.append(
            pa.table(
                {
                    "_fivetran_start": timestamp_text(_sync(rows["sync"])),
                    "index": _constant(str(index), size),
                    "position_id": hex_ids("d0e0ae2f7be8", rows["position"]),
                    "worker_id": worker_ids(rows["employee"]),
                    "_fivetran_active": _constant("true", size),
                    "_fivetran_end": _constant(OPEN_END, size),
                    "_fivetran_synced": timestamp_text(_sync(rows["sync"]) + 95),
                    "organization_id": organization,
                }
            )
        )
    return pa.concat_tables(tables)


def _organization_tables(company: Workforce, synced: str) -> dict[str, pa.Table]:
    """Orgs, their manager role and who holds it; all orgs in every copy."""
    orgs = company.orgs
    count, centers = len(orgs.manager), np.arange(len(company.departments))
    ids = hex_ids("9378b36dabd9", np.arange(count))
    parents = pa.array(np.maximum(orgs.parent, 0), mask=orgs.parent < 0)
    roles = hex_ids("041d606550cc", np.arange(count))
    holder = company.ids.take(pa.array(np.maximum(orgs.manager, 0)))
    stranger = pa.array(orgs.manager == UNKNOWN_MANAGER)
    total = count + len(centers)
    organization = pa.table(
        {
            "id": pa.concat_arrays([ids, hex_ids("c057ce27e400", centers)]),
            "_fivetran_deleted": _constant("false", total),
            "_fivetran_synced": _constant(synced, total),
            "name": pa.concat_arrays(
                [texts(company.departments, orgs.department), numbered("CC", 100 + centers, 3)]
            ),
            "superior_organization_id": pa.concat_arrays(
                [ids.take(parents), pa.nulls(len(centers), pa.string())]
            ),
            "type": texts(
                ["SUPERVISORY", "COST_CENTER"], (np.arange(total) >= count).astype(np.int8)
            ),
        }
    )
    same = {
        "_fivetran_deleted": _constant("false", count),
        "_fivetran_synced": _constant(synced, count),
    }
    role = pa.table(
        {
            "organization_id": ids,
            "role_id": roles,
            **same,
            "organization_role_code": _constant("Manager", count),
        }
    )
    worker = pa.table(
        {
            "associated_worker_id": pc.if_else(stranger, UNKNOWN_MANAGER_ID, holder),
            "organization_id": ids,
            "role_id": roles,
            **same,
        }
    )
    return {
        "organization": organization,
        "organization_role": role,
        "organization_role_worker": worker,
    }


def _job_and_location_tables(company: Workforce, synced: str) -> dict[str, pa.Table]:
    """Job families by job profile, and offices with their time zones."""
    count = len(company.families)
    family = hex_ids("582c9be94254", np.arange(count))
    same = {
        "_fivetran_deleted": _constant("false", count),
        "_fivetran_synced": _constant(synced, count),
    }
    profile = hex_ids("15baf9003ea9", np.arange(count))
    names = pa.array(company.families)
    places = company.locations
    return {
        "job_family_job_profile": pa.table(
            {"job_family_id": family, "job_profile_id": profile, **same}
        ),
        "job_family": pa.table({"id": family, **same, "job_family_code": names, "summary": names}),
        "location": pa.table(
            {
                "id": hex_ids("10ca71085e00", np.arange(len(places))),
                "name": pa.array([place["name"] for place in places]),
                "time_zone": pa.array([place["timezone"] or None for place in places]),
                "country": pa.array([place["country"] for place in places]),
                "_fivetran_deleted": _constant("false", len(places)),
                "_fivetran_synced": _constant(synced, len(places)),
            }
        ),
    }


def _leave_table(company: Workforce, synced: str) -> pa.Table:
    """Leave with its end, where it is known."""
    people = np.flatnonzero(company.leave_start < NEVER)
    size = len(people)
    return pa.table(
        {
            "leave_request_event_id": hex_ids("8828a8489624", people),
            "worker_id": worker_ids(people),
            "_fivetran_deleted": _constant("false", size),
            "_fivetran_synced": _constant(synced, size),
            "estimated_leave_end_date": _constant(None, size),
            "first_day_of_work": _constant(None, size),
            "leave_end_date": date_text(company.leave_end[people]),
            "leave_of_absence_type": texts(LEAVE_TYPES, company.leave_type[people]),
            "leave_start_date": date_text(company.leave_start[people]),
        }
    )


def _mail_table(company: Workforce, addresses: Addresses, day: int, synced: str) -> pa.Table:
    """The address list as of `day`: who lost an address to somebody is no longer in it."""
    people = np.arange(company.count)
    listed = (day < addresses.claim_to) & (day >= addresses.claim_from)
    people = people[listed]
    size = len(people)
    return pa.table(
        {
            "id": hex_ids("52afc8db100f", people),
            "personal_info_system_id": worker_ids(people),
            "_fivetran_deleted": _constant("false", size),
            "_fivetran_synced": _constant(synced, size),
            "email_address": addresses.mail_on(people, day),
            "email_code": join(company.ids.take(pa.array(people)), "_WORK_Primary"),
            "email_comment": _constant(None, size),
        }
    )


def _known_by(table: pa.Table, day: int) -> pa.Table:
    """Rows the connector had seen by `day`."""
    limit = f"{as_date(day)} 00:00:00"
    return table.filter(pc.less(table.column("_fivetran_start"), limit))


def _about(table: pa.Table, workers: pa.Array) -> pa.Table:
    """Rows of a table about `workers`; a table about no worker as it is."""
    for name in ("worker_id", "personal_info_system_id"):
        if name in table.column_names:
            return table.filter(pc.is_in(table.column(name), workers))
    return table


def write_workday(out: Path, company: Company, truth: TruthTables, here: np.ndarray) -> None:
    """All tables at each snapshot; the address list also on the days it changed."""
    force, addresses = company.workforce, company.addresses
    positions = position_versions(force)
    versioned = {
        "worker_history": _worker_table(force, worker_history(force)),
        "worker_position_history": _position_table(force, positions),
        "worker_position_organization_history": _position_orgs(force, positions),
    }
    workers = worker_ids(np.flatnonzero(here))
    is_here = pc.is_in(versioned["worker_history"].column("id"), workers)
    versioned["worker_history"] = versioned["worker_history"].filter(is_here)
    days = snapshot_days(force, company.settings)
    for day in days:
        synced = f"{as_date(day - 1)} 05:42:38"
        current = {
            **{name: _known_by(table, day) for name, table in versioned.items()},
            **_organization_tables(force, synced),
            **_job_and_location_tables(force, synced),
            "worker_leave_status": _leave_table(force, synced),
        }
        for feed, table in current.items():
            folder = DeliveryFolder(out, "hris", "workday", feed)
            folder.file(day, f"{feed}.csv", vendor_csv(_about(table, workers)))
            if day == days[-1]:
                truth.add_file("workday", "hris", feed, day)
    feed = "person_contact_email_address"
    for day in sorted({force.start, *addresses.change_days, *days}):
        synced = f"{as_date(day - 1)} 05:42:38"
        table = _about(_mail_table(force, addresses, day, synced), workers)
        DeliveryFolder(out, "hris", "workday", feed).file(day, f"{feed}.csv", vendor_csv(table))
    truth.add_file("workday", "hris", feed, days[-1])
