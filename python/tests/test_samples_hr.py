"""The BambooHR and SuccessFactors adapters read documents of the vendors' documented shapes.

Rule: rows in = rows kept + quarantined + superseded, per feed; expected figures are counted from
the files by plain Python.

Reason: a lost job row moves a person to another manager, and a guessed manager is worse than none.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from vendor_samples import reasons, sample

VENDORS = ["bamboohr", "successfactors_ec"]

BAMBOO_REPORT = sample("bamboohr", "employees_custom_report.json")
BAMBOO_TABLE = sample("bamboohr", "tables_jobInfo.json")
BAMBOO_CHANGES = sample("bamboohr", "employees_changed_tables_jobInfo.json")
EMP_JOB = sample("successfactors_ec", "EmpJob.json")
PER_EMAIL = sample("successfactors_ec", "PerEmail.json")

DELIVERED = {
    # The report comes weekly; the changed tables follow the full table.
    "hris/bamboohr/employees/2026-03-02/report.json": BAMBOO_REPORT,
    "hris/bamboohr/employees/2026-03-09/report.json": BAMBOO_REPORT,
    "hris/bamboohr/job_info/2026-03-02/table.json": BAMBOO_TABLE,
    "hris/bamboohr/job_info/2026-03-03/changes.json": BAMBOO_CHANGES,
    # Pages shift and feeds overlap: the same entities come again.
    "hris/successfactors_ec/emp_job/2026-03-02/page1.json": EMP_JOB,
    "hris/successfactors_ec/emp_job/2026-03-09/page1.json": EMP_JOB,
    "hris/successfactors_ec/per_email/2026-03-02/page1.json": PER_EMAIL,
    "hris/successfactors_ec/per_email/2026-03-09/page1.json": PER_EMAIL,
}


def next_day(day: str) -> str:
    return str(date.fromisoformat(day) + timedelta(days=1))


def bamboo_people() -> dict[str, dict]:
    return {person["id"]: person for person in json.loads(BAMBOO_REPORT)["employees"]}


def bamboo_changed_rows() -> dict[str, list[dict]]:
    return {key: table["rows"] for key, table in json.loads(BAMBOO_CHANGES)["employees"].items()}


def test_every_bamboohr_employee_and_job_row_is_kept_or_superseded(sample_warehouse):
    n_people = len(bamboo_people())
    assert reasons(sample_warehouse, "base_bamboohr__employees") == Counter(
        {"kept": n_people, "superseded: older_copy": n_people}
    )
    # The changed tables list everybody the table lists, with all of their rows.
    changed = bamboo_changed_rows()
    assert {row["employeeId"] for row in json.loads(BAMBOO_TABLE)} == set(changed)
    assert reasons(sample_warehouse, "base_bamboohr__job_info") == Counter(
        {
            "kept": sum(map(len, changed.values())),
            "superseded: newer_rows_of_employee": len(json.loads(BAMBOO_TABLE)),
        }
    )


def test_bamboohr_employees_have_their_number_and_no_zero_dates(sample_warehouse):
    def day(text: str) -> str | None:
        return None if text == "0000-00-00" else text

    expected = sorted(
        (
            person["employeeNumber"] or f"bamboohr:{person['id']}",
            day(person["hireDate"]),
            day(person["originalHireDate"]),
            day(person["terminationDate"]),
        )
        for person in bamboo_people().values()
    )
    found = sample_warehouse.execute(
        "select employee_id, cast(hire_date as varchar), cast(original_hire_date as varchar),"
        " cast(termination_date as varchar) from staging.stg_bamboohr__employees order by 1"
    ).fetchall()
    assert sorted(found) == expected


def test_bamboohr_jobs_follow_each_other_and_end_with_the_employment(sample_warehouse):
    expected = []
    for key, rows in bamboo_changed_rows().items():
        person = bamboo_people()[key]
        starts = sorted(row["date"] for row in rows)
        left = person["terminationDate"]
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            if left == "0000-00-00":
                expected.append((person["employeeNumber"], start, end, "active"))
            else:
                assert end is None or end <= left
                expected.append((person["employeeNumber"], start, next_day(left), "active"))
                expected.append((person["employeeNumber"], next_day(left), end, "terminated"))
    found = sample_warehouse.execute(
        "select employee_id, cast(valid_from as varchar), cast(valid_to as varchar),"
        " employment_status from staging.stg_bamboohr__employment_history"
        " where employee_id like 'E%' order by 1, 2"
    ).fetchall()
    assert found == sorted(expected)


def test_bamboohr_managers_are_known_only_where_a_report_names_one_that_it_lists(sample_warehouse):
    # 45 manages 40 and is in no report; 40 manages 47, who has no job rows.
    people = bamboo_people()
    assert people["40"]["supervisorEId"] not in people
    found = sample_warehouse.execute(
        "select employee_id, manager_employee_id, count(*)"
        " from staging.stg_bamboohr__employment_history group by all order by all"
    ).fetchall()
    manager = people[people["47"]["supervisorEId"]]["employeeNumber"]
    assert found == [
        ("E1001", "bamboohr:unknown_manager", 2),
        ("E1004", "bamboohr:unknown_manager", 2),
        ("bamboohr:47", manager, 1),
        ("bamboohr:47", "bamboohr:unknown_manager", 1),
    ]


def test_bamboohr_addresses_are_aliases_of_the_number(sample_warehouse):
    found = sample_warehouse.execute(
        "select employee_id, alias_value from staging.stg_bamboohr__identity_aliases"
        " where alias_type = 'work_email' and valid_from is null and valid_to is null order by 1"
    ).fetchall()
    assert found == [
        (person["employeeNumber"], person["workEmail"])
        for person in bamboo_people().values()
        if person["workEmail"]
    ]


def odata_day(text: str) -> date:
    milliseconds = int(text.removeprefix("/Date(").removesuffix(")/").split("+")[0])
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).date()


def successfactors_jobs() -> dict[tuple[str, date], dict]:
    """The last event of each user and day."""
    jobs = {}
    for job in sorted(json.loads(EMP_JOB)["d"]["results"], key=lambda job: int(job["seqNumber"])):
        jobs[job["userId"], odata_day(job["startDate"])] = job
    return jobs


def test_every_successfactors_entity_is_kept_quarantined_or_superseded(sample_warehouse):
    n_jobs, n_kept = len(json.loads(EMP_JOB)["d"]["results"]), len(successfactors_jobs())
    assert reasons(sample_warehouse, "base_successfactors_ec__emp_job") == Counter(
        {
            "kept": n_kept,
            "superseded: later_event_of_the_day": n_jobs - n_kept,
            "superseded: repeated_in_newer_delivery": n_jobs,
        }
    )
    users = {user for user, _ in successfactors_jobs()}
    addresses = json.loads(PER_EMAIL)["d"]["results"]
    n_known = sum(1 for address in addresses if address["personIdExternal"] in users)
    assert reasons(sample_warehouse, "base_successfactors_ec__per_email") == Counter(
        {
            "kept": n_known,
            "superseded: repeated_in_newer_copy": n_known,
            "quarantined: unknown_person": 2 * (len(addresses) - n_known),
        }
    )


def test_successfactors_jobs_hold_from_their_start_through_their_end_date(sample_warehouse):
    expected = []
    for (user, start), job in sorted(successfactors_jobs().items()):
        end = odata_day(job["endDate"])
        expected.append(
            (
                user,
                str(start),
                None if end.year == 9999 else str(end + timedelta(days=1)),
                job["jobTitle"],
                {"NO_MANAGER": None}.get(job["managerId"], job["managerId"]),
                {"5587": "active", "5597": "terminated"}[job["emplStatus"]],
            )
        )
    found = sample_warehouse.execute(
        "select employee_id, cast(valid_from as varchar), cast(valid_to as varchar), job_title,"
        " manager_employee_id, employment_status"
        " from staging.stg_successfactors_ec__employment_history order by 1, 2"
    ).fetchall()
    assert found == expected


def test_successfactors_leavers_worked_until_the_day_before_their_termination(sample_warehouse):
    found = sample_warehouse.execute(
        "select employee_id, cast(termination_date as varchar), timezone"
        " from staging.stg_successfactors_ec__employees order by 1"
    ).fetchall()
    assert found == [
        ("E1001", None, "Europe/Prague"),
        ("E1004", "2026-02-28", "Europe/Prague"),
        ("E1006", None, "Europe/Prague"),
    ]


def test_successfactors_primary_addresses_and_user_ids_are_aliases(sample_warehouse):
    users = {user for user, _ in successfactors_jobs()}
    expected = {(user, "sap_user_id", user.lower()) for user in users}
    for address in json.loads(PER_EMAIL)["d"]["results"]:
        if address["isPrimary"] and address["personIdExternal"] in users:
            for alias_type in ("work_email", "upn"):
                expected.add(
                    (address["personIdExternal"], alias_type, address["emailAddress"].lower())
                )
    found = sample_warehouse.execute(
        "select employee_id, alias_type, alias_value"
        " from staging.stg_successfactors_ec__identity_aliases"
        " where valid_from is null and valid_to is null"
    ).fetchall()
    assert sorted(found) == sorted(expected)
