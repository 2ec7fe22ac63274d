"""Faults of HR data: people, their history, managers and leave."""

from __future__ import annotations

from certgap.faults.fault import CAUGHT, HARMLESS, QUARANTINED, Subject
from certgap.faults.raw import RawFolder, Row

HR = Subject("HR")
EMPLOYEES = "hris/generic/employees"
HISTORY = "hris/generic/employment_history"
LEAVE = "hris/generic/leave_periods"
ALIASES = "hris/generic/identity_aliases"


def _nth(row: Row, n: int, rest: int = 0) -> bool:
    """Every n-th employee."""
    return int(row["employee_id"].lstrip("E") or 0) % n == rest


@HR.fault(EMPLOYEES, HARMLESS, lists=["dim_employees"])
def future_hires(raw: RawFolder) -> None:
    """Fifty people who start next year."""
    people = [f"E90000{n:02}" for n in range(50)]
    _, employees = raw.table(raw.newest(EMPLOYEES))
    _, history = raw.table(raw.newest(HISTORY))
    start = "2027-03-01"
    raw.add(
        raw.newest(EMPLOYEES),
        [
            {**employees[1], "employee_id": p, "hire_date": start, "original_hire_date": start}
            for p in people
        ],
    )
    raw.add(
        raw.newest(HISTORY),
        [
            {
                **history[-1],
                "employee_id": p,
                "valid_from": start,
                "valid_to": "",
                "is_primary": "true",
            }
            for p in people
        ],
    )


@HR.fault(HISTORY, CAUGHT, "nobody_leads_those_who_lead_them")
def circular_managers(raw: RawFolder) -> None:
    """Managers in a circle: a tenth of the people lead those who lead them."""
    name = raw.newest(HISTORY)
    _, rows = raw.table(name)
    lead = {row["employee_id"]: row["manager_employee_id"] for row in rows if _nth(row, 10)}
    led_by = {manager: employee for employee, manager in lead.items() if manager}
    raw.edit(
        name,
        lambda row: {**row, "manager_employee_id": led_by[row["employee_id"]]},
        lambda row: row["employee_id"] in led_by,
    )


@HR.fault(HISTORY, CAUGHT, "nobody_leads_those_who_lead_them")
def own_managers(raw: RawFolder) -> None:
    """A tenth of the people are their own managers."""
    raw.edit(
        raw.newest(HISTORY),
        lambda row: {**row, "manager_employee_id": row["employee_id"]},
        lambda row: _nth(row, 10),
    )


@HR.fault(HISTORY, CAUGHT, "managers_are_people_hr_knows")
def unknown_managers(raw: RawFolder) -> None:
    """Managers named by an id that nobody has."""
    raw.edit(
        raw.newest(HISTORY),
        lambda row: {**row, "manager_employee_id": "M" + row["manager_employee_id"]},
        lambda row: bool(row["manager_employee_id"]) and _nth(row, 3),
    )


@HR.fault(EMPLOYEES, CAUGHT, "times the usual number")
def half_of_the_people(raw: RawFolder) -> None:
    """Half of the people are missing."""
    raw.edit(raw.newest(EMPLOYEES), lambda _: None, lambda row: _nth(row, 2))


@HR.fault(EMPLOYEES, CAUGHT, "people_and_their_history_agree")
def seventh_of_the_people(raw: RawFolder) -> None:
    """A seventh of the people are missing, their history is not."""
    raw.edit(raw.newest(EMPLOYEES), lambda _: None, lambda row: _nth(row, 7))


@HR.fault(HISTORY, CAUGHT, "people_and_their_history_agree")
def history_missing(raw: RawFolder) -> None:
    """A seventh of the people have no history."""
    raw.edit(raw.newest(HISTORY), lambda _: None, lambda row: _nth(row, 7))


@HR.fault(EMPLOYEES, CAUGHT, "people_and_their_history_agree")
def ids_as_numbers(raw: RawFolder) -> None:
    """Ids as numbers: the letter before them is lost."""
    raw.edit(
        raw.newest(EMPLOYEES),
        lambda row: {**row, "employee_id": row["employee_id"].lstrip("E0") or "0"},
    )


