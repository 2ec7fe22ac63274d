"""Random use: tools with daily or weekly feeds, seats, and deliveries that fail, hide or stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from certgap.worlds.drawing import Dice, Feeds, Row, after
from certgap.worlds.people import ALIAS_TYPES, Claim, People

SOURCE = "generic"
DAILY, WEEKLY, SEATS = "tool_usage_daily", "tool_usage_period", "tool_licences"
# What the feeds of a tool say: use by day, by week, by day beside longer periods, or only the last
# active date as of each refresh.
KINDS = ["daily", "daily", "weekly", "both", "refresh"]


@dataclass
class Tool:
    """One tool and how it reports."""

    tool_id: str
    kind: str
    is_sold_by_seat: bool
    lag_days: int
    alias_type: str
    week_end: int  # weekday on which its weeks end

    def seed_row(self) -> Row:
        """The tool in the seed `tools`."""
        return {
            "tool_id": self.tool_id,
            "tool_name": self.tool_id,
            "licence_model": "seat" if self.is_sold_by_seat else "open",
            "restatement_lag_days": self.lag_days or None,
            "is_approved": True,
        }


@dataclass
class Use:
    """What was used, and what is known to have been delivered."""

    days: list[Row] = field(default_factory=list)
    weeks: list[Row] = field(default_factory=list)
    seats: list[Row] = field(default_factory=list)
    deliveries: list[Row] = field(default_factory=list)
    # (relation, tool) -> first and last date of its rows
    spans: dict[tuple[str, str], tuple[date | None, date | None]] = field(default_factory=dict)


def draw_tools(dice: Dice) -> list[Tool]:
    """One to three tools."""
    return [
        Tool(
            tool_id=f"tool_{letter}",
            kind=dice.choice(KINDS),
            is_sold_by_seat=dice.happens(0.4),
            lag_days=dice.choice([0, 0, 1, 3]),
            alias_type=dice.choice(ALIAS_TYPES),
            week_end=dice.randint(0, 6),
        )
        for letter in "abc"[: dice.choice([1, 2, 2, 3])]
    ]


def draw_use(
    dice: Dice, feeds: Feeds, people: People, tools: list[Tool], start: date, end: date
) -> Use:
    """Everybody's use of every tool, and what tells of it."""
    use = Use()
    # One snapshot of all tools: a newer one would withdraw the seats of the others.
    snapshot = after(end, dice.choice([1, 1, -20]))
    for tool in tools:
        for employee_id in people.ids:
            _draw_user(dice, feeds, use, people, tool, employee_id, start, end)
        if tool.is_sold_by_seat and dice.happens(0.9):
            _draw_seats(dice, feeds, use, people, tool, start, end, snapshot)
        relation = WEEKLY if tool.kind == "weekly" else DAILY
        if tool.kind == "refresh" or dice.happens(0.75):
            _draw_deliveries(dice, use, tool, relation, start, end)
        if tool.is_sold_by_seat and dice.happens(0.5):
            _draw_deliveries(dice, use, tool, SEATS, start, end)
    if dice.happens(0.2):  # one for all tools of the relation
        use.deliveries.append(_delivery(None, DAILY, start, after(start, 40)))
    if dice.happens(0.3):
        for relation in ("employment_history", "learning_events"):
            last = after(end, -dice.randint(0, 30))
            use.deliveries.append(_delivery(None, relation, start, last))
    for number, row in enumerate(use.deliveries):
        raw = {name: value for name, value in row.items() if name != "source_system"}
        raw |= {"delivery_id": f"D{number}"}
        feeds.deliver("usage", "deliveries", after(end, 1), raw)
    return use


