"""What each metric needs, what of it is missing, and whom to ask for it.

From the files alone it can be said which relations nobody delivers. Where there is a working
database, what its last build found is said too: it is opened read-only, and nothing of it that
names a person is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from certgap.database import open_read_only, relations
from certgap.errors import UserError
from certgap.findings import Finding
from certgap.new_source.contract import RELATIONS
from certgap.project import Project


@dataclass(frozen=True)
class Need:
    """A metric, the relations of which one must be delivered, and the question to ask for it."""

    metric: str
    any_of: tuple[str, ...]
    ask: str


NEEDS = (
    Need(
        "completion rate",
        ("learning_events",),
        "Ask the LMS team for learning records with dates, assignments included.",
    ),
    Need(
        "adoption rate",
        ("tool_usage_daily", "tool_usage_period"),
        "Ask IT or the tool's vendor for use by person and day (the admin report or its API).",
    ),
    Need(
        "figures by role, department, location and manager",
        ("employment_history",),
        "Ask HR for job history: manager, job family, department, location, each with its dates.",
    ),
    Need(
        "who is behind an account",
        ("identity_aliases",),
        "Ask IT for the directory: employee number beside mail, UPN and logins, with dates.",
    ),
    Need(
        "no_licence and licence_unknown",
        ("tool_licences",),
        "Ask IT for the seats: who held one, from when to when. Without them no unit of a tool "
        "sold by seat is judged.",
    ),
    Need(
        "on_leave",
        ("leave_periods",),
        "Ask HR for leave with first and last day. Without it who is on leave is no adopter.",
    ),
    Need(
        "coverage",
        ("deliveries",),
        "Ask whoever runs the exports for a log of them: which days came, which failed. Without it "
        "a failed export reads as no use.",
    ),
    Need(
        "Kirkpatrick levels 1 to 3",
        ("surveys",),
        "Ask the training team for survey answers: reaction, knowledge before and after, behaviour "
        "after 90 days.",
    ),
    Need(
        "Kirkpatrick level 4, outcome changes",
        ("outcomes",),
        "Ask the business owners for the outcome metrics by period, with their exposure.",
    ),
)


# What no build does without, by category: as macros/sources/prepare_raw_relations.sql has it.
REQUIRED = (
    ("hris", ("employees",)),
    ("hris", ("employment_history",)),
    ("hris", ("identity_aliases",)),
    ("lms", ("courses",)),
    ("lms", ("learning_events",)),
    ("usage", ("tool_usage_daily", "tool_usage_period")),
)
# Their learning events hold no assignment, whatever is delivered.
WITHOUT_ASSIGNMENTS = {
    "coursera", "degreed", "edx_business", "google_skills", "linkedin_learning", "moodle",
    "sap_learning_hub", "scorm_cloud", "xapi",
}  # fmt: skip
# The feed of a vendor that holds its assignments, where another one holds the completions.
FEED_OF_ASSIGNMENTS = {"successfactors_learning": "user_todo_learning_items"}


def find(project: Project, feeds_with_files: set[tuple[str, str]]) -> Iterator[Finding]:
    """Findings by metric. ``feeds_with_files``: (vendor, feed) of the enabled vendors."""
    delivered = delivered_relations(project, feeds_with_files)
    for need in NEEDS:
        by = sorted(set().union(*(delivered.get(relation, set()) for relation in need.any_of)))
        short = _too_little(project, need, by, feeds_with_files) if by else None
        if short:
            yield Finding("note", f"for {need.metric}", short, need.ask)
        elif by:
            yield Finding(
                "ok", f"for {need.metric}", f"{' or '.join(need.any_of)} by {', '.join(by)}"
            )
        else:
            missing = " or ".join(need.any_of)
            yield Finding("note", f"for {need.metric}", f"nobody delivers {missing}", need.ask)
    if project.warehouse.is_file():
        yield from _of_warehouse(project.warehouse)


def without_which_no_build(
    project: Project, feeds_with_files: set[tuple[str, str]]
) -> Iterator[Finding]:
    """The relations a build stops for: no enabled vendor serves them, and no generic file."""
    for category, any_of in REQUIRED:
        generic = any(("generic", relation) in feeds_with_files for relation in any_of)
        if generic or any(
            (
                project.folder / f"models/staging/{category}/{vendor}/stg_{vendor}__{relation}.sql"
            ).is_file()
            for vendor in project.enabled_sources
            if vendor != "generic"
            for relation in any_of
        ):
            continue
        subject = f"{category}/generic/{any_of[0]}"
        yield Finding(
            "problem",
            subject,
            f"nobody delivers {' or '.join(any_of)}, and no build does without",
            f"Put a file there, such as {subject}/2026-03-31.csv, or enable a vendor that delivers "
            "it (var enabled_sources).",
        )


def _too_little(
    project: Project, need: Need, by: list[str], feeds_with_files: set[tuple[str, str]]
) -> str | None:
    """Why what is delivered is not enough for the metric; None where it may be."""
    if need.any_of == ("learning_events",):
        with_assignments = [
            vendor
            for vendor in by
            if vendor not in WITHOUT_ASSIGNMENTS
            and (vendor, FEED_OF_ASSIGNMENTS.get(vendor, "")) in {*feeds_with_files, (vendor, "")}
        ]
        if not with_assignments:
            return (
                f"learning_events by {', '.join(by)}, and no assignments: who completes there is "
                "self-enrolled, in adoption and in no completion rate"
            )
    folders = project.folder / "models/staging/hris"
    if need.any_of == ("identity_aliases",) and not any((folders / v).is_dir() for v in by):
        return (
            f"identity_aliases by {', '.join(by)} only, which name their own learners: nobody is "
            "known by the account of another source"
        )
    return None


# `ref('base_vendor__' ~ form)`: any model whose name starts so.
REFERENCE = re.compile(r"\bref\(\s*'(\w+)'\s*([~)])")
SOURCE = re.compile(r"\bsource\(\s*'(\w+)'\s*,\s*'(\w+)'\s*\)")


def delivered_relations(
    project: Project, feeds_with_files: set[tuple[str, str]]
) -> dict[str, set[str]]:
    """Relation → enabled vendors that have a staging model for it, and files that fill it.

    Of the feeds that a staging model reads, directly or not, those that are required must have
    files, and one at least. The generic vendor's feeds are the relations themselves.
    """
    vendors = {vendor for vendor, _ in feeds_with_files}
    found: dict[str, set[str]] = {}
    for path in project.folder.glob("models/staging/*/*/stg_*__*.sql"):
        vendor = path.parent.name
        relation = path.stem.removeprefix(f"stg_{vendor}__")
        if relation not in RELATIONS or vendor not in vendors:
            continue
        required, others = feeds_read_by(path)
        if vendor == "generic":
            is_delivered = (vendor, relation) in feeds_with_files
        else:
            with_files = {feed for name, feed in feeds_with_files if name == vendor}
            is_delivered = required <= with_files and bool((required | others) & with_files)
        if is_delivered:
            found.setdefault(relation, set()).add(vendor)
    return found


def feeds_read_by(model: Path) -> tuple[set[str], set[str]]:
    """Feeds of its vendor that a staging model reads: required ones and others."""
    required: set[str] = set()
    for path in model.parent.glob("_*__sources.yml"):
        for source in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("sources", []):
            for table in source.get("tables", []):
                if table.get("config", {}).get("meta", {}).get("required"):
                    required.add(table["name"])
    feeds: set[str] = set()
    seen, left = set(), [model]
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        sql = path.read_text(encoding="utf-8")
        feeds |= {table for _, table in SOURCE.findall(sql)}
        for name, follows in REFERENCE.findall(sql):
            left += model.parent.glob(f"{name}{'*' if follows == '~' else ''}.sql")
    return feeds & required, feeds - required


def _of_warehouse(path: Path) -> Iterator[Finding]:
    try:
        connection = open_read_only(path)
    except UserError as error:
        yield Finding("note", "last build", f"not looked into: {error.problem}", error.remedy)
        return
    with connection:
        present = {name for _, name in relations(connection)}
        for look, tables in (
            (_covered, {"data_quality"}),
            (_assignments, {"learning_events"}),
            (_tools, {"int_tool_coverage"}),
            (_baselines, {"data_quality", "fct_completions", "dim_metric_rules"}),
            (_role_groups, {"dim_employees"}),
            (_identities, {"identity_match_rates"}),
        ):
            if tables <= present:
                try:
                    yield from look(connection)
                except duckdb.Error as error:
                    # A table of another version of the project: the rest is still worth saying.
                    words = str(error).splitlines()[0]
                    yield Finding("note", "last build", f"not all could be read: {words}")


def _covered(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Until when each source is covered, as the last build found."""
    rows = connection.execute(
        """
        select source_system, feed, tool_id, check_name, n_checked, n_affected, first_date,
            last_date, is_inferred
        from main.data_quality
        where check_name in ('coverage', 'complete_through') and reason = 'all'
        order by check_name desc, source_system, feed, tool_id
        """
    ).fetchall()
    for source, feed, tool, check, n_days, n_missing, first, last, is_inferred in rows:
        guessed = ", guessed from the newest file" if is_inferred else ""
        if check == "complete_through":
            level = "note" if last is None else "ok"
            detail = f"complete through {last}{guessed}" if last else "no complete day is known"
            yield Finding(level, f"{feed}/{source} covered", detail)
            continue
        detail = f"{first} to {last}"
        detail += f", {n_missing} of {n_days} days missing" if n_missing else ""
        detail += ", guessed from its rows: nobody reports deliveries" if is_inferred else ""
        yield Finding(
            "note" if n_missing else "ok",
            f"usage/{source}/{feed} of {tool} covered",
            detail,
            "Ask for the missing days again: people are not known then." if n_missing else "",
        )


