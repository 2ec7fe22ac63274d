"""`shadow_ai`: who uses tools the company did not buy, trained or not, and what training changed.

Source: decision record 0020.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from certgap.truth.aggregates import ALL, UNATTRIBUTED
from certgap.truth.checkpoints import Judge
from certgap.truth.employment import UNKNOWN
from certgap.truth.statistics import with_interval
from certgap.truth.units import Unit
from certgap.truth.world import World

WEEK = 7
ATTRIBUTES = ("track", "audience", "role_group", "department", "location")
OF_MONTHS = [
    "n_people", "n_shadow_users", "n_trained", "n_trained_shadow_users", "n_untrained",
    "n_untrained_shadow_users", "n_requests",
]  # fmt: skip
OF_APPROVED_USE = [
    "n_approved_users", "n_shadow_and_approved", "n_trained_approved_users",
    "n_trained_shadow_and_approved",
]  # fmt: skip
OF_TRAINING = ["n_trained_judged", "n_shadow_before", "n_stopped", "n_started", "n_substituted"]
RATES = {
    "shadow_use_rate": ("n_shadow_users", "n_people"),
    "trained_shadow_use_rate": ("n_trained_shadow_users", "n_trained"),
    "untrained_shadow_use_rate": ("n_untrained_shadow_users", "n_untrained"),
    "approved_use_rate": ("n_approved_users", "n_people"),
    "trained_approved_use_rate": ("n_trained_approved_users", "n_trained"),
    "stopped_rate": ("n_stopped", "n_shadow_before"),
    "substitution_rate": ("n_substituted", "n_shadow_before"),
}


@dataclass
class ConsumerTool:
    """A tool nobody bought: whose use is seen where, and what is approved in its place."""

    name: str
    domains: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)  # also those whose use nobody delivers


@dataclass(frozen=True)
class Requests:
    """What one account asked of one consumer tool on one day."""

    employee_id: str | None
    account: tuple[str, str]
    tool: str
    day: int
    count: int


@dataclass(frozen=True)
class Month:
    """A calendar month with a covered day."""

    name: str
    first: int
    last: int
    is_whole: bool


class ShadowUse:
    """The web logs of a company, beside its training and its approved tools."""

    def __init__(self, world: World, judge: Judge, units: list[Unit]) -> None:
        """Read the logs and who was trained first when."""
        self.judge, self.as_of = judge, judge.coverage.as_of_day
        self.tools = _consumer_tools(world, judge)
        self.covered: set[int] = set()
        self.requests: list[Requests] = []
        spans: dict[str, list[int]] = defaultdict(list)
        columns = ("source_system", "employee_id", "alias_type", "alias_value", "domain")
        for source, employee, kind, alias, domain, day, count in world.columns(
            "web_use", *columns, "usage_date", "n_requests"
        ):
            spans[source].append(day.toordinal())
            for tool in self.tools.values():
                if tool.name != ALL and domain in tool.domains:
                    asked = Requests(employee, (kind, alias), tool.name, day.toordinal(), count)
                    self.requests.append(asked)
        gap = judge.settings.web_log_gap_days
        for days in spans.values():
            self.covered |= set(days)
            ordered = sorted(set(days))
            for day, following in pairwise(ordered):
                if following - day - 1 <= gap:
                    self.covered |= set(range(day, following))
        self.seen: dict[tuple[str, str], set[int]] = defaultdict(set)
        for asked in self.requests:
            if asked.employee_id:
                self.seen[asked.employee_id, asked.tool].add(asked.day)
        self.trained: dict[str, int] = {}
        for unit in units:
            person, day = unit.learner.employee_id, unit.completion_day
            if person and day is not None and unit.program_id is None:
                self.trained[person] = min(day, self.trained.get(person, day))

    def months(self) -> list[Month]:
        """0020.3: calendar months with a covered day that is not after the as-of day."""
        months = []
        for first in sorted(
            {date.fromordinal(day).replace(day=1) for day in self.covered if day <= self.as_of}
        ):
            following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            days = range(first.toordinal(), following.toordinal())
            is_whole = days[-1] <= self.as_of and all(day in self.covered for day in days)
            months.append(Month(first.strftime("%Y-%m"), days[0], days[-1], is_whole))
        return months

    def uses_approved(self, person: str, tool: ConsumerTool, first: int, last: int) -> bool:
        """0020.5: a day of use from first to last, or an active week of a weekly tool within."""
        for approved in tool.approved:
            seen = self.judge.usage.of(person, approved)
            if any(first <= day <= last for day in seen.days):
                return True
            if any(
                week.is_active and first <= end - WEEK + 1 and end <= last
                for end, week in seen.weeks.items()
            ):
                return True
        return False

    def rows_of_month(self, month: Month) -> Iterator[dict[str, Any]]:
        """One month: every group, and what nobody of them asked for."""
        employment = self.judge.employment
        people = [p for p in employment.rows if employment.is_employed(p, month.last)]
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for person in people:
            for group in self._groups(person, month.last):
                groups[group].append(person)
        groups.setdefault((ALL, ALL), [])
        here = set(people)
        asked = [r for r in self.requests if month.first <= r.day <= month.last]
        for tool in self._listed():
            of_tool = [r for r in asked if tool.name in (ALL, r.tool)]
            counts: dict[str, int] = defaultdict(int)
            for request in of_tool:
                if request.employee_id in here:
                    counts[request.employee_id] += request.count
            approved = {p for p in people if self.uses_approved(p, tool, month.first, month.last)}
            n_days = self._approved_days(tool, month)
            for group, members in groups.items():
                row = self._month_of_group(month, members, counts, approved)
                row |= {"n_approved_days": n_days}
                if not n_days:
                    row |= dict.fromkeys(OF_APPROVED_USE)
                yield _row(tool, month.name, group, row)
            others = [r for r in of_tool if r.employee_id not in here]
            if others:
                row = {
                    "n_requests": sum(r.count for r in others),
                    "n_accounts": len({r.account for r in others}),
                }
                yield _row(tool, month.name, (UNATTRIBUTED, UNATTRIBUTED), row)

    def _month_of_group(
        self, month: Month, members: list[str], counts: dict[str, int], approved: set[str]
    ) -> dict[str, int]:
        users = {p for p in members if p in counts}
        trained = {p for p in members if self.trained.get(p, month.first) < month.first}
        of_approved = approved & set(members)
        return {
            "n_people": len(members),
            "n_shadow_users": len(users),
            "n_requests": sum(counts[p] for p in users),
            "n_trained": len(trained),
            "n_trained_shadow_users": len(users & trained),
            "n_untrained": len(members) - len(trained),
            "n_untrained_shadow_users": len(users - trained),
            "n_approved_users": len(of_approved),
            "n_shadow_and_approved": len(of_approved & users),
            "n_trained_approved_users": len(of_approved & trained),
            "n_trained_shadow_and_approved": len(of_approved & users & trained),
        }

    def _approved_days(self, tool: ConsumerTool, month: Month) -> int | None:
        """0020.5: days of the month on which every approved tool's use is known."""
        return min(
            (
                sum(
                    day in self.judge.coverage.of(approved).covered
                    for day in range(month.first, month.last + 1)
                )
                for approved in tool.approved
            ),
            default=None,
        )

    def rows_of_training(self) -> Iterator[dict[str, Any]]:
        """0020.6: what became of the use of the trained whose use before and after is known."""
        n = min(self.judge.settings.checkpoint_days)
        length = min(self.judge.settings.baseline_days, n)
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for person, day in self.trained.items():
            if self._is_judged(person, day, n, length):
                for group in self._groups(person, day):
                    groups[group].append(person)
        for tool in self._listed():
            fates = {p: self._fate(p, tool, n, length) for p in groups.get((ALL, ALL), ())}
            for group, members in groups.items():
                of_group = [fates[p] for p in members]
                before = [fate for fate in of_group if fate[0]]
                stopped = [fate for fate in before if not fate[1]]
                row = {
                    "n_trained_judged": len(members),
                    "n_shadow_before": len(before),
                    "n_stopped": len(stopped),
                    "n_started": sum(is_after for was, is_after, _ in of_group if not was),
                    "n_substituted": sum(fate[2] for fate in stopped) if tool.approved else None,
                }
                yield _row(tool, ALL, group, row)
        if not groups:
            for tool in self._listed():
                yield _row(tool, ALL, (ALL, ALL), {}, "nobody_judged")

    def _is_judged(self, person: str, day: int, n: int, length: int) -> bool:
        employment, last = self.judge.employment, day + n
        later = range(last - length + 1, last + 1)
        windows = [*range(day - length, day), *later]
        approved = [self.judge.coverage.of(tool) for tool in self.tools[ALL].approved]
        return (
            employment.is_employed(person, day)
            and employment.is_employed(person, last)
            and last <= self.as_of
            and all(d in self.covered for d in windows)
            and all(d in tool.covered for tool in approved for d in later)
        )

    def _fate(
        self, person: str, tool: ConsumerTool, n: int, length: int
    ) -> tuple[bool, bool, bool]:
        """Whether the tool was used before and after, and an approved one after."""
        day = self.trained[person]
        first, last = day + n - length + 1, day + n
        days = {
            seen
            for name in (self.tools if tool.name == ALL else [tool.name])
            for seen in self.seen.get((person, name), ())
        }
        return (
            any(day - length <= d < day for d in days),
            any(first <= d <= last for d in days),
            self.uses_approved(person, tool, first, last),
        )

    def _groups(self, person: str, day: int) -> list[tuple[str, str]]:
        """0020.4: the groups of a person on a day; no managers."""
        attributes = self.judge.employment.attributes(person, day)
        return [
            (ALL, ALL),
            *((name, getattr(attributes, name) or UNKNOWN) for name in ATTRIBUTES),
        ]

    def _listed(self) -> Iterable[ConsumerTool]:
        return [tool for tool in self.tools.values() if tool.domains]

    def not_measured(self) -> Iterator[dict[str, Any]]:
        """What is said where there is nothing to count."""
        if not self.tools[ALL].domains:
            yield _row(self.tools[ALL], ALL, (ALL, ALL), {}, "no_consumer_tool")
        elif not self.covered:
            for tool in self._listed():
                yield _row(tool, ALL, (ALL, ALL), {}, "no_web_log")


