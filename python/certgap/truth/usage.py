"""What each person was seen doing with each tool: observed days, and weeks of weekly tools; seats.

Sources: metrics.md 3.1 to 3.4, 3.6 and 3.9; decision record 0002, lines 23, 24 and 26.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from certgap.truth.coverage import Coverage
from certgap.truth.days import ALWAYS, STILL, ordinal
from certgap.truth.world import World

PersonTool = tuple[str, str]
DAYS_IN_WEEK = 7


@dataclass
class Week:
    """One whole week of a person with a weekly tool."""

    is_active: bool = False
    active_days: int | None = None
    interactions: int = 0

    @property
    def counted_days(self) -> int:
        """0002.23: active days as given; an active week without the figure counts one."""
        if self.active_days is not None:
            return self.active_days
        return 1 if self.is_active else 0


@dataclass
class PersonUsage:
    """What was observed of one person with one tool."""

    # Observed day -> interactions of that day.
    days: dict[int, int] = field(default_factory=dict)
    # Last day of a week -> the week; only of weekly tools.
    weeks: dict[int, Week] = field(default_factory=dict)


NOTHING = PersonUsage()


class Usage:
    """Observations by (employee, tool), of people never trained too."""

    def __init__(self, world: World, coverage: Coverage) -> None:
        """Read usage days, usage weeks and seats of everybody."""
        self.of_person: dict[PersonTool, PersonUsage] = {}
        self._read_days(world)
        self._read_weeks(world, coverage)
        self.seats: dict[PersonTool, list[tuple[int, int]]] = defaultdict(list)
        columns = ("employee_id", "tool_id", "valid_from", "valid_to", "status")
        for employee_id, tool_id, valid_from, valid_to, status in world.columns("seats", *columns):
            # 5.5: a seat whose status is not active is none; NULL is active.
            if employee_id and (status is None or status.strip().lower() == "active"):
                span = (ordinal(valid_from, ALWAYS), ordinal(valid_to, STILL))
                self.seats[employee_id, tool_id].append(span)

    def of(self, employee_id: str, tool_id: str) -> PersonUsage:
        """What was observed; nothing is an empty record."""
        return self.of_person.get((employee_id, tool_id), NOTHING)

    def is_licensed(self, employee_id: str, tool_id: str, day: int) -> bool:
        """5.5: a seat is theirs on the day, its last day excluded."""
        seats = self.seats.get((employee_id, tool_id), ())
        return any(valid_from <= day < valid_to for valid_from, valid_to in seats)

    def _record(self, key: PersonTool) -> PersonUsage:
        return self.of_person.setdefault(key, PersonUsage())

    def _read_days(self, world: World) -> None:
        """3.3, 3.4: active by flag, or by interactions where there is none; one day per person."""
        columns = ("employee_id", "tool_id", "usage_date", "interactions", "is_active")
        for employee_id, tool_id, day, interactions, is_active in world.columns(
            "usage_days", *columns
        ):
            if is_active is None:
                is_active = (interactions or 0) > 0
            if is_active and employee_id:
                days = self._record((employee_id, tool_id)).days
                number = day.toordinal()
                days[number] = days.get(number, 0) + (interactions or 0)

    def _read_weeks(self, world: World, coverage: Coverage) -> None:
        """0002.23: first and last active date are observed days; weeks only of weekly tools."""
        columns = ("employee_id", "tool_id", "period_start", "period_end", "first_active_date")
        columns += ("last_active_date", "active_days", "interactions")
        for row in world.columns("usage_weeks", *columns):
            employee_id, tool_id, start, end, first, last, active_days, interactions = row
            if not employee_id:
                continue
            record = self._record((employee_id, tool_id))
            for day in (first, last):
                if day is not None:
                    record.days.setdefault(day.toordinal(), 0)
            tool = coverage.of(tool_id)
            if not tool.is_weekly or start is None or end is None:
                continue
            is_whole_week = (end - start).days == DAYS_IN_WEEK - 1
            if not is_whole_week or end.toordinal() % 7 != tool.week_end:
                continue
            week = record.weeks.setdefault(end.toordinal(), Week())
            if (active_days or 0) > 0 or (interactions or 0) > 0 or first or last:
                week.is_active = True
            if active_days is not None:
                # Two aliases of one person: their days may be the same ones.
                week.active_days = max(week.active_days or 0, active_days)
            week.interactions += interactions or 0
