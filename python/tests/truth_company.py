"""Builds tiny worlds for the tests of the truth: one tool, one course, everything delivered.

Unless a test says otherwise: the tool `copilot` is open to all, without restatement lag, delivered
on every day from 2025-06-01 to 2026-12-31; the as-of date is 2026-12-31; course `c1` of platform
`lms` is tied to it for ever; everybody lives in UTC and was hired in 2020.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from certgap.truth import Settings, World, expected_tables

FIRST, LAST = date(2025, 6, 1), date(2026, 12, 31)


def day(text: str | date) -> date:
    """A date from ISO text."""
    return text if isinstance(text, date) else date.fromisoformat(text)


def after(text: str | date, days: int) -> date:
    """Some days after a date."""
    return day(text) + timedelta(days=days)


class Company:
    """Collects rows; `facts()` and `table()` give the expected tables."""

    def __init__(self, **settings: Any) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {
            "deliveries": [],
            "newest_files": [],
        }
        self.tools: list[dict[str, Any]] = [{"tool_id": "copilot", "licence_model": "open"}]
        self.map: list[dict[str, Any]] = [self._map_row("c1")]
        self.programs: list[dict[str, Any]] = []
        self.program_courses: list[dict[str, Any]] = []
        self.role_groups: list[dict[str, Any]] = []
        # Other seeds by name: waves, gates, stories.
        self.more_reference: dict[str, list[dict[str, Any]]] = {}
        settings = {"as_of_date": LAST, "pseudonym_key": "test"} | settings
        self.settings = Settings(**settings)
        self.is_delivered = True
        self.number = 0

    def add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)

    @staticmethod
    def _map_row(course: str, tool: str = "copilot", source: str = "lms", **row: Any) -> dict:
        return {"source_system": source, "source_course_id": course, "tool_id": tool} | row

    def tie(self, course: str, tool: str = "copilot", source: str = "lms", **row: Any) -> None:
        self.map.append(self._map_row(course, tool, source, **row))

    def person(
        self, employee_id: str, zone: str | None = "UTC", hired: str | None = None,
        first_hired: str | None = None, **row: Any,
    ) -> None:  # fmt: skip
        """Somebody employed since 2020; `hired` is what HR says of it."""
        dates = {"hire_date": hired and day(hired)}
        dates["original_hire_date"] = first_hired and day(first_hired)
        self.add("employees", employee_id=employee_id, timezone=zone, **dates)
        self.row(employee_id, "2020-01-01", **row)

    def row(self, employee_id: str, start: str | None, end: str | None = None, **row: Any) -> None:
        self.add(
            "employment_history",
            employee_id=employee_id,
            valid_from=start and day(start),
            valid_to=end and day(end),
            **({"employment_status": "active"} | row),
        )

    def event(
        self, employee_id: str | None, when: str, event_type: str = "completed", course: str = "c1",
        source: str = "lms", **row: Any,
    ) -> None:  # fmt: skip
        self.number += 1
        row.setdefault("event_id", f"e{self.number}")
        row.setdefault("is_date_only", len(when) == 10)
        self.add(
            "events",
            employee_id=employee_id,
            alias_type="work_email",
            alias_value=row.pop("alias", employee_id),
            source_system=source,
            source_course_id=course,
            event_type=event_type,
            occurred_at=datetime.fromisoformat(when),
            **row,
        )

    def use(self, employee_id: str, *dates: str | date, tool: str = "copilot", **row: Any) -> None:
        for used_on in dates:
            self.add(
                "usage_days",
                employee_id=employee_id,
                tool_id=tool,
                usage_date=day(used_on),
                **({"interactions": 1, "is_active": True, "surface": "chat"} | row),
            )

    def deliver(
        self, first: str | date, last: str | date, feed: str = "tool_usage_daily",
        tool: str | None = "copilot", **row: Any,
    ) -> None:  # fmt: skip
        """Delivery rows of its own switch the default one off."""
        if feed == "tool_usage_daily" and tool == "copilot":
            self.is_delivered = False
        row.setdefault("max_complete_date", day(last))
        self.add(
            "deliveries",
            source_system="usage",
            feed=feed,
            tool_id=tool,
            date_from=day(first),
            date_to=day(last),
            **row,
        )

    def world(self) -> World:
        if self.is_delivered:
            self.deliver(FIRST, LAST)
            self.is_delivered = False
        return World(
            **self.tables,
            reference={
                "tools": self.tools,
                "course_tool_map": self.map,
                "programs": self.programs,
                "program_courses": self.program_courses,
                "role_groups": self.role_groups,
                "benchmarks": [{"metric_id": "adoption_typical", "low": "0.12", "high": "0.18"}],
                **self.more_reference,
            },
            settings=self.settings,
        )

    def expected(self) -> dict[str, list[dict[str, Any]]]:
        return expected_tables(self.world())

    def table(self, name: str, **where: Any) -> list[dict[str, Any]]:
        """The rows of one expected table that have the given values."""
        rows = self.expected()[name]
        return [row for row in rows if all(row[k] == v for k, v in where.items())]

    def facts(self, **where: Any) -> list[dict[str, Any]]:
        """Rows of the fact; without program unless asked."""
        return self.table("fct_learner_tool_checkpoints", **({"program_id": None} | where))

    def fact(self, employee_id: str = "ana", n: int = 30, **where: Any) -> dict[str, Any]:
        """The one row of a person at a checkpoint."""
        (row,) = self.facts(employee_id=employee_id, checkpoint_day=n, **where)
        return row

    def rates(self, **where: Any) -> dict[str, Any]:
        """The one row of adoption_rates; by default all units of copilot at 30."""
        wanted = {
            "program_id": "all", "tool_id": "copilot", "checkpoint_day": 30, "dimension": "all"
        }  # fmt: skip
        (row,) = self.table("adoption_rates", **(wanted | where))
        return row
