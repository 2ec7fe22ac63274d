"""Microsoft 365 Copilot usage: a CSV per refresh, last activity dates per app, names or hashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.adoption import daily_activity
from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, date_array, date_text
from certgap.simulate.delivery_calendar import CONCEALED, FAILED, REDELIVERED, delivery_states
from certgap.simulate.generic_hris import texts
from certgap.simulate.names import first_and_last
from certgap.simulate.randomness import Randomness
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.writing import DeliveryFolder, vendor_csv

TOOL = "copilot_m365"
APPS = [
    "Copilot Chat",
    "Microsoft Teams Copilot",
    "Word Copilot",
    "Excel Copilot",
    "PowerPoint Copilot",
    "Outlook Copilot",
    "OneNote Copilot",
    "Loop Copilot",
]
USED_APPS = 6
NOTHING = -1
SECOND_VERSION_FROM = 0.9  # share of the period after which the longer v2 report comes
KNOWN_LATE = 0.03  # share of activity that only the next refresh knows


class _LastActivity:
    """Last activity date per app and person, as the report of a day knows it."""

    def __init__(self, people: np.ndarray, randomness: Randomness) -> None:
        """Nobody was active yet; everyone has a favourite app."""
        self.people = people
        self.days = np.full((USED_APPS, len(people)), NOTHING, dtype=np.int32)
        self.printed = self.days.copy()
        self.favourite = people % USED_APPS
        self.rng = randomness.stream("m365 apps")
        self.waiting = np.zeros((USED_APPS, len(people)), dtype=bool)

    def observe(self, day: int, active: np.ndarray) -> None:
        """Activity of `day`; a little of it is known only to the next refresh."""
        np.copyto(self.days, day - 1, where=self.waiting)
        at = np.searchsorted(self.people, active)
        used = np.zeros_like(self.waiting)
        used[self.favourite[at], at] = True
        other = self.rng.integers(0, USED_APPS, len(at))
        also = self.rng.random(len(at)) < 0.25
        used[other[also], at[also]] = True
        late = np.zeros(len(self.people), dtype=bool)
        late[at] = self.rng.random(len(at)) < KNOWN_LATE
        self.waiting = used & late
        np.copyto(self.days, day, where=used & ~late)

    def newly_printed(self, listed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(app, person) places whose date the report names for the first time."""
        changed = (self.days != self.printed) & listed
        self.printed = np.where(listed, self.days, self.printed)
        return np.nonzero(changed)


def _report(
    refresh: int, names: pa.Array, display: pa.Array, days: np.ndarray, second_version: bool
) -> pa.Table:
    """The CSV's columns: version 1, and what version 2 adds."""
    size = len(names)
    known = np.where(days == NOTHING, NEVER, days)
    latest = days.max(axis=0) if size else np.empty(0, np.int32)
    last = date_text(np.where(latest == NOTHING, NEVER, latest))
    columns = {
        "Report Refresh Date": date_text(np.full(size, refresh)),
        "User Principal Name": names,
        "Display Name": display,
        "Last Activity Date": last,
    }
    for number, app in enumerate(APPS):
        values = date_text(known[number]) if number < USED_APPS else pa.nulls(size, pa.string())
        columns[f"{app} Last Activity Date"] = values
    columns["Report Period"] = texts(["28" if second_version else "7"], np.zeros(size, np.int8))
    if second_version:
        recent = (latest > refresh - 28).astype(np.int64)
        prompts = recent * (3 + (refresh - latest) % 17)
        columns["Prompts submitted for all apps"] = pa.array(prompts)
        columns["Active Usage Days for all apps"] = pa.array(recent)
        columns["Copilot Chat (work) Last Activity Date"] = date_text(known[0])
        columns["Copilot Chat (web) Last Activity Date"] = pa.nulls(size, pa.string())
    return pa.table(columns)


