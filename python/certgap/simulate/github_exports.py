"""GitHub Copilot: daily NDJSON of people with activity, and complete seat lists as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.adoption import Seats, daily_activity
from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, as_date, date_array
from certgap.simulate.delivery_calendar import GOOD, REDELIVERED, delivery_states
from certgap.simulate.generic_hris import texts
from certgap.simulate.randomness import chosen
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.writing import DeliveryFolder, json_document, json_lines

TOOL = "github_copilot"
ORGANIZATION = "100000001"
SHARE_RESTATED_DAYS = 0.06
SHARE_TWO_TEAMS = 0.05
SHARE_ANNOUNCED = 0.5  # seats withdrawn later that the list announces 30 days ahead


def usage_row(day: int, number: int, login: str, asked: int, shown: int, taken: int) -> dict:
    """One person's day as the API reports it."""
    date = str(as_date(day))
    return {
        "report_start_day": date,
        "report_end_day": date,
        "day": date,
        "organization_id": ORGANIZATION,
        "user_id": 9_100_000 + number,
        "user_login": login,
        "user_initiated_interaction_count": asked,
        "code_generation_activity_count": shown,
        "code_acceptance_activity_count": taken,
        "used_agent": False,
        "used_chat": asked > 0,
        "loc_suggested_to_add_sum": 3 * shown,
        "loc_added_sum": 2 * taken,
    }


def write_github_usage(
    out: Path, company: Company, truth: TruthTables, progress: Callable[[str, float], None]
) -> None:
    """A file per day of data, one day later; some days come a second time with more rows."""
    force, settings = company.workforce, company.settings
    states = delivery_states(TOOL, force.start, force.end, settings, company.randomness)
    logins = company.addresses.github_login
    listed = ~company.addresses.is_unclaimed
    folder = DeliveryFolder(out, "usage", "github_copilot", "users_1_day")
    found: list[tuple[np.ndarray, int, np.ndarray]] = []
    reports: list[int] = []
    activity = daily_activity(
        TOOL,
        force,
        company.behaviour[TOOL],
        company.seats[TOOL],
        company.addresses,
        settings,
        company.randomness,
    )
    for index, (day, active, rng) in enumerate(activity):
        progress("github_copilot", (index + 1) / len(states))
        size = len(active)
        asked, taken = rng.geometric(0.2, size) - 1, rng.geometric(0.15, size) - 1
        # Who only received suggestions has a row and no use of their own.
        only_shown = rng.random(size) < 0.05
        asked, taken = np.where(only_shown, 0, np.maximum(asked, 1)), np.where(only_shown, 0, taken)
        shown = taken + rng.integers(1, 30, size)
        restated = rng.random() < SHARE_RESTATED_DAYS and day + 3 <= force.end + 1
        late = (rng.random(size) < 0.2) & restated
        if states[index] not in (GOOD, REDELIVERED):
            continue
        names = logins.take(pa.array(active)).to_pylist()
        numbers = active.tolist()
        columns = zip(numbers, names, asked.tolist(), shown.tolist(), taken.tolist(), strict=True)
        rows = [usage_row(day, *values) for values in columns]
        # A machine account nobody is behind; it also keeps a quiet day's file from being empty.
        rows.append(usage_row(day, 899_999, "automation-runner", 1, 2, 0))
        first = [
            row for row, is_late in zip(rows, [*late.tolist(), False], strict=True) if not is_late
        ]
        arrives = day + (2 if states[index] == REDELIVERED else 1)
        folder.file(arrives, f"users-1-day-{as_date(day)}.ndjson", json_lines(first))
        reports.append(day)
        if restated:
            name = f"users-1-day-{as_date(day)}-again.ndjson"
            folder.file(day + 3, name, json_lines(rows))
            reports.append(day)
        mine = listed[active]
        found.append((active[mine], day, (asked + taken)[mine]))
    _tell_usage(company, truth, found, reports)


def _tell_usage(company: Company, truth: TruthTables, found: list, reports: list[int]) -> None:
    """Rows and deliveries for the truth."""
    people = np.concatenate([rows[0] for rows in found])
    days = np.concatenate([np.full(len(rows[0]), rows[1]) for rows in found])
    counts = np.concatenate([rows[2] for rows in found])
    size = len(people)
    truth.add(
        "usage_days",
        pa.table(
            {
                "employee_id": company.workforce.ids.take(pa.array(people)),
                "tool_id": texts([TOOL], np.zeros(size, np.int8)),
                "usage_date": date_array(days),
                "surface": texts([f"org:{ORGANIZATION}"], np.zeros(size, np.int8)),
                "interactions": pa.array(counts),
                "is_active": pa.array(counts > 0),
            }
        ),
    )
    _tell_deliveries(truth, "tool_usage_daily", [(day, day, "all") for day in reports])


