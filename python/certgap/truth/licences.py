"""`licence_value`: seats, what they cost, who uses them, and what the trained who do not use cost.

Sources: decision record 0014, lines 1 to 9.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from certgap.truth.aggregates import ALL, ONLY_OVER_TOOLS, UNATTRIBUTED, manager_word
from certgap.truth.checkpoints import Checkpoint, Judge
from certgap.truth.courses import Courses
from certgap.truth.curves import MANAGER_DIMENSIONS
from certgap.truth.days import ALWAYS, STILL, ordinal
from certgap.truth.employment import UNKNOWN
from certgap.truth.statistics import with_interval
from certgap.truth.units import Learner, Learning
from certgap.truth.world import World

ACTIVE, NEW, IDLE, NOT_USING = "active", "new", "idle", "not_using"
WEEK, HOUR = 7, 3600
SEATS_OF = {"n_active_seats": ACTIVE, "n_idle_seats": IDLE, "n_new_seats": NEW}
COMPLETERS_OF = {
    "n_completers_active": ACTIVE,
    "n_completers_not_using": NOT_USING,
    "n_completers_new": NEW,
    "n_completers_unknown": UNKNOWN,
}


@dataclass
class ToolWindow:
    """0014.2, 0014.3: the day whose seats count, and the days of use that judge them."""

    tool_id: str
    is_sold_by_seat: bool
    seat_day: int | None
    use_through: int | None
    window_start: int | None = None
    is_window_covered: bool = False
    is_week_covered: bool = False


@dataclass
class Holding:
    """One person with one tool: seats, training, or both."""

    window: ToolWindow
    groups: list[tuple[str, str]]
    is_employed: bool
    costs: list[float | None] = field(default_factory=list)
    completion_day: int | None = None
    checkpoint: Checkpoint | None = None
    hours: float | None = None
    last_use: int | None = None
    held_early: bool = False

    @property
    def _use(self) -> str | None:
        start, last = self.window.window_start, self.last_use
        if start is not None and last is not None and last >= start:
            return ACTIVE
        return None if self.window.is_window_covered else UNKNOWN

    @property
    def seat_use(self) -> str | None:
        """0014.3: what became of the seats."""
        if not self.costs:
            return None
        return self._use or (IDLE if self.held_early else NEW)

    @property
    def training_use(self) -> str | None:
        """0014.6: what became of the training of somebody employed."""
        if self.completion_day is None or not self.is_employed:
            return None
        if self._use:
            return self._use
        return NEW if self.completion_day >= self.window.window_start else NOT_USING

    @property
    def is_weekly_active(self) -> bool:
        """A holder seen in the last seven days."""
        if not self.costs or self.last_use is None or self.window.use_through is None:
            return False
        return self.last_use > self.window.use_through - WEEK


def licence_value(
    world: World,
    judge: Judge,
    learning: dict[Learner, Learning],
    courses: Courses,
    checkpoints: list[Checkpoint],
    key: str,
) -> list[dict[str, Any]]:
    """One row per tool × dimension × value."""
    windows = {row["tool_id"]: _window(row["tool_id"], judge) for row in world.reference["tools"]}
    holdings, unowned = _holdings(world, judge, windows, learning, courses, checkpoints, key)
    cells: dict[tuple[str, str, str], list[Holding]] = defaultdict(list)
    tools: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for tool_id in windows:
        for cell in _cells(tool_id, [(ALL, ALL)]):
            tools[cell].add(tool_id)
    for holding in holdings:
        for cell in _cells(holding.window.tool_id, holding.groups):
            cells[cell].append(holding)
            tools[cell].add(holding.window.tool_id)
    budgets = _budgets(world, courses)
    last_n = max(judge.settings.checkpoint_days)
    rows = []
    for cell, of_cell in tools.items():
        row = _row([windows[tool] for tool in of_cell], cells[cell])
        has_budget = cell[1] == ALL
        row |= budgets.get(cell[0], NO_BUDGET) if has_budget else dict.fromkeys(NO_BUDGET)
        rows.append(_keys(cell, last_n) | row)
    for tools_of_row, tool_id in [*(([t], t) for t in unowned), (list(unowned), ALL)]:
        if tools_of_row:
            seats = [cost for tool in tools_of_row for cost in unowned[tool]]
            row = dict.fromkeys(rows[0]) | _where([windows[t] for t in tools_of_row])
            row |= _paid(seats) | _keys((tool_id, UNATTRIBUTED, UNATTRIBUTED), last_n)
            rows.append(row)
    return rows


def _keys(cell: tuple[str, str, str], last_n: int) -> dict[str, Any]:
    tool_id, dimension, value = cell
    keys = {"program_id": ALL, "tool_id": tool_id, "checkpoint_day": last_n}
    return keys | {"dimension": dimension, "dimension_value": value}


def _cells(tool_id: str, groups: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """A group counts under its tool and over all; pairs with tools over all only."""
    for dimension, value in groups:
        yield ALL, dimension, value
        if dimension not in ONLY_OVER_TOOLS:
            yield tool_id, dimension, value
        if dimension == ALL:
            yield ALL, "tool", tool_id


def _window(tool_id: str, judge: Judge) -> ToolWindow:
    tool, as_of = judge.coverage.of(tool_id), judge.coverage.as_of_day
    seat_days = [d for d in tool.seats_covered.days if d <= as_of]
    if tool.seats_covered.all_until is not None:
        seat_days.append(min(tool.seats_covered.all_until, as_of))
    seat_day = max(seat_days, default=None) if tool.is_sold_by_seat else None
    window = ToolWindow(tool_id, tool.is_sold_by_seat, seat_day, None)
    if tool.watermark is not None:
        last = window.use_through = min(tool.watermark, as_of)
        length = judge.settings.idle_days
        window.window_start = last - length + 1
        window.is_window_covered = all(last - n in tool.covered for n in range(length))
        window.is_week_covered = all(last - n in tool.covered for n in range(WEEK))
    return window


def _holdings(
    world: World,
    judge: Judge,
    windows: dict[str, ToolWindow],
    learning: dict[Learner, Learning],
    courses: Courses,
    checkpoints: list[Checkpoint],
    key: str,
) -> tuple[list[Holding], dict[str, list[float | None]]]:
    """Everybody with a seat or a completion; and the seats of nobody, by tool."""
    found: dict[tuple[str, str], Holding] = {}
    unowned: dict[str, list[float | None]] = defaultdict(list)

    def holding(employee: str, tool_id: str) -> Holding:
        if (employee, tool_id) not in found:
            window = windows[tool_id]
            found[employee, tool_id] = new = Holding(window, *_place(employee, tool_id, judge, key))
            new.last_use = _last_use(employee, window, judge)
            start = window.window_start
            new.held_early = start is not None and judge.usage.is_licensed(employee, tool_id, start)
        return found[employee, tool_id]

    columns = ("employee_id", "tool_id", "valid_from", "valid_to", "status", "monthly_cost")
    for employee, tool_id, valid_from, valid_to, status, cost in world.columns("seats", *columns):
        day = windows[tool_id].seat_day if tool_id in windows else None
        is_active = status is None or status.strip().lower() == "active"
        if day is None or not is_active:
            continue
        if ordinal(valid_from, ALWAYS) <= day < ordinal(valid_to, STILL):
            (holding(employee, tool_id).costs if employee else unowned[tool_id]).append(cost)
    last_n = max(judge.settings.checkpoint_days)
    for checkpoint in checkpoints:
        unit = checkpoint.unit
        if unit.program_id or checkpoint.checkpoint_day != last_n or unit.tool_id not in windows:
            continue
        trained = holding(unit.learner.employee_id, unit.tool_id)
        trained.completion_day, trained.checkpoint = unit.completion_day, checkpoint
        trained.hours = _hours(learning[unit.learner], unit.tool_id, courses)
    return list(found.values()), dict(unowned)


def _place(
    employee: str, tool_id: str, judge: Judge, key: str
) -> tuple[list[tuple[str, str]], bool]:
    """0014.1: the groups of a person on the as-of day, and whether they are employed."""
    employment, day = judge.employment, judge.coverage.as_of_day
    is_employed = employment.is_employed(employee, day)
    attributes = employment.attributes(employee, day)
    role_group = attributes.role_group or UNKNOWN
    manager = manager_word(employment.manager_on(employee, day), key) if is_employed else UNKNOWN
    groups = [
        (ALL, ALL),
        ("track", attributes.track or UNKNOWN),
        ("audience", attributes.audience or UNKNOWN),
        ("role_group", role_group),
        ("department", attributes.department or UNKNOWN),
        ("location", attributes.location or UNKNOWN),
        ("role_group_tool", f"{role_group}|{tool_id}"),
        ("manager", manager),
        ("manager_tool", f"{manager}|{tool_id}"),
    ]
    if not judge.settings.curve_managers:
        groups = [group for group in groups if group[0] not in MANAGER_DIMENSIONS]
    return groups, is_employed


def _last_use(employee: str, window: ToolWindow, judge: Judge) -> int | None:
    """0014.3: the last observed day, or last day of an active week of a weekly tool."""
    if window.use_through is None:
        return None
    seen = judge.usage.of(employee, window.tool_id)
    days = [*seen.days, *(end for end, week in seen.weeks.items() if week.is_active)]
    return max((day for day in days if day <= window.use_through), default=None)


def _hours(record: Learning, tool_id: str, courses: Courses) -> float | None:
    """0014.7: of each completed course the longest reported time, summed."""
    longest: dict[Any, float] = {}
    for event in record.satisfying:
        if event.duration_seconds is not None and courses.is_tied(event.group, tool_id, event.day):
            known = longest.get(event.group, event.duration_seconds)
            longest[event.group] = max(known, event.duration_seconds)
    return sum(longest.values()) / HOUR if longest else None


NO_BUDGET: dict[str, Any] = {
    "n_programs": 0,
    "n_programs_without_budget": 0,
    "training_budget": None,
}


def _budgets(world: World, courses: Courses) -> dict[str, dict[str, Any]]:
    """0014.8: the stated budgets of the programs that teach a tool; `all` has each program once."""
    stated = {row["program_id"]: row.get("training_budget") for row in world.reference["programs"]}
    of_tool: dict[str, set[str]] = defaultdict(set)
    for program in courses.programs.values():
        for tool_id in courses.tools_of(program):
            of_tool[tool_id].add(program.program_id)
            of_tool[ALL].add(program.program_id)
    budgets = {}
    for tool_id, programs in of_tool.items():
        known = [stated[program] for program in programs if stated[program] is not None]
        budgets[tool_id] = {
            "n_programs": len(programs),
            "n_programs_without_budget": len(programs) - len(known),
            "training_budget": sum(known) if known else None,
        }
    return budgets


def _where(windows: list[ToolWindow]) -> dict[str, Any]:
    """Of which tools and days a row speaks."""
    measured = [w for w in windows if w.seat_day is not None]
    sold = [w for w in windows if w.is_sold_by_seat]
    use = [w.use_through for w in windows if w.use_through is not None]
    reason = None if measured else "no_licence_feed" if sold else "open_licence"
    return {
        "seat_status": "measured" if measured else "not measured",
        "seat_status_reason": reason,
        "n_tools": len(windows),
        "n_tools_measured": len(measured),
        "seat_date": _date(min((w.seat_day for w in measured), default=None)),
        "use_through_date": _date(min(use, default=None)),
    }


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def _paid(costs: list[float | None]) -> dict[str, Any]:
    """0014.4: seats, those without a cost, and the sum of the reported costs."""
    known = [cost for cost in costs if cost is not None]
    return {
        "n_seats": len(costs),
        "n_seats_without_cost": len(costs) - len(known),
        "monthly_cost": sum(known) if known or not costs else None,
    }


def _range(certain: list[float | None], uncertain: list[float | None]) -> tuple[Any, Any]:
    """0014.5: what is known of the certain; what all would be, unless one of them is unknown."""
    known = [amount for amount in certain if amount is not None]
    low = sum(known) if known or not certain else None
    every = certain + uncertain
    return low, None if None in every else sum(every)


def _row(windows: list[ToolWindow], people: list[Holding]) -> dict[str, Any]:
    """Everything but the budgets."""
    is_measured = any(w.seat_day is not None for w in windows)
    is_week_covered = all(w.is_week_covered for w in windows if w.seat_day is not None)
    seats = _seats([p for p in people if p.costs], is_week_covered)
    row = _where(windows)
    row |= seats if is_measured else dict.fromkeys(seats)
    completers = Counter(p.training_use for p in people if p.training_use)
    row |= {"n_completers": completers.total()}
    row |= {name: completers[use] for name, use in COMPLETERS_OF.items()}
    row["n_judged_completers"] = completers[ACTIVE] + completers[NOT_USING]
    row |= with_interval("not_using_rate", completers[NOT_USING], row["n_judged_completers"])
    certain = [p for p in people if p.training_use == NOT_USING]
    uncertain = [p for p in people if p.training_use == UNKNOWN]
    low, high = _range(*([c for p in group for c in p.costs] for group in (certain, uncertain)))
    row["n_gap_seats"] = sum(len(p.costs) for p in certain) if is_measured else None
    row |= {"gap_monthly_cost_low": low, "gap_monthly_cost_high": high}
    if not is_measured:
        row |= {"gap_monthly_cost_low": None, "gap_monthly_cost_high": None}
    row["n_gap_without_hours"] = sum(p.hours is None for p in certain + uncertain)
    low, high = _range([p.hours for p in certain], [p.hours for p in uncertain])
    return row | {"gap_training_hours_low": low, "gap_training_hours_high": high}


def _seats(holders: list[Holding], is_week_covered: bool) -> dict[str, Any]:
    """What is said of the seats of the people of a row."""

    def count(holds: Callable[[Holding], bool]) -> int:
        return sum(len(p.costs) for p in holders if holds(p))

    def costs(use: str) -> list[float | None]:
        return [cost for p in holders if p.seat_use == use for cost in p.costs]

    row = _paid([cost for p in holders for cost in p.costs])
    row["n_leaver_seats"] = count(lambda p: not p.is_employed)
    for name, use in (SEATS_OF | {"n_unknown_use_seats": UNKNOWN}).items():
        row[name] = len(costs(use))
    row["n_never_used_seats"] = count(lambda p: p.seat_use == IDLE and p.last_use is None)
    row["n_judged_seats"] = row["n_active_seats"] + row["n_idle_seats"]
    row["n_untrained_seats"] = count(lambda p: p.completion_day is None)
    row |= with_interval("idle_rate", row["n_idle_seats"], row["n_judged_seats"])
    row |= with_interval("untrained_rate", row["n_untrained_seats"], row["n_seats"])
    weekly = sum(p.is_weekly_active for p in holders) if is_week_covered else None
    judged = [p.checkpoint for p in holders if p.checkpoint]
    adopters = sum(c.is_adopted for c in judged)
    not_judged = sum(not c.is_eligible for c in judged)
    row |= {
        "n_weekly_active": weekly,
        "n_adopters": adopters,
        "n_adopters_not_judged": not_judged,
    }
    low, high = _range(costs(IDLE), costs(UNKNOWN))
    row |= {"idle_monthly_cost_low": low, "idle_monthly_cost_high": high}
    untrained = [c for p in holders if p.completion_day is None for c in p.costs]
    row["untrained_monthly_cost"] = _range(untrained, [])[0]
    # 0014.4: a cost per head of seats whose cost is only partly known would be too low.
    paid = None if row["n_seats_without_cost"] else row["monthly_cost"]

    def per_head(people: int | None) -> float | None:
        return paid / people if paid is not None and people else None

    return row | {
        "cost_per_weekly_active": per_head(weekly),
        "cost_per_adopter_low": per_head(adopters + not_judged),
        "cost_per_adopter_high": per_head(adopters),
    }
