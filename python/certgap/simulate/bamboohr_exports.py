"""BambooHR: a report of everybody on the first of each month, and the job info table.

Neither says when somebody came back, where in time an office is or who is on leave. The table names
managers by name only; who they are is in the reports alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.addresses import month_starts
from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, SECONDS_A_DAY, as_date, date_array
from certgap.simulate.generic_hris import manager_ids, snapshot_days, texts
from certgap.simulate.hris_systems import HrisSystem
from certgap.simulate.names import first_and_last
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.workforce import UNKNOWN_MANAGER
from certgap.simulate.writing import DeliveryFolder, json_document

NO_DATE = "0000-00-00"
LISTED_BEFORE_HIRE = 45  # days; people to come are in the system before their first day
UNKNOWN = UNKNOWN_MANAGER
NOBODY = -1


class BambooHr(HrisSystem):
    """Reports and job info."""

    name = "bamboohr"
    lists_leave = False
    lists_timezones = False
    lists_aliases = ("work_email", "upn")

    def write(self, out: Path, company: Company, truth: TruthTables, here: np.ndarray) -> None:
        """A report each month, the table with each snapshot."""
        people = np.flatnonzero(here)
        names = [
            f"{first} {last}".title()
            for first, last in zip(
                *(part.to_pylist() for part in first_and_last(np.arange(company.workforce.count))),
                strict=True,
            )
        ]
        reports = DeliveryFolder(out, "hris", self.name, "employees")
        for day in report_days(company):
            rows = _report_rows(company, people, day, names)
            report = {"title": "Adoption feed", "fields": [], "employees": rows}
            reports.file(day, "employees.json", json_document(report))
        table = DeliveryFolder(out, "hris", self.name, "job_info")
        days = snapshot_days(company.workforce, company.settings)
        for day in days:
            table.file(day, "job_info.json", json_document(_job_rows(company, people, day, names)))
        truth.add_file(self.name, "hris", "employees", report_days(company)[-1])
        truth.add_file(self.name, "hris", "job_info", days[-1])

    def history(self, company: Company, here: np.ndarray) -> pa.Table:
        """Jobs as the table dates them, managers as far as a report fell into the job's days."""
        force, history = company.workforce, company.workforce.history
        jobs = np.flatnonzero(history.employed & here[history.employee])
        employee, start = history.employee[jobs], history.valid_from[jobs]
        end = np.full(len(jobs), NEVER, dtype=np.int64)
        end[:-1] = np.where(employee[1:] == employee[:-1], start[1:], NEVER)
        manager = _managers(company, history.org[jobs], employee)
        days = np.array(report_days(company))
        seen = np.zeros(len(jobs), dtype=bool)
        for day in days:
            seen |= (start <= day) & (day < end) & force.employed_on(int(day), employee)
        manager = np.where(seen | (manager == NOBODY), manager, UNKNOWN)
        gone = (force.exit < NEVER) & (force.rehire == NEVER)
        exits = np.where(gone, force.exit, NEVER)[employee]
        # A leaver's last job: until the exit as employed, and from then on as terminated.
        left = (exits > start) & (exits < end)
        rows = np.concatenate([np.arange(len(jobs)), np.flatnonzero(left)])
        employed = np.arange(len(rows)) < len(jobs)
        valid_from = np.where(employed, start[rows], exits[rows])
        valid_to = np.where(employed & left[rows], exits[rows], end[rows])
        org = history.org[jobs][rows]
        return pa.table(
            {
                "employee_id": force.ids.take(pa.array(employee[rows])),
                "valid_from": date_array(valid_from),
                "valid_to": date_array(valid_to),
                "seq": pa.array(np.zeros(len(rows), np.int64)),
                "is_primary": pa.array(np.ones(len(rows), dtype=bool)),
                "recorded_at": pa.array(valid_from.astype(np.int64) * SECONDS_A_DAY).cast(
                    pa.timestamp("s")
                ),
                "manager_employee_id": manager_ids(force, manager[rows]),
                "employment_status": texts(["terminated", "active"], employed.astype(np.int8)),
                "job_family": texts(force.families, history.family[jobs][rows]),
                "department": texts(force.departments, force.orgs.department[org]),
                "location": texts(
                    [place["name"] for place in force.locations], history.location[jobs][rows]
                ),
            }
        )


def report_days(company: Company) -> list[int]:
    """The first of each month, the days addresses change on, and the snapshots."""
    force = company.workforce
    months = month_starts(force.start, force.end).tolist()
    return sorted(
        {force.start, *months, *company.addresses.change_days}
        | set(snapshot_days(force, company.settings))
    )


