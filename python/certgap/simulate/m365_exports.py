"""Microsoft 365 Copilot usage: last activity dates per app at each refresh, names or hashes.

The same report comes in three forms: the CSV of Graph, Graph's JSON in pages, and the admin
centre's CSV, which does not say of which refresh it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.adoption import daily_activity
from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, as_date, date_array, date_text
from certgap.simulate.delivery_calendar import (
    CONCEALED,
    FAILED,
    GOOD,
    REDELIVERED,
    delivery_states,
)
from certgap.simulate.generic_hris import texts
from certgap.simulate.names import first_and_last
from certgap.simulate.randomness import Randomness
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.writing import DeliveryFolder, json_document, vendor_csv

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
SHARE_CUT_OFF = 0.02  # listings in pages whose last page never came
PAGE_ROWS = 50


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


@dataclass(frozen=True)
class _Refresh:
    """What one report tells: a column of `days` per name, a row per app."""

    day: int
    names: pa.Array
    display: pa.Array
    days: np.ndarray
    is_second_version: bool

    @property
    def latest(self) -> np.ndarray:
        """Last activity in any app."""
        return self.days.max(axis=0) if len(self.names) else np.empty(0, np.int32)

    @property
    def recent(self) -> np.ndarray:
        """1 for who was active in the 28 days, which the counts are summed over."""
        return (self.latest > self.day - 28).astype(np.int64)

    @property
    def prompts(self) -> np.ndarray:
        """Prompts in the 28 days: a sum that names no day."""
        return self.recent * (3 + (self.day - self.latest) % 17)


class ReportForm:
    """The CSV of Graph: versions 1 and 2, a byte order mark and CRLF."""

    feed = "usage_user_detail"
    hash_digits = 32
    says_refresh = True
    is_paged = False

    def files(self, refresh: _Refresh, people: np.ndarray) -> list[tuple[str, bytes]]:
        """File names and contents of a delivery; the last file completes it."""
        del people
        name = f"CopilotUsageUserDetail_{as_date(refresh.day)}.csv"
        return [(name, vendor_csv(_report(refresh), bom=True, crlf=True))]


class PagesForm(ReportForm):
    """Graph's JSON in pages: no date is an empty text, and paging repeats a user now and then."""

    feed = "usage_user_detail_pages"
    is_paged = True

    def files(self, refresh: _Refresh, people: np.ndarray) -> list[tuple[str, bytes]]:
        """Pages; only the last one has no link to the next."""
        users = self._users(refresh, people)
        size = self.page_rows(len(users))
        found = []
        for number, start in enumerate(range(0, len(users), size)):
            page: dict[str, Any] = {"@odata.context": "https://graph.microsoft.com/v1.0/reports"}
            if start + size < len(users):
                page["@odata.nextLink"] = f"https://graph.microsoft.com/v1.0/reports?skip={number}"
            # The listing moved on between two requests: the user before comes again.
            first = start - 1 if start and refresh.day % 3 == 0 else start
            page["value"] = users[first : start + size]
            name = f"copilot_usage_{as_date(refresh.day)}_{number:03d}.json"
            found.append((name, json_document(page)))
        return found

    @staticmethod
    def page_rows(n_users: int) -> int:
        """Users of a page: a large company has larger pages, not thousands of files a day."""
        return max(PAGE_ROWS, -(-n_users // 3))

    @classmethod
    def rows_before_last(cls, n_users: int) -> int:
        """Users on all pages but the last."""
        size = cls.page_rows(n_users)
        return (n_users - 1) // size * size

    def _users(self, refresh: _Refresh, people: np.ndarray) -> list[dict[str, Any]]:
        """A user each, some in another spelling of the name."""
        table = _report(refresh)
        columns = {_property(name): table.column(name) for name in table.column_names}
        users = []
        for person, row in zip(people.tolist(), pa.table(columns).to_pylist(), strict=True):
            period = {"reportPeriod": int(row.pop("reportPeriod"))}
            for name in ("promptsSubmittedForAllApps", "activeUsageDaysForAllApps"):
                if name in row:
                    period[name] = row.pop(name)
            user = {name: value or "" for name, value in row.items()}
            if person % 9 == 0 and "@" in user["userPrincipalName"]:
                user["userPrincipalName"] = user["userPrincipalName"].title()
            users.append({**user, "copilotActivityUserDetailsByPeriod": [period]})
        return users


class AdminCenterForm(ReportForm):
    """The export of the admin centre's user table: it names no refresh, and hashes are shorter."""

    feed = "admin_center_user_activity"
    hash_digits = 16
    says_refresh = False

    def files(self, refresh: _Refresh, people: np.ndarray) -> list[tuple[str, bytes]]:
        """One CSV."""
        del people
        size, latest = len(refresh.names), refresh.latest
        known = date_text(np.where(latest == NOTHING, NEVER, latest))
        dates = date_text(np.where(refresh.days == NOTHING, NEVER, refresh.days).ravel())
        by_app = {
            app: dates[at * size : (at + 1) * size] for at, app in enumerate(APPS[:USED_APPS])
        }
        nothing, zero = pa.nulls(size, pa.string()), pa.array(np.zeros(size, np.int64))
        columns = {
            "User name": refresh.names,
            "Display name": refresh.display,
            "Prompts submitted (any app)": pa.array(refresh.prompts),
            "Copilot Chat (work) prompts submitted": pa.array(refresh.prompts),
            "Copilot Chat (web) prompts submitted": zero,
            "Active Days": pa.array(refresh.recent),
            "Last activity date (UTC)": known,
        }
        for words, app in (
            ("Teams Copilot", "Microsoft Teams Copilot"),
            ("Word Copilot", "Word Copilot"),
            ("Excel Copilot", "Excel Copilot"),
            ("PowerPoint Copilot", "PowerPoint Copilot"),
            ("Outlook Copilot", "Outlook Copilot"),
            ("OneNote Copilot", ""),
            ("Loop Copilot", ""),
            ("Copilot Chat (work)", "Copilot Chat"),
            ("Copilot Chat (web)", ""),
            ("Microsoft 365 App", ""),
            ("Microsoft Edge", ""),
        ):
            columns[f"Last activity date of {words} (UTC)"] = by_app.get(app, nothing)
        content = vendor_csv(pa.table(columns), bom=True)
        name = f"Copilot user activity {as_date(refresh.day)}"
        # Somebody clicked twice: the same rows come once more.
        copies = ["", " (1)"] if refresh.day % 20 == 0 else [""]
        return [(f"{name}{copy}.csv", content) for copy in copies]


def _property(header: str) -> str:
    """A column of the CSV as a property of Graph's JSON."""
    first, *rest = header.replace("(", "").replace(")", "").split()
    words = [first[0].lower() + first[1:], *(word[0].upper() + word[1:] for word in rest)]
    return "".join(words)


def _report(refresh: _Refresh) -> pa.Table:
    """The CSV's columns: version 1, and what version 2 adds."""
    size, second_version = len(refresh.names), refresh.is_second_version
    known = np.where(refresh.days == NOTHING, NEVER, refresh.days)
    last = date_text(np.where(refresh.latest == NOTHING, NEVER, refresh.latest))
    columns = {
        "Report Refresh Date": date_text(np.full(size, refresh.day)),
        "User Principal Name": refresh.names,
        "Display Name": refresh.display,
        "Last Activity Date": last,
    }
    for number, app in enumerate(APPS):
        values = date_text(known[number]) if number < USED_APPS else pa.nulls(size, pa.string())
        columns[f"{app} Last Activity Date"] = values
    columns["Report Period"] = texts(["28" if second_version else "7"], np.zeros(size, np.int8))
    if second_version:
        columns["Prompts submitted for all apps"] = pa.array(refresh.prompts)
        columns["Active Usage Days for all apps"] = pa.array(refresh.recent)
        columns["Copilot Chat (work) Last Activity Date"] = date_text(known[0])
        columns["Copilot Chat (web) Last Activity Date"] = pa.nulls(size, pa.string())
    return pa.table(columns)


class _Proof:
    """Which days the delivered reports prove to have been active, and whose they are."""

    def __init__(self, company: Company, mail_is_listed: bool) -> None:
        """Nothing is proven yet."""
        self.company = company
        self.mail_is_listed = mail_is_listed
        self.found: list[tuple[np.ndarray, np.ndarray]] = []
        self.copies: dict[int, tuple[np.ndarray, ...]] = {}

    def add(
        self, who: np.ndarray, named: np.ndarray, shown_on: np.ndarray | int, by: np.ndarray
    ) -> None:
        """Days named of people, where the name shown on `shown_on` owned the day."""
        if not len(who):
            return
        addresses = self.company.addresses
        owned = addresses.owns_used(who, named, shown_on, by)
        owned &= self.mail_is_listed | ~addresses.is_unclaimed[who] | (by >= 0)
        self.found.append((who[owned], named[owned]))

    def keep_copy(
        self, of: int, who: np.ndarray, days: np.ndarray, shown_on: int, by: np.ndarray
    ) -> None:
        """All that an export says, which seems to be of day `of`; a later copy replaces it."""
        app, place = np.nonzero(days != NOTHING)
        self.copies[of] = (who[place], days[app, place], np.full(len(place), shown_on), by[place])

    def days(self) -> np.ndarray:
        """Person and day, once each."""
        for copy in self.copies.values():
            self.add(*copy)
        people, days = zip(*self.found, strict=True) if self.found else ((), ())
        empty = [np.empty(0, np.int32)]
        pairs = np.stack([np.concatenate([*people, *empty]), np.concatenate([*days, *empty])])
        return np.unique(pairs.astype(np.int64), axis=1)


def write_m365(
    out: Path,
    company: Company,
    truth: TruthTables,
    with_truth: bool,
    mail_is_listed: bool,
    progress: Callable[[str, float], None],
    form: ReportForm | None = None,
) -> None:
    """One report per refresh of all people with a seat; what it proves goes to the truth."""
    form = form or ReportForm()
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
    folder = DeliveryFolder(out, "usage", "m365_copilot", form.feed)
    hashed = _hashes(people, form.hash_digits)
    is_cut = _cut_off(company, states) if form.is_paged else np.zeros(len(states), dtype=bool)
    proof = _Proof(company, mail_is_listed)
    reports = []
    for index, (day, active, _) in enumerate(activity):
        last_activity.observe(day, active)
        state = states[index]
        progress("m365_copilot", (index + 1) / len(states))
        listed = (day >= seats.valid_from[people]) & (day < seats.valid_to[people])
        # The date of a refresh stands in its rows: without any, nothing tells of the day.
        if state == FAILED or not listed.any():
            continue
        rows = np.flatnonzero(listed)
        who = people[rows]
        names, by = addresses.used_mail("upn", who, day)
        if state == CONCEALED:
            names, shown = hashed.take(pa.array(rows)), hashed.take(pa.array(rows[::-1].copy()))
        else:
            shown = display.take(pa.array(rows))
        days = last_activity.days[:, rows]
        late_version = index >= SECOND_VERSION_FROM * len(states)
        files = form.files(_Refresh(day, names, shown, days, late_version), who)
        cut = bool(is_cut[index]) and len(files) > 1
        arrives = day + 1 if state == REDELIVERED and form.says_refresh else day
        if form.is_paged and arrives > day:
            # What was fetched before the listing broke off; the whole comes a day later.
            for name, content in files[:-1]:
                folder.file(day, name, content)
        for name, content in files[:-1] if cut else files:
            folder.file(arrives, name, content)
        if form.says_refresh:
            reports.append((day, state, cut))
        elif days.max() != NOTHING:
            reports.append((int(days.max()), state, cut))
        if state == CONCEALED or not with_truth:
            continue
        if not form.says_refresh:
            proof.keep_copy(int(days.max()), who, days, day, by)
            continue
        if cut:
            rows = rows[: PagesForm.rows_before_last(len(rows))]
            listed = np.isin(np.arange(len(people)), rows)
        app, place = last_activity.newly_printed(listed)
        at = np.searchsorted(rows, place)
        proof.add(who[at], last_activity.days[app, place], day, by[at])
    _tell_truth(company, truth, proof.days(), reports)


def _cut_off(company: Company, states: np.ndarray) -> np.ndarray:
    """Days whose last page never came; never of the last days, like every spoiled delivery."""
    draws = company.randomness.stream("m365 pages").random(len(states))
    is_cut = (draws < SHARE_CUT_OFF) & (states == GOOD)
    is_cut[-company.settings["deliveries"]["last_days_all_good"] - 3 :] = False
    return is_cut


def _hashes(people: np.ndarray, digits: int) -> pa.Array:
    """What a concealed report shows instead of names: 32 hexadecimal digits, or fewer."""
    high = (people.astype(np.uint64) + 1) * np.uint64(0x9E3779B97F4A7C15)
    low = (people.astype(np.uint64) + 7) * np.uint64(0xC2B2AE3D27D4EB4F)
    return pa.array(
        [f"{int(a):016X}{int(b):016X}"[:digits] for a, b in zip(high, low, strict=True)]
    )


def _tell_truth(
    company: Company, truth: TruthTables, pairs: np.ndarray, reports: list[tuple[int, int, bool]]
) -> None:
    """Days proven active and the deliveries, for the truth."""
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
    days = date_array(np.array([day for day, _, _ in reports], np.int32))
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
                "population_scope": texts(
                    ["all", "part"], np.array([cut for _, _, cut in reports], np.int8)
                ),
                "is_concealed": pa.array(
                    [state == CONCEALED for _, state, _ in reports], pa.bool_()
                ),
                "is_failed": pa.array(np.zeros(many, dtype=bool)),
            }
        ),
    )
