"""The HRIS vendors: who writes the employees, and what the identity list of the company adds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.bamboohr_exports import BambooHr
from certgap.simulate.company import Company
from certgap.simulate.generic_exports import has_had_seat
from certgap.simulate.generic_exports import write_hris as write_generic_hris
from certgap.simulate.generic_hris import (
    employees_table,
    leave_table,
    login_claims,
    mail_claims,
    rival_claims,
    sorted_aliases,
    texts,
    write_snapshots,
)
from certgap.simulate.hris_systems import MAIL_ALIASES, HrisSystem
from certgap.simulate.successfactors_exports import SuccessfactorsEc
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.workday_exports import write_workday
from certgap.simulate.workforce import second_division


class Workday(HrisSystem):
    """Full table copies; addresses by the dates of the copies, as e-mail and as UPN."""

    name = "workday"

    def write(self, out: Path, company: Company, truth: TruthTables, here: np.ndarray) -> None:
        """All tables."""
        write_workday(out, company, truth, here)


HRIS: dict[str, HrisSystem] = {
    system.name: system for system in (Workday(), BambooHr(), SuccessfactorsEc())
}


def _write_identity_list(
    out: Path,
    company: Company,
    truth: TruthTables,
    systems: list[tuple[HrisSystem, np.ndarray]],
    claims: list[pa.Table],
) -> None:
    """What no HRIS says: logins, `claims` of the other systems, claims that contradict HR."""
    force, addresses = company.workforce, company.addresses
    holders = np.flatnonzero(has_had_seat(company, "github_copilot"))
    unsaid = [
        mail_claims(
            force,
            addresses,
            [kind for kind in MAIL_ALIASES if kind not in system.lists_aliases],
            np.flatnonzero(here),
        )
        for system, here in systems
    ]
    table = sorted_aliases(
        [
            login_claims(force, addresses, holders),
            *claims,
            *rival_claims(force, addresses),
            *(table for tables in unsaid for table in tables),
        ]
    )
    day = company.last_delivery_day
    write_snapshots(out, "identity_aliases", table, [day], "csv")
    truth.add_file("generic", "hris", "identity_aliases", day)


def whose(company: Company, systems: tuple[HrisSystem, ...]) -> list[tuple[HrisSystem, np.ndarray]]:
    """Each HRIS with flags of its employees: after a merger two divisions of the company."""
    count = company.workforce.count
    if len(systems) == 1:
        return [(systems[0], np.ones(count, dtype=bool))]
    second = second_division(count, company.settings["workforce"]["team_size"])
    return [(systems[0], ~second), (systems[1], second)]


def write_hris(
    out: Path,
    company: Company,
    truth: TruthTables,
    systems: tuple[HrisSystem, ...],
    claims: list[pa.Table],
    fmt: str,
) -> None:
    """Employees, history, leave and aliases, by the vendors or in the generic format."""
    if not systems:
        write_generic_hris(out, company, truth, fmt, claims)
        return
    force = company.workforce
    parts = whose(company, systems)
    for system, here in parts:
        system.write(out, company, truth, here)
    zones = [place["timezone"] or None for place in force.locations]
    last = force.row_on(np.arange(force.count), np.full(force.count, force.end))
    zone = force.history.location[last]
    unlisted = np.zeros(force.count, dtype=bool)
    for system, here in parts:
        truth.add("employment_history", system.history(company, here))
        zone = np.where(here & (not system.lists_timezones), -1, zone)
        unlisted |= here & (not system.lists_leave)
    listed = employees_table(force).select(
        ["employee_id", "hire_date", "original_hire_date", "country"]
    )
    truth.add("employees", listed.append_column("timezone", texts(zones, zone)))
    leave = leave_table(force)
    truth.add("leave_periods", leave)
    if unlisted.any():
        ids = force.ids.take(pa.array(np.flatnonzero(unlisted)))
        day = company.last_delivery_day
        rows = leave.filter(pc.is_in(leave.column("employee_id"), ids))
        write_snapshots(out, "leave_periods", rows, [day], "csv")
        truth.add_file("generic", "hris", "leave_periods", day)
    _write_identity_list(out, company, truth, parts, claims)
