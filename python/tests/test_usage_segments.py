"""Usage segments of a published table (300 people by 35 weeks) against the definition, in Python.

Rule: what a segment is, is computed here from the rows of the table by docs/decisions/0010 11-16,
person by person and week by week. The table has no hires, leavers or training: those are made up
here, by a person's place in the list, as are people who stop for good (`*_left`).
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import pytest

from companies import Company, small_company, write_csv
from vendor_samples import csv_rows

pytestmark = pytest.mark.long

TABLE = Path(__file__).parent / "fixtures" / "viva_person_query" / "person_query.csv.gz"
DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
LONG_AGO = dt.date(2020, 1, 1)
# Tool -> the column it is (None: all of them). One period a week, Sunday to Saturday.
WEEKLY = {
    "copilot": None,
    "copilot_excel": "Copilot_actions_taken_in_Excel",
    "copilot_powerpoint": "Copilot_actions_taken_in_Powerpoint",
    "copilot_word": "Copilot_actions_taken_in_Word",
    "copilot_left": None,
}
DAILY = "daily_left"
LATE = "copilot_excel"  # first delivered on the Wednesday of its first week
LATE_FROM = 3
GAP = "copilot_powerpoint"  # one day of this week was not delivered
GAP_WEEK = 20
SEGMENTS = ("non_user", "low", "novice", "habitual", "power", "insufficient_history")
TRANSITIONS = ("newly_active", "retained", "resurrected", "lapsed", "dormant", "never_active")


@dataclass(frozen=True)
class Person:
    """Somebody of the table, and what this test adds."""

    id: str
    department: str
    role_group: str
    employed: tuple[tuple[dt.date, dt.date], ...]  # [first day, first day after)
    hired: dt.date
    first_hired: dt.date
    trained: dt.date | None
    n_weeks_of_left: int  # weeks until they stop in the `*_left` tools


@dataclass
class Use:
    """The weeks of a tool: when, what was covered, and who did what."""

    weeks: list[dt.date]
    first_day: dt.date
    uncovered: dict[dt.date, int]
    actions: dict[tuple[str, dt.date], int] = field(default_factory=dict)
    active_days: dict[tuple[str, dt.date], int] = field(default_factory=dict)

    def uncovered_days(self, week: dt.date) -> int:
        """Days of a week nothing was delivered for: all, before the first."""
        return 7 if week < self.weeks[0] else self.uncovered.get(week, 0)


@cache
def table() -> list[dict[str, str]]:
    return csv_rows(gzip.decompress(TABLE.read_bytes()))


@cache
def weeks() -> list[dt.date]:
    return sorted({dt.date.fromisoformat(row["MetricDate"]) for row in table()})


@cache
def people() -> list[Person]:
    rows = {row["PersonId"]: row for row in table()}
    found = []
    for place, person in enumerate(sorted(rows)):
        start = weeks()[0] + (place // 3) * DAY
        kind = place % 10
        employed, hired, first_hired = ((LONG_AGO, dt.date.max),), LONG_AGO, LONG_AGO
        if kind == 0:  # hired during these weeks, on any weekday
            employed, hired, first_hired = ((start, dt.date.max),), start, start
        elif kind == 1:  # left, and came back
            back = start + 45 * DAY
            employed, hired = ((LONG_AGO, start), (back, dt.date.max)), back
        elif kind == 2:  # leaves
            employed = ((LONG_AGO, start + 60 * DAY),)
        trained = weeks()[0] + place * DAY if place % 3 == 0 and place < 240 else None
        row = rows[person]
        found.append(
            Person(
                person, row["Organization"], row["FunctionType"], employed, hired, first_hired,
                trained, place % 36,
            )
        )  # fmt: skip
    return found


def actions_of(row: dict[str, str], column: str | None) -> int:
    columns = [column] if column else [name for name in row if name.startswith("Copilot_actions")]
    return sum(int(row[name]) for name in columns)


def has_stopped(person: Person, week: dt.date, tool: str) -> bool:
    return tool.endswith("_left") and weeks().index(week) >= person.n_weeks_of_left


def period_rows() -> Iterator[dict[str, str]]:
    """The table as tool_usage_period, one tool a column."""
    by_id = {person.id: person for person in people()}
    for row in table():
        week = dt.date.fromisoformat(row["MetricDate"])
        for tool, column in WEEKLY.items():
            if has_stopped(by_id[row["PersonId"]], week, tool):
                continue
            if tool == LATE and weeks().index(week) < LATE_FROM:
                continue
            yield {
                "tool_id": tool,
                "alias_type": "person_id",
                "alias_value": row["PersonId"],
                "period_start": str(week),
                "period_end": str(week + 6 * DAY),
                # A column of one application says nothing of days.
                "active_days": "" if column else row["Total_Copilot_active_days"],
                "interactions": str(actions_of(row, column)),
            }


def daily_rows() -> Iterator[dict[str, str]]:
    """The whole of Copilot as days from the week's Monday on; the first has all the actions."""
    by_id = {person.id: person for person in people()}
    for row in table():
        week = dt.date.fromisoformat(row["MetricDate"])
        if has_stopped(by_id[row["PersonId"]], week, DAILY):
            continue
        for number in range(int(row["Total_Copilot_active_days"])):
            yield {
                "tool_id": DAILY,
                "alias_type": "person_id",
                "alias_value": row["PersonId"],
                "usage_date": str(week + (1 + number) * DAY),
                "surface": "all",
                "interactions": str(actions_of(row, None) if number == 0 else 0),
                "is_active": "true",
            }