def shadow_ai(world: World, judge: Judge, units: list[Unit]) -> list[dict[str, Any]]:
    """One row per consumer tool × month (and all) × dimension × value."""
    use = ShadowUse(world, judge, units)
    rows = list(use.not_measured())
    if not rows:
        for month in use.months():
            if month.is_whole:
                rows += use.rows_of_month(month)
            else:
                rows += [
                    _row(tool, month.name, (ALL, ALL), {}, "incomplete_month")
                    for tool in use.tools.values()
                ]
        rows += use.rows_of_training()
    n = min(judge.settings.checkpoint_days)
    return [{"program_id": ALL, "tool_id": ALL, "checkpoint_day": n} | row for row in rows]


def _consumer_tools(world: World, judge: Judge) -> dict[str, ConsumerTool]:
    """0020.1: by name, and all of them together."""
    tools = {ALL: ConsumerTool(ALL)}
    for row in world.reference["tool_domains"]:
        if not row.get("is_consumer_tool"):
            continue
        domain = row["domain"].lower()
        name = row.get("tool_name") or domain
        approved = row.get("approved_alternative_tool_id")
        for tool in (tools.setdefault(name, ConsumerTool(name)), tools[ALL]):
            tool.domains.add(domain)
            tool.listed |= {approved} if approved else set()
            if approved and judge.coverage.of(approved).watermark is not None:
                tool.approved.add(approved)
    return tools


def _row(
    tool: ConsumerTool,
    month: str,
    group: tuple[str, str],
    counts: dict[str, Any],
    reason: str | None = None,
) -> dict[str, Any]:
    names = [*OF_MONTHS, "n_accounts", "n_approved_days", *OF_APPROVED_USE, *OF_TRAINING]
    row: dict[str, Any] = dict.fromkeys(names) | counts
    for name, (part, whole) in RATES.items():
        known = row[part] is not None and row[whole] is not None
        row |= with_interval(name, row[part] if known else 0, row[whole] if known else 0)
    return row | {
        "consumer_tool": tool.name,
        "usage_month": month,
        "dimension": group[0],
        "dimension_value": group[1],
        "log_status": "not measured" if reason else "measured",
        "log_status_reason": reason,
        "n_approved_tools": len(tool.approved),
        "n_approved_tools_unknown": len(tool.listed - tool.approved),
    }
