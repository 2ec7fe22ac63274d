"""Which days are covered for a tool, by its usage feed and by its licence feed; the as-of date.

Sources: metrics.md 1.4, 1.6, 3.5 to 3.9; contract.md (inferred coverage); decision record 0002,
lines 21 to 23, 25, 26 and 39.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from certgap.truth.days import ALWAYS, STILL, DaySet, ordinal
from certgap.truth.world import World

DAILY, WEEKLY, SEATS = "tool_usage_daily", "tool_usage_period", "tool_licences"
# They come when there is something to ask or to count, so they say nothing about completeness.
RHYTHMLESS_FEEDS = {"surveys", "outcomes"}
LMS_FEEDS = {"courses", "learning_events"}
HRIS_FEEDS = {"employees", "employment_history", "leave_periods", "identity_aliases"}


@dataclass
class ToolCoverage:
    """What was delivered about one tool."""

    is_weekly: bool = False
    is_sold_by_seat: bool = False
    lag_days: int = 0
    # Weekday number (ordinal modulo 7) on which the weeks of a weekly tool end.
    week_end: int | None = None
    # 3.5: days delivered and not after the watermark.
    covered: DaySet = field(default_factory=DaySet)
    seats_covered: DaySet = field(default_factory=DaySet)
    watermark: int | None = None

    def is_open(self, day: int, as_of_day: int) -> bool:
        """5.1: the day is after the watermark or after the as-of date; no watermark, always."""
        return self.watermark is None or day > self.watermark or day > as_of_day


def delivered_span(row: dict[str, Any]) -> tuple[int, int] | None:
    """3.5, 0002.21: the days one delivery delivers; None if it delivers none."""
    ends = [day for day in (row["date_to"], row["max_complete_date"]) if day is not None]
    usable = not row["is_failed"] and not row["is_concealed"]
    usable = usable and (row["population_scope"] or "all").strip().lower() == "all"
    if not usable or not ends or row["date_from"] is None:
        return None
    first, last = ordinal(row["date_from"], ALWAYS), min(ordinal(end, STILL) for end in ends)
    return (first, last) if first <= last else None


class Coverage:
    """Coverage of every tool."""

    def __init__(self, world: World) -> None:
        """Expand deliveries, or what the files themselves cover, into days."""
        self.deliveries = world.rows("deliveries")
        self.files = world.rows("newest_files")
        self.tools: dict[str, ToolCoverage] = defaultdict(ToolCoverage)
        for row in world.reference["tools"]:
            tool = self.tools[row["tool_id"]]
            tool.lag_days = row.get("restatement_lag_days") or 0
            tool.is_sold_by_seat = (row.get("licence_model") or "").strip().lower() == "seat"
        daily_tools = self._tools_with(DAILY) | _tools_in(world, "usage_days")
        weekly_tools = (self._tools_with(WEEKLY) | _tools_in(world, "usage_weeks")) - daily_tools
        for tool_id in daily_tools | weekly_tools | self._tools_with(SEATS):
            tool = self.tools[tool_id]
            tool.is_weekly = tool_id in weekly_tools
            tool.covered = self._delivered(WEEKLY if tool.is_weekly else DAILY, tool_id)
            tool.seats_covered = self._delivered(SEATS, tool_id)
            if tool.covered.last is not None:
                tool.watermark = tool.covered.last - tool.lag_days
                tool.covered.cut_after(tool.watermark)
        for tool_id, end in _latest_week_ends(world).items():
            self.tools[tool_id].week_end = end % 7
        self.as_of_day = self._as_of_day(world)

    def of(self, tool_id: str) -> ToolCoverage:
        """Coverage of a tool; nothing delivered for one never heard of."""
        return self.tools[tool_id]

    def _tools_with(self, feed: str) -> set[str]:
        """Tools with rows or with deliveries of their own in a relation."""
        rows = [*self.deliveries, *self.files]
        return {row["tool_id"] for row in rows if row["feed"] == feed and row["tool_id"]}

    def _delivered(self, feed: str, tool_id: str) -> DaySet:
        """0002.21, 0002.22: days delivered by any feed of the tool.

        A feed is (source_system, relation, tool). Delivery rows without a tool speak for every
        tool that has rows, or deliveries of its own, in the same relation of the same source.
        Without any delivery row the files themselves tell: first to last date.
        """
        days = DaySet()
        named = [r for r in [*self.deliveries, *self.files] if r["feed"] == feed]
        for source in {row["source_system"] for row in named if row["tool_id"] == tool_id}:
            of_feed = [
                row
                for row in self.deliveries
                if row["feed"] == feed
                and row["source_system"] == source
                and row["tool_id"] in (tool_id, None)
            ]
            for row in of_feed:
                span = delivered_span(row)
                if span:
                    days.add(*span)
            if not of_feed:
                self._add_inferred(days, feed, source, tool_id)
        return days

    def _add_inferred(self, days: DaySet, feed: str, source: str, tool_id: str) -> None:
        """contract.md: usage from first to last usage date; seats up to the newest file's date."""
        for row in self.files:
            if (row["source_system"], row["feed"], row["tool_id"]) == (source, feed, tool_id):
                first = ordinal(row["first_date"], ALWAYS)
                end = row["newest_file_date"] if feed == SEATS else row["last_date"]
                if end is not None and (first != ALWAYS or feed == SEATS):
                    days.add(first, end.toordinal())

    def _as_of_day(self, world: World) -> int:
        """1.4, 0002.39: the var; unset, the last day every HRIS and LMS feed is complete."""
        if world.settings.as_of_date is not None:
            return world.settings.as_of_date.toordinal()
        last_complete = []
        for category, feeds in (("hris", HRIS_FEEDS), ("lms", LMS_FEEDS)):
            files = [f for f in self.files if f["category"] == category]
            files = [f for f in files if f["feed"] not in RHYTHMLESS_FEEDS]
            for source in {f["source_system"] for f in files}:
                last_of_feed: dict[str, int] = {}
                for row in self.deliveries:
                    span = delivered_span(row)
                    if row["source_system"] == source and row["feed"] in feeds and span:
                        known = last_of_feed.get(row["feed"], ALWAYS)
                        last_of_feed[row["feed"]] = max(known, span[1])
                newest = [f["newest_file_date"] for f in files if f["source_system"] == source]
                newest = [day for day in newest if day is not None]
                if last_of_feed:
                    last_complete.append(min(last_of_feed.values()))
                elif newest:
                    last_complete.append(max(newest).toordinal() - 1)
        if not last_complete:
            raise ValueError("as_of_date is unset and the world has no HRIS or LMS file")
        return min(last_complete)


def _tools_in(world: World, table: str) -> set[str]:
    return {tool for tool in world.table(table).column("tool_id").unique().to_pylist() if tool}


def _latest_week_ends(world: World) -> dict[str, int]:
    """0002.23: per tool the latest period_end of a row that spans seven days."""
    latest: dict[str, int] = {}
    columns = ("tool_id", "period_start", "period_end")
    for tool_id, start, end in world.columns("usage_weeks", *columns):
        if start and end and (end - start).days == 6:
            latest[tool_id] = max(latest.get(tool_id, ALWAYS), end.toordinal())
    return latest
