"""The short summary that ends a build: headline figures, what was set aside, where to look next.

Figures come from the published layer of the working database, so that a terminal shows nothing a
published file would not. Tables that do not exist (yet) leave out their part of the summary.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from certgap.database import open_read_only, relations, rows_of
from certgap.project import Project

# Statuses of a completed unit that is not judged, with the words for a reader.
NOT_JUDGED = {
    "n_window_open": "day not reached yet",
    "n_left_before_day_n": "left before the day",
    "n_feed_gap": "usage feed has a gap",
    "n_licence_unknown": "seat not known",
    "n_no_licence": "no seat",
    "n_on_leave": "on leave",
}
QUARANTINE_LINES = 8
FAILED_LINES = 5


def _published(present: set[tuple[str, str]], table: str) -> str | None:
    """The relation a figure is read from: the published one, else the mart, else nothing."""
    for schema, name in (("published", f"published__{table}"), ("main", table)):
        if (schema, name) in present:
            return f"{schema}.{name}"
    return None


def _program_names(connection: duckdb.DuckDBPyConnection, relation: str | None) -> dict[str, str]:
    if relation is None:
        return {}
    rows = rows_of(connection, f"select program_id, program_name from {relation}")
    return {row["program_id"]: row["program_name"] or row["program_id"] for row in rows}


def collect(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Everything the summary says, as plain data (also what ``--json`` prints)."""
    present = relations(connection)
    rates, gaps, cohorts = (
        _published(present, table)
        for table in ("adoption_rates", "certification_gaps", "manager_cohorts")
    )
    figures: dict[str, Any] = {}
    if rates:
        figures["as_of_date"] = connection.execute(
            f"select cast(max(as_of_date) as varchar) from {rates}"
        ).fetchone()[0]
        names = _program_names(connection, _published(present, "dim_programs"))
        headline = f"""
            select program_id, tool_id, checkpoint_day, n_assigned, n_assigned_completed,
                n_completed, completion_rate, n_eligible, n_adopted, adoption_rate,
                adoption_rate_low, adoption_rate_high, target_rate, is_suppressed,
                {", ".join(NOT_JUDGED)}
            from {rates}
            where dimension = 'all'
        """
        figures["programs"] = [
            {**row, "program_name": names.get(row["program_id"], row["program_id"])}
            for row in rows_of(
                connection,
                f"{headline} and tool_id = 'all'"
                " order by program_id = 'all' desc, program_id, checkpoint_day",
            )
        ]
        figures["tools"] = rows_of(
            connection,
            f"{headline} and program_id = 'all' and tool_id != 'all'"
            " order by tool_id, checkpoint_day",
        )
        figures["unattributed_completions"] = connection.execute(
            f"""
            select coalesce(max(n_completed), 0) from {rates}
            where dimension = 'unattributed' and program_id = 'all' and tool_id = 'all'
            """
        ).fetchone()[0]
    if gaps:
        figures["largest_gaps"] = rows_of(
            connection,
            f"""
            select dimension, dimension_value, checkpoint_day, completion_rate, adoption_rate,
                certification_gap, missing_adopters, share_of_missing_adopters
            from {gaps}
            where program_id = 'all' and tool_id = 'all'
                and dimension in ('role_group', 'department', 'location')
                and not is_suppressed
                and gap_rank = 1
                and missing_adopters > 0
                and checkpoint_day = (select max(checkpoint_day) from {gaps})
            order by
                case dimension when 'role_group' then 1 when 'department' then 2 else 3 end,
                dimension_value
            """,
        )
    if cohorts:
        figures["managers"] = rows_of(
            connection,
            f"""
            select coalesce(activation_status, 'no known manager') as activation_status,
                checkpoint_day, count(*) as n_teams,
                sum(n_eligible) as n_eligible, sum(n_adopted) as n_adopted,
                sum(n_adopted) / nullif(sum(n_eligible), 0) as adoption_rate
            from {cohorts}
            where program_id = 'all' and tool_id = 'all' and not is_suppressed
                and checkpoint_day = (select max(checkpoint_day) from {cohorts})
            group by 1, 2
            order by 1
            """,
        )
    if ("canonical", "quarantined_rows") in present:
        figures["quarantined"] = rows_of(
            connection,
            """
            select source_system, feed, reason, sum(n_rows)::bigint as n_rows
            from canonical.quarantined_rows
            group by 1, 2, 3
            order by n_rows desc, 1, 2, 3
            """,
        )
    if ("canonical", "delivery_checks") in present:
        figures["delivery_checks"] = rows_of(
            connection,
            """
            select verdict, count(*) as n_files from canonical.delivery_checks
            group by 1 order by 1
            """,
        )
        figures["failed_deliveries"] = rows_of(
            connection,
            """
            select source_file, reason, n_rows from canonical.delivery_checks
            where verdict = 'failed' order by source_file
            """,
        )
    if ("intermediate", "int_tool_coverage") in present:
        inferred = rows_of(
            connection,
            """
            select distinct tool_id from intermediate.int_tool_coverage
            where is_coverage_inferred
            order by tool_id
            """,
        )
        figures["coverage_inferred_tools"] = [row["tool_id"] for row in inferred]
    return figures


