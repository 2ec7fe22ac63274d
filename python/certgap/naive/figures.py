"""Each shortcut beside the definition, as rows of a table. Rates are 0-1."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from certgap.naive.company import Company
from certgap.truth.checkpoints import EXISTING, LEFT, NEW, WINDOW_OPEN, Checkpoint
from certgap.truth.statistics import rate

DAY_N = 90
LAST_DAYS = 30
# The block of the same length right before the training.
BLOCK = 7
SMALL_TEAM = 10


@dataclass(frozen=True)
class Rate:
    """What a reader would see: a name, and a number of so many."""

    says: str
    part: int
    of: int

    @property
    def value(self) -> float | None:
        """None over nobody."""
        return rate(self.part, self.of)


def _adopted(checkpoints: Iterable[Checkpoint], says: str) -> Rate:
    checkpoints = list(checkpoints)
    return Rate(says, sum(c.is_adopted for c in checkpoints), len(checkpoints))


def right(company: Company) -> Rate:
    """4.1, 5: adopted at day 90, of those who can be judged."""
    return _adopted(company.eligible(DAY_N), "adopted at day 90, of those judged")


@dataclass(frozen=True)
class OnDay:
    """Both figures as they could be known on one day."""

    day: date
    naive: Rate
    youngest: Rate
    right: Rate


def censoring(company: Company, days: Iterable[date]) -> list[OnDay]:
    """Use in the last 30 days, of all completers, against day 90 of those who have reached it.

    ``youngest`` are the completers of the last 30 days: who is in the window and who is in the
    denominator move together.
    """
    rows = []
    for day in days:
        last = day.toordinal()
        done = [unit for unit in company.completed if unit.completion_day <= last]
        fresh = [unit for unit in done if unit.completion_day > last - LAST_DAYS]
        active = sum(company.is_used(unit, last - LAST_DAYS + 1, last) for unit in done)
        judged = [c for c in company.eligible(DAY_N) if c.day <= last]
        rows.append(
            OnDay(
                day,
                Rate("used it in the last 30 days, of all completers", active, len(done)),
                Rate("completed in the last 30 days", len(fresh), len(done)),
                _adopted(judged, "adopted at day 90, of those who have reached it"),
            )
        )
    return rows


def survivors(company: Company) -> list[Rate]:
    """Who is left out by a join with the usage export; and what the leavers could change."""
    eligible = company.eligible(DAY_N)
    seen = [c for c in eligible if c.use.is_tried]
    leavers = [c for c in company.at(DAY_N) if c.status == LEFT]
    judged = right(company)
    return [
        judged,
        _adopted(seen, "of those with a row in the usage export since then"),
        Rate("day 90, leavers counted as no adopters", judged.part, judged.of + len(leavers)),
        Rate(
            "day 90, leavers counted as adopters",
            judged.part + len(leavers),
            judged.of + len(leavers),
        ),
    ]


def _reached(company: Company) -> list[Checkpoint]:
    return [c for c in company.at(DAY_N) if c.status != WINDOW_OPEN]


def _used_in_block(company: Company, checkpoints: list[Checkpoint], says: str) -> Rate:
    used = sum(company.is_used(c.unit, c.day - BLOCK + 1, c.day) for c in checkpoints)
    return Rate(says, used, len(checkpoints))


def unknown_as_zero(company: Company) -> list[Rate]:
    """Everybody whose day 90 is over; a day that was not delivered reads as no use."""
    reached = _reached(company)
    by_status = Counter(c.status for c in reached if not c.is_eligible)
    return [
        right(company),
        _used_in_block(company, reached, "of all whose day 90 is over"),
        *(
            Rate(f"of these not judged: {status}", number, len(reached))
            for status, number in by_status.most_common()
        ),
    ]


def existing_users(company: Company) -> list[Rate]:
    """Adoption of everybody, of new users, of existing ones; and the share that used it before."""
    eligible = company.eligible(DAY_N)
    new = [c for c in eligible if c.baseline.status == NEW]
    existing = [c for c in eligible if c.baseline.status == EXISTING]
    adopters = [c for c in eligible if c.is_adopted]
    before = [c for c in adopters if c.baseline.status == EXISTING]
    used_before = sum(
        company.is_used(c.unit, c.unit.completion_day - BLOCK, c.unit.completion_day - 1)
        for c in eligible
    )
    return [
        _adopted(eligible, "adoption at day 90"),
        _adopted(new, "conversion: of new users"),
        _adopted(existing, "retention: of existing users"),
        Rate("of the adopters, used it in the 28 days before training", len(before), len(adopters)),
        Rate("used it in the 7 days before training", used_before, len(eligible)),
    ]


def sign_ins(company: Company) -> list[Rate]:
    """A sign-in in the block, or in the last 30 days before day 90, taken for use."""
    eligible = company.eligible(DAY_N)

    def signed_in(days: int, among: Callable[[Checkpoint], bool]) -> tuple[int, int]:
        people = [c for c in eligible if among(c)]
        number = 0
        for c in people:
            seen = company.sign_ins.get((c.unit.learner.employee_id, c.unit.tool_id), set())
            number += any(day in seen for day in range(c.day - days + 1, c.day + 1))
        return number, len(people)

    return [
        right(company),
        Rate("signed in to it within the 7 days", *signed_in(BLOCK, lambda _: True)),
        Rate("signed in to it within 30 days", *signed_in(LAST_DAYS, lambda _: True)),
        Rate(
            "of those who did not use it since the training, signed in within 30 days",
            *signed_in(LAST_DAYS, lambda c: not c.use.is_tried),
        ),
    ]


@dataclass(frozen=True)
class Ratios:
    """The mean of group rates beside the rate of the whole."""

    groups: str
    number: int
    mean: float
    whole: float


def _groups(company: Company, key: Callable[[Checkpoint], object]) -> dict[object, list[bool]]:
    found: dict[object, list[bool]] = defaultdict(list)
    for checkpoint in company.eligible(DAY_N):
        found[key(checkpoint)].append(checkpoint.is_adopted)
    return found


def _role_and_tool(checkpoint: Checkpoint) -> object:
    return checkpoint.attributes.role_group, checkpoint.unit.tool_id


def _team(checkpoint: Checkpoint) -> object:
    return checkpoint.manager_at_completion.employee_id or ""


def average_of_ratios(company: Company) -> list[Ratios]:
    """Means over tools, role group x tool, and teams, each group counting the same."""
    whole = right(company).value
    rows = []
    for name, key in (
        ("tool", lambda c: c.unit.tool_id),
        ("role group × tool", _role_and_tool),
        ("team (manager)", _team),
    ):
        rates = [sum(adopted) / len(adopted) for adopted in _groups(company, key).values()]
        rows.append(Ratios(name, len(rates), sum(rates) / len(rates), whole))
    return rows


@dataclass(frozen=True)
class Ranking:
    """A league table of teams by their rate."""

    teams: int
    teams_below_floor: int
    first: int
    first_below_floor: int
    at_zero: int
    at_zero_below_floor: int


def ranking(company: Company, first: int = 20) -> Ranking:
    """How many of the best, and of the worst, teams are too small to be judged."""
    teams = [
        (sum(adopted) / len(adopted), len(adopted)) for adopted in _groups(company, _team).values()
    ]
    best = sorted(teams, key=lambda team: (-team[0], team[1]))[:first]
    zero = [size for value, size in teams if value == 0]
    return Ranking(
        teams=len(teams),
        teams_below_floor=sum(size < SMALL_TEAM for _, size in teams),
        first=len(best),
        first_below_floor=sum(size < SMALL_TEAM for _, size in best),
        at_zero=len(zero),
        at_zero_below_floor=sum(size < SMALL_TEAM for size in zero),
    )
