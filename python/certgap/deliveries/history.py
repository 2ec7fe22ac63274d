"""Measures of a delivery, beside what is usual for its feed.

Compared is with the latest earlier deliveries that were not failed, from their kept profiles.
What cannot be compared yet (too few, too small) is not measured, so that no expectation judges it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from certgap.deliveries.profile import Profile
from certgap.deliveries.reading import header_words
from certgap.deliveries.suites import Suite

COMPARED_WITH = 8
ENOUGH_EARLIER = 4
# Standard deviations of a count that need no explanation. From 64 rows on, half is no chance.
# (With 3, one of 243 good days of the sample's smallest feed failed: 17 rows, where 36 are usual.)
CHANCE = 4
# Distributions of fewer rows are not compared.
ENOUGH_ROWS_FOR_DRIFT = 50
PARTS_OF_NO_VALUE = 0.5
DISTINCT_ENOUGH = 0.2


@dataclass
class Judged:
    """A delivery in its feed's history; ``is_failed`` None where it is judged now."""

    name: str
    day: date | None
    profile: Profile
    is_failed: bool | None = None

    @property
    def is_comparable(self) -> bool:
        """Whether later deliveries may be compared with it."""
        return self.is_failed is not True and self.profile.is_whole and self.profile.rows > 0


def measures(
    suite: Suite, delivery: Judged, earlier: Sequence[Judged], as_of: date, is_newest: bool
) -> dict[str, Any]:
    """Measure → value; what cannot be known is None or absent."""
    profile = delivery.profile
    found: dict[str, Any] = {
        "cannot_be_read": profile.error or None,
        "missing_columns": ", ".join(profile.missing) or None,
    }
    comparable = [other for other in earlier if other.is_comparable]
    if is_newest:
        found["days_overdue"] = _days_overdue(delivery, comparable, as_of)
    if not profile.is_whole:
        return found
    found["rows"] = profile.rows
    found["new_columns"] = _new_columns(profile, comparable)
    found.update(_shares(suite, profile))
    found.update(_dates(suite, delivery, comparable))
    found.update(_beside_usual(suite, delivery, comparable))
    return found


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _shares(suite: Suite, profile: Profile) -> dict[str, Any]:
    rows = profile.rows
    found: dict[str, Any] = {
        "ragged_share": _share(profile.ragged, rows),
        "unreadable_rows_share": _share(profile.unreadable, rows),
    }
    for name, nulls in profile.nulls.items():
        # A column an optional export leaves out is not an empty one.
        if not profile.header or header_words(name) in map(header_words, profile.header):
            found[f"null_share.{name}"] = _share(nulls, rows)
    for name, bad in profile.bad.items():
        found[f"unreadable_share.{name}"] = _share(bad, rows - profile.nulls.get(name, 0))
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
        found["days_since_newest_day"] = (delivery.day - last).days
        if profile.rows >= suite.min_rows_to_compare * ((last - first).days + 1):
            found["days_without_rows"] = profile.longest_empty
        before = [date.fromisoformat(p.profile.last_day) for p in comparable if p.profile.last_day]
        if before:
            found["days_skipped"] = max(0, (first - max(before)).days - 1)
    return found


def _like(suite: Suite, delivery: Judged, comparable: Sequence[Judged]) -> list[Judged]:
    """The latest earlier deliveries this one is compared with; none where they are too few."""
    chosen = comparable
    if suite.rhythm == "same_weekday" and delivery.day:
        weekday = delivery.day.weekday()
        chosen = [other for other in comparable if other.day and other.day.weekday() == weekday]
    chosen = list(chosen)[-COMPARED_WITH:]
    return chosen if len(chosen) >= ENOUGH_EARLIER else []


def _beside_usual(suite: Suite, delivery: Judged, comparable: Sequence[Judged]) -> dict[str, Any]:
    profile, like = delivery.profile, _like(suite, delivery, comparable)
    if not like:
        return {}
    found: dict[str, Any] = {}
    usual = median(other.profile.rows for other in like)
    if usual >= suite.min_rows_to_compare:
        is_chance = abs(profile.rows - usual) <= CHANCE * math.sqrt(usual)
        found["rows_to_usual"] = 1.0 if is_chance else round(profile.rows / usual, 3)
    if profile.rows < suite.min_rows_to_compare:
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
        # A code that few values share says nothing by how many there are per row.
        if known and share is not None and median(known) >= DISTINCT_ENOUGH:
            found[f"distinct_to_usual.{name}"] = round(share / median(known), 3)
    for name in suite.drift:
        found[f"drift.{name}"] = _drift(
            profile.histograms.get(name, {}),
            [other.profile.histograms.get(name, {}) for other in like],
        )
    return found


def _distinct_share(profile: Profile, name: str) -> float | None:
    values = profile.rows - profile.nulls.get(name, 0)
    return profile.distinct[name] / values if values and name in profile.distinct else None


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


def lost_days(suite: Suite, delivery: Judged, earlier: Sequence[Judged]) -> tuple[str, str]:
    """First and last day a failed delivery was to tell of; empty where it tells of no days.

    Its own days where they can be true, else the usual distance of a delivery's days from its
    date, else the days since the delivery before it.
    """
    profile = delivery.profile
    if suite.is_snapshot or delivery.day is None:
        return "", ""
    if profile.first_day:
        return profile.first_day, profile.last_day
    comparable = [other for other in earlier if other.is_comparable and other.day]
    dated = [other for other in comparable if other.profile.first_day][-COMPARED_WITH:]
    if dated:
        firsts = [(o.day - date.fromisoformat(o.profile.first_day)).days for o in dated if o.day]
        lasts = [(o.day - date.fromisoformat(o.profile.last_day)).days for o in dated if o.day]
        first = delivery.day - timedelta(days=int(median(firsts)))
        last = delivery.day - timedelta(days=int(median(lasts)))
        return first.isoformat(), max(first, last).isoformat()
    before = [other.day for other in earlier if other.day and other.day < delivery.day]
    first = max(before) if before else delivery.day - timedelta(days=1)
    return first.isoformat(), (delivery.day - timedelta(days=1)).isoformat()
