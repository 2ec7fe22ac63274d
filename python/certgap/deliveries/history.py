"""Measures of a delivery, beside what is usual for its feed.

Compared is with the latest earlier deliveries that were not failed, from their kept profiles.
What cannot be compared yet (too few, too small) is not measured, so that no expectation judges it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from certgap.deliveries.feeds import asked_day
from certgap.deliveries.profile import Profile
from certgap.deliveries.reading import header_words
from certgap.deliveries.suites import Suite

COMPARED_WITH = 8
# Requests among which those to compare with are looked for: eight of each weekday, and holes.
LOOKED_BACK = 120
ENOUGH_EARLIER = 4
# Standard deviations of a count that need no explanation. From 64 rows on, half is no chance.
# (With 3, one of 243 good days of the sample's smallest feed failed: 17 rows, where 36 are usual.)
CHANCE = 4
# Distributions of fewer rows are not compared.
ENOUGH_ROWS_FOR_DRIFT = 20
PARTS_OF_NO_VALUE = 0.5
# Ids that nearly every row has one of its own of. How many rows share another is by how many rows
# there are: a campaign gives a course, or a person, more of them.
DISTINCT_ENOUGH = 0.9
# A weekday with less than this part of another's rows is a quiet one.
QUIET = 0.5


@dataclass
class Judged:
    """A delivery in its feed's history; ``is_failed`` None where it is judged now."""

    name: str
    day: date | None
    profile: Profile
    is_failed: bool | None = None
    is_present: bool = True

    @property
    def is_comparable(self) -> bool:
        """Whether later deliveries may be compared with it."""
        return self.is_failed is not True and self.profile.is_whole and self.profile.rows > 0


def request_of(suite: Suite, name: str, day: date | None) -> tuple[Any, ...]:
    """What the pages of one request have in common: the day they came and the day asked for."""
    return (day, asked_day(name)) if suite.pages and day else (name,)


@dataclass
class Request:
    """A delivery with all of its pages; mostly one file."""

    members: list[Judged]
    # Its place among the requests, and that of its first page among the deliveries.
    position: int
    first: int
    # The day of which its weekday is usual.
    day: date | None = None

    @property
    def rows(self) -> int:
        """Rows of all pages; of pages that were replaced only where no others are there."""
        present = [member for member in self.members if member.is_present]
        return sum(member.profile.rows for member in present or self.members)

    @property
    def is_whole(self) -> bool:
        """Whether every page could be read."""
        return all(m.profile.is_whole for m in self.members if m.is_present)

    @property
    def is_comparable(self) -> bool:
        """Whether others may be compared with it. Nothing to tell is usual on some weekdays."""
        return self.is_whole and not any(member.is_failed for member in self.members)


class History:
    """All known deliveries of a feed, oldest first, and the requests they are pages of."""

    def __init__(self, suite: Suite, judged: Sequence[Judged]) -> None:
        """Order them, and say of each request which day it speaks of."""
        self.suite = suite
        self.deliveries = sorted(judged, key=lambda j: (j.day or date.min, j.name))
        by_key: dict[tuple[Any, ...], Request] = {}
        self.of: dict[str, Request] = {}
        for position, delivery in enumerate(self.deliveries):
            key = request_of(suite, delivery.name, delivery.day)
            request = by_key.setdefault(key, Request([], len(by_key), position))
            request.members.append(delivery)
            self.of[delivery.name] = request
        self.requests = list(by_key.values())
        self._set_days()

    def earlier(self, delivery: Judged) -> list[Judged]:
        """The latest deliveries before this one that are no pages of its request."""
        request = self.of[delivery.name]
        oldest = self.requests[max(0, request.position - LOOKED_BACK)]
        return self.deliveries[oldest.first : request.first]

    def earlier_requests(self, delivery: Judged) -> list[Request]:
        """Requests before that of this delivery that it may be compared with."""
        position = self.of[delivery.name].position
        latest = self.requests[max(0, position - LOOKED_BACK) : position]
        return [request for request in latest if request.is_comparable]

    def _set_days(self) -> None:
        """The day asked for; where rows are of one day that day, as usual for the feed."""
        lags: list[int] = []
        for request in self.requests:
            newest = request.members[-1]
            asked = asked_day(newest.name) or newest.day
            days = {
                day
                for member in request.members
                for day in (member.profile.first_day, member.profile.end_day)
                if day
            }
            is_of_one_day = all(lag >= 0 for lag in lags[-COMPARED_WITH:])
            request.day = asked
            if asked and len(days) == 1 and is_of_one_day:
                request.day = date.fromisoformat(days.pop())
                lags.append(max(0, (asked - request.day).days))
            elif asked and not days and lags and is_of_one_day:
                request.day = asked - timedelta(days=int(median(lags[-COMPARED_WITH:])))
            elif days:
                # A file of a week, or of all days so far.
                lags.append(-1)


