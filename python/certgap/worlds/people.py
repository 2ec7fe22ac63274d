"""Random people: HR history with its corners, leave, and addresses that change hands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise

from certgap.worlds.drawing import Dice, Feeds, Row, after

ZONES = [
    "UTC", "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata",
    "Pacific/Auckland", None, "", "Nowhere/Atlantis",
]  # fmt: skip
COUNTRIES = ["US", "DE", "US", None]
FAMILIES = ["Sales", "Software", "Legal", "Support", "Unmapped", None, " Sales "]
GROUPS = ["engineers", None, None, None]
DEPARTMENTS = ["Sales", "Engineering", "Legal", "Operations", None]
LOCATIONS = ["Berlin", "Boston", "Pune", None]
ROLE_GROUPS: list[Row] = [
    {"job_family": "Sales", "role_group": "sellers", "track": "consumers", "audience": "all"},
    {"job_family": "Software", "role_group": "engineers", "track": "builders", "audience": "tech"},
    {"job_family": "Data", "role_group": "engineers", "track": "builders", "audience": ""},
    {"job_family": "Legal", "role_group": "advisers", "track": "governors", "audience": "all"},
    {"job_family": "Support", "role_group": "", "track": "consumers", "audience": "all"},
]
ALIAS_TYPES = ["work_email", "upn"]


@dataclass(frozen=True)
class Claim:
    """An alias is said to be somebody's, last day excluded; None: always, still."""

    employee_id: str
    alias: tuple[str, str]
    valid_from: date | None = None
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it holds on the day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass
class People:
    """The people of one company."""

    ids: list[str]
    employees: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    leave: list[Row] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    # Person and kind -> the alias their rows come under.
    alias_of: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Claims by alias, filled when they are complete."""
        self.by_alias: dict[tuple[str, str], list[Claim]] = {}

    def owner(self, alias: tuple[str, str], day: date) -> str | None:
        """0002.2: the one employee who claims the alias on the day; None with none or several."""
        holders = {c.employee_id for c in self.by_alias.get(alias, ()) if c.covers(day)}
        return holders.pop() if len(holders) == 1 else None


def draw_people(dice: Dice, feeds: Feeds, start: date, end: date, count: int) -> People:
    """Everybody, delivered the day after `end`."""
    people = People([f"E{number:03d}" for number in range(count)])
    for number, employee_id in enumerate(people.ids):
        _draw_person(dice, people, number, employee_id, start, end)
    _draw_claims(dice, people, start, end)
    delivered_on = after(end, 1)
    for row in people.employees:
        feeds.deliver("hris", "employees", delivered_on, row)
    for row in people.history:
        feeds.deliver("hris", "employment_history", delivered_on, row)
    for row in people.leave:
        feeds.deliver("hris", "leave_periods", delivered_on, row)
    for claim in people.claims:
        row = {
            "employee_id": claim.employee_id,
            "alias_type": claim.alias[0],
            "alias_value": claim.alias[1],
            "valid_from": claim.valid_from,
            "valid_to": claim.valid_to,
        }
        feeds.deliver("hris", "identity_aliases", delivered_on, row)
    return people


def _draw_person(
    dice: Dice, people: People, number: int, employee_id: str, start: date, end: date
) -> None:
    """One person from the first hire to the last row."""
    is_new = dice.happens(0.15)
    hired = dice.day(start, end) if is_new else dice.day(after(start, -900), after(start, -30))
    last_hired, original = hired, hired
    rows = [_job(dice, people, number, hired if dice.happens(0.95) else None)]
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2])):
        rows.append(_job(dice, people, number, dice.day(max(hired, start), end)))
    rows.sort(key=lambda row: row["valid_from"] or date.min)
    for row, following in pairwise(rows):
        # Open ends, and holes of some days, are left as HR systems leave them.
        gap = dice.choice([0, 0, 0, 0, 10])
        row["valid_to"] = None if dice.happens(0.2) else after(following["valid_from"], -gap)
    if dice.happens(0.15):
        left = dice.day(max(hired, start), end)
        rows.append(_job(dice, people, number, left) | {"employment_status": " TERMINATED"})
        if dice.happens(0.4):
            last_hired = after(left, dice.randint(1, 90))
            rows.append(_job(dice, people, number, last_hired))
    versions = [dict(row) for row in dice.some(rows, 0.1)]
    for row in versions:  # first recorded wrongly
        row |= {"department": "Wrong", "recorded_at": datetime(2020, 1, 1)}
    second = []
    if dice.happens(0.05):
        second = [_job(dice, people, number, start) | {"is_primary": False, "seq": 9}]
    if dice.happens(0.05):
        second.append(dict(rows[-1]) | {"seq": 2, "department": "Later"})
    people.history += _apart([*versions, *rows, *second])
    dates = {"hire_date": last_hired, "original_hire_date": original}
    if dice.happens(0.08):
        dates["original_hire_date"] = None
        dates["hire_date"] = None if dice.happens(0.3) else last_hired
    zone = dice.choice(ZONES)
    country = COUNTRIES[number % len(COUNTRIES)]
    listed = {"employee_id": employee_id, "timezone": zone, "country": country}
    people.employees.append(listed | dates)
    if dice.happens(0.15):
        begun = dice.day(start, end)
        until = None if dice.happens(0.2) else after(begun, dice.randint(0, 60))
        leave = {"employee_id": employee_id, "leave_start": begun, "leave_end": until}
        people.leave.append(leave)
    if dice.happens(0.05):  # a second one, that may overlap
        begun = after(dice.day(start, end), 400 if dice.happens(0.1) else 0)
        taken = {row["leave_start"] for row in people.leave if row["employee_id"] == employee_id}
        if begun not in taken:
            leave = {"employee_id": employee_id, "leave_start": begun, "leave_end": after(begun, 5)}
            people.leave.append(leave)


def _job(dice: Dice, people: People, number: int, valid_from: date | None) -> Row:
    """One row of the history; managers are people before, strangers, nobody, or even oneself."""
    superior = people.ids[number // 6] if number else None
    if dice.happens(0.06):
        superior = dice.choice([None, "", "stranger", people.ids[number], dice.choice(people.ids)])
    return {
        "employee_id": people.ids[number],
        "valid_from": valid_from,
        "valid_to": None,
        "seq": dice.choice([0, 0, None, 1]),
        "manager_employee_id": superior,
        "job_family": dice.choice(FAMILIES),
        "role_group": dice.choice(GROUPS),
        "department": dice.choice(DEPARTMENTS),
        "location": dice.choice(LOCATIONS),
        "employment_status": dice.choice(["Active", "active", None, "On notice"]),
        "is_primary": dice.choice([True, True, None]),
        "recorded_at": datetime(2020, 1, 2),
    }


def _apart(rows: list[Row]) -> list[Row]:
    """No two versions of one row recorded at the same instant: nobody could tell which counts."""
    seen: set[tuple] = set()
    kept = []
    for row in rows:
        is_primary = row["is_primary"] is not False
        key = (row["valid_from"], row["seq"] or 0, is_primary, row["recorded_at"])
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return kept


def _draw_claims(dice: Dice, people: People, start: date, end: date) -> None:
    """Addresses: some unlisted, some that changed hands, some that two people claim."""
    for kind in ALIAS_TYPES:
        for number, employee_id in enumerate(people.ids):
            alias = (kind, f"p{number}@example.com")
            people.alias_of[employee_id, kind] = alias
            if dice.happens(0.03):
                continue
            day = dice.day(start, end)
            other = dice.choice(people.ids)
            if dice.happens(0.06) and other != employee_id:
                people.claims.append(Claim(employee_id, alias, None, day))
                people.claims.append(Claim(other, alias, after(day, dice.choice([0, 0, 5, -5]))))
            else:
                begins = None if dice.happens(0.8) else after(start, -dice.randint(0, 400))
                people.claims.append(Claim(employee_id, alias, begins))
                if dice.happens(0.03) and other != employee_id:
                    people.claims.append(Claim(other, alias, day, after(day, 40)))
    for claim in people.claims:
        people.by_alias.setdefault(claim.alias, []).append(claim)


def instant(dice: Dice, day: date) -> datetime:
    """A time on the day; often near midnight."""
    hour = dice.choice([0, 23, dice.randint(0, 23)])
    return datetime.combine(day, time(hour, dice.choice([0, 30, 59])))
