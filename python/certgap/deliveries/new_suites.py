"""A first suite for a feed, from the columns its vendor's YAML declares. A person then edits it.

Kinds of columns are guessed from their names; a wrong guess shows as an unreadable column on the
first run over real files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from certgap.deliveries import suites
from certgap.deliveries.feeds import Feed

BETWEEN, NULL = "expect_column_values_to_be_between", "expect_column_values_to_be_null"
MATCH = "expect_column_values_to_match_regex"
KINDS = {
    "boolean": r"^(is|has|used)_|_(deleted|active)$|^terminated$|^hire_rescinded$",
    "timestamp": r"(_at|_synced|_dt|_utc|timestamp)$|^_fivetran_(start|end)$",
    "date": r"(^|_| )(date|day)$|^valid_(from|to)$|^(leave|period)_(start|end)$",
    "number": r"(^|_)(interactions|sessions|minutes|hours|seconds|score|cost|percentage|exposure"
    r"|confidence|count)$|^value_number$",
}  # fmt: skip
IDS = re.compile(
    r"(^|_)(id|code|upn|login|email|mail|address|value)$|principal name|^alias_value$", re.I
)
PEOPLE = re.compile(r"upn|login|e?mail|principal name|^alias_value$", re.I)
# Codes and references that may well be empty.
NO_ID = re.compile(
    r"cost_center|email_code|status_id|license|reason_id|purpose|exempt|vendor|superior|parent|manager"
    r"|supervisor|reports_to|equivalent|approver|profile|role_id|culture",
    re.I,
)
CATEGORIES = re.compile(
    r"^(tool_id|surface|alias_type|event_type|status|employment_status|kind|department|survey_kind)$"
)
USAGE = {"tool_licences": r"seat|licen", "tool_usage_period": r"week|period"}
SNAPSHOTS = {"employees", "employment_history", "leave_periods", "identity_aliases", "courses"}


def write_missing(project_folder: Path, feeds: Sequence[Feed]) -> list[Path]:
    """Write a suite for every feed without one; their paths."""
    written = []
    for feed in feeds:
        path = suites.path_of(project_folder, feed)
        if path.is_file():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(first_suite(project_folder, feed)), encoding="utf-8")
        written.append(path)
    return written


def kind_of(column: str) -> str | None:
    """The kind a column's name speaks for; None: text."""
    for kind, pattern in KINDS.items():
        if re.search(pattern, column.lower()):
            return kind
    return None


def _settings(project_folder: Path, feed: Feed) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if feed.category == "usage" and feed.name != "deliveries":
        found = [name for name, pattern in USAGE.items() if re.search(pattern, feed.name)]
        settings["relation"] = found[0] if found else "tool_usage_daily"
    is_snapshot = feed.category == "hris" or feed.name in SNAPSHOTS
    if is_snapshot or settings.get("relation") == "tool_licences":
        settings["is_snapshot"] = True
    if feed.format == "document":
        settings["elements"] = _elements(project_folder, feed)
    if feed.format != "csv":
        settings["fields"] = {}
        return settings
    kinds = {name: kind for name in feed.columns if (kind := kind_of(name))}
    settings["kinds"] = kinds
    needed = [name for name in feed.columns if name not in feed.optional]
    settings["ids"] = [name for name in needed if IDS.search(name) and not NO_ID.search(name)]
    settings["people"] = [name for name in needed if PEOPLE.search(name) and not NO_ID.search(name)]
    settings["drift"] = [name for name in needed if CATEGORIES.search(name)]
    if "tool_id" in needed:
        settings["tools"] = "tool_id"
    day = next((name for name in needed if kinds.get(name) == "date"), None)
    if settings.get("relation") in ("tool_usage_daily", "tool_usage_period") and day:
        settings["day"] = day
        settings["rhythm"] = "same_weekday"
    return settings


def _elements(project_folder: Path, feed: Feed) -> str:
    """Where a document's records are, as the source catalog counts them."""
    catalog = project_folder / "macros/sources/source_catalog.sql"
    text = catalog.read_text(encoding="utf-8") if catalog.is_file() else ""
    found = re.search(
        rf"'{re.escape(feed.name)}': count_json_elements\('document_text', '([^']+)'\)", text
    )
    return found[1] if found else "$"