def measures(history: History, delivery: Judged, as_of: date, is_newest: bool) -> dict[str, Any]:
    """Measure → value; what cannot be known is None or absent."""
    suite, profile = history.suite, delivery.profile
    found: dict[str, Any] = {
        "cannot_be_read": profile.error or None,
        "missing_columns": ", ".join(profile.missing) or None,
    }
    comparable = [other for other in history.earlier(delivery) if other.is_comparable]
    if is_newest:
        found["days_overdue"] = _days_overdue(delivery, comparable, as_of)
    if not profile.is_whole:
        return found
    found["rows"] = history.of[delivery.name].rows
    found["new_columns"] = _new_columns(profile, comparable)
    found["same_as"] = _same_as(profile, comparable)
    found.update(_shares(suite, profile))
    found.update(_dates(suite, delivery, comparable))
    volume, weekday = _volume(history, delivery)
    found.update(volume)
    like = _like(history, delivery, comparable, weekday)
    found.update(_beside_usual(suite, profile, like))
    return found


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _share_of_rows(part: int, whole: int) -> float | None:
    """One odd row among others is the build's to set aside, and no fault of its delivery."""
    return 0.0 if part == 1 < whole else _share(part, whole)


def _shares(suite: Suite, profile: Profile) -> dict[str, Any]:
    rows = profile.rows
    found: dict[str, Any] = {
        "ragged_share": _share_of_rows(profile.ragged, rows),
        "unreadable_rows_share": _share(profile.unreadable, rows),
    }
    in_header = {header_words(name) for name in profile.header}
    for name, nulls in profile.nulls.items():
        # A column an optional export leaves out is not an empty one.
        if not profile.header or header_words(name) in in_header:
            found[f"null_share.{name}"] = _share_of_rows(nulls, rows)
    for name, bad in profile.bad.items():
        readable = rows - profile.nulls.get(name, 0)
        found[f"unreadable_share.{name}"] = _share_of_rows(bad, readable)
    for name, concealed in profile.concealed.items():
        found[f"concealed_share.{name}"] = _share(concealed, rows - profile.nulls.get(name, 0))
    if rows >= suite.min_rows_to_compare:
        for name in suite.ids:
            found[f"distinct_values.{name}"] = profile.distinct.get(name)
    return found


def _new_columns(profile: Profile, comparable: Sequence[Judged]) -> str | None:
    if not comparable or not profile.header:
        return None
    before = set(comparable[-1].profile.header)
    return ", ".join(name for name in profile.header if name not in before) or None


def _same_as(profile: Profile, comparable: Sequence[Judged]) -> str | None:
    """The newest earlier delivery with the same bytes."""
    if not profile.content or not profile.rows:
        return None
    same = (other.name for other in comparable[::-1] if other.profile.content == profile.content)
    return next(same, None)


def _days_overdue(delivery: Judged, comparable: Sequence[Judged], as_of: date) -> int | None:
    """Days since the newest delivery beyond the longest of the latest gaps between two."""
    days = sorted({other.day for other in [*comparable, delivery] if other.day})
    gaps = [(b - a).days for a, b in pairwise(days)][-COMPARED_WITH:]
    if len(gaps) < ENOUGH_EARLIER or delivery.day is None:
        return None
    return max(0, (as_of - delivery.day).days - max(gaps))


def _dates(suite: Suite, delivery: Judged, comparable: Sequence[Judged]) -> dict[str, Any]:
    profile = delivery.profile
    if not suite.day or not profile.rows:
        return {}
    found: dict[str, Any] = {}
    dated = profile.rows - profile.nulls.get(suite.day, 0) - profile.bad.get(suite.day, 0)
    found["outside_days_share"] = _share(profile.outside_days, dated)
    if profile.last_day and delivery.day:
        last, first = date.fromisoformat(profile.last_day), date.fromisoformat(profile.first_day)
        # A file of a backfill is named after the day it was asked for.
        found["days_since_newest_day"] = lag = _lag(delivery, last)
        found["newest_day_change"] = _lag_change(lag, comparable)
        if profile.rows >= suite.min_rows_to_compare * ((last - first).days + 1):
            found["days_without_rows"] = _longest_untold(profile, comparable)
        before = [date.fromisoformat(p.profile.last_day) for p in comparable if p.profile.last_day]
        if before:
            found["days_skipped"] = max(0, (first - max(before)).days - 1)
    return found