def _draw_user(
    dice: Dice, feeds: Feeds, use: Use, people: People, tool: Tool, employee_id: str,
    start: date, end: date,
) -> None:  # fmt: skip
    """One person: nothing, a spell, or use all the time, more or less often."""
    if dice.happens(0.35):
        return
    first = start if dice.happens(0.4) else dice.day(start, end)
    last = end if dice.happens(0.5) else dice.day(first, end)
    share = dice.choice([0.02, 0.1, 0.3, 0.7])
    alias = people.alias_of[employee_id, tool.alias_type]
    days = [after(first, n) for n in range((last - first).days + 1) if dice.happens(share)]
    if tool.kind == "weekly":
        _tell_weeks(dice, feeds, use, people, tool, alias, days, end)
        return
    for day in days:
        for surface in dice.choice([["chat"], ["chat"], ["chat", "edit"], [None]]):
            _tell_day(dice, feeds, use, people, tool, alias, day, surface, end)
    if tool.kind == "both":
        _tell_periods(dice, feeds, use, people, tool, alias, days, end)


def _stretch(use: Use, relation: str, tool: Tool, first: date, last: date) -> None:
    """The dates of the rows of a feed."""
    known = use.spans.get((relation, tool.tool_id), (first, last))
    use.spans[relation, tool.tool_id] = (min(known[0], first), max(known[1], last))


def _tell_day(
    dice: Dice, feeds: Feeds, use: Use, people: People, tool: Tool, alias: tuple[str, str],
    day: date, surface: str | None, end: date,
) -> None:  # fmt: skip
    """One row, sometimes after an earlier version of it that said something else."""
    key = {"tool_id": tool.tool_id, "usage_date": day, "surface": surface}
    row = key | {
        "interactions": dice.choice([None, 0, 1, 2, 5, 20, 60]),
        "is_active": dice.choice([True, True, None, False]),
    }
    who = {"alias_type": alias[0], "alias_value": alias[1]}
    if dice.happens(0.05):
        before = key | {"interactions": 99, "is_active": not row["is_active"]}
        feeds.deliver("usage", DAILY, day, before | who)
    feeds.deliver("usage", DAILY, after(end, 1) if dice.happens(0.1) else after(day, 1), row | who)
    use.days.append(row | {"employee_id": people.owner(alias, day)})
    _stretch(use, DAILY, tool, day, day)


def _tell_period(
    dice: Dice, feeds: Feeds, use: Use, people: People, tool: Tool, alias: tuple[str, str],
    first: date, last: date, days: list[date],
) -> None:  # fmt: skip
    """One row about a longer period; vendors fill different columns of it."""
    names_dates, names_days = dice.happens(0.7), dice.happens(0.8)
    row = {
        "tool_id": tool.tool_id,
        "period_start": first,
        "period_end": last,
        "first_active_date": min(days, default=None) if names_dates else None,
        "last_active_date": max(days, default=None) if names_dates else None,
        "active_days": len(days) if names_days else None,
        "interactions": dice.choice([None, len(days) * 4, len(days) * 9]),
    }
    who = {"alias_type": alias[0], "alias_value": alias[1]}
    feeds.deliver("usage", WEEKLY, after(last, 1), row | who)
    use.weeks.append(row | {"employee_id": people.owner(alias, last)})
    _stretch(use, WEEKLY, tool, first, last)


def _tell_weeks(
    dice: Dice, feeds: Feeds, use: Use, people: People, tool: Tool, alias: tuple[str, str],
    days: list[date], end: date,
) -> None:  # fmt: skip
    """Weeks with use, some without, now and then a row of another length or weekday."""
    by_end: dict[date, list[date]] = {}
    for day in days:
        week_end = after(day, (tool.week_end - day.weekday()) % 7)
        by_end.setdefault(week_end, []).append(day)
        if dice.happens(0.05):
            by_end.setdefault(after(week_end, 7), [])
    for week_end, of_week in by_end.items():
        if week_end <= end:
            shift = 1 if dice.happens(0.01) and week_end < after(end, -14) else 0
            first = after(week_end, -6 + shift)
            inside = [day for day in of_week if day >= first]
            _tell_period(
                dice, feeds, use, people, tool, alias, first, after(week_end, shift), inside
            )
    if dice.happens(0.1) and days:
        last = after(days[0], 27)
        inside = [day for day in days if day <= last]
        if last <= after(end, -14):
            _tell_period(dice, feeds, use, people, tool, alias, days[0], last, inside)


