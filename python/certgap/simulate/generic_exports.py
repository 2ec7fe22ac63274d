"""The feeds in the generic format: for every category and tool that no vendor writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from certgap.simulate.adoption import daily_activity
from certgap.simulate.company import Company
from certgap.simulate.days import NEVER
from certgap.simulate.delivery_calendar import delivery_states
from certgap.simulate.generic_hris import (
    employees_table,
    history_table,
    leave_table,
    login_claims,
    mail_claims,
    rival_claims,
    snapshot_days,
    sorted_aliases,
    write_snapshots,
)
from certgap.simulate.generic_seats import (
    licence_table,
    seat_intervals,
    true_seats,
    write_licences,
)
from certgap.simulate.generic_usage import ObservedUsage, ToolFeed, deliveries_table, write_usage
from certgap.simulate.truth_tables import TruthTables, usage_table

# How each tool of the seeds shows up in the generic files: alias type, surfaces, counts or flags.
TOOL_SHAPES = {
    "copilot_m365": ("upn", ["chat", "teams", "word", "excel"], False),
    "github_copilot": ("github_login", ["all"], True),
    "assistant": ("work_email", ["chat", "agents"], True),
}

Progress = Callable[[str, float], None]


def tool_feed(company: Company, tool: str) -> ToolFeed:
    """The generic feed of one tool."""
    force, settings = company.workforce, company.settings
    alias_type, surfaces, counts = TOOL_SHAPES.get(tool, ("work_email", ["all"], True))
    activity = daily_activity(
        tool,
        force,
        company.behaviour[tool],
        company.seats[tool],
        company.addresses,
        settings,
        company.randomness,
    )
    states = delivery_states(tool, force.start, force.end, settings, company.randomness)
    return ToolFeed(
        tool, alias_type, surfaces, counts, states, has_had_seat(company, tool), activity
    )


def has_had_seat(company: Company, tool: str) -> np.ndarray:
    """Per person, whether they had a seat at some time; of an open tool nobody has."""
    seats = company.seats.get(tool)
    if seats is None:
        return np.zeros(len(company.workforce.ids), bool)
    return seats.valid_from < NEVER


def write_hris(
    out: Path, company: Company, truth: TruthTables, fmt: str, more_claims: list[pa.Table]
) -> None:
    """Employees, history, leave and aliases, those of the other systems among them."""
    force, addresses = company.workforce, company.addresses
    days = snapshot_days(force, company.settings)
    holders = np.flatnonzero(has_had_seat(company, "github_copilot"))
    claims = [*mail_claims(force, addresses), *rival_claims(force, addresses)]
    tables = {
        "employees": (employees_table(force), "original_hire_date"),
        "employment_history": (
            history_table(force, company.settings, company.randomness),
            "recorded_at",
        ),
        "leave_periods": (leave_table(force), "leave_start"),
        "identity_aliases": (
            sorted_aliases([*claims, login_claims(force, addresses, holders), *more_claims]),
            "valid_from",
        ),
    }
    for feed, (table, column) in tables.items():
        write_snapshots(out, feed, table, days, fmt, column)
        truth.add_file("generic", "hris", feed, days[-1])
        if feed != "identity_aliases":
            truth.add(feed, table)


def write_seats(
    out: Path,
    company: Company,
    tools: list[str],
    truth: TruthTables,
    fmt: str,
    mail_is_listed: bool,
) -> None:
    """Full seat lists of `tools` that are sold by seat."""
    tables = []
    for tool in tools:
        seats = company.seats[tool]
        if seats is None:
            continue
        alias_type = TOOL_SHAPES.get(tool, ("work_email",))[0]
        by_mail = alias_type != "github_login"
        columns = seat_intervals(seats, company.addresses, by_mail)
        tables.append(licence_table(tool, company.addresses, columns, alias_type))
        truth.add(
            "seats",
            true_seats(
                tool, company.workforce, company.addresses, columns, by_mail, mail_is_listed
            ),
        )
        first = int(columns["valid_from"].min()) if len(columns["valid_from"]) else int(NEVER)
        truth.add_file("generic", "usage", "tool_licences", company.last_delivery_day, tool, first)
    if tables:
        write_licences(out, company.last_delivery_day, tables, fmt)


def write_daily_usage(
    out: Path,
    company: Company,
    tools: list[str],
    truth: TruthTables,
    fmt: str,
    monthly: bool,
    with_truth: bool,
    mail_is_listed: bool,
    progress: Progress,
) -> None:
    """Daily usage of `tools`, and what really arrived."""
    feeds = [tool_feed(company, tool) for tool in tools]
    observed = ObservedUsage(with_truth)
    reports = write_usage(
        out,
        company.workforce,
        company.addresses,
        feeds,
        company.settings,
        observed,
        fmt,
        monthly,
        {tool: number for number, tool in enumerate(tools)},
        progress,
        mail_is_listed,
    )
    truth.add("deliveries", deliveries_table(reports, "generic"))
    surfaces = [feed.surfaces for feed in feeds]
    truth.add("usage_days", usage_table(company.workforce, observed.final(), tools, surfaces))
    for tool in tools:
        truth.add_file(
            "generic",
            "usage",
            "tool_usage_daily",
            company.last_delivery_day,
            tool,
            company.workforce.start,
            company.workforce.end,
        )
