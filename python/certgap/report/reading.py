"""What the executive report says, read from a published database and nothing else.

So a report can show nothing that the published tables hide. Every list may be empty: a table that
was not published yet, or of which everything is hidden.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from certgap import database
from certgap.errors import UserError

Row = dict[str, Any]
# Everything the headline says, of one cell of adoption_rates.
RATE_COLUMNS = """
    program_id, tool_id, checkpoint_day, dimension, dimension_value, n_assigned,
    n_assigned_completed, completion_rate, n_completed, n_eligible, n_adopted, adoption_rate,
    adoption_rate_low, adoption_rate_high, conversion_rate, retention_rate, n_window_open,
    n_left_before_day_n, n_feed_gap, n_licence_unknown, n_no_licence, n_on_leave, target_rate,
    benchmark_low, benchmark_high, is_suppressed
"""
LEAD_BINS = ("not_activated", "after_report", "0-27", "28-42", "43+")


# Characters that no XML, and so no drawing, may hold.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Figures:
    """Rows of the published tables, by part of the report."""

    present: frozenset[str]  # tables that are published and have rows
    as_of_date: Any
    rules_hash: str | None
    publication: Row | None
    last_day: int | None  # the last checkpoint
    programs: dict[str, Row]
    tools: dict[str, str]
    headline: list[Row]  # all programs and tools, by checkpoint
    by_program: list[Row]  # the last checkpoint, all tools
    by_tool: list[Row]
    by_role: list[Row]
    role_tool: list[Row]
    priorities: list[Row]
    funnel: Row | None
    curve: list[Row]
    lead_bins: list[Row]
    activation: Row | None
    teams: list[Row]
    n_hidden_teams: int
    effects: list[Row]
    modes: list[Row]
    licences: list[Row]
    unattributed: int | None
    quality: list[Row]
    rules: list[Row]


class _Reader:
    """Queries of one published file; a table that it lacks has no rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.present = {
            name
            for (name,) in connection.execute(
                "select table_name from information_schema.tables"
            ).fetchall()
        }

    def rows(self, table: str, columns: str = "*", rest: str = "", *values: Any) -> list[Row]:
        """Rows of one table as dicts."""
        if table not in self.present:
            return []
        found = database.rows_of(self.connection, f"select {columns} from {table} {rest}", values)
        return [{name: _printable(value) for name, value in row.items()} for row in found]

    def with_rows(self) -> frozenset[str]:
        """Tables that have a row."""
        return frozenset(name for name in self.present if self.first(name, "1"))

    def first(self, table: str, columns: str = "*", rest: str = "", *values: Any) -> Row | None:
        """The first of them."""
        found = self.rows(table, columns, rest, *values)
        return found[0] if found else None


def _printable(value: Any) -> Any:
    return FORBIDDEN.sub("\ufffd", value) if isinstance(value, str) else value


def told_apart(names: dict[str, str]) -> dict[str, str]:
    """Names by id, with the id behind those that several have."""
    every = list(names.values())
    return {
        key: name if every.count(name) == 1 else f"{name} ({key})" for key, name in names.items()
    }


def read(published: Path) -> Figures:
    """Everything the report says.

    Raises UserError where there is no published database, or none that holds adoption rates.
    """
    if not published.is_file():
        raise UserError(
            f"There is no published database at {published}.",
            "Run `certgap build` (or `certgap publish` after a build), then this again.",
        )
    with database.open_read_only(published) as connection:
        reader = _Reader(connection)
        if "adoption_rates" not in reader.present:
            raise UserError(
                f"{published} holds no table adoption_rates, so it is no published database of "
                "this project.",
                "Point CERTGAP_PUBLISHED at the file that `certgap publish` writes.",
            )
        return _figures(reader)


