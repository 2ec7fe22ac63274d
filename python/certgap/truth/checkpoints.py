"""Each completed unit judged at each checkpoint: its one status, and what was seen of its use.

Sources: metrics.md 3.9, 4, 5, 6; decision record 0002, lines 23 and 27.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from certgap.truth.coverage import Coverage, ToolCoverage
from certgap.truth.employment import Attributes, Employment, Manager
from certgap.truth.units import Unit
from certgap.truth.usage import DAYS_IN_WEEK, PersonUsage, Usage
from certgap.truth.world import Settings

ELIGIBLE = "eligible"
WINDOW_OPEN = "window_open"
LEFT = "left_before_day_n"
FEED_GAP = "feed_gap"
LICENCE_UNKNOWN = "licence_unknown"
NO_LICENCE = "no_licence"
ON_LEAVE = "on_leave"
EXCLUSIONS = [WINDOW_OPEN, LEFT, FEED_GAP, LICENCE_UNKNOWN, NO_LICENCE, ON_LEAVE]

NEW, EXISTING, BASELINE_UNKNOWN = "new", "existing", "unknown"


@dataclass(frozen=True)
class Use:
    """4.1 to 4.3: what was observed up to day N; never a reason for the status."""

    is_adopted: bool
    is_tried: bool
    is_habitual: bool
    is_daily: bool
    active_days_last_7: int
    active_days_since_completion: int
    interactions_last_7: int
    interactions_since_completion: int
    known_days: int


@dataclass(frozen=True)
class Baseline:
    """6: use on days -28..-1."""

    status: str
    active_days: int
    known_days: int


@dataclass(frozen=True)
class Checkpoint:
    """One attributed unit at one checkpoint; `use` is None unless the unit is eligible."""

    unit: Unit
    checkpoint_day: int
    day: int
    status: str
    is_weekly_grain: bool
    use: Use | None
    baseline: Baseline
    n_uncovered_days: int
    attributes: Attributes
    manager_at_completion: Manager
    manager_at_checkpoint: Manager

    @property
    def is_eligible(self) -> bool:
        """Whether the unit is in the denominator."""
        return self.status == ELIGIBLE

    @property
    def is_adopted(self) -> bool:
        """Adopted and in the denominator."""
        return self.use is not None and self.use.is_adopted


class Judge:
    """Judges units by the definitions, day by day."""

    def __init__(
        self, employment: Employment, coverage: Coverage, usage: Usage, settings: Settings
    ) -> None:
        """Keep what is asked of: HR, coverage, use and seats."""
        self.employment = employment
        self.coverage = coverage
        self.usage = usage
        self.settings = settings

    def checkpoints(self, unit: Unit) -> list[Checkpoint]:
        """The unit at every N; nothing for one not completed or not attributed to anybody."""
        employee, completed = unit.learner.employee_id, unit.completion_day
        if employee is None or completed is None:
            return []
        tool = self.coverage.of(unit.tool_id)
        seen = self.usage.of(employee, unit.tool_id)
        baseline = self._baseline(tool, seen, completed)
        judged = []
        for n in self.settings.checkpoint_days:
            status = self.status(unit, n, self.settings.block_days, first_day=completed + 1)
            since = range(completed + 1, completed + n + 1)
            judged.append(
                Checkpoint(
                    unit=unit,
                    checkpoint_day=n,
                    day=completed + n,
                    status=status,
                    is_weekly_grain=tool.is_weekly,
                    use=self._use(tool, seen, completed, n) if status == ELIGIBLE else None,
                    baseline=baseline,
                    n_uncovered_days=sum(day not in tool.covered for day in since),
                    attributes=self.employment.attributes(employee, completed),
                    manager_at_completion=self.employment.manager_on(employee, completed),
                    manager_at_checkpoint=self.employment.manager_on(employee, completed + n),
                )
            )
        return judged

    def _block(self, tool: ToolCoverage, last: int, length: int) -> range | None:
        """4, 3.9: the days that end on day N; weekly, the week that ends on one of N-6..N."""
        if not tool.is_weekly:
            return range(last - length + 1, last + 1)
        if tool.week_end is None:
            return None
        ends = [day for day in range(last - DAYS_IN_WEEK + 1, last + 1) if day % 7 == tool.week_end]
        return range(ends[0] - DAYS_IN_WEEK + 1, ends[0] + 1)

    def status(self, unit: Unit, n: int, block_days: int, *, first_day: int | None = None) -> str:
        """5: of a completed unit at day number n, the first reason that holds.

        A block with days before ``first_day`` is none (0002.51).
        """
        tool = self.coverage.of(unit.tool_id)
        employee, last = unit.learner.employee_id, unit.completion_day + n
        if tool.is_open(last, self.coverage.as_of_day):
            return WINDOW_OPEN
        if not self.employment.is_employed(employee, last):
            return LEFT
        block = self._block(tool, last, block_days)
        if block and first_day is not None and block[0] < first_day:
            block = None
        if block is None or any(day not in tool.covered for day in block):
            return FEED_GAP
        if tool.is_sold_by_seat:
            if any(day not in tool.seats_covered for day in block):
                return LICENCE_UNKNOWN
            if not any(self.usage.is_licensed(employee, unit.tool_id, day) for day in block):
                return NO_LICENCE
        leave_days = sum(self.employment.is_on_leave(employee, day) for day in block)
        return ON_LEAVE if leave_days >= self.settings.leave_days else ELIGIBLE

    def is_active(self, unit: Unit, n: int, block_days: int) -> bool:
        """4.1: use in the block of day number n, of a unit that is eligible there."""
        tool = self.coverage.of(unit.tool_id)
        seen = self.usage.of(unit.learner.employee_id, unit.tool_id)
        block = self._block(tool, unit.completion_day + n, block_days)
        if tool.is_weekly:
            week = seen.weeks.get(block[-1])
            return week is not None and week.is_active
        return any(day in seen.days for day in block)

    def _use(self, tool: ToolCoverage, seen: PersonUsage, completed: int, n: int) -> Use:
        if tool.is_weekly:
            return self._use_by_week(tool, seen, completed, n)
        last, length = completed + n, self.settings.block_days
        block = [day for day in self._block(tool, last, length) if day in seen.days]
        since = [day for day in range(completed + 1, last + 1) if day in seen.days]
        active_blocks = 0
        for end in _four_ends(last, length):
            # Windows are days 1..N: a block that reaches back further has only its days since.
            block_days = range(max(end - length, completed) + 1, end + 1)
            active_blocks += any(day in seen.days for day in block_days)
        return Use(
            is_adopted=len(block) >= 1,
            is_tried=len(since) >= 1,
            is_habitual=active_blocks >= self.settings.habitual_blocks,
            is_daily=len(block) >= self.settings.daily_use_days,
            active_days_last_7=len(block),
            active_days_since_completion=len(since),
            interactions_last_7=sum(seen.days[day] for day in block),
            interactions_since_completion=sum(seen.days[day] for day in since),
            known_days=_known_days(tool, completed + 1, last, len(since)),
        )

    def _use_by_week(self, tool: ToolCoverage, seen: PersonUsage, completed: int, n: int) -> Use:
        """0002.23: the same in whole weeks."""
        last = completed + n
        end = self._block(tool, last, DAYS_IN_WEEK)[-1]
        week = seen.weeks.get(end)
        whole = _weeks_within(seen, completed + 1, last)
        was_seen = any(day in seen.days for day in range(completed + 1, last + 1))
        active_weeks = [
            e
            for e in _four_ends(end, DAYS_IN_WEEK)
            if e > completed and e in seen.weeks and seen.weeks[e].is_active
        ]
        days_in_block = week.counted_days if week else 0
        active_days = sum(w.counted_days for w in whole)
        return Use(
            is_adopted=week is not None and week.is_active,
            is_tried=was_seen or any(w.is_active for w in whole),
            is_habitual=len(active_weeks) >= self.settings.habitual_blocks,
            is_daily=days_in_block >= self.settings.daily_use_days,
            active_days_last_7=days_in_block,
            active_days_since_completion=active_days,
            interactions_last_7=week.interactions if week else 0,
            interactions_since_completion=sum(w.interactions for w in whole),
            known_days=_known_days(tool, completed + 1, last, active_days),
        )

    def _baseline(self, tool: ToolCoverage, seen: PersonUsage, completed: int) -> Baseline:
        """6: existing if active on one of days -28..-1, new if all are covered, else unknown."""
        first, last = completed - self.settings.baseline_days, completed - 1
        days = range(first, last + 1)
        observed = [day for day in days if day in seen.days]
        whole = _weeks_within(seen, first, last) if tool.is_weekly else []
        if observed or any(week.is_active for week in whole):
            status = EXISTING
        elif all(day in tool.covered for day in days):
            status = NEW
        else:
            status = BASELINE_UNKNOWN
        counted = sum(w.counted_days for w in whole) if tool.is_weekly else len(observed)
        return Baseline(status, counted, _known_days(tool, first, last, counted))


def _four_ends(last: int, length: int) -> list[int]:
    """4.2: the last days of the four consecutive blocks that end on `last`."""
    return [last - i * length for i in range(4)]


def _known_days(tool: ToolCoverage, first: int, last: int, active_days: int) -> int:
    """0002.50: covered days, of weekly tools in whole weeks only; at least the active ones."""
    days = list(range(first, last + 1))
    if tool.is_weekly:
        weeks = (range(day - DAYS_IN_WEEK + 1, day + 1) for day in days if day % 7 == tool.week_end)
        days = [day for week in weeks if week[0] >= first for day in week]
    return max(sum(day in tool.covered for day in days), active_days)


def _weeks_within(seen: PersonUsage, first: int, last: int) -> list:
    """The weeks that lie wholly within the days."""
    ends: Iterable[int] = sorted(seen.weeks)
    return [seen.weeks[end] for end in ends if first <= end - DAYS_IN_WEEK + 1 and end <= last]
