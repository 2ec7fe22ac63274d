"""Who was employed on a day, with which attributes, under which manager, on leave or not.

Sources: metrics.md 1 and 8; decision record 0002, lines 4 to 9 and 27.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from certgap.truth.days import ALWAYS, STILL, ordinal
from certgap.truth.world import World

KNOWN, NO_MANAGER, UNKNOWN = "known", "no_manager", "unknown"


@cache
def pseudonym(key: str, employee_id: str) -> str:
    """Keyed pseudonym: the first 16 hex digits of two nested SHA-256 hashes."""
    inner = hashlib.sha256(f"{key}|{employee_id}".encode()).hexdigest()
    return hashlib.sha256(f"{key}|{inner}".encode()).hexdigest()[:16]


def text(value: str | None) -> str | None:
    """Trimmed text; blank is None."""
    return (value or "").strip() or None


@dataclass(frozen=True)
class EmploymentRow:
    """One row of the HR history, first day included, last day excluded."""

    valid_from: int
    valid_to: int
    seq: int
    manager: str | None
    is_employed: bool
    job_family: str | None
    role_group: str | None
    department: str | None
    location: str | None


@dataclass(frozen=True)
class Attributes:
    """What is known of a person on a day; None = not known."""

    role_group: str | None = None
    track: str | None = None
    audience: str | None = None
    department: str | None = None
    location: str | None = None


@dataclass(frozen=True)
class Manager:
    """Who leads a person on a day; `employee_id` only when the status is known."""

    status: str
    employee_id: str | None = None
    was_passed_on: bool = False  # a terminated manager's own manager took over


class Employment:
    """The HR history of everybody, answered by person and day."""

    def __init__(self, world: World) -> None:
        """Settle the versions of every row and index them by person."""
        self.max_steps = world.settings.manager_chain_steps
        self.rows = _final_primary_rows(world)
        self.zones = _zones(world)
        self.hire_days = _hire_days(world)
        # Of several rows of a person the last country in the alphabet, as of other columns.
        self.countries: dict[str, str] = {}
        for employee_id, country in world.columns("employees", "employee_id", "country"):
            if country and country.strip():
                known = self.countries.get(employee_id, "")
                self.countries[employee_id] = max(known, country.strip())
        self.default_zone = ZoneInfo(world.settings.default_timezone)
        self.leave: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row in world.rows("leave_periods"):
            span = (ordinal(row["leave_start"], ALWAYS), ordinal(row["leave_end"], STILL))
            self.leave[row["employee_id"]].append(span)
        self.seed_rows = world.reference["role_groups"]
        self._attributes: dict[EmploymentRow, Attributes] = {}

    def row_on(self, employee_id: str, day: int) -> EmploymentRow | None:
        """8.1: of the primary rows that cover the day, the greatest (valid_from, seq)."""
        covering = [r for r in self.rows.get(employee_id, ()) if r.valid_from <= day < r.valid_to]
        return max(covering, key=lambda r: (r.valid_from, r.seq)) if covering else None

    def is_employed(self, employee_id: str, day: int) -> bool:
        """8.1: there is such a row and its status is not terminated."""
        row = self.row_on(employee_id, day)
        return row is not None and row.is_employed

    def hired_on(self, employee_id: str, day: int) -> int | None:
        """0010.14: the hire that leads to `day`: before the last hire the original one.

        Without a hire date, the first day the history has the person employed.
        """
        hired, original = self.hire_days.get(employee_id, (None, None))
        if hired is not None and (hired <= day or original is None):
            return hired
        if original is not None:
            return original
        rows = [row for row in self.rows.get(employee_id, ()) if row.is_employed]
        return min((row.valid_from for row in rows), default=None)

    def attributes(self, employee_id: str, day: int) -> Attributes:
        """7, 8.2: role group, track, audience, department and location of that day's row."""
        row = self.row_on(employee_id, day)
        if row is None:
            return Attributes()
        if row not in self._attributes:
            self._attributes[row] = self._attributes_of(row)
        return self._attributes[row]

    def _attributes_of(self, row: EmploymentRow) -> Attributes:
        """0002.8: the row's own role group, else the seed's; track and audience by the seed."""
        family = row.job_family
        of_family = [s for s in self.seed_rows if family and s["job_family"] == family]
        role_group = row.role_group or (of_family[0].get("role_group") if of_family else None)
        of_group = [s for s in self.seed_rows if role_group and s.get("role_group") == role_group]
        seeds = of_family[:1] or of_group
        return Attributes(
            role_group=role_group,
            track=_agreed(seeds, "track"),
            audience=_agreed(seeds, "audience"),
            department=row.department,
            location=row.location,
        )

    def manager_on(self, learner: str, day: int) -> Manager:
        """8.3: the row's manager; a terminated one hands over to the manager of their own row."""
        row = self.row_on(learner, day)
        if row is None:
            return Manager(UNKNOWN)
        seen = {learner}
        steps = 0
        while True:
            if row.manager is None:
                return Manager(NO_MANAGER, was_passed_on=steps > 0)
            manager = row.manager
            row = self.row_on(manager, day)
            if row is None or manager in seen:
                return Manager(UNKNOWN, was_passed_on=steps > 0)
            if row.is_employed:
                return Manager(KNOWN, manager, was_passed_on=steps > 0)
            seen.add(manager)
            steps += 1
            if steps > self.max_steps:
                return Manager(UNKNOWN, was_passed_on=True)

    def is_on_leave(self, employee_id: str, day: int) -> bool:
        """5.6: a leave covers the day, its last day included."""
        return any(start <= day <= end for start, end in self.leave.get(employee_id, ()))

    def local_day(self, employee_id: str | None, instant: datetime, is_date_only: bool) -> int:
        """1.1, 1.2: the date where the person is; a date without a time is never shifted."""
        if is_date_only:
            return instant.toordinal()
        zone = self.zones.get(employee_id, self.default_zone) if employee_id else self.default_zone
        return instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).toordinal()