def _tell_deliveries(truth: TruthTables, feed: str, reports: list[tuple[int, int, str]]) -> None:
    """Deliveries for the truth: first day, last day, scope."""
    size = len(reports)
    nothing = np.zeros(size, np.int8)
    last = date_array(np.array([row[1] for row in reports]))
    truth.add(
        "deliveries",
        pa.table(
            {
                "source_system": texts(["github_copilot"], nothing),
                "feed": texts([feed], nothing),
                "tool_id": texts([TOOL], nothing),
                "date_from": date_array(np.array([row[0] for row in reports])),
                "date_to": last,
                "max_complete_date": last,
                "population_scope": pa.array([row[2] for row in reports]),
                "is_concealed": pa.array(np.zeros(size, dtype=bool)),
                "is_failed": pa.array(np.zeros(size, dtype=bool)),
            }
        ),
    )


def _seat(number: int, login: str, created: str, cancelled: str | None, team: int | None) -> dict:
    """One seat as the API lists it."""
    return {
        "created_at": created,
        "updated_at": created,
        "pending_cancellation_date": cancelled,
        "last_activity_at": None,
        "plan_type": "business",
        "assignee": {"login": login, "id": 9_100_000 + number, "type": "User", "site_admin": False},
        "assigning_team": {"id": team, "slug": f"team-{team}"} if team else None,
    }


def _created_at(day: int, number: int) -> str:
    """When a seat was given: in UTC or with an offset, the same UTC date either way."""
    date = as_date(day)
    return f"{date}T12:00:00+03:00" if number % 7 == 0 else f"{date}T09:00:00Z"


def write_github_seats(out: Path, company: Company, truth: TruthTables) -> None:
    """Complete lists every few weeks, one cut short; seats as a reader of the lists sees them."""
    force, seats = company.workforce, company.seats[TOOL]
    every = company.settings["deliveries"]["seat_snapshot_days"]
    days = [*range(force.start + every, force.end - every // 2, every), force.end + 1]
    people = np.flatnonzero((seats.valid_from < NEVER) & (seats.valid_to > seats.valid_from))
    rng = company.randomness.stream("github seats")
    announced = rng.random(len(people)) < SHARE_ANNOUNCED
    two_teams = chosen(rng, len(people), SHARE_TWO_TEAMS, 1)
    logins = company.addresses.github_login.take(pa.array(people)).to_pylist()
    partial = days[len(days) // 2] if len(days) >= 6 else None
    folder = DeliveryFolder(out, "usage", "github_copilot", "seats")
    seen: dict[int, int] = {}  # place in `people` -> last listing that shows the seat
    for day in days:
        held = _listed(seats, people, day)
        places = np.flatnonzero(held).tolist()
        shown = places[: len(places) * 9 // 10] if day == partial else places
        listing: list[dict[str, Any]] = []
        for place in shown:
            seen[place] = day
            person = int(people[place])
            end = int(seats.valid_to[person])
            cancelled = str(as_date(end)) if announced[place] and end - 30 <= day else None
            created = _created_at(int(seats.valid_from[person]), person)
            listing.append(_seat(person, logins[place], created, cancelled, 1001))
            if two_teams[place]:
                listing.append(_seat(person, logins[place], created, cancelled, 1002))
        # The API counts a seat once however many teams assign it.
        page = {"total_seats": len(places), "seats": listing}
        folder.file(day, "seats.json", json_document(page))
    _tell_seats(company, truth, people, announced, seen, [d for d in days if d != partial])
    first_listed = people[_listed(seats, people, days[0])]
    first = int(seats.valid_from[first_listed].min()) if len(first_listed) else days[0]
    reports, previous = [], first
    for day in days:
        reports.append((previous, day, "part" if day == partial else "all"))
        previous = previous if day == partial else day
    _tell_deliveries(truth, "tool_licences", reports)


def _listed(seats: Seats, people: np.ndarray, day: int) -> np.ndarray:
    """Whether each seat exists on `day`."""
    return (seats.valid_from[people] <= day) & (day < seats.valid_to[people])


def _tell_seats(
    company: Company,
    truth: TruthTables,
    people: np.ndarray,
    announced: np.ndarray,
    seen: dict[int, int],
    complete: list[int],
) -> None:
    """A seat ends on its announced day or on the first complete list without it."""
    seats = company.seats[TOOL]
    rows = []
    unclaimed = company.addresses.is_unclaimed
    ids = company.workforce.ids
    for place, last in sorted(seen.items()):
        person = int(people[place])
        end = int(seats.valid_to[person])
        without = [day for day in complete if day > last]
        closes = without[0] if without else int(NEVER)
        if announced[place] and end - 30 <= last:
            closes = min(closes, end)
        rows.append(
            {
                "employee_id": None if unclaimed[person] else ids[person].as_py(),
                "tool_id": TOOL,
                "valid_from": as_date(int(seats.valid_from[person])),
                "valid_to": None if closes >= NEVER else as_date(closes),
                "status": "active",
            }
        )
    schema = pa.schema(
        [
            ("employee_id", pa.string()),
            ("tool_id", pa.string()),
            ("valid_from", pa.date32()),
            ("valid_to", pa.date32()),
            ("status", pa.string()),
        ]
    )
    truth.add("seats", pa.Table.from_pylist(rows, schema=schema))