def _assignments(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = connection.execute(
        """
        select source_system, sum(case when event_type = 'assigned' then 1 else 0 end)
        from canonical.learning_events
        group by source_system
        order by source_system
        """
    ).fetchall()
    without = [source for source, n_assigned in rows if not n_assigned]
    if without:
        yield Finding(
            "note",
            "for completion rate: assignments",
            f"none in {', '.join(without)}: who completes there is self-enrolled, in adoption and "
            "in no completion rate",
            "Ask the LMS team who was assigned which course on which day, if anybody was.",
        )


def _tools(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = connection.execute(
        """
        select tool_id, usage_grain, is_sold_by_seat, last_seat_date
        from intermediate.int_tool_coverage
        order by tool_id
        """
    ).fetchall()
    for tool, grain, is_sold_by_seat, last_seat_date in rows:
        if grain == "none":
            yield Finding(
                "note",
                f"for adoption rate of {tool}",
                "no use of it is delivered: all its units stay window_open",
                "Ask IT or the tool's vendor for use by person and day.",
            )
        if is_sold_by_seat and last_seat_date is None:
            yield Finding(
                "note",
                f"for seats of {tool}",
                "it is sold by seat and no seats are delivered: its units stay licence_unknown",
                "Ask IT for the seats, from when to when; or set licence_model in tools.csv.",
            )


def _baselines(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = connection.execute(
        """
        with covered as (
            select tool_id, min(first_date) as first_date
            from main.data_quality
            where check_name = 'coverage' and feed in ('tool_usage_daily', 'tool_usage_period')
            group by tool_id
        ),

        baseline as (
            select max(try_cast(rule_value as integer)) as days
            from main.dim_metric_rules
            where rule_name = 'var baseline_days'
        )

        select covered.tool_id, covered.first_date, baseline.days, count(*)
        from main.fct_completions as completions
        inner join covered on completions.tool_id = covered.tool_id
        cross join baseline
        where completions.program_id is null
            and completions.completion_date < covered.first_date + baseline.days
        group by 1, 2, 3
        order by 1
        """
    ).fetchall()
    for tool, first_date, days, n_units in rows:
        yield Finding(
            "note",
            f"for conversion and retention of {tool}",
            f"use is delivered from {first_date} on; {n_units} completed within {days} days of "
            "it or before, so whether they used the tool already is unknown",
            f"Ask for older use: {days} days before the first completion.",
        )


def _role_groups(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    n_people, n_without = connection.execute(
        "select count(*), count(*) - count(role_group) from main.dim_employees"
    ).fetchone()
    if n_without:
        yield Finding(
            "note",
            "for figures by role",
            f"{n_without} of {n_people} employees have no role group",
            "Ask HR which job family is which role, and say so in role_groups.csv.",
        )


def _identities(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = connection.execute(
        """
        select source_system, alias_type, relation_name, n_rows - n_rows_matched, n_rows,
            row_match_rate
        from main.identity_match_rates
        where n_rows_matched < n_rows
        order by row_match_rate, source_system, alias_type, relation_name
        """
    ).fetchall()
    for source, alias_type, relation, n_unnamed, n_rows, rate in rows:
        yield Finding(
            "note",
            f"who is behind {alias_type} of {source}",
            f"{n_unnamed} of {n_rows} rows of {relation} lead to no employee",
            f"Ask IT for a list of {alias_type} with employee numbers (identity_aliases)."
            if rate < 0.5
            else "docs/how-to/name-the-unnamed.md says what to fix first.",
        )
