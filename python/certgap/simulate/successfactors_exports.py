"""SuccessFactors Employee Central: pages of EmpJob with every event of a job, and of PerEmail.

A leave is a job row with another status, so the rows are cut where a leave starts and ends. An
address has no history and nothing says when one went to somebody else: those that did are left to
the identity list.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.company import Company
from certgap.simulate.days import NEVER
from certgap.simulate.generic_hris import snapshot_days
from certgap.simulate.hris_systems import HrisSystem, true_history
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.workforce import Workforce
from certgap.simulate.writing import DeliveryFolder, json_document

PAGE = 500
ACTIVE, LEAVE, TERMINATED = "A", "U", "T"
OPEN_END = 253_402_214_400_000
MILLISECONDS_A_DAY = 86_400_000


class SuccessfactorsEc(HrisSystem):
    """EmpJob and PerEmail."""

    name = "successfactors_ec"
    lists_aliases = ()

    def write(self, out: Path, company: Company, truth: TruthTables, here: np.ndarray) -> None:
        """Everything in each delivery of jobs; addresses whenever one changed."""
        days = snapshot_days(company.workforce, company.settings)
        for day in days:
            self._pages(out, "emp_job", day, _job_rows(company, here, day))
        for day in sorted({company.workforce.start, *company.addresses.change_days, *days}):
            self._pages(out, "per_email", day, _emails(company, here, day))
        for feed in ("emp_job", "per_email"):
            truth.add_file(self.name, "hris", feed, days[-1])

    def history(self, company: Company, here: np.ndarray) -> pa.Table:
        """Second jobs are employments of their own, which this export leaves out."""
        table = super().history(company, here)
        return table.filter(table.column("is_primary"))

    def _pages(self, out: Path, feed: str, day: int, rows: list[dict[str, Any]]) -> None:
        """The answer of the service, page by page."""
        folder = DeliveryFolder(out, "hris", self.name, feed)
        for number, start in enumerate(range(0, len(rows), PAGE)):
            page = {"d": {"results": rows[start : start + PAGE]}}
            folder.file(day, f"{feed}_{number:03d}.json", json_document(page))


def _job_rows(company: Company, here: np.ndarray, day: int) -> list[dict[str, Any]]:
    """Job rows known by `day`: corrected ones as they were first, late ones not yet."""
    force, history = company.workforce, company.workforce.history
    seen = np.where(history.was_corrected, history.valid_from, history.recorded)
    rows = np.flatnonzero(here[history.employee] & (seen < day))
    managers = _managers(force)
    results = []
    for number in rows.tolist():
        wrong = bool(history.was_corrected[number]) and int(history.recorded[number]) >= day
        row = _job_row(company, number, wrong, managers[number])
        for first, last, status in _pieces(force, number):
            piece = {
                **row,
                "startDate": _date(first),
                "endDate": _date(last) if last < NEVER else f"/Date({OPEN_END})/",
                "emplStatusNav": {"externalCode": status},
            }
            if number % 40 == 0:  # two events on one day; the later one holds
                results.append({**piece, "seqNumber": "1", "jobTitle": "Typing error"})
                piece["seqNumber"] = "2"
            results.append(piece)
    return results


def _job_row(company: Company, number: int, wrong: bool, manager: str | None) -> dict[str, Any]:
    """A job row without its period."""
    force, history = company.workforce, company.workforce.history
    person = int(history.employee[number])
    family = force.families[(history.wrong_family if wrong else history.family)[number]]
    place = force.locations[(history.wrong_location if wrong else history.location)[number]]
    back = force.rehire[person] < NEVER and history.valid_from[number] >= force.rehire[person]
    recorded = history.valid_from[number] if wrong else history.recorded[number]
    return {
        "userId": force.ids[person].as_py(),
        "seqNumber": "1",
        "emplStatus": "5587",
        "managerId": manager or "NO_MANAGER",
        "jobTitle": family,
        "jobCode": "50070964",
        "jobCodeNav": {"jobFunction": family},
        "department": force.departments[force.orgs.department[history.org[number]]],
        "division": None,
        "location": place["name"],
        "countryOfCompany": place["country"],
        "timezone": place["timezone"] or None,
        "lastModifiedDateTime": f"/Date({int(recorded) * MILLISECONDS_A_DAY + 64_800_000}+0000)/",
        "employmentNav": {
            "personIdExternal": f"P{person}",
            "startDate": _date(force.rehire[person] if back else force.hire[person]),
            "originalStartDate": _date(force.hire[person]),
            "isContingentWorker": bool(force.is_contractor[person]),
        },
    }


def _managers(force: Workforce) -> list[str | None]:
    """Manager id of each history row; an id HR does not know for a stranger."""
    table = true_history(force).slice(0, len(force.history))
    return table.column("manager_employee_id").to_pylist()


def _pieces(force: Workforce, number: int) -> list[tuple[int, int, str]]:
    """First day, last day and status of a history row's parts: before, during and after a leave."""
    history = force.history
    first, last = int(history.valid_from[number]), int(history.valid_to[number]) - 1
    last = int(NEVER) if last >= NEVER - 1 else last
    if not history.employed[number]:
        return [(first, last, TERMINATED)]
    person = history.employee[number]
    begin, end = int(force.leave_start[person]), int(force.leave_end[person])
    if begin >= NEVER or begin > last or end < first:
        return [(first, last, ACTIVE)]
    pieces = [(max(first, begin), min(last, end), LEAVE)]
    if begin > first:
        pieces.insert(0, (first, begin - 1, ACTIVE))
    if end < last:
        pieces.append((end + 1, last, ACTIVE))
    return pieces


def _emails(company: Company, here: np.ndarray, day: int) -> list[dict[str, Any]]:
    """Work addresses on `day`, a leaver's until it is handed on, and some private ones."""
    addresses = company.addresses
    held = (day >= addresses.claim_from) & (day < addresses.claim_to)
    people = np.flatnonzero(here & held)
    rows = []
    for person, mail in zip(
        people.tolist(), addresses.mail_on(people, day).to_pylist(), strict=True
    ):
        who = {"personIdExternal": f"P{person}"}
        work = {"emailType": "8448", "emailTypeNav": {"externalCode": "B"}, "isPrimary": True}
        rows.append({**who, **work, "emailAddress": mail.title() if person % 9 == 0 else mail})
        if person % 10 == 0:
            home = {"emailType": "8449", "emailTypeNav": {"externalCode": "P"}, "isPrimary": False}
            rows.append({**who, **home, "emailAddress": f"home{person}@example.net"})
    return rows


def _date(day: int) -> str:
    """A date as OData version 2 writes it."""
    return f"/Date({int(day) * MILLISECONDS_A_DAY})/"
