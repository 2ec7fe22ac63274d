"""The same company told otherwise: other orders, other files, other names, other dates.

Each function returns a company whose raw rows are new; its World is the old one and is not to be
compared. Rule: nothing here knows a figure; what must be the same afterwards is said by
`certgap.worlds.properties`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from certgap.worlds.drawing import Dice, Feeds, Row, after
from certgap.worlds.random_company import RandomCompany

Delivered = list[tuple[date, Row]]
# The key of a row, of which the newest delivery counts; other feeds are full snapshots.
INCREMENTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("lms", "learning_events"): ("event_id",),
    ("lms", "surveys"): ("response_id", "question_id"),
    ("lms", "outcomes"): (
        "subject_type", "subject_id", "metric_id", "period_start", "period_end",
    ),
    ("usage", "tool_usage_daily"): (
        "tool_id", "alias_type", "alias_value", "usage_date", "surface",
    ),
    ("usage", "tool_usage_period"): (
        "tool_id", "alias_type", "alias_value", "period_start", "period_end",
    ),
    ("usage", "deliveries"): ("delivery_id",),
    ("usage", "web_transactions"): ("x-transaction-id",),
}  # fmt: skip
# The day a row speaks of: no file can have it earlier than the day after.
DAY_OF = {
    "learning_events": "occurred_at",
    "surveys": "responded_at",
    "outcomes": "period_end",
    "tool_usage_daily": "usage_date",
    "tool_usage_period": "period_end",
    "deliveries": "date_to",
    "web_transactions": "date",
}
# Zones whose clocks never change: their offset is the same in every week of every year.
STEADY_ZONES = ["UTC", "Asia/Kolkata", "America/Phoenix", "Asia/Tokyo", "Pacific/Honolulu"]
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def with_rows(
    company: RandomCompany, change: Callable[[tuple[str, str], Delivered], Delivered]
) -> RandomCompany:
    """Every feed's delivered rows changed."""
    feeds = Feeds()
    for feed, delivered in company.feeds.rows.items():
        feeds.rows[feed] = change(feed, list(delivered)) if delivered else []
    return replace(company, feeds=feeds)


def in_another_order(company: RandomCompany, dice: Dice) -> RandomCompany:
    """Rows of every file, the files, and rows of the reference data in another order."""

    def change(_: tuple[str, str], delivered: Delivered) -> Delivered:
        return dice.sample(delivered, len(delivered))

    told = with_rows(company, change)
    feeds = Feeds()
    for feed in dice.sample(list(told.feeds.rows), len(told.feeds.rows)):
        feeds.rows[feed] = told.feeds.rows[feed]
    seeds = {name: dice.sample(rows, len(rows)) for name, rows in company.seeds.items()}
    return replace(told, feeds=feeds, seeds=seeds)


def told_on_other_days(company: RandomCompany, dice: Dice) -> RandomCompany:
    """Rows of increments come with other files; versions of one row keep their order.

    The newest file of each feed keeps its date: what is complete through which day follows from it.
    """

    def change(feed: tuple[str, str], delivered: Delivered) -> Delivered:
        if feed not in INCREMENTS:
            return delivered
        newest = max(day for day, _ in delivered)
        stays = max(range(len(delivered)), key=lambda place: delivered[place][0])
        versions = _versions(feed, delivered)
        moved = []
        for place, (day, row) in enumerate(delivered):
            is_only = len(versions[_key(feed, row)]) == 1
            earliest = after(day_of(feed, row) or day, 1)
            if is_only and place != stays and earliest < newest:
                day = dice.day(earliest, newest)
            moved.append((day, row))
        return moved

    return with_rows(company, change)


def told_twice(company: RandomCompany, dice: Dice) -> RandomCompany:
    """Files come twice: rows again in their file and in later ones, snapshots the week before."""

    def change(feed: tuple[str, str], delivered: Delivered) -> Delivered:
        newest = max(day for day, _ in delivered)
        if feed not in INCREMENTS:
            again = [(after(day, -7), row) for day, row in delivered]
            return delivered + again + dice.some(delivered, 0.2)
        again = dice.some(delivered, 0.3)
        # A version that was replaced comes again before what replaced it, the last one any day.
        for *_, (day, row) in dice.some(list(_versions(feed, delivered).values()), 0.3):
            again.append((dice.day(day, newest), row))
        return delivered + again

    return with_rows(company, change)


def day_of(feed: tuple[str, str], row: Row) -> date | None:
    """The day a row of an increment speaks of."""
    value = row.get(DAY_OF[feed[1]])
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.date() if isinstance(value, datetime) else value


def _key(feed: tuple[str, str], row: Row) -> tuple[Any, ...]:
    return tuple(row.get(column) for column in INCREMENTS[feed])


def _versions(feed: tuple[str, str], delivered: Delivered) -> dict[tuple, Delivered]:
    """The deliveries of each key, first to last."""
    versions: dict[tuple, Delivered] = {}
    for day, row in sorted(delivered, key=lambda told: told[0]):
        versions.setdefault(_key(feed, row), []).append((day, row))
    return versions


