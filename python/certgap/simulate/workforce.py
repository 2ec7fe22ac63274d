"""Who works where, for whom and when: people, supervisory orgs and the HR history as it really was.

Every history row is the row that is true in the end; how a vendor's export gets there (versions
recorded first and corrected later, open ends, holes) is added where the export is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.days import NEVER, ZoneTable, day_number
from certgap.simulate.names import numbered
from certgap.simulate.randomness import Randomness, chosen

KEEP = -1  # a change that leaves an attribute as it was
NO_MANAGER = -1
UNKNOWN_MANAGER = -2  # HR names somebody it does not know


@dataclass
class Orgs:
    """Supervisory orgs: one per manager, then those of a reorganisation, then one nobody leads."""

    manager: np.ndarray  # employee index, NO_MANAGER, UNKNOWN_MANAGER
    department: np.ndarray  # index into Workforce.departments
    parent: np.ndarray  # superior org, -1 at the top


@dataclass
class History:
    """Rows sorted by (employee, valid_from); `employed` is false after the last day."""

    employee: np.ndarray
    valid_from: np.ndarray
    valid_to: np.ndarray
    org: np.ndarray
    family: np.ndarray
    location: np.ndarray
    employed: np.ndarray
    recorded: np.ndarray  # day the row was recorded
    # A first version recorded wrongly: family and location it had then, recorded on valid_from.
    was_corrected: np.ndarray
    wrong_family: np.ndarray
    wrong_location: np.ndarray

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.employee)


@dataclass
class Workforce:
    """The company; employees are numbered from 0 (the CEO), managers come first."""

    count: int
    start: int
    end: int
    ids: pa.Array
    hire: np.ndarray
    exit: np.ndarray  # first day not employed any more; NEVER for those who stay
    rehire: np.ndarray
    is_contractor: np.ndarray
    leave_start: np.ndarray
    leave_end: np.ndarray
    leave_type: np.ndarray
    second_job_from: np.ndarray
    manager_count: int
    departments: list[str]
    families: list[str]
    locations: list[dict[str, Any]]
    zones: ZoneTable
    orgs: Orgs
    history: History
    first_family: np.ndarray
    first_org: np.ndarray
    first_location: np.ndarray

    def employed_on(
        self, day: int | np.ndarray, who: np.ndarray | slice = slice(None)
    ) -> np.ndarray:
        """Whether each of `who` is employed on `day`."""
        hire, left, back = self.hire[who], self.exit[who], self.rehire[who]
        return ((day >= hire) & (day < left)) | (day >= back)

    def on_leave(self, day: int | np.ndarray, who: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Whether each of `who` is on leave on `day`."""
        return (day >= self.leave_start[who]) & (day <= self.leave_end[who])

    def row_on(self, who: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Index of the history row that covers each person's day; the first row before it."""
        key = self.history.employee.astype(np.int64) * 100_000 + self.history.valid_from
        wanted = np.asarray(who, dtype=np.int64) * 100_000 + np.asarray(day)
        found = np.searchsorted(key, wanted, side="right") - 1
        first = np.searchsorted(self.history.employee, who, side="left")
        return np.maximum(found, first)


def second_division(count: int, team_size: int) -> np.ndarray:
    """Flags of the employees who were the other company before a merger.

    They are the trees of every other report of the head; who moved since is still in the first one.
    """
    division = np.arange(count)
    while (division > team_size).any():
        division = np.where(division > team_size, (division - 1) // team_size, division)
    return (division > 0) & (division % 2 == 0)


def _weighted(rng: np.random.Generator, items: list[dict[str, Any]], size: int) -> np.ndarray:
    """Indices of `items`, drawn by their weights."""
    weights = np.array([float(item["weight"]) for item in items])
    return rng.choice(len(items), size=size, p=weights / weights.sum()).astype(np.int32)


def _sibling_locations(locations: list[dict[str, Any]]) -> np.ndarray:
    """For each location another one in the same time zone, or itself."""
    siblings = list(range(len(locations)))
    for one, here in enumerate(locations):
        for other, there in enumerate(locations):
            if one != other and here["timezone"] == there["timezone"]:
                siblings[one] = other
    return np.array(siblings, dtype=np.int32)


def _make_orgs(
    rng: np.random.Generator, parameters: dict[str, Any], count: int, managers: int
) -> tuple[Orgs, np.ndarray]:
    """The org tree and, per org, the one that replaces it in the reorganisation (-1: none)."""
    team = parameters["team_size"]
    numbers = np.arange(managers)
    parent = np.where(numbers > 0, (numbers - 1) // team, -1).astype(np.int32)
    department = _weighted(rng, parameters["departments"], managers)
    # A department is a subtree: teams take the department of the head two levels below the top.
    for org in range(1 + team, min(managers, count)):
        if org >= 1 + team + team * team:
            break
    below = numbers >= 1 + team + team * team
    ancestor = numbers.copy()
    while True:
        too_deep = ancestor >= 1 + team + team * team
        if not too_deep.any():
            break
        ancestor[too_deep] = (ancestor[too_deep] - 1) // team
    department[below] = department[ancestor[below]]
    moved = np.flatnonzero(
        chosen(rng, managers, parameters["share_reorganised_teams"], at_least=1) & (numbers > 0)
    )
    replaced_by = np.full(managers, -1, dtype=np.int32)
    replaced_by[moved] = managers + np.arange(len(moved))
    new_manager = np.where(rng.random(len(moved)) < 0.5, moved, np.maximum(parent[moved], 0))
    renamed = len(parameters["departments"])
    orgs = Orgs(
        manager=np.concatenate([numbers, new_manager, [UNKNOWN_MANAGER]]).astype(np.int32),
        department=np.concatenate([department, np.full(len(moved), renamed), [0]]).astype(np.int32),
        parent=np.concatenate([parent, parent[moved], [-1]]).astype(np.int32),
    )
    return orgs, replaced_by


class _Changes:
    """A growing list of changes of people's attributes, turned into history rows at the end."""

    def __init__(self) -> None:
        """Start empty."""
        self.parts: list[tuple[np.ndarray, ...]] = []

    def add(
        self,
        employee: np.ndarray,
        day: np.ndarray | int,
        org: np.ndarray | int = KEEP,
        family: np.ndarray | int = KEEP,
        location: np.ndarray | int = KEEP,
        employed: int = KEEP,
    ) -> None:
        """Add one change per employee; KEEP leaves an attribute as it was."""
        size = len(employee)
        columns = (day, org, family, location, employed)
        values = [np.broadcast_to(np.asarray(c, dtype=np.int32), size) for c in columns]
        self.parts.append((employee.astype(np.int32), *values))

    def sorted_columns(self) -> list[np.ndarray]:
        """All changes by (employee, day); of two on one day the later added one stays."""
        columns = [np.concatenate(column) for column in zip(*self.parts, strict=True)]
        added = np.arange(len(columns[0]))
        order = np.lexsort((added, columns[1], columns[0]))
        return [column[order] for column in columns]


def _carried_forward(values: np.ndarray) -> np.ndarray:
    """Each KEEP replaced by the value before it (a person's first change sets everything)."""
    known = np.where(values == KEEP, 0, np.arange(len(values)))
    return values[np.maximum.accumulate(known)]


def _make_history(changes: _Changes, end: int, exit_day: np.ndarray, rehire: np.ndarray) -> History:
    """History rows out of the changes; none after `end`, none while somebody is away."""
    employee, day, org, family, location, employed = changes.sorted_columns()
    # A move on the day of leaving is none: HR stops keeping the position of somebody who is gone.
    away = (day >= exit_day[employee]) & (day < rehire[employee]) & (employed == KEEP)
    inside = (day <= end) & ~away
    columns = [c[inside] for c in (employee, day, org, family, location, employed)]
    columns[2:] = [_carried_forward(column) for column in columns[2:]]
    employee, day = columns[0], columns[1]
    last_of_day = np.ones(len(employee), dtype=bool)
    last_of_day[:-1] = (employee[1:] != employee[:-1]) | (day[1:] != day[:-1])
    employee, day, org, family, location, employed = (c[last_of_day] for c in columns)
    valid_to = np.full(len(employee), NEVER, dtype=np.int32)
    followed = employee[1:] == employee[:-1]
    valid_to[:-1][followed] = day[1:][followed]
    size = len(employee)
    return History(
        employee,
        day,
        valid_to,
        org,
        family,
        location,
        employed.astype(bool),
        recorded=day.copy(),
        was_corrected=np.zeros(size, dtype=bool),
        wrong_family=family.copy(),
        wrong_location=location.copy(),
    )


def _record_late_and_correct(
    rng: np.random.Generator,
    parameters: dict[str, Any],
    history: History,
    period: tuple[int, int],
    siblings: np.ndarray,
) -> None:
    """Some rows were recorded late, some first recorded with a wrong job family or location."""
    size = len(history)
    start, end = period
    # Only what took effect within the period: of older rows the exports know one version.
    recent = np.flatnonzero(history.valid_from > start)
    late, corrected = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    late[recent] = chosen(rng, len(recent), parameters["share_late_recorded"], 1)
    corrected[recent] = chosen(rng, len(recent), parameters["share_corrections"], 1)
    corrected &= ~late
    delay = rng.integers(20, 71, size)
    history.recorded = np.where(late | corrected, history.valid_from + delay, history.recorded)
    history.recorded = np.minimum(history.recorded, end).astype(np.int32)
    history.was_corrected = corrected & (history.recorded > history.valid_from)
    history.wrong_family = np.where(
        rng.random(size) < 0.5, (history.family + 1) % 9, history.family
    ).astype(np.int32)
    history.wrong_location = siblings[history.location]


def build_workforce(count: int, settings: dict[str, Any], randomness: Randomness) -> Workforce:
    """The company of `count` people."""
    parameters = settings["workforce"]
    start, end = day_number(settings["period"]["start"]), day_number(settings["period"]["end"])
    rng = randomness.stream("workforce")
    team = parameters["team_size"]
    managers = max(2, -(-(count - 1) // team))
    people = np.arange(count)
    is_manager = people < managers
    departments = [d["name"] for d in parameters["departments"]] + ["Customer Operations"]
    families = ["Executive Office", "Team Management"]
    for department in parameters["departments"]:
        families += [family for family in department["families"] if family not in families]
    orgs, replaced_by = _make_orgs(rng, parameters, count, managers)
    siblings = _sibling_locations(parameters["locations"])

    org = np.where(people > 0, (people - 1) // team, 0).astype(np.int32)
    options = [[families.index(f) for f in d["families"]] for d in parameters["departments"]]
    widest = max(len(option) for option in options)
    table = np.array([(option * widest)[:widest] for option in options])
    family = table[orgs.department[org], rng.integers(0, widest, count)].astype(np.int32)
    family[is_manager] = 1
    family[: 1 + team] = 0
    location = _weighted(rng, parameters["locations"], managers)[org]
    elsewhere = rng.random(count) < 0.15
    location[elsewhere] = _weighted(rng, parameters["locations"], int(elsewhere.sum()))

    hire = (start - rng.integers(30, 3650, count)).astype(np.int32)
    hired = chosen(rng, count, parameters["share_hired_in_period"], 3) & ~is_manager
    hire[hired] = rng.integers(start + 20, end - 120, int(hired.sum()))
    leaves = chosen(rng, count, parameters["share_leavers"], 4) & ~hired & (people > 0)
    exit_day = np.full(count, NEVER, dtype=np.int32)
    exit_day[leaves] = rng.integers(start + 40, end - 10, int(leaves.sum()))
    rehire = np.full(count, NEVER, dtype=np.int32)
    back = np.flatnonzero(leaves & ~is_manager)
    back = back[chosen(rng, len(back), parameters["share_rehired"], 1)]
    rehire[back] = exit_day[back] + rng.integers(30, 91, len(back))
    rehire[rehire > end] = NEVER

    changes = _Changes()
    changes.add(people, hire, org, family, location, 1)
    teams = np.flatnonzero(replaced_by >= 0)
    affected = np.flatnonzero((replaced_by[org] >= 0) & (people > 0) & (org > 0))
    if len(teams):
        day = day_number(parameters["reorganisation_on"])
        changes.add(
            affected[hire[affected] < day],
            day,
            org=replaced_by[org[affected]][hire[affected] < day],
        )
    _add_moves(rng, parameters, changes, (start, end), hire, orgs, managers)
    _add_job_and_location_changes(
        rng,
        parameters,
        changes,
        (start, end),
        hire,
        location,
        siblings,
        table,
        org,
        orgs,
        is_manager,
    )
    _add_successions(rng, changes, exit_day, org, managers, hire)
    unknown = np.flatnonzero(
        chosen(rng, count, parameters["share_unknown_manager"], 1) & ~is_manager
    )
    changes.add(unknown, np.maximum(hire[unknown] + 1, start + 30), org=len(orgs.manager) - 1)
    gone, back = np.flatnonzero(exit_day < NEVER), np.flatnonzero(rehire < NEVER)
    changes.add(gone, exit_day[gone], employed=0)
    changes.add(back, rehire[back], employed=1)
    history = _make_history(changes, end, exit_day, rehire)
    _record_late_and_correct(rng, parameters, history, (start, end), siblings)

    on_leave = chosen(rng, count, parameters["share_leave"], 2)
    leave_start = np.where(on_leave, rng.integers(start + 30, end - 20, count), NEVER).astype(
        np.int32
    )
    leave_end = leave_start + np.where(
        rng.random(count) < 0.5, rng.integers(3, 15, count), rng.integers(30, 200, count)
    )
    leave_end = np.where(on_leave & (rng.random(count) < 0.9), leave_end, NEVER).astype(np.int32)
    second = chosen(rng, count, parameters["share_second_jobs"], 1)
    zones = [place["timezone"] or "UTC" for place in parameters["locations"]]
    return Workforce(
        count=count,
        start=start,
        end=end,
        ids=numbered("E", people, 7),
        hire=hire,
        exit=exit_day,
        rehire=rehire,
        is_contractor=chosen(rng, count, parameters["share_contractors"], 2) & ~is_manager,
        leave_start=leave_start,
        leave_end=leave_end,
        leave_type=rng.integers(0, 3, count).astype(np.int32),
        second_job_from=np.where(second, np.maximum(hire, start) + 10, NEVER).astype(np.int32),
        manager_count=managers,
        departments=departments,
        families=families,
        locations=parameters["locations"],
        zones=ZoneTable(zones, start - 60, end + 60),
        orgs=orgs,
        history=history,
        first_family=family,
        first_org=org,
        first_location=location,
    )


def _add_moves(rng, parameters, changes, period, hire, orgs, managers) -> None:
    """People who change team, and so manager and department, on some day of the period."""
    start, end = period
    moving = np.flatnonzero(
        chosen(rng, len(hire), parameters["share_moves"], 3) & (np.arange(len(hire)) > 0)
    )
    target = rng.integers(0, managers, len(moving)).astype(np.int32)
    target = np.where(orgs.manager[target] == moving, 0, target)
    day = rng.integers(np.maximum(hire[moving] + 5, start + 5), end)
    changes.add(moving, day, org=target)


def _add_job_and_location_changes(
    rng, parameters, changes, period, hire, location, siblings, table, org, orgs, is_manager
) -> None:
    """New job families within the department, and moves to another office in the same zone."""
    start, end = period
    count = len(hire)
    people = np.flatnonzero(chosen(rng, count, parameters["share_job_changes"], 2) & ~is_manager)
    family = table[orgs.department[org[people]], rng.integers(0, table.shape[1], len(people))]
    changes.add(people, rng.integers(np.maximum(hire[people] + 5, start + 5), end), family=family)
    moving = chosen(rng, count, parameters["share_location_changes"], 1) & (
        siblings[location] != location
    )
    people = np.flatnonzero(moving)
    day = rng.integers(np.maximum(hire[people] + 5, start + 5), end)
    changes.add(people, day, location=siblings[location[people]])


def _add_successions(rng, changes, exit_day, org, managers, hire) -> None:
    """Teams of a manager who leaves go to the manager above, at once or some weeks later."""
    lag = rng.integers(0, 61, managers)
    people = np.arange(1, len(org))
    led_by = org[people]
    left = exit_day[led_by] < NEVER
    people, led_by = people[left], led_by[left]
    day = exit_day[led_by] + lag[led_by]
    still_to_come = day > hire[people]
    above = np.where(led_by > 0, org[led_by], 0)
    changes.add(people[still_to_come], day[still_to_come], org=above[still_to_come])
