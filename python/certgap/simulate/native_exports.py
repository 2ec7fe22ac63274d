"""A company with all vendors in their own formats, and generic feeds for what they leave open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, SECONDS_A_DAY, date_array
from certgap.simulate.generic_exports import Progress, write_daily_usage, write_seats
from certgap.simulate.generic_hris import (
    leave_table,
    login_claims,
    manager_ids,
    rival_claims,
    sorted_aliases,
    texts,
    write_snapshots,
)
from certgap.simulate.github_exports import write_github_seats, write_github_usage
from certgap.simulate.m365_exports import write_m365
from certgap.simulate.native_learning import account_claims, write_learning
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.workday_exports import write_workday
from certgap.simulate.workforce import Workforce


def true_history(company: Workforce) -> pa.Table:
    """The HR history as it is: what a correct reading of the Workday tables arrives at."""
    history = company.history
    seconds = np.flatnonzero(company.second_job_from <= company.end)
    base = company.row_on(seconds, company.second_job_from[seconds])
    rows = np.concatenate([np.arange(len(history)), base])
    primary = np.arange(len(rows)) < len(history)
    start = np.concatenate([history.valid_from, company.second_job_from[seconds]])
    end = np.concatenate([history.valid_to, np.full(len(base), NEVER)])
    employee, org = history.employee[rows], history.org[rows]
    manager = np.where(employee == 0, -1, company.orgs.manager[org])
    # Who would lead the own org answers to the head of the org above.
    above = company.orgs.manager[np.maximum(company.orgs.parent[org], 0)]
    manager = np.where(manager == employee, above, manager)
    return pa.table(
        {
            "employee_id": company.ids.take(pa.array(employee)),
            "valid_from": date_array(start),
            "valid_to": date_array(end),
            "seq": pa.array(np.zeros(len(rows), np.int64)),
            "is_primary": pa.array(primary),
            "recorded_at": pa.array(history.recorded[rows].astype(np.int64) * SECONDS_A_DAY).cast(
                pa.timestamp("s")
            ),
            "manager_employee_id": manager_ids(company, manager),
            "employment_status": texts(
                ["active", "terminated"], np.where(history.employed[rows], 0, 1)
            ),
            "job_family": texts(company.families, history.family[rows]),
            "department": texts(company.departments, company.orgs.department[org]),
            "location": texts([p["name"] for p in company.locations], history.location[rows]),
        }
    )


def _write_extra_aliases(out: Path, company: Company, truth: TruthTables) -> None:
    """The identity list: GitHub logins, LRS accounts, and claims that contradict the HR system."""
    force, addresses = company.workforce, company.addresses
    holders = np.flatnonzero(company.seats["github_copilot"].valid_from < NEVER)
    table = sorted_aliases(
        [
            login_claims(force, addresses, holders),
            account_claims(company),
            *rival_claims(force, addresses),
        ]
    )
    day = company.last_delivery_day
    write_snapshots(out, "identity_aliases", table, [day], "csv")
    truth.add_file("generic", "hris", "identity_aliases", day)


def write_all_native(
    out: Path,
    company: Company,
    truth: TruthTables,
    fmt: str,
    monthly: bool,
    with_truth: bool,
    progress: Progress,
) -> None:
    """All seven vendors. Seats of Microsoft 365 and a third tool come in the generic format."""
    force = company.workforce
    company.seats["github_copilot"].is_suspended[:] = (
        False  # the vendor's list knows no such status
    )
    write_workday(out, company, truth)
    zones = [place["timezone"] or None for place in force.locations]
    last = force.row_on(np.arange(force.count), np.full(force.count, force.end))
    zone = texts(zones, force.history.location[last])
    truth.add("employees", pa.table({"employee_id": force.ids, "timezone": zone}))
    truth.add("employment_history", true_history(force))
    truth.add("leave_periods", leave_table(force))
    _write_extra_aliases(out, company, truth)
    progress("hris", 1.0)
    write_learning(out, company, truth)
    progress("lms", 1.0)
    write_m365(out, company, truth, with_truth, progress)
    write_github_usage(out, company, truth, progress)
    write_github_seats(out, company, truth)
    others = [tool for tool in company.tools if tool not in ("copilot_m365", "github_copilot")]
    write_seats(out, company, ["copilot_m365", *others], truth, fmt, mail_is_listed=True)
    write_daily_usage(out, company, others, truth, fmt, monthly, with_truth, True, progress)