def _final_primary_rows(world: World) -> dict[str, list[EmploymentRow]]:
    """8.1, 0002.5-7: the last recorded version of each row, primary rows only."""
    versions: dict[tuple[Any, ...], tuple[datetime, dict[str, Any]]] = {}
    for row in world.rows("employment_history"):
        is_primary = row["is_primary"] is not False
        key = (row["employee_id"], row["valid_from"], row["seq"] or 0, is_primary)
        recorded_at = row["recorded_at"] or datetime.min
        if key not in versions or recorded_at >= versions[key][0]:
            versions[key] = (recorded_at, row)
    rows: dict[str, list[EmploymentRow]] = defaultdict(list)
    for (employee_id, valid_from, seq, is_primary), (_, row) in versions.items():
        if is_primary:
            status = (row["employment_status"] or "").strip().lower()
            rows[employee_id].append(
                EmploymentRow(
                    valid_from=ordinal(valid_from, ALWAYS),
                    valid_to=ordinal(row["valid_to"], STILL),
                    seq=seq,
                    manager=text(row["manager_employee_id"]),
                    is_employed=status != "terminated",
                    job_family=text(row["job_family"]),
                    role_group=text(row["role_group"]),
                    department=text(row["department"]),
                    location=text(row["location"]),
                )
            )
    return dict(rows)


def _zones(world: World) -> dict[str, ZoneInfo]:
    """0002.4: the zone HR names for a person, where it is a usable IANA zone."""
    known: dict[str, ZoneInfo | None] = {}
    zones = {}
    for employee_id, name in world.columns("employees", "employee_id", "timezone"):
        if name not in known:
            try:
                known[name] = ZoneInfo(name.strip()) if name and name.strip() else None
            except (KeyError, ValueError, OSError):  # an unknown zone is a KeyError
                known[name] = None
        if known[name] is not None:
            zones[employee_id] = known[name]
    return zones


def _hire_days(world: World) -> dict[str, tuple[int | None, int | None]]:
    """The last and the original hire date of everybody listed, where HR gives them."""
    columns = ("employee_id", "hire_date", "original_hire_date")
    return {
        employee_id: tuple(None if day is None else day.toordinal() for day in dates)
        for employee_id, *dates in world.columns("employees", *columns)
    }


def _agreed(seed_rows: list[dict[str, Any]], column: str) -> str | None:
    """The one value all rows name; None when they name none or several."""
    values = {row.get(column) for row in seed_rows} - {None}
    return values.pop() if len(values) == 1 else None