@HR.fault(EMPLOYEES, CAUGHT, "people_and_their_history_agree")
def rekeyed_in_one_file(raw: RawFolder) -> None:
    """A quarter of the people have new ids in one file of HR and not in the others."""
    raw.edit(
        raw.newest(EMPLOYEES),
        lambda row: {**row, "employee_id": "N" + row["employee_id"][1:]},
        lambda row: _nth(row, 4),
    )


@HR.fault(EMPLOYEES, CAUGHT, "outcomes_are_of_employees_hr_knows")
def rekeyed_everywhere(raw: RawFolder) -> None:
    """People who lead nobody have new ids in all files of HR."""
    _, rows = raw.table(raw.newest(HISTORY))
    managers = {row["manager_employee_id"] for row in rows}
    _, overrides = raw.table("reference/alias_overrides.csv")
    managers |= {row["employee_id"] for row in overrides}
    for feed in (EMPLOYEES, HISTORY, LEAVE, ALIASES):
        raw.edit(
            raw.newest(feed),
            lambda row: {**row, "employee_id": "N" + row["employee_id"][1:]},
            lambda row: row["employee_id"] not in managers and _nth(row, 3),
        )


@HR.fault(EMPLOYEES, CAUGHT, "termination_date")
def mass_termination(raw: RawFolder) -> None:
    """Half of the people are terminated on the day of the snapshot."""
    raw.edit(
        raw.newest(EMPLOYEES),
        lambda row: {**row, "termination_date": "2026-03-01"},
        lambda row: _nth(row, 2) and not row["termination_date"],
    )


@HR.fault(EMPLOYEES, CAUGHT, "periods_do_not_end_before_they_begin")
def terminated_before_hired(raw: RawFolder) -> None:
    """People are terminated before they are hired."""
    raw.edit(
        raw.newest(EMPLOYEES),
        lambda row: {**row, "termination_date": "1990-01-01"},
        lambda row: _nth(row, 25),
    )


@HR.fault(EMPLOYEES, CAUGHT, "the empty share of 'termination_date'")
def open_ends_written(raw: RawFolder) -> None:
    """Open ends written as 9999-12-31."""
    raw.edit(
        raw.newest(EMPLOYEES),
        lambda row: {**row, "termination_date": "9999-12-31"},
        lambda row: not row["termination_date"],
    )
    raw.edit(
        raw.newest(HISTORY),
        lambda row: {**row, "valid_to": "9999-12-31"},
        lambda row: not row["valid_to"],
    )


@HR.fault(EMPLOYEES, CAUGHT, "cannot be read as its type")
def years_of_two_digits(raw: RawFolder) -> None:
    """Hire dates with the year in two digits."""
    raw.edit(raw.newest(EMPLOYEES), lambda row: {**row, "hire_date": row["hire_date"][2:]})


@HR.fault(EMPLOYEES, CAUGHT, "times the usual number")
def people_twice(raw: RawFolder) -> None:
    """Every person is there twice."""
    raw.edit(raw.newest(EMPLOYEES), lambda row: [row, row])


@HR.fault(EMPLOYEES, HARMLESS)
def some_people_twice(raw: RawFolder) -> None:
    """One person in ten is there twice."""
    raw.edit(raw.newest(EMPLOYEES), lambda row: [row, row], lambda row: _nth(row, 10))


@HR.fault(EMPLOYEES, QUARANTINED, "employee_id")
def ids_missing(raw: RawFolder) -> None:
    """A few rows without an id."""
    raw.edit(
        raw.newest(EMPLOYEES), lambda row: {**row, "employee_id": ""}, lambda row: _nth(row, 60)
    )


@HR.fault(EMPLOYEES, CAUGHT, "time_zones_of_people_exist")
def zones_that_do_not_exist(raw: RawFolder) -> None:
    """Time zones that do not exist."""
    raw.edit(
        raw.newest(EMPLOYEES),
        lambda row: {**row, "timezone": "Europe/Berln"},
        lambda row: _nth(row, 4),
    )


@HR.fault(HISTORY, CAUGHT, "distribution of")
def departments_and_locations_swapped(raw: RawFolder) -> None:
    """Departments and locations swapped."""
    raw.edit(
        raw.newest(HISTORY),
        lambda row: {**row, "department": row["location"], "location": row["department"]},
    )