def percent(value: float | None) -> str:
    """0.4137 → 41.4%; nothing known is a dash."""
    return "–" if value is None else f"{value * 100:.1f}%"


def count(value: float | None) -> str:
    """12345.0 → 12,345."""
    return "–" if value is None else f"{value:,.0f}"


def _headline_table(label: str, rows: Iterable[dict[str, Any]], key: str) -> Table | None:
    """One line per program or tool: completion beside adoption at each checkpoint."""
    groups: dict[str, dict[int, dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[key], {})[row["checkpoint_day"]] = row
    if not groups:
        return None
    days = sorted({day for group in groups.values() for day in group})
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(label, overflow="fold")
    headings = ("assigned", "completed", *(f"day {day}" for day in days), "gap", "target")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for name, by_day in groups.items():
        last = by_day.get(days[-1], {})
        known = last.get("completion_rate") is not None and last.get("adoption_rate") is not None
        gap = last["completion_rate"] - last["adoption_rate"] if known else None
        table.add_row(
            escape(name),
            count(last.get("n_assigned")),
            percent(last.get("completion_rate")),
            *(percent(by_day.get(day, {}).get("adoption_rate")) for day in days),
            "–" if gap is None else f"{gap * 100:.1f}",
            percent(last.get("target_rate")),
        )
    return table


def _say_not_judged(console: Console, rows: list[dict[str, Any]]) -> None:
    overall = [row for row in rows if row["program_id"] == "all"]
    if not overall:
        return
    last = max(overall, key=lambda row: row["checkpoint_day"])
    if last["n_completed"] is None:
        return
    reasons = [
        f"{words} ({count(last[column])})" for column, words in NOT_JUDGED.items() if last[column]
    ]
    console.print(
        f"Of {count(last['n_completed'])} completed learner-tool units, "
        f"{count(last['n_eligible'])} can be judged at day {last['checkpoint_day']}"
        + (f"; the rest: {', '.join(reasons)}." if reasons else "."),
        highlight=False,
    )


def render(figures: dict[str, Any], console: Console) -> None:
    """Print the summary."""
    if figures.get("as_of_date"):
        console.print(
            f"\n[bold]Certified and adopted, as of {figures['as_of_date']}[/bold]\n"
            "  completed  of those assigned whose time is over\n"
            "  day N      of those certified, active in the week that ends N days later\n"
            "  gap        completed minus the last day, in points\n",
            highlight=False,
        )
    programs = figures.get("programs", [])
    for row in programs:
        if row["program_id"] == "all":
            row["program_name"] = "all programs"
    for table in (
        _headline_table("program", programs, "program_name"),
        _headline_table("tool", figures.get("tools", []), "tool_id"),
    ):
        if table:
            console.print(table)
            console.print()
    if programs:
        _say_not_judged(console, programs)
    elif "programs" in figures:
        console.print(
            "No assigned or completed learner-tool unit was found: does course_tool_map name "
            "your courses? `certgap doctor` says what was read."
        )
    if any(row["is_suppressed"] for row in programs):
        console.print("A dash is a figure over too few people to be shown, or not known yet.")
    elif any(row["adoption_rate"] is None for row in programs):
        console.print("A dash is a figure that is not known yet.")
    if figures.get("unattributed_completions"):
        console.print(
            f"{count(figures['unattributed_completions'])} completions belong to nobody HR knows "
            "(dimension `unattributed` of adoption_rates)."
        )
    for gap in figures.get("largest_gaps", []):
        share = gap["share_of_missing_adopters"]
        console.print(
            f"Most missing adopters by {gap['dimension'].replace('_', ' ')}: "
            f"[bold]{escape(gap['dimension_value'])}[/bold], "
            f"{percent(gap['completion_rate'])} completed, "
            f"{percent(gap['adoption_rate'])} adopted at day {gap['checkpoint_day']}"
            + (f", {percent(share)} of all missing adopters." if share is not None else "."),
            highlight=False,
        )
    managers = [row for row in figures.get("managers", []) if row["adoption_rate"] is not None]
    if managers:
        parts = [
            f"{percent(row['adoption_rate'])} where the manager is "
            f"{row['activation_status'].replace('_', ' ')} ({count(row['n_teams'])} teams)"
            for row in managers
            if row["activation_status"] != "no known manager"
        ]
        if parts:
            console.print(
                f"Adoption at day {managers[0]['checkpoint_day']}: {'; '.join(parts)}. "
                "A difference, not yet an effect.",
                highlight=False,
            )
    _say_checks(figures, console)
    _say_set_aside(figures, console)


def _say_checks(figures: dict[str, Any], console: Console) -> None:
    """What became of the deliveries at the boundary; one nobody judged is not said to be right."""
    verdicts = {row["verdict"]: row["n_files"] for row in figures.get("delivery_checks", [])}
    if not verdicts:
        return
    total = sum(verdicts.values())
    if verdicts == {"not_checked": total}:
        console.print(
            f"\n[bold]Deliveries[/bold]: {count(total)}, not checked "
            "(`certgap check-deliveries` judges them).",
            highlight=False,
        )
        return
    parts = [
        f"{count(verdicts[verdict])} {verdict.replace('_', ' ')}"
        for verdict in ("passed", "accepted", "failed", "not_checked")
        if verdicts.get(verdict)
    ]
    console.print(f"\n[bold]Deliveries[/bold]: {', '.join(parts)}.", highlight=False)
    failed = figures.get("failed_deliveries", [])
    if failed:
        console.print("  Failed ones are not read; their days are unknown:")
    for row in failed[:FAILED_LINES]:
        console.print(
            f"  {escape(row['source_file'])}: {escape(str(row['reason']))}",
            highlight=False,
            soft_wrap=True,
        )
    if len(failed) > FAILED_LINES:
        console.print(f"  ... and {len(failed) - FAILED_LINES} more (canonical.delivery_checks)")


def _say_set_aside(figures: dict[str, Any], console: Console) -> None:
    """Rows not used and coverage not reported, so that nobody takes the figures for more."""
    if "quarantined" in figures:
        rows = figures["quarantined"]
        total = sum(row["n_rows"] for row in rows)
        console.print(
            f"\n[bold]Set aside[/bold]: {count(total)} row{'s' * (total != 1)} could not be read"
            + (" (canonical.quarantined_rows):" if rows else "."),
            highlight=False,
        )
        for row in rows[:QUARANTINE_LINES]:
            console.print(
                f"  {row['n_rows']:>8,}  {escape(str(row['source_system']))}"
                f" {escape(str(row['feed']))}: {escape(str(row['reason']).replace('_', ' '))}",
                highlight=False,
            )
        if len(rows) > QUARANTINE_LINES:
            console.print(f"  ... and {len(rows) - QUARANTINE_LINES} more feeds and reasons")
    tools = figures.get("coverage_inferred_tools")
    if tools:
        console.print(
            f"[yellow]Coverage is inferred[/yellow] for {escape(', '.join(tools))}: no deliveries "
            "were reported, so every day from the first to the last observed one counts as "
            "delivered. A day on which the export failed would read as no use.",
        )


def where_to_look(project: Project, console: Console) -> None:
    """The last lines of a build."""
    console.print("\n[bold]Where to look next[/bold]")
    for what, where in (
        ("for leaders", f"{project.report} (executive report: HTML and PDF)"),
        ("for BI", f"{project.published} (no personal data)"),
        ("all marts", f"{project.warehouse} (restricted)"),
        ("documentation", "`make docs`, then target/docs/index.html"),
        ("your own exports", "docs/how-to/point-it-at-your-own-exports.md"),
    ):
        console.print(f"  {what:<23} {where}", highlight=False, soft_wrap=True)


def of_project(project: Project) -> dict[str, Any]:
    """The figures of the project's working database."""
    with open_read_only(project.warehouse) as connection:
        return collect(connection)