def renamed(company: RandomCompany, dice: Dice) -> tuple[RandomCompany, dict[str, str]]:
    """Ids of people, addresses, tools, courses, programs and rows replaced, and the new names.

    New names are drawn, so that they sort otherwise than the old ones did.
    """
    names: dict[str, str] = {}

    def new_name(old: str, kind: str) -> str:
        if old not in names:
            names[old] = f"{kind}{dice.randrange(16**10):010x}" + ("@x.org" if "@" in old else "")
        return names[old]

    kinds = {
        "employee_id": "p", "manager_employee_id": "p", "alias_value": "a", "tool_id": "t",
        "course_id": "c", "source_course_id": "c", "equivalent_to": "c", "program_id": "g",
        "event_id": "e", "delivery_id": "d", "wave_id": "w", "story_id": "s",
        "response_id": "r", "question_id": "q", "subject_id": "p",
        "cs-username": "a", "approved_alternative_tool_id": "t",
    }  # fmt: skip

    def rename(row: Row) -> Row:
        changed = dict(row)
        for column, kind in kinds.items():
            value = row.get(column)
            if value:
                source, colon, name = value.rpartition(":")
                changed[column] = source + colon + new_name(name, kind)
        if row.get("member_kind") == "employee_id":
            changed["member_value"] = new_name(row["member_value"], "p")
        return changed

    told = with_rows(company, lambda _, delivered: [(day, rename(row)) for day, row in delivered])
    seeds = {name: [rename(row) for row in rows] for name, rows in company.seeds.items()}
    return replace(told, seeds=seeds), names


def shifted(company: RandomCompany, days: int) -> RandomCompany:
    """Every date, instant and file so many days later."""

    def later(value: Any) -> Any:
        if isinstance(value, date):  # a datetime is one, too
            return value + timedelta(days=days)
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            return str(date.fromisoformat(value) + timedelta(days=days))
        return value

    def shift(row: Row) -> Row:
        return {column: later(value) for column, value in row.items()}

    told = with_rows(
        company, lambda _, delivered: [(later(day), shift(row)) for day, row in delivered]
    )
    seeds = {name: [shift(row) for row in rows] for name, rows in company.seeds.items()}
    return replace(told, seeds=seeds)


def in_steady_zones(company: RandomCompany, dice: Dice) -> RandomCompany:
    """Everybody in a zone without summer time."""

    def change(feed: tuple[str, str], delivered: Delivered) -> Delivered:
        if feed != ("hris", "employees"):
            return delivered
        return [(day, row | {"timezone": dice.choice(STEADY_ZONES)}) for day, row in delivered]

    return with_rows(company, change)


def with_twin(company: RandomCompany, employee_id: str) -> RandomCompany:
    """One more person, who has what this one has and learned what this one's own address is said
    to have learned, and never uses anything."""
    old, new = f"p{int(employee_id[1:])}@example.com", "twin@example.com"
    twin = "Z999"

    def change(feed: tuple[str, str], delivered: Delivered) -> Delivered:
        more = []
        for day, row in delivered:
            if feed == ("hris", "identity_aliases") or feed[1].startswith("tool_usage"):
                continue
            if feed[0] == "hris" and row.get("employee_id") == employee_id:
                more.append((day, row | {"employee_id": twin}))
            elif row.get("alias_value") == old:
                again = row | {"alias_value": new}
                for own in {"event_id", "response_id"} & row.keys():
                    again[own] = f"{row[own]}-twin"
                more.append((day, again))
        if feed == ("hris", "identity_aliases"):
            day = max(day for day, _ in delivered)
            for kind in ("work_email", "upn"):
                claim = {"employee_id": twin, "alias_type": kind, "alias_value": new}
                more.append((day, claim | {"valid_from": None, "valid_to": None}))
        return delivered + more

    return with_rows(company, change)


def as_it_happened(company: RandomCompany) -> RandomCompany:
    """Each row of an increment comes the day after the day it speaks of, corrections at the end.

    Feeds that have delivery rows have one from the first day on, so that none is ever inferred.
    """
    deliveries = ("usage", "deliveries")

    def change(feed: tuple[str, str], delivered: Delivered) -> Delivered:
        if feed not in INCREMENTS:
            return delivered
        newest = max(day for day, _ in delivered)
        versions = _versions(feed, delivered)
        told = []
        for day, row in delivered:
            first = versions[_key(feed, row)][0][1] is row
            if first:
                day = min(newest, after(day_of(feed, row) or day, 1))
            told.append((day, row))
        return told

    told = with_rows(company, change)
    rows = told.feeds.rows.get(deliveries, [])
    if rows:
        first = min(day for day, _ in rows)
        known = {(row["feed"], row["tool_id"]): row for _, row in rows}
        for number, row in enumerate(known.values()):
            before = after(min(r["date_from"] for _, r in rows), -1)
            none = {"delivery_id": f"none{number}", "is_failed": True}
            dates = {"date_from": before, "date_to": before, "max_complete_date": before}
            rows.append((min(first, before), row | none | dates))
    return told


def received_until(company: RandomCompany, last: date) -> RandomCompany:
    """What had been delivered by the end of a day; snapshots come that day if they came later."""

    def change(feed: tuple[str, str], delivered: Delivered) -> Delivered:
        if feed in INCREMENTS:
            return [(day, row) for day, row in delivered if day <= last]
        return [(min(day, last), row) for day, row in delivered]

    return with_rows(company, change)