def _tell_periods(
    dice: Dice, feeds: Feeds, use: Use, people: People, tool: Tool, alias: tuple[str, str],
    days: list[date], end: date,
) -> None:  # fmt: skip
    """Periods of four weeks beside the days, which may name days no daily row has."""
    if dice.happens(0.3) and days:
        first = dice.choice(days)
        last = after(first, 27)
        if last <= end:
            inside = [day for day in days if first <= day <= last] + [after(first, 3)]
            _tell_period(dice, feeds, use, people, tool, alias, first, last, inside)


def _draw_seats(
    dice: Dice, feeds: Feeds, use: Use, people: People, tool: Tool, start: date, end: date,
    snapshot: date,
) -> None:  # fmt: skip
    """Seats, one snapshot; a seat belongs to whoever holds its alias on the day."""
    earliest: list[date | None] = []
    aside = Dice(f"{start} {tool.tool_id} costs")
    costs = aside.choice([[None], [12.5], [12.5, 30.0, None], [12.5, 30.0, 0.0]])
    for employee_id in people.ids:
        if dice.happens(0.3):
            continue
        alias = people.alias_of[employee_id, tool.alias_type]
        first = None if dice.happens(0.2) else dice.day(after(start, -60), end)
        last = None if dice.happens(0.7) else after(first or start, dice.randint(0, 120))
        status = dice.choice([None, "active", "Active", "suspended"])
        row = {"tool_id": tool.tool_id, "valid_from": first, "valid_to": last, "status": status}
        row["monthly_cost"] = aside.choice(costs)
        raw = row | {"alias_type": alias[0], "alias_value": alias[1]}
        feeds.deliver("usage", SEATS, snapshot, raw)
        earliest.append(first)
        use.seats += [row | span for span in holders(people.by_alias.get(alias, []), row)]
    if earliest:
        known = None if None in earliest else min(earliest)
        use.spans[SEATS, tool.tool_id] = (known, snapshot)


def holders(claims: list[Claim], seat: Row) -> list[Row]:
    """The seat cut at every day on which its alias may change hands; disputed days are nobody's."""
    first, last = seat["valid_from"] or date.min, seat["valid_to"] or date.max
    cuts = {first, last}
    for claim in claims:
        cuts |= {d for d in (claim.valid_from, claim.valid_to) if d and first < d < last}
    spans = []
    ordered = sorted(cuts)
    for begins, ends in pairwise(ordered):
        holders = {claim.employee_id for claim in claims if claim.covers(begins)}
        spans.append(
            {
                "employee_id": holders.pop() if len(holders) == 1 else None,
                "valid_from": None if begins == date.min else begins,
                "valid_to": None if ends == date.max else ends,
            }
        )
    return spans


def _delivery(tool: str | None, feed: str, first: date, last: date) -> Row:
    return {
        "source_system": SOURCE,
        "feed": feed,
        "tool_id": tool,
        "date_from": first,
        "date_to": last,
        "max_complete_date": last,
        "population_scope": None,
        "is_concealed": None,
        "is_failed": None,
    }


def _draw_deliveries(
    dice: Dice, use: Use, tool: Tool, relation: str, start: date, end: date
) -> None:
    """Deliveries one after the other; some are missing, failed, hidden, partial or cut short."""
    is_refresh = tool.kind == "refresh" and relation == DAILY
    longest = dice.choice([1, 7, 28, 400])
    share_bad = dice.choice([0.0, 0.0, 0.05, 0.2])
    first = after(start, dice.choice([0, 0, -40, 25]))
    while first <= end:
        last = first if is_refresh else min(end, after(first, dice.randint(1, longest) - 1))
        row = _delivery(tool.tool_id, relation, first, last)
        row["is_failed"] = dice.choice([None, False])
        row["population_scope"] = dice.choice([None, "all", "All"])
        if dice.happens(0.1):
            row[dice.choice(["date_to", "max_complete_date"])] = None
        if dice.happens(share_bad):
            what, value = dice.choice(
                [
                    ("is_failed", True),
                    ("is_concealed", True),
                    ("population_scope", "part"),
                    ("max_complete_date", after(last, -1)),
                    ("date_from", after(first, 1)),
                ]
            )
            row[what] = value
        use.deliveries.append(row)
        first = after(last, dice.choice([1, 1, 1, 3]) if is_refresh else 1)