def delivery(tool: str, relation: str, first: dt.date, last: dt.date) -> dict[str, str]:
    return {
        "feed": relation,
        "tool_id": tool,
        "delivery_id": f"{tool}|{first}",
        "received_at": "2024-12-31T00:00:00Z",
        "date_from": str(first),
        "date_to": str(last),
    }


def deliveries() -> list[dict[str, str]]:
    first, last = weeks()[0], weeks()[-1] + 6 * DAY
    spans = {tool: [(first, last)] for tool in WEEKLY}
    spans[LATE] = [(weeks()[LATE_FROM] + 3 * DAY, last)]
    missing = weeks()[GAP_WEEK] + 2 * DAY
    spans[GAP] = [(first, missing - DAY), (missing + DAY, last)]
    rows = [
        delivery(tool, "tool_usage_period", first, last)
        for tool, found in spans.items()
        for first, last in found
    ]
    # The last ISO week is not over: its Sunday is missing.
    return [*rows, delivery(DAILY, "tool_usage_daily", weeks()[0] + DAY, last)]


def company(folder: Path) -> Company:
    """The table as generic deliveries, with people and training."""
    made = small_company(folder)
    employee, position, alias = (
        dict.fromkeys(made.feeds["hris", name][0], "")
        for name in ("employees", "employment_history", "identity_aliases")
    )
    course = made.feeds["lms", "courses"][0]
    event = made.feeds["lms", "learning_events"][-1]
    in_use = [(person, first, after) for person in people() for first, after in person.employed]
    made.feeds = {
        ("hris", "employees"): [
            employee
            | {
                "employee_id": person.id,
                "hire_date": str(person.hired),
                "original_hire_date": str(person.first_hired),
            }
            for person in people()
        ],
        ("hris", "employment_history"): [
            position
            | {
                "employee_id": person.id,
                "valid_from": str(first),
                "valid_to": "" if after == dt.date.max else str(after),
                "department": person.department,
                "role_group": person.role_group,
                "employment_status": "active",
            }
            for person, first, after in in_use
        ],
        ("hris", "identity_aliases"): [
            alias | {"employee_id": person.id, "alias_type": "person_id", "alias_value": person.id}
            for person in people()
        ],
        ("lms", "courses"): [course],
        ("lms", "learning_events"): [
            event
            | {
                "event_id": f"L{number}",
                "alias_type": "person_id",
                "alias_value": person.id,
                "occurred_at": str(person.trained),
                "time_precision": "date",
            }
            for number, person in enumerate(people())
            if person.trained
        ],
        ("usage", "tool_usage_period"): list(period_rows()),
        ("usage", "tool_usage_daily"): list(daily_rows()),
        ("usage", "deliveries"): deliveries(),
    }
    made.write()
    tools = [*WEEKLY, DAILY]
    write_csv(
        made.reference / "tools.csv",
        [
            {
                "tool_id": tool, "tool_name": tool, "vendor": "Microsoft", "licence_model": "open",
                "restatement_lag_days": "0", "is_approved": "true",
            }
            for tool in tools
        ],
    )  # fmt: skip
    write_csv(
        made.reference / "course_tool_map.csv",
        [
            {
                "source_system": "generic", "source_course_id": course["course_id"],
                "tool_id": tool, "valid_from": "", "valid_to": "",
            }
            for tool in tools
        ],
    )  # fmt: skip
    return made


