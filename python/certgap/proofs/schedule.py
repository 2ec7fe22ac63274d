"""One random delivery schedule: what arrives, is restated, comes late or is withdrawn, in steps.

After each step there is an incremental build, or one that breaks off. What happens is drawn from a
seed; every kind of event has its chance in every schedule, so that they meet each other.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from certgap.simulate.github_exports import usage_row
from certgap.worlds.drawing import Dice, Feeds, Row, after, as_text
from certgap.worlds.evidence import Evidence
from certgap.worlds.learning import draw_learning
from certgap.worlds.people import ROLE_GROUPS, People, draw_people
from certgap.worlds.use import draw_tools, draw_use

GENERIC, NEW_VENDOR = "generic", "github_copilot"
USAGE = {"tool_usage_daily", "tool_usage_period"}
VENDOR_FOLDER = f"usage/{NEW_VENDOR}/users_1_day"
# Values of dbt vars that a step may change; each is read by a definition.
RULES: dict[str, list[Any]] = {
    "checkpoint_days": [[30, 60, 90], [21, 60], [14, 30, 45]],
    "block_days": [7, 10],
    "daily_use_days": [4, 2],
    "baseline_days": [28, 14],
    "min_cell": [5, 10],
    "lapse_days": [28, 14],
    "default_timezone": ["UTC", "America/New_York"],
    "completion_window_days": [90, 30],
    "tool_ids": [{}, {NEW_VENDOR: "tool_a"}],
}
# Where a build breaks off: the last model that is still built.
BREAKS = [
    "base_generic__tool_usage_daily",
    "usage_months",
    "int_usage_alias_rows",
    "int_usage_months",
    "int_usage_rows_matched",
]


@dataclass
class Step:
    """What changes before one build."""

    written: dict[str, bytes] = field(default_factory=dict)  # path below raw/ → content
    deleted: list[str] = field(default_factory=list)
    reference: dict[str, list[Row]] = field(default_factory=dict)  # seed → its rows from now on
    variables: dict[str, Any] = field(default_factory=dict)  # all dbt vars from now on
    sources: list[str] = field(default_factory=lambda: [GENERIC])
    breaks_off_after: str | None = None


@dataclass
class Schedule:
    """Steps, and how often each kind of event happens in them."""

    seed: int
    steps: list[Step]
    events: Counter[str]


def csv_bytes(rows: list[Row]) -> bytes:
    """Rows of one feed as a CSV file; columns are those any row has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: as_text(row.get(name)) or "" for name in names})
    return text.getvalue().encode()


def draw_schedule(seed: int) -> Schedule:
    """The schedule of a seed."""
    return _Drawing(seed).schedule()


