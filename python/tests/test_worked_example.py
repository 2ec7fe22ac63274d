"""The worked example of the definitions, from files to fact: Ana, her seat and her leave.

Two tools differ in their last delivered day only. Ana is on leave for five days of the block, Bea
for four, Cem's seat ended a day earlier than theirs. What arrived after received_until would change
all of it, and what was delivered after as_of_date is needed.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from companies import Company, small_company, write_csv

PEOPLE = {"E1": "ana", "E2": "bea", "E3": "cem"}
LAST_DAY = {"copilot": "2026-04-02", "copilot_a_day_later": "2026-04-03"}
RECEIVED_UNTIL, TOO_LATE = "2026-04-30", "2026-05-31"
SETTINGS = {"as_of_date": "2026-03-31", "received_until": RECEIVED_UNTIL}


def alias(name: str) -> dict[str, str]:
    return {"alias_type": "work_email", "alias_value": f"{name}@example.com"}


def delivery(feed: str, tool: str, last_day: str, number: str, received: str) -> dict[str, str]:
    return {
        "feed": feed,
        "tool_id": tool,
        "delivery_id": f"{feed}-{tool}-{number}",
        "received_at": received,
        "date_from": "2026-01-01",
        "date_to": last_day,
        "max_complete_date": last_day,
    }


def leave(employee: str, start: str) -> dict[str, str]:
    return {"employee_id": employee, "leave_start": start, "leave_end": "2026-03-31"}


def worked_example(folder: Path) -> Company:
    company = small_company(folder)
    feeds = company.feeds
    staff = list(PEOPLE)
    for relation in ("employees", "employment_history"):
        feeds["hris", relation] = [
            {**row, **({"timezone": "America/New_York"} if "timezone" in row else {})}
            for row in feeds["hris", relation]
            if row["employee_id"] in staff
        ]
    feeds["hris", "identity_aliases"] = [
        {"employee_id": employee, "valid_from": "2024-01-01", "valid_to": "", **alias(name)}
        for employee, name in PEOPLE.items()
    ]
    feeds["hris", "leave_periods"] = [leave("E1", "2026-03-27"), leave("E2", "2026-03-28")]
    completed = next(
        row for row in feeds["lms", "learning_events"] if row["event_type"] == "completed"
    )
    feeds["lms", "learning_events"] = [
        {**completed, "event_id": f"L-{name}", **alias(name), "occurred_at": "2026-03-02T04:30:00Z"}
        for name in PEOPLE.values()
    ]
    seats_until = {"ana": "2026-03-26", "bea": "2026-03-26", "cem": "2026-03-25"}
    feeds["usage", "tool_licences"] = [
        {"tool_id": tool, **alias(name), "valid_from": "2026-01-01", "valid_to": last}
        for tool in LAST_DAY
        for name, last in seats_until.items()
    ]
    feeds["usage", "tool_usage_daily"] = [
        {"tool_id": tool, **alias(name), "usage_date": "2026-03-25", "surface": "chat",
         "interactions": "1", "is_active": "true"}
        for tool in LAST_DAY
        for name in PEOPLE.values()
    ]  # fmt: skip
    feeds["usage", "deliveries"] = [
        row
        for tool, last_day in LAST_DAY.items()
        for row in (
            delivery("tool_usage_daily", tool, last_day, "1", "2026-04-04T06:00:00Z"),
            delivery("tool_licences", tool, "2026-04-30", "1", "2026-04-30T06:00:00Z"),
            # Announced in a file that is read, arrived too late.
            delivery("tool_usage_daily", tool, "2026-04-29", "2", "2026-05-01T06:00:00Z"),
        )
    ]
    return company


@pytest.fixture(scope="module")
def facts(company_folder: Path) -> dict[tuple[str, str], tuple]:
    """(person, tool) to completion date, status and is_adopted at N = 30, as dbt built them."""
    company = worked_example(company_folder).write()
    for (category, relation), rows in company.feeds.items():
        path = company.delivery(category, relation)
        path.rename(path.with_name(f"{RECEIVED_UNTIL}.csv"))
        assert rows
    late = [delivery("tool_usage_daily", tool, "2026-05-30", "3", "") for tool in LAST_DAY]
    write_csv(company.delivery("usage", "deliveries", TOO_LATE), late)
    back_at_work = [{**leave("E1", "2026-06-01"), "leave_end": "2026-06-02"}]
    write_csv(company.delivery("hris", "leave_periods", TOO_LATE), back_at_work)
    tools = [
        {"tool_id": tool, "licence_model": "seat", "restatement_lag_days": "3"} for tool in LAST_DAY
    ]
    ties = [
        {"source_system": "generic", "source_course_id": "assistant-101", "tool_id": tool}
        for tool in LAST_DAY
    ]
    for name, rows in (("tools", tools), ("course_tool_map", ties)):
        path = company.reference / f"{name}.csv"
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        write_csv(path, [dict.fromkeys(header, "") | row for row in rows], fields=header)
    run = company.dbt(
        "build",
        "--select",
        "+int_unit_checkpoints",
        "--exclude-resource-type",
        "test",
        "--exclude-resource-type",
        "unit_test",
        settings=SETTINGS,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select employee_id, tool_id, completion_date, status, is_adopted"
            " from intermediate.int_unit_checkpoints where checkpoint_day = 30"
        ).fetchall()
    return {(PEOPLE[employee], tool): tuple(rest) for employee, tool, *rest in rows}


@pytest.mark.parametrize(
    ("person", "tool", "status", "is_adopted"),
    [
        ("ana", "copilot", "window_open", None),
        ("ana", "copilot_a_day_later", "on_leave", None),
        ("bea", "copilot", "window_open", None),
        ("bea", "copilot_a_day_later", "eligible", True),
        ("cem", "copilot_a_day_later", "no_licence", None),
    ],
)
def test_the_worked_example_from_files_to_fact(facts, person, tool, status, is_adopted) -> None:
    assert facts[person, tool] == (dt.date(2026, 3, 1), status, is_adopted)