@cache
def use_of(tool: str) -> Use:
    """The judged weeks of a tool and what people did in them."""
    if tool == DAILY:
        first = weeks()[0] + DAY
        use = Use([week + DAY for week in weeks()[:-1]], first, {})
        for row in daily_rows():
            day = dt.date.fromisoformat(row["usage_date"])
            key = row["alias_value"], day - day.weekday() * DAY
            use.actions[key] = use.actions.get(key, 0) + int(row["interactions"])
            use.active_days[key] = use.active_days.get(key, 0) + 1
        return use
    from_week = LATE_FROM if tool == LATE else 0
    use = Use(weeks()[from_week:], weeks()[from_week], {})
    if tool == LATE:
        use.first_day += 3 * DAY
        use.uncovered[use.weeks[0]] = 3
    if tool == GAP:
        use.uncovered[weeks()[GAP_WEEK]] = 1
    for row in period_rows():
        n_days = int(row["active_days"] or 0)
        if row["tool_id"] == tool and (int(row["interactions"]) or n_days):
            key = row["alias_value"], dt.date.fromisoformat(row["period_start"])
            use.actions[key] = int(row["interactions"])
            use.active_days[key] = n_days if row["active_days"] else 1
    return use


def segment(person: Person, use: Use, week: dt.date, n_weeks: int) -> str:
    """Line 14 of the decision."""
    window = [week - number * WEEK for number in range(n_weeks)]
    hired = person.hired if week + 6 * DAY >= person.hired else person.first_hired
    if window[-1] < max(hired, use.first_day):
        return "insufficient_history"
    n_active = sum((person.id, day) in use.actions for day in window)
    mean = sum(use.actions.get((person.id, day), 0) for day in window) / n_weeks
    if n_active >= {12: 9, 4: 4}[n_weeks]:
        return "power" if mean >= 15 else "habitual"
    if mean >= 1:
        return "novice"
    return "low" if n_active else "non_user"


def flags(person: Person, use: Use, week: dt.date) -> dict[str, bool]:
    """Lines 15 and 16, for one person."""
    before = [day for day in use.weeks if day < week and (person.id, day) in use.actions]
    is_active = (person.id, week) in use.actions
    last = week - WEEK in before
    return {
        "active": is_active,
        "daily": use.active_days.get((person.id, week), 0) >= 4,
        "monthly_active": is_active or any(day >= week - 3 * WEEK for day in before),
        "tried": is_active or bool(before),
        "newly_active": is_active and not before,
        "retained": is_active and last,
        "resurrected": is_active and bool(before) and not last,
        "lapsed": not is_active and last,
        "dormant": not is_active and bool(before) and not last,
        "never_active": not is_active and not before,
    }


def groups_of(person: Person, week: dt.date) -> dict[str, str]:
    is_trained = person.trained is not None and person.trained <= week + 6 * DAY
    return {
        "all": "all",
        "department": person.department,
        "role_group": person.role_group,
        "training_status": "trained" if is_trained else "not_trained",
    }


@cache
def expected_counts() -> dict[tuple[str, dt.date, str, str], dict[str, int | None]]:
    """Every count by (tool, week, dimension, value), `all` included."""
    counts: dict[tuple[str, dt.date, str, str], Counter[str]] = defaultdict(Counter)
    unknown: set[tuple[str, dt.date, str, str]] = set()
    for tool in [*WEEKLY, DAILY]:
        use = use_of(tool)
        for week in use.weeks:
            has_transitions = week != use.weeks[0] and not (
                use.uncovered.get(week) or use.uncovered.get(week - WEEK)
            )
            for person in people():
                if not any(a <= week + 6 * DAY < b for a, b in person.employed):
                    continue
                found = [name for name, holds in flags(person, use, week).items() if holds]
                found += [f"{segment(person, use, week, n)}_{n}w" for n in (12, 4)]
                for dimension, value in groups_of(person, week).items():
                    keys = [(tool, week, dimension, value), ("all", week, dimension, value)]
                    if dimension == "all":
                        keys.append(("all", week, "tool", tool))
                    if dimension == "role_group":
                        keys.append(("all", week, "role_group_tool", f"{value}|{tool}"))
                    for key in keys:
                        counts[key].update(["people", *found])
                        if not has_transitions:
                            unknown.add(key)
    names = ["people", "active", "daily", "monthly_active", "tried"]
    names += [f"{name}_{n}w" for name in SEGMENTS for n in (12, 4)]
    return {
        key: {f"n_{name}": counted[name] for name in names}
        | {f"n_{name}": None if key in unknown else counted[name] for name in TRANSITIONS}
        for key, counted in counts.items()
    }