def _between(column: str, least: float | None, most: float | None, **more: Any) -> dict[str, Any]:
    limits = {"min_value": least, "max_value": most}
    kwargs = {"column": column, **{k: v for k, v in limits.items() if v is not None}}
    return {"type": BETWEEN, "kwargs": kwargs, **more}


def first_suite(project_folder: Path, feed: Feed) -> dict[str, Any]:
    """The suite as JSON data."""
    settings = _settings(project_folder, feed)
    return {
        "name": feed.folder,
        "meta": {"certgap": settings},
        "expectations": expectations(feed, settings),
    }


def expectations(feed: Feed, settings: dict[str, Any]) -> list[dict[str, Any]]:
    """What any vendor promises without saying it: whole, of the usual size, in time, with names."""
    warning = {"severity": "warning"}
    columns = feed.columns if feed.format == "csv" else tuple(settings["fields"])
    needed = [name for name in columns if name not in feed.optional]
    is_usage = settings.get("relation") in ("tool_usage_daily", "tool_usage_period")
    is_snapshot = settings.get("is_snapshot", False)
    entries: list[dict[str, Any]] = [{"type": NULL, "kwargs": {"column": "cannot_be_read"}}]
    if feed.format == "csv":
        entries.append({"type": NULL, "kwargs": {"column": "missing_columns"}})
        entries.append({"type": NULL, "kwargs": {"column": "new_columns"}, **warning})
        entries.append(_between("ragged_share", None, 0.01))
    else:
        entries.append(_between("unreadable_rows_share", None, 0.01))
    # A report of learning activity may have nothing to tell; a snapshot or a day of use may not.
    entries.append(_between("rows", 1, None, **({} if is_snapshot or is_usage else warning)))
    # Seats and use are rolled out in steps; rows that come twice show in the ids.
    if is_usage or settings.get("relation"):
        entries.append(_between("rows_to_usual", 0.6, 3))
    elif is_snapshot:
        entries.append(_between("rows_to_usual", 0.8, 1.5))
    else:
        entries.append(_between("rows_to_usual", 0.05, 20, **warning))
    entries.append(_between("days_overdue", None, 3))
    if settings.get("day"):
        entries.append(_between("outside_days_share", None, 0.01))
        entries.append(_between("days_since_newest_day", None, 14))
        entries.append(_between("days_without_rows", None, 4))
        entries.append(_between("days_skipped", None, 4, **warning))
    for name in settings.get("ids", []):
        entries.append(_between(f"null_share.{name}", None, 0.05))
        entries.append(_between(f"distinct_to_usual.{name}", 0.6, None))
    # What is new in a learning platform since its last export is not always of one kind.
    is_steady = {} if is_snapshot or is_usage else warning
    for name in needed:
        if name not in settings.get("ids", []):
            entries.append(_between(f"null_share_change.{name}", None, 0.3, **is_steady))
    entries += [_between(f"unreadable_share.{n}", None, 0.05) for n in settings.get("kinds", {})]
    entries += [_between(f"concealed_share.{n}", None, 0.49) for n in settings.get("people", [])]
    for name in settings.get("drift", []):
        entries.append(_between(f"drift.{name}", None, 0.25, **is_steady))
    for name in settings.get("people", []):
        if re.search(r"mail|upn|principal", name, re.I) and name != "alias_value":
            kwargs = {"column": name, "regex": r"^[^@\s]+@[^@\s]+$", "mostly": 0.5}
            entries.append({"type": MATCH, "kwargs": kwargs, "meta": {"over": "sample"}})
    return entries


def as_text(suite: dict[str, Any]) -> str:
    """JSON with one setting or expectation a line, so that a change of it is one line."""
    settings = suite["meta"]["certgap"]
    lines = [f"      {json.dumps(key)}: {json.dumps(value)}" for key, value in settings.items()]
    entries = [f"    {json.dumps(entry)}" for entry in suite["expectations"]]
    return (
        f'{{\n  "name": {json.dumps(suite["name"])},\n'
        '  "meta": {\n    "certgap": {\n' + ",\n".join(lines) + "\n    }\n  },\n"
        '  "expectations": [\n' + ",\n".join(entries) + "\n  ]\n}\n"
    )