class _Drawing:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.dice = dice = Dice(f"schedule {seed}")
        self.events: Counter[str] = Counter()
        self.start = dice.day(date(2025, 8, 1), date(2025, 12, 1))
        self.end = after(self.start, dice.randint(60, 130))
        self.feeds = Feeds()
        self.tools = draw_tools(dice)
        count = dice.randint(8, 18)
        self.people: People = draw_people(dice, self.feeds, self.start, self.end, count)
        tool_ids = [tool.tool_id for tool in self.tools]
        evidence = Evidence(Dice(f"evidence of schedule {seed}"))
        self.learning = draw_learning(
            dice, self.feeds, self.people, tool_ids, self.start, self.end, evidence
        )
        draw_use(dice, self.feeds, self.people, self.tools, self.start, self.end)
        last = after(self.end, 1)
        between = {dice.day(after(self.start, 15), self.end) for _ in range(dice.randint(2, 3))}
        self.cuts = [*sorted(between), last]
        self.vendor_from = dice.randint(1, len(self.cuts) - 1) if dice.happens(0.5) else None

    def schedule(self) -> Schedule:
        """Files into steps, then what goes wrong with them, then settings."""
        self.steps = [Step() for _ in self.cuts]
        self._deliver_people_and_learning()
        self._deliver_announcements()
        self._deliver_use()
        if self.vendor_from is not None:
            self._deliver_new_vendor(self.vendor_from)
        self._change_rules()
        self._break_off()
        self.events["builds"] += len(self.steps)
        return Schedule(self.seed, self.steps, self.events)

    def _step_of(self, day: date) -> int:
        """The step by which a file of this date is there, if all goes well."""
        return next((n for n, cut in enumerate(self.cuts) if day <= cut), len(self.cuts) - 1)

    def _rows(self, category: str, relation: str) -> list[tuple[date, Row]]:
        return self.feeds.rows.get((category, relation), [])

    def _deliver_people_and_learning(self) -> None:
        """Snapshots at every step; the aliases of some are wrong or missing until the next one."""
        dice = self.dice
        events = self._rows("lms", "learning_events")
        for number, (step, cut) in enumerate(zip(self.steps, self.cuts, strict=True)):
            for relation in ("employees", "employment_history", "leave_periods"):
                rows = [row for _, row in self._rows("hris", relation)]
                if rows:
                    step.written[f"hris/generic/{relation}/{cut}.csv"] = csv_bytes(rows)
            claims = [dict(row) for _, row in self._rows("hris", "identity_aliases")]
            if number < len(self.steps) - 1 and dice.happens(0.7):
                self.events["owners of addresses changed"] += 1
                for claim in dice.some(claims, 0.15):
                    claim["employee_id"] = dice.choice(self.people.ids)
                claims = [claim for claim in claims if not dice.happens(0.1)] or claims
            logins = [
                {"employee_id": who, "alias_type": "github_login", "alias_value": f"login-{who}"}
                for who in self.people.ids
            ]
            step.written[f"hris/generic/identity_aliases/{cut}.csv"] = csv_bytes([*claims, *logins])
            courses = [row for _, row in self._rows("lms", "courses")]
            step.written[f"lms/generic/courses/{cut}.csv"] = csv_bytes(courses)
            told = [
                row for _, row in events if self._step_of(_day_of(row["occurred_at"])) == number
            ]
            if number == 0 and not told:
                told = [row for _, row in events[:1]]
            if told:
                step.written[f"lms/generic/learning_events/{cut}.csv"] = csv_bytes(told)

    def _deliver_announcements(self) -> None:
        """Deliveries of use as they are announced, and seats."""
        announced: dict[int, list[Row]] = {}
        for _, row in self._rows("usage", "deliveries"):
            day = row["date_to"] or row["max_complete_date"] or self.end
            announced.setdefault(self._step_of(day), []).append(row)
        for number, rows in announced.items():
            path = f"usage/generic/deliveries/{self.cuts[number]}.csv"
            self.steps[number].written[path] = csv_bytes(rows)
        seats = [row for _, row in self._rows("usage", "tool_licences")]
        if seats:
            for number in {self.dice.randint(0, len(self.cuts) - 1), len(self.cuts) - 1}:
                path = f"usage/generic/tool_licences/{self.cuts[number]}.csv"
                self.steps[number].written[path] = csv_bytes(seats)

    def _deliver_use(self) -> None:
        """Usage by file, most in their step; the others are what this proof is about."""
        files: dict[tuple[str, date], list[Row]] = {}
        for relation in sorted(USAGE):
            for day, row in self._rows("usage", relation):
                files.setdefault((relation, day), []).append(row)
        for (relation, day), rows in sorted(files.items()):
            self._deliver_file(f"usage/generic/{relation}", day, rows)
        if not any("/tool_usage_" in path for path in self.steps[0].written):
            (relation, day), rows = min(files.items(), key=lambda item: item[0][1])
            path = f"usage/generic/{relation}/{day}.csv"
            self.steps[0].written[path] = csv_bytes(rows)

    def _deliver_file(self, folder: str, day: date, rows: list[Row]) -> None:
        dice, last = self.dice, len(self.steps) - 1
        number = self._step_of(day)
        if number < last and dice.happens(0.10):
            number = dice.randint(number + 1, last)
            self.events["late"] += 1
        elif number > 0 and dice.happens(0.03):
            number = dice.randint(0, number - 1)
            self.events["out of order"] += 1
        path = f"{folder}/{day}.csv"
        self.steps[number].written[path] = csv_bytes(rows)
        if number == last:
            return
        later = dice.randint(number + 1, last)
        what = dice.random()
        again = f"{folder}/{after(self.cuts[later], dice.randint(-1, 3))}-{day:%m%d}.csv"
        if what < 0.06:
            self.events["repeated"] += 1
            self.steps[later].written[again] = csv_bytes(rows)
        elif what < 0.09:
            self.events["sent again under its name"] += 1
            self.steps[later].written[path] = csv_bytes(rows)
        elif what < 0.19:
            self.events["restated"] += 1
            self.steps[later].written[again] = csv_bytes(self._restated(rows))
        elif what < 0.24:
            self.events["replaced"] += 1
            self.steps[later].written[path] = csv_bytes(self._restated(rows))
        elif what < 0.28:
            self.events["withdrawn"] += 1
            self.steps[later].deleted.append(path)

    def _restated(self, rows: list[Row]) -> list[Row]:
        """Other counts, rows gone, a row of another person, now and then one that is unreadable."""
        dice = self.dice
        kept = [dict(row) for row in rows if not dice.happens(0.2)] or [dict(rows[0])]
        for row in dice.some(kept, 0.6):
            row["interactions"] = dice.choice([None, 0, 3, 7])
            if "is_active" in row:
                row["is_active"] = dice.choice([True, None, False])
        if dice.happens(0.3):
            more = dict(rows[0])
            more["alias_value"] = f"p{dice.randint(0, len(self.people.ids) - 1)}@example.com"
            kept.append(more)
        if dice.happens(0.1):
            self.events["unreadable row"] += 1
            name = "usage_date" if "usage_date" in rows[0] else "period_end"
            kept.append({**rows[0], name: "31.02.2026"})
        return kept

    def _deliver_new_vendor(self, first: int) -> None:
        """A vendor with its whole history, enabled from step ``first`` on."""
        dice = self.dice
        self.events["new vendor"] += 1
        users = dice.some(self.people.ids, 0.6) or self.people.ids[:1]
        day = self.start
        while day <= self.end:
            rows = [
                usage_row(0, number, f"login-{who}", dice.choice([0, 1, 6]), 3, dice.choice([0, 2]))
                | {"report_start_day": str(day), "report_end_day": str(day), "day": str(day)}
                for number, who in enumerate(users)
                if dice.happens(0.4)
            ]
            if rows and dice.happens(0.8):
                number = max(first, self._step_of(after(day, 1)))
                text = "".join(json.dumps(row) + "\n" for row in rows)
                path = f"{VENDOR_FOLDER}/{after(day, 1)}/users-1-day-{day}.ndjson"
                self.steps[number].written[path] = text.encode()
            day = after(day, dice.randint(1, 3))
        path = f"{VENDOR_FOLDER}/{after(self.start, 1)}/users-1-day-{self.start}-first.ndjson"
        row = usage_row(0, 0, f"login-{users[0]}", 1, 1, 0)
        row |= dict.fromkeys(("report_start_day", "report_end_day", "day"), str(self.start))
        self.steps[first].written[path] = (json.dumps(row) + "\n").encode()
        until = len(self.steps)
        if first < len(self.steps) - 1 and dice.happens(0.15):
            until = dice.randint(first + 1, len(self.steps) - 1)
            self.events["vendor switched off"] += 1
        for step in self.steps[first:until]:
            step.sources = [GENERIC, NEW_VENDOR]

    def _change_rules(self) -> None:
        """Vars and rule files hold until they are changed again."""
        dice = self.dice
        variables: dict[str, Any] = {}
        tools = [tool.seed_row() for tool in self.tools]
        tools.append(
            {"tool_id": NEW_VENDOR, "tool_name": NEW_VENDOR, "licence_model": "open",
             "is_approved": True}
        )  # fmt: skip
        reference: dict[str, list[Row]] = {
            "tools": tools,
            "course_tool_map": self.learning.course_tool_map,
            "programs": self.learning.programs,
            "program_courses": self.learning.program_courses,
            "role_groups": ROLE_GROUPS,
            "benchmarks": [{"metric_id": "adoption_typical", "low": 0.12, "high": 0.18}],
            "alias_overrides": [],
        }
        for number, step in enumerate(self.steps):
            if number and dice.happens(0.4):
                name = dice.choice(sorted(RULES))
                variables = {**variables, name: dice.choice(RULES[name])}
                self.events["var changed"] += 1
            if number and dice.happens(0.3):
                reference = {**reference, "alias_overrides": self._overrides()}
                self.events["override changed"] += 1
            if number and dice.happens(0.2):
                lags = [{**row, "restatement_lag_days": dice.choice([0, 2])} for row in tools]
                reference = {**reference, "tools": lags}
                self.events["tool rule changed"] += 1
            step.reference, step.variables = reference, variables
            if 0 < number < len(self.steps) - 1 and dice.happens(0.15):
                step.variables = {**variables, "received_until": str(self.cuts[number - 1])}
                self.events["received_until in the past"] += 1

    def _overrides(self) -> list[Row]:
        dice = self.dice
        first = dice.day(self.start, self.end)
        return [
            {
                "alias_type": dice.choice(["work_email", "upn"]),
                "alias_value": f"p{number}@example.com",
                "employee_id": dice.choice(self.people.ids),
                "valid_from": first,
                "valid_to": dice.choice([None, after(first, 25)]),
                "reason": "schedule",
            }
            for number in dice.sample(range(len(self.people.ids)), 2)
        ]

    def _break_off(self) -> None:
        for step in self.steps[:-1]:
            if self.dice.happens(0.3):
                step.breaks_off_after = self.dice.choice(BREAKS)
                self.events["build broken off"] += 1


def _day_of(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(str(value)[:10])
