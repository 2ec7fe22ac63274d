"""What an HRIS vendor of the simulator is, and the HR history as it really was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, SECONDS_A_DAY, date_array
from certgap.simulate.generic_hris import manager_ids, texts
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.workforce import Workforce

MAIL_ALIASES = ("work_email", "upn")


class HrisSystem:
    """One HRIS vendor; what it does not say comes in the generic format."""

    name = ""
    lists_aliases: tuple[str, ...] = MAIL_ALIASES
    lists_leave = True
    lists_timezones = True

    def write(self, out: Path, company: Company, truth: TruthTables, here: np.ndarray) -> None:
        """Files about the employees `here` (a flag each); tells the truth which files there are."""
        raise NotImplementedError

    def history(self, company: Company, here: np.ndarray) -> pa.Table:
        """The history of the employees `here` that a correct reading of the files arrives at."""
        table = true_history(company.workforce)
        ids = company.workforce.ids.take(pa.array(np.flatnonzero(here)))
        return table.filter(pc.is_in(table.column("employee_id"), ids))


def true_history(company: Workforce) -> pa.Table:
    """The HR history as it is: what a correct reading of the dated tables arrives at."""
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