def _lag(delivery: Judged, last: date) -> int:
    """Days from the last day of a delivery to the one it came on, or was asked for."""
    return ((asked_day(delivery.name) or delivery.day or last) - last).days


def _lag_change(lag: int, comparable: Sequence[Judged]) -> int | None:
    """Days by which the lag is longer (below 0: shorter) than every one of the latest."""
    lags = [
        _lag(other, date.fromisoformat(other.profile.last_day))
        for other in comparable[-COMPARED_WITH:]
        if other.profile.last_day
    ]
    if len(lags) < ENOUGH_EARLIER:
        return None
    return max(0, lag - max(lags)) + min(0, lag - min(lags))


def _days_told(profile: Profile) -> set[date]:
    """Days between the first and the last one that have rows."""
    if not profile.first_day:
        return set()
    empty = {day for hole in profile.holes for day in _days_of(*hole)}
    return set(_days_of(profile.first_day, profile.last_day)) - empty


def _days_of(first: str, last: str) -> Iterator[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return (start + timedelta(n) for n in range((end - start).days + 1))


def _longest_untold(profile: Profile, comparable: Sequence[Judged]) -> int:
    """Longest run of days without rows within the span that no earlier delivery told of either.

    A file may bring yesterday and, once more, a day of three months ago: what lies between came
    before, and stays.
    """
    if not profile.holes:
        return 0
    told = {day for other in comparable for day in _days_told(other.profile)}
    longest = 0
    for hole in profile.holes:
        run = 0
        for day in _days_of(*hole):
            run = 0 if day in told else run + 1
            longest = max(longest, run)
    return longest


def _volume(history: History, delivery: Judged) -> tuple[dict[str, Any], int | None]:
    """Rows of the whole delivery beside the usual number, and the weekday it is like.

    A working day like a quiet weekday may be a public holiday: that is told and fails nothing. One
    between the two is no holiday that is known here.
    """
    suite, request = history.suite, history.of[delivery.name]
    earlier = history.earlier_requests(delivery)
    weekday = _weekday(suite, request.day)
    usual = _usual(suite, earlier, weekday)
    if usual is None or usual < suite.min_rows_to_compare or not request.is_whole:
        return {}, weekday
    to_usual = _to_usual(request.rows, usual)
    found = {"rows_to_usual": to_usual}
    if weekday is None:
        return found, weekday
    for quiet in range(7):
        usual_then = _usual(suite, earlier, quiet)
        if usual_then is None or usual_then >= QUIET * usual:
            continue
        then = _to_usual(request.rows, usual_then)
        if _distance(then) < _distance(found["rows_to_usual"]):
            found = {"rows_to_usual": then, "rows_to_weekday": to_usual}
            weekday = quiet
    return found, weekday


def _weekday(suite: Suite, day: date | None) -> int | None:
    return day.weekday() if suite.rhythm == "same_weekday" and day else None


def _usual(suite: Suite, earlier: Sequence[Request], weekday: int | None) -> float | None:
    """Rows of the latest earlier deliveries (of that weekday); None where they are too few."""
    of_weekday = [r for r in earlier if weekday is None or _weekday(suite, r.day) == weekday]
    rows = [request.rows for request in of_weekday[-COMPARED_WITH:]]
    return median(rows) if len(rows) >= ENOUGH_EARLIER else None


def _to_usual(rows: int, usual: float) -> float:
    is_chance = abs(rows - usual) <= CHANCE * math.sqrt(max(usual, 1))
    return 1.0 if is_chance else round(rows / max(usual, 1), 3)


def _distance(ratio: float) -> float:
    return abs(math.log(ratio)) if ratio > 0 else math.inf


def _like(
    history: History, delivery: Judged, comparable: Sequence[Judged], weekday: int | None
) -> list[Judged]:
    """The latest earlier deliveries this one is compared with; none where they are too few."""
    suite, chosen = history.suite, comparable
    if weekday is not None:
        chosen = [o for o in comparable if _weekday(suite, history.of[o.name].day) == weekday]
    chosen = list(chosen)[-COMPARED_WITH:]
    return chosen if len(chosen) >= ENOUGH_EARLIER else []


def _beside_usual(suite: Suite, profile: Profile, like: Sequence[Judged]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not like or profile.rows < suite.min_rows_to_compare:
        return found
    for name in suite.columns:
        before = [
            other.profile.nulls[name] / other.profile.rows
            for other in like
            if name in other.profile.nulls
        ]
        if f"{name}" in profile.nulls and before:
            change = profile.nulls[name] / profile.rows - median(before)
            found[f"null_share_change.{name}"] = round(change, 4)
    for name in suite.ids:
        before = [_distinct_share(other.profile, name) for other in like]
        known = [share for share in before if share]
        share = _distinct_share(profile, name)
        if known and share is not None and median(known) >= DISTINCT_ENOUGH:
            found[f"distinct_to_usual.{name}"] = round(share / median(known), 3)
    for name in suite.drift:
        found[f"drift.{name}"] = _drift(
            profile.histograms.get(name, {}),
            [other.profile.histograms.get(name, {}) for other in like],
        )
    return found


def _distinct_share(profile: Profile, name: str) -> float | None:
    """Rows that have an id of their own (a day, where rows have one), as a share."""
    values = profile.rows - profile.nulls.get(name, 0)
    distinct = profile.distinct_by_day.get(name, profile.distinct.get(name))
    return distinct / values if values and distinct is not None else None


def _drift(now: dict[str, int], earlier: Sequence[dict[str, int]]) -> float | None:
    """Population stability index against the earlier deliveries together, less what is chance.

    Above 0.25 a distribution is commonly called another one.
    """
    before: dict[str, int] = {}
    for histogram in earlier:
        for value, count in histogram.items():
            before[value] = before.get(value, 0) + count
    n_now, n_before = sum(now.values()), sum(before.values())
    if min(n_now, n_before) < ENOUGH_ROWS_FOR_DRIFT:
        return None
    values = set(now) | set(before)
    index = 0.0
    for value in values:
        p = max(now.get(value, 0), PARTS_OF_NO_VALUE) / n_now
        q = max(before.get(value, 0), PARTS_OF_NO_VALUE) / n_before
        index += (p - q) * math.log(p / q)
    chance = (len(values) - 1) * (1 / n_now + 1 / n_before)
    return round(max(0.0, index - 3 * chance), 4)


def lost_days(history: History, name: str) -> tuple[str, str]:
    """First and last day a failed delivery was to tell of; empty where it tells of no days.

    The day its path names where rows have none. Else its own days, where they can be true, together
    with those it should have told of: from the day after the last one delivered, for as many days
    as are usual. A file cut short loses more than it still holds.
    """
    suite = history.suite
    delivery = next(member for member in history.of[name].members if member.name == name)
    if suite.is_snapshot or delivery.day is None:
        return "", ""
    asked = asked_day(name) or delivery.day
    if suite.is_day_in_path:
        return asked.isoformat(), asked.isoformat()
    profile = delivery.profile
    spans = []
    if profile.first_day:
        spans.append((date.fromisoformat(profile.first_day), date.fromisoformat(profile.end_day)))
    earlier = history.earlier(delivery)
    dated = [o for o in earlier if o.is_comparable and o.day and o.profile.first_day]
    if dated:
        spans.append(_usual_span(asked, dated))
    elif not spans:
        before = [other.day for other in earlier if other.day and other.day < delivery.day]
        yesterday = delivery.day - timedelta(days=1)
        spans.append((max(before) if before else yesterday, yesterday))
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    return first.isoformat(), max(first, last).isoformat()


def _usual_span(asked: date, dated: Sequence[Judged]) -> tuple[date, date]:
    """The days a delivery of that day should tell of, by those before it."""
    lengths, lags = [], []
    for other in dated[-COMPARED_WITH:]:
        first = date.fromisoformat(other.profile.first_day)
        last = date.fromisoformat(other.profile.end_day)
        lengths.append((last - first).days)
        lags.append(((asked_day(other.name) or other.day or last) - last).days)
    last = min(asked, asked - timedelta(days=int(median(lags))))
    length = timedelta(days=int(median(lengths)))
    next_day = max(date.fromisoformat(o.profile.end_day) for o in dated) + timedelta(days=1)
    # After a longer pause nobody knows what the days between are.
    is_next = last - max(2 * length, timedelta(days=7)) <= next_day <= asked
    first = next_day if is_next else last - length
    return first, max(last, min(asked, first + length))