@HR.fault(HISTORY, CAUGHT, "distribution of 'job_family'")
def job_families_renamed(raw: RawFolder) -> None:
    """Job families under other names."""
    raw.edit(
        raw.newest(HISTORY),
        lambda row: {**row, "job_family": row["job_family"].replace(" ", "_") + "-2026"},
    )


@HR.fault(HISTORY, CAUGHT, "is_primary")
def no_primary_position(raw: RawFolder) -> None:
    """No position is the primary one."""
    raw.edit(raw.newest(HISTORY), lambda row: {**row, "is_primary": "false"})


@HR.fault(HISTORY, CAUGHT, "employment_status")
def status_terminated(raw: RawFolder) -> None:
    """A third of the positions are written as terminated."""
    raw.edit(
        raw.newest(HISTORY),
        lambda row: {**row, "employment_status": "Terminated"},
        lambda row: _nth(row, 3),
    )


@HR.fault(HISTORY, CAUGHT, "valid_from")
def start_and_end_swapped(raw: RawFolder) -> None:
    """Start and end of positions swapped."""
    raw.edit(
        raw.newest(HISTORY),
        lambda row: {**row, "valid_from": row["valid_to"], "valid_to": row["valid_from"]},
    )


@HR.fault(LEAVE, CAUGHT, "leave")
def leave_ends_before_it_begins(raw: RawFolder) -> None:
    """Leave ends before it begins."""
    raw.edit(
        raw.newest(LEAVE),
        lambda row: {**row, "leave_start": row["leave_end"], "leave_end": row["leave_start"]},
        lambda row: bool(row["leave_end"]) and row["leave_end"] > row["leave_start"],
    )


@HR.fault(LEAVE, CAUGHT, "times the usual number")
def everybody_on_leave(raw: RawFolder) -> None:
    """Everybody is on leave."""
    _, people = raw.table(raw.newest(EMPLOYEES))
    _, rows = raw.table(raw.newest(LEAVE))
    raw.add(
        raw.newest(LEAVE),
        [{**rows[0], "employee_id": p["employee_id"], "leave_end": ""} for p in people],
    )


@HR.fault(ALIASES, CAUGHT)
def addresses_as_links(raw: RawFolder) -> None:
    """Addresses with mailto: before them."""
    raw.edit(
        raw.newest(ALIASES), lambda row: {**row, "alias_value": "mailto:" + row["alias_value"]}
    )


@HR.fault(ALIASES, CAUGHT, "times the usual number")
def addresses_of_a_third_missing(raw: RawFolder) -> None:
    """A third of the addresses are missing."""
    raw.edit(raw.newest(ALIASES), lambda _: None, lambda row: _nth(row, 3))


@HR.fault(ALIASES, CAUGHT)
def addresses_of_nobody(raw: RawFolder) -> None:
    """Addresses belong to ids that nobody has."""
    raw.edit(
        raw.newest(ALIASES),
        lambda row: {**row, "employee_id": "9" + row["employee_id"][1:]},
        lambda row: _nth(row, 4),
    )


@HR.fault(ALIASES, CAUGHT)
def addresses_of_two_people(raw: RawFolder) -> None:
    """An eighth of the addresses are reused: two people hold them on the same days."""
    name = raw.newest(ALIASES)
    _, rows = raw.table(name)
    others = [row["employee_id"] for row in rows]
    raw.add(
        name,
        [
            {**row, "employee_id": others[n - 1], "valid_from": "", "valid_to": ""}
            for n, row in enumerate(rows)
            if n % 8 == 1 and others[n - 1] != row["employee_id"]
        ],
    )


@HR.fault(ALIASES, CAUGHT, "times the usual number")
def addresses_twice(raw: RawFolder) -> None:
    """Every address is there twice."""
    raw.edit(raw.newest(ALIASES), lambda row: [row, row])


@HR.fault(ALIASES, HARMLESS)
def kinds_of_address_nobody_knows(raw: RawFolder) -> None:
    """A few kinds of address nobody knows."""
    _, rows = raw.table(raw.newest(ALIASES))
    raw.add(
        raw.newest(ALIASES),
        [{**row, "alias_type": "badge", "alias_value": row["employee_id"]} for row in rows[:30]],
    )