def write_m365(
    out: Path,
    company: Company,
    truth: TruthTables,
    with_truth: bool,
    mail_is_listed: bool,
    progress: Callable[[str, float], None],
) -> None:
    """One report per refresh of all people with a seat; what it proves goes to the truth."""
    force, seats = company.workforce, company.seats[TOOL]
    addresses, settings = company.addresses, company.settings
    states = delivery_states(TOOL, force.start, force.end, settings, company.randomness)
    activity = daily_activity(
        TOOL, force, company.behaviour[TOOL], seats, addresses, settings, company.randomness
    )
    people = np.flatnonzero(seats.valid_from < NEVER)
    last_activity = _LastActivity(people, company.randomness)
    first_name, last_name = first_and_last(people)
    display = pc.binary_join_element_wise(
        pc.utf8_capitalize(first_name), pc.utf8_capitalize(last_name), " "
    )
    folder = DeliveryFolder(out, "usage", "m365_copilot", "usage_user_detail")
    hashed = _hashes(people)
    found = {"employee": [], "day": []}
    reports = []
    for index, (day, active, _) in enumerate(activity):
        last_activity.observe(day, active)
        state = states[index]
        progress("m365_copilot", (index + 1) / len(states))
        listed = (day >= seats.valid_from[people]) & (day < seats.valid_to[people])
        # The date of a refresh stands in its rows: without any, nothing tells of the day.
        if state == FAILED or not listed.any():
            continue
        reports.append((day, state))
        rows = np.flatnonzero(listed)
        who = people[rows]
        names, by = addresses.used_mail("upn", who, day)
        if state != CONCEALED and with_truth:
            app, place = last_activity.newly_printed(listed)
            named = last_activity.days[app, place]
            _remember(company, found, who, rows, by, day, named, place, mail_is_listed)
        if state == CONCEALED:
            names, shown = hashed.take(pa.array(rows)), hashed.take(pa.array(rows[::-1].copy()))
        else:
            shown = display.take(pa.array(rows))
        late_version = index >= SECOND_VERSION_FROM * len(states)
        table = _report(day, names, shown, last_activity.days[:, rows], late_version)
        arrives = day + 1 if state == REDELIVERED else day
        name = f"CopilotUsageUserDetail_{date_text(np.array([day]))[0].as_py()}.csv"
        folder.file(arrives, name, vendor_csv(table, bom=True, crlf=True))
    _tell_truth(company, truth, found, reports)


def _hashes(people: np.ndarray) -> pa.Array:
    """What a concealed report shows instead of names: 32 hexadecimal digits."""
    high = (people.astype(np.uint64) + 1) * np.uint64(0x9E3779B97F4A7C15)
    low = (people.astype(np.uint64) + 7) * np.uint64(0xC2B2AE3D27D4EB4F)
    return pa.array([f"{int(a):016X}{int(b):016X}" for a, b in zip(high, low, strict=True)])


def _remember(
    company: Company,
    found: dict[str, list],
    who: np.ndarray,
    rows: np.ndarray,
    by: np.ndarray,
    refresh: int,
    named: np.ndarray,
    place: np.ndarray,
    mail_is_listed: bool,
) -> None:
    """Dates this refresh names for the first time, where the name shown owned the date."""
    if not len(place):
        return
    at = np.searchsorted(rows, place)
    owned = company.addresses.owns_used(who[at], named, refresh, by[at])
    owned &= mail_is_listed | ~company.addresses.is_unclaimed[who[at]] | (by[at] >= 0)
    found["employee"].append(who[at][owned])
    found["day"].append(named[owned])


def _tell_truth(
    company: Company, truth: TruthTables, found: dict[str, list], reports: list[tuple[int, int]]
) -> None:
    """Days proven active and the deliveries, for the truth."""
    empty = [np.empty(0, np.int32)]
    pairs = np.stack(
        [np.concatenate(found["employee"] or empty), np.concatenate(found["day"] or empty)]
    )
    pairs = np.unique(pairs, axis=1)
    size = pairs.shape[1]
    nothing = np.zeros(size, np.int8)
    truth.add(
        "usage_days",
        pa.table(
            {
                "employee_id": company.workforce.ids.take(pa.array(pairs[0])),
                "tool_id": texts([TOOL], nothing),
                "usage_date": date_array(pairs[1]),
                "surface": texts(["any"], nothing),
                "interactions": pa.nulls(size, pa.int64()),
                "is_active": pa.array(np.ones(size, dtype=bool)),
            }
        ),
    )
    days = date_array(np.array([day for day, _ in reports], np.int32))
    many = len(reports)
    truth.add(
        "deliveries",
        pa.table(
            {
                "source_system": texts(["m365_copilot"], np.zeros(many, np.int8)),
                "feed": texts(["tool_usage_daily"], np.zeros(many, np.int8)),
                "tool_id": texts([TOOL], np.zeros(many, np.int8)),
                "date_from": days,
                "date_to": days,
                "max_complete_date": days,
                "population_scope": texts(["all"], np.zeros(many, np.int8)),
                "is_concealed": pa.array([state == CONCEALED for _, state in reports], pa.bool_()),
                "is_failed": pa.array(np.zeros(many, dtype=bool)),
            }
        ),
    )