@pytest.fixture(scope="module")
def warehouse(company_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    made = company(company_folder)
    run = made.dbt(
        "build", "--select", "+published__usage_segments", "int_usage_segments",
        "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    with duckdb.connect(str(made.warehouse), read_only=True) as connection:
        yield connection


def test_the_table_is_whole() -> None:
    assert (len(table()), len(people()), len(weeks())) == (10_500, 300, 35)
    assert {week.isoweekday() for week in weeks()} == {7}


def test_the_segments_of_every_person_and_week_are_those_of_the_definition(warehouse) -> None:
    found = {
        (person, tool, week): segments
        for person, tool, week, *segments in warehouse.execute(
            "select employee_id, tool_id, week_start_date, segment_12w, segment_4w"
            " from intermediate.int_usage_segments"
        ).fetchall()
    }
    expected = {}
    for tool in [*WEEKLY, DAILY]:
        use = use_of(tool)
        for person in people():
            for week in use.weeks:
                if any((person.id, week - n * WEEK) in use.actions for n in range(12)):
                    expected[person.id, tool, week] = [
                        segment(person, use, week, n_weeks) for n_weeks in (12, 4)
                    ]
    different = {key for key in found | expected if found.get(key) != expected.get(key)}
    examples = [(key, found.get(key), expected.get(key)) for key in sorted(different)[:5]]
    assert not different, (len(different), examples)
    print(Counter(segments[0] for segments in found.values()))


def test_who_stopped_long_ago_is_not_habitual(warehouse) -> None:
    """Habits end: in the last week those who had one and stopped 12 weeks before are non-users."""
    use = use_of("copilot_left")
    last = use.weeks[-1]
    had_habit = {
        person.id
        for person in people()
        if any(segment(person, use, week, 12) in ("habitual", "power") for week in use.weeks)
    }
    stopped = {
        person.id for person in people() if person.id in had_habit and person.n_weeks_of_left <= 23
    }
    assert len(stopped) >= 50
    in_last_week = warehouse.execute(
        "select employee_id from intermediate.int_usage_segments"
        " where tool_id = 'copilot_left' and week_start_date = ?",
        [last],
    ).fetchall()
    assert not stopped & {row[0] for row in in_last_week}
    long_gone = warehouse.execute(
        "select n_non_user_12w, n_habitual_12w from main.usage_segments"
        " where tool_id = 'copilot_excel' and dimension = 'all' and week_start_date = ?",
        [last],
    ).fetchone()
    assert long_gone[0] >= 50 and long_gone[1] == 0


def test_the_counts_of_the_mart_are_those_of_the_definition(warehouse) -> None:
    columns = list(next(iter(expected_counts().values())))
    found = {
        (tool, week, dimension, value): dict(zip(columns, counts, strict=True))
        for tool, week, dimension, value, *counts in warehouse.execute(
            f"select tool_id, week_start_date, dimension, dimension_value, {', '.join(columns)}"
            " from main.usage_segments where dimension in ('all', 'department', 'role_group',"
            " 'training_status', 'tool', 'role_group_tool')"
        ).fetchall()
    }
    expected = expected_counts()
    assert found.keys() == expected.keys()
    different = {key: (found[key], expected[key]) for key in found if found[key] != expected[key]}
    assert not different, (len(different), list(different.items())[:2])
    print(f"usage_segments: {len(found):,} rows of {len(columns)} counts")


def test_every_segment_and_transition_occurs() -> None:
    """The comparison would prove little of a segment nobody is in."""
    totals: Counter[str] = Counter()
    for counts in expected_counts().values():
        totals.update({name: n for name, n in counts.items() if n})
    assert min(totals.values()) > 0 and len(totals) == 23


def test_uncovered_days_are_counted_beside_the_segments(warehouse) -> None:
    for tool in [*WEEKLY, DAILY]:
        use = use_of(tool)
        expected = [
            (week, *(
                sum(use.uncovered_days(week - number * WEEK) for number in range(n_weeks))
                for n_weeks in (1, 12, 4)
            ))
            for week in use.weeks
        ]  # fmt: skip
        found = warehouse.execute(
            "select week_start_date, n_uncovered_days, n_uncovered_days_12w, n_uncovered_days_4w"
            f" from main.usage_segments where tool_id = '{tool}' and dimension = 'all' order by 1"
        ).fetchall()
        assert found == expected, tool