def _managers(company: Company, org: np.ndarray, employee: np.ndarray) -> np.ndarray:
    """Who leads somebody in an org; who would lead the own one answers to the org above."""
    orgs = company.workforce.orgs
    manager = np.where(employee == 0, NOBODY, orgs.manager[org])
    above = orgs.manager[np.maximum(orgs.parent[org], 0)]
    return np.where(manager == employee, above, manager)


def _report_rows(
    company: Company, people: np.ndarray, day: int, names: list[str]
) -> list[dict[str, Any]]:
    """Everybody known on `day`; who is gone has no manager any more.

    A manager kept in another system has an employee number, and no id here.
    """
    force, addresses = company.workforce, company.addresses
    here = set(people.tolist())
    people = people[force.hire[people] <= day + LISTED_BEFORE_HIRE]
    rows = force.row_on(people, np.full(len(people), day))
    managers = _managers(company, force.history.org[rows], people).tolist()
    shown = (day < addresses.claim_to[people]) & (day >= addresses.claim_from[people])
    mails = addresses.mail_on(people, day).to_pylist()
    ids = force.ids.to_pylist()
    report = []
    for place, person in enumerate(people.tolist()):
        back = force.rehire[person] <= day
        gone = force.exit[person] <= day and not back
        manager = NOBODY if gone else managers[place]
        row = int(rows[place])
        title = force.families[force.history.family[row]]
        report.append(
            {
                "id": str(_internal_id(person)),
                "employeeNumber": ids[person],
                "displayName": names[person],
                "workEmail": mails[place] if shown[place] else None,
                "jobTitle": title,
                "department": force.departments[force.orgs.department[force.history.org[row]]],
                "division": None,
                "location": force.locations[force.history.location[row]]["name"],
                "country": force.locations[force.history.location[row]]["country"],
                "supervisor": _name(manager, names, report=True),
                "supervisorEId": str(_internal_id(manager)) if manager in here else None,
                "supervisorId": ids[manager] if manager >= 0 else None,
                "status": "Inactive" if gone else "Active",
                "employmentHistoryStatus": _kind(company, person, gone),
                "hireDate": _date(force.rehire[person] if back else force.hire[person]),
                "originalHireDate": _date(force.hire[person]) if back else NO_DATE,
                "terminationDate": _date(force.exit[person] - 1) if gone else NO_DATE,
            }
        )
    return report


def _job_rows(
    company: Company, people: np.ndarray, day: int, names: list[str]
) -> list[dict[str, Any]]:
    """The job info table as of `day`: corrected rows as they were first, late ones not yet."""
    force, history = company.workforce, company.workforce.history
    here = np.isin(history.employee, people) & history.employed
    known = here & (np.where(history.was_corrected, history.valid_from, history.recorded) < day)
    rows = np.flatnonzero(known)
    managers = _managers(company, history.org[rows], history.employee[rows]).tolist()
    table = []
    for number, manager in zip(rows.tolist(), managers, strict=True):
        wrong = history.was_corrected[number] and history.recorded[number] >= day
        family = (history.wrong_family if wrong else history.family)[number]
        location = (history.wrong_location if wrong else history.location)[number]
        row = {
            "id": str(10 * number + 1),
            "employeeId": str(_internal_id(int(history.employee[number]))),
            "date": _date(history.valid_from[number]),
            "location": force.locations[location]["name"],
            "department": force.departments[force.orgs.department[history.org[number]]],
            "division": None,
            "jobTitle": force.families[family],
            "reportsTo": _name(manager, names, report=False),
        }
        if number % 40 == 0:  # entered twice on one day; the later entry holds
            earlier = {**row, "id": str(10 * number), "jobTitle": "Typing error"}
            table.append(earlier)
        table.append(row)
    return table


def _internal_id(person: int) -> int:
    """BambooHR's own id of a person."""
    return 40 + person


def _name(manager: int, names: list[str], report: bool) -> str | None:
    """A manager's name, in reports with the last name first; a stranger has a name too."""
    if manager == NOBODY:
        return None
    name = "Nemo Stranger" if manager == UNKNOWN else names[manager]
    return ", ".join(reversed(name.split(" "))) if report else name


def _kind(company: Company, person: int, gone: bool) -> str:
    """The newest row of the employment status table."""
    if gone:
        return "Terminated"
    return "Contractor" if company.workforce.is_contractor[person] else "Full-Time"


def _date(day: int) -> str:
    """An ISO date, or BambooHR's word for none."""
    return NO_DATE if day >= NEVER else str(as_date(int(day)))