def _figures(reader: _Reader) -> Figures:
    stamp = reader.first("adoption_rates", "as_of_date, rules_hash, checkpoint_day",
                         "order by checkpoint_day desc") or {}  # fmt: skip
    last = stamp.get("checkpoint_day")
    whole = "where program_id = 'all' and tool_id = 'all'"
    hidden = reader.first(
        "manager_cohorts",
        "count(*) as n",
        f"{whole} and checkpoint_day = ? and adoption_rate is null",
        last,
    )
    unattributed = reader.first(
        "adoption_rates", "max(n_completed) as n", f"{whole} and dimension = 'unattributed'"
    )
    tools = {row["tool_id"]: row["tool_name"] or row["tool_id"] for row in reader.rows("dim_tools")}
    programs = {row["program_id"]: row for row in reader.rows("dim_programs")}
    names = told_apart({key: row["program_name"] or key for key, row in programs.items()})
    return Figures(
        present=reader.with_rows(),
        as_of_date=stamp.get("as_of_date"),
        rules_hash=stamp.get("rules_hash"),
        publication=reader.first("publication_log", rest="order by publication_id desc"),
        last_day=last,
        programs={key: row | {"program_name": names[key]} for key, row in programs.items()},
        tools=told_apart(tools),
        headline=reader.rows(
            "adoption_rates", RATE_COLUMNS, f"{whole} and dimension = 'all' order by checkpoint_day"
        ),
        by_program=_cells(reader, "dimension = 'all' and tool_id = 'all'", "program_id", last),
        by_tool=_cells(
            reader,
            "dimension = 'all' and program_id = 'all' and tool_id <> 'all'",
            "tool_id",
            last,
        ),
        by_role=_cells(
            reader,
            "program_id = 'all' and tool_id = 'all' and dimension = 'role_group'",
            "dimension_value",
            last,
        ),
        role_tool=_cells(
            reader,
            "program_id = 'all' and tool_id <> 'all' and dimension = 'role_group'",
            "dimension_value, tool_id",
            last,
        ),
        priorities=reader.rows(
            "gap_priorities",
            "dimension, dimension_value, priority_rank, n_eligible, n_adopted, adoption_rate,"
            " missing_adopters, contribution_rate, p_value_adjusted, is_significant, evidence",
            f"{whole} and checkpoint_day = ? and dimension = 'role_group'"
            " order by priority_rank limit 5",
            last,
        ),
        funnel=reader.first(
            "adoption_funnels", rest=f"{whole} and dimension = 'all' order by checkpoint_day desc"
        ),
        curve=reader.rows(
            "adoption_curves",
            "week_number, n_at_risk, active_rate, active_rate_low, active_rate_high",
            f"{whole} and dimension = 'all' order by week_number",
        ),
        lead_bins=reader.rows(
            "manager_activation_effects",
            "*",
            f"{whole} and checkpoint_day = ? and dimension = 'activation_lead_bin'"
            " order by dimension_value",
            last,
        ),
        activation=reader.first(
            "manager_activation_effects",
            "*",
            f"{whole} and checkpoint_day = ? and dimension = 'activation_status'"
            " and dimension_value = 'activated'",
            last,
        ),
        teams=reader.rows(
            "manager_cohorts",
            "n_eligible, n_adopted, adoption_rate, adoption_rate_low, adoption_rate_high,"
            " activation_status",
            f"{whole} and checkpoint_day = ? and adoption_rate is not null"
            " order by adoption_rate desc, n_eligible desc",
            last,
        ),
        n_hidden_teams=hidden["n"] if hidden else 0,
        effects=reader.rows(
            "training_effects",
            rest="where program_id = 'all' and aggregation = 'overall' order by tool_id, estimator",
        ),
        modes=reader.rows(
            "program_diagnostics",
            "program_id, failure_mode, status, evidence, not_measured, measured_rate",
            "order by program_id, failure_mode",
        ),
        licences=reader.rows(
            "licence_value",
            "tool_id, seat_status, seat_status_reason, n_seats, n_idle_seats, idle_rate,"
            " n_untrained_seats, idle_monthly_cost_low, idle_monthly_cost_high,"
            " n_completers_not_using, not_using_rate, gap_monthly_cost_low, gap_monthly_cost_high,"
            " gap_training_hours_low, gap_training_hours_high, is_suppressed",
            "where program_id = 'all' and dimension = 'all' and tool_id <> 'all' order by tool_id",
        ),
        unattributed=unattributed["n"] if unattributed else None,
        quality=reader.rows(
            "data_quality",
            "source_system, feed, tool_id, check_name, reason, n_checked, n_affected, status",
            "where status not in ('ok', 'passed') order by status, source_system, feed, check_name",
        ),
        rules=reader.rows("dim_metric_rules"),
    )


def _cells(reader: _Reader, condition: str, order: str, last: int | None) -> list[Row]:
    """Cells of adoption_rates at the last checkpoint."""
    return reader.rows(
        "adoption_rates",
        RATE_COLUMNS,
        f"where {condition} and checkpoint_day = ? order by {order}",
        last,
    )
