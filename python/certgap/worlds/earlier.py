"""A random company as it was known some time before: raw rows and World told alike.

What came later is taken away again: completions, use, deliveries, seats and leaves, and corrections
of HR and of use are undone. Raw rows and rows of the World stand in the same order, so that a row
of one is found by its place in the other. Rule: nothing here knows a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from certgap.truth import World
from certgap.truth.coverage import Coverage
from certgap.worlds.drawing import Dice, Feeds, Row, after
from certgap.worlds.people import DEPARTMENTS, Claim
from certgap.worlds.random_company import RandomCompany
from certgap.worlds.use import DAILY, SEATS, WEEKLY, holders

Pairs = list[tuple[tuple[date, Row], Row]]
# Of the rows of each kind.
SHARE_LATER, SHARE_CORRECTED = 0.04, 0.02


def as_known_earlier(company: RandomCompany, dice: Dice) -> RandomCompany:
    """The company before its later news; its World has the day as of which it was judged."""
    today = date.fromordinal(Coverage(company.world).as_of_day)
    as_of_date = after(today, -dice.randint(0, 90))
    last = after(as_of_date, dice.randint(-20, 20))  # of use, known then
    feeds, world = Feeds(), company.world
    for feed, delivered in company.feeds.rows.items():
        feeds.rows[feed] = list(delivered)
    tables = {
        "employment_history": _corrected_history(feeds, world, dice),
        "leave_periods": _with_later(feeds, world, dice, ("hris", "leave_periods"), 0.3),
        "events": _events(feeds, world, dice),
        "usage_days": _use(feeds, world, dice, DAILY, "usage_days", "usage_date", last),
        "usage_weeks": _use(feeds, world, dice, WEEKLY, "usage_weeks", "period_end", last),
        "deliveries": _deliveries(feeds, world, dice, last),
        "seats": _seats(feeds, dice),
    }
    told = replace(world, **tables, settings=replace(world.settings, as_of_date=as_of_date))
    told = replace(told, newest_files=_newest_files(feeds, told))
    return replace(company, feeds=feeds, world=told)


def _paired(feeds: Feeds, rows: list[Row], feed: tuple[str, str]) -> Pairs:
    """Raw rows of a feed beside those of the World."""
    return list(zip(feeds.rows[feed], rows, strict=True))


def _kept(feeds: Feeds, feed: tuple[str, str], pairs: Pairs) -> list[Row]:
    """The pairs become the feed's raw rows; what is left are the World's."""
    feeds.rows[feed] = [raw for raw, _ in pairs]
    return [row for _, row in pairs]


def _both(pair: tuple[tuple[date, Row], Row], change: Row) -> tuple[tuple[date, Row], Row]:
    """Cells changed on both sides."""
    (day, raw), row = pair
    return (day, raw | change), row | change


def _with_later(
    feeds: Feeds, world: World, dice: Dice, feed: tuple[str, str], share: float
) -> list[Row]:
    """Rows of a feed that the World has one to one, without those that came later."""
    pairs = _paired(feeds, world.rows(feed[1]), feed)
    return _kept(feeds, feed, [pair for pair in pairs if not dice.happens(share)])


def _corrected_history(feeds: Feeds, world: World, dice: Dice) -> list[Row]:
    """HR rows that said another department or status before they were corrected."""
    feed = ("hris", "employment_history")
    pairs = []
    for pair in _paired(feeds, world.rows("employment_history"), feed):
        if dice.happens(SHARE_CORRECTED):
            pair = _both(pair, {"department": dice.choice(DEPARTMENTS)})
        if dice.happens(SHARE_CORRECTED):
            pair = _both(pair, {"employment_status": dice.choice(["TERMINATED", "Active"])})
        pairs.append(pair)
    return _kept(feeds, feed, pairs)


def _events(feeds: Feeds, world: World, dice: Dice) -> list[Row]:
    """Learning without what was reported later; every copy of an event goes."""
    feed, rows = ("lms", "learning_events"), world.rows("events")
    later = {row["event_id"] for row in dice.some(rows[1:], SHARE_LATER)}  # the feed is required
    feeds.rows[feed] = [told for told in feeds.rows[feed] if told[1]["event_id"] not in later]
    return [row for row in rows if row["event_id"] not in later]


def _use(
    feeds: Feeds, world: World, dice: Dice, relation: str, table: str, day_column: str, last: date
) -> list[Row]:
    """Use up to a day, without what came late, and before some restatements."""
    feed = ("usage", relation)
    # An earlier version, delivered on its own day, is no row of the World.
    final = [told for told in feeds.rows[feed] if told[0] > told[1][day_column]]
    pairs = []
    for pair in zip(final, world.rows(table), strict=True):
        if pair[1][day_column] > last or dice.happens(SHARE_LATER):
            continue
        if relation == DAILY and dice.happens(SHARE_CORRECTED):
            pair = _both(pair, {"is_active": not pair[1]["is_active"], "interactions": 3})
        pairs.append(pair)
    return _kept(feeds, feed, pairs)


def _deliveries(feeds: Feeds, world: World, dice: Dice, last: date) -> list[Row]:
    """What feeds of use had announced up to a day; some came later, some had failed at first."""
    feed = ("usage", "deliveries")
    pairs = []
    for pair in _paired(feeds, world.rows("deliveries"), feed):
        row = pair[1]
        if row["feed"] in (DAILY, WEEKLY, SEATS):
            if row["date_from"] > last or dice.happens(SHARE_LATER):
                continue
            if (row["max_complete_date"] or row["date_to"] or last) >= last:
                pair = _both(pair, {"max_complete_date": last})
            if dice.happens(SHARE_CORRECTED):
                pair = _both(pair, {"is_failed": True})
        pairs.append(pair)
    return _kept(feeds, feed, pairs)


SEAT_COLUMNS = ("tool_id", "valid_from", "valid_to", "status", "monthly_cost")


def _seats(feeds: Feeds, dice: Dice) -> list[Row]:
    """Seats without those entered later, or of another status then; a row per holder."""
    claims: dict[tuple[str, str], list[Claim]] = {}
    for _, row in feeds.rows["hris", "identity_aliases"]:
        alias = (row["alias_type"], row["alias_value"])
        claim = Claim(row["employee_id"], alias, row["valid_from"], row["valid_to"])
        claims.setdefault(alias, []).append(claim)
    told: list[tuple[date, Row]] = []
    rows = []
    for day, raw in feeds.rows["usage", SEATS]:
        if dice.happens(SHARE_LATER):
            continue
        if dice.happens(SHARE_LATER):
            raw = raw | {"status": dice.choice(["active", "suspended"])}
        told.append((day, raw))
        seat = {name: raw[name] for name in SEAT_COLUMNS}
        alias = (raw["alias_type"], raw["alias_value"])
        rows += [seat | span for span in holders(claims.get(alias, []), seat)]
    feeds.rows["usage", SEATS] = told
    return rows


def _newest_files(feeds: Feeds, world: World) -> list[Row]:
    """The files of then: dates of the rows they have, per tool in the feeds of use."""
    rows = []
    for row in world.rows("newest_files"):
        feed, tool_id = row["feed"], row["tool_id"]
        newest = feeds.newest(row["category"], feed)
        told = [raw for _, raw in feeds.rows[row["category"], feed]]
        if tool_id is not None:
            told = [raw for raw in told if raw["tool_id"] == tool_id]
        if not told:
            continue
        span = _SPANS.get(feed)
        if span and tool_id is not None:
            row |= span(told, newest)
        rows.append(row | {"newest_file_date": newest})
    return rows


def _between(first: str, last: str) -> Callable[[list[Row], date | None], dict[str, Any]]:
    """First and last date of rows, each by its column."""
    return lambda rows, _: {
        "first_date": min(row[first] for row in rows),
        "last_date": max(row[last] for row in rows),
    }


def _of_seats(rows: list[Row], newest: date | None) -> dict[str, Any]:
    """From the first seat, open where one is, to the snapshot."""
    firsts = [row["valid_from"] for row in rows]
    return {"first_date": None if None in firsts else min(firsts), "last_date": newest}


_SPANS = {
    DAILY: _between("usage_date", "usage_date"),
    WEEKLY: _between("period_start", "period_end"),
    SEATS: _of_seats,
}
