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
# Ids of a row itself; in a learning platform the others are of people and courses.
OF_ROW = re.compile(r"^(event|response|registration|completion|delivery)?_?id$|^qualifier$", re.I)
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
        relation = found[0] if found else "tool_usage_daily"
        # A log that is evidence of access, or names hosts, delivers no tool's use.
        if relation in relations_of(project_folder, feed.vendor, relation):
            settings["relation"] = relation
        if relation != "tool_licences":
            settings["rhythm"] = "same_weekday"
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
    return settings


def relations_of(project_folder: Path, vendor: str, unknown: str) -> set[str]:
    """Relations of a vendor in the source catalog; ``unknown`` where it is not there yet."""
    text = _catalog(project_folder)
    found = re.findall(
        rf"'vendor': '{re.escape(vendor)}'.*?'relations': \[([^\]]*)\]", text, re.DOTALL
    )
    return set(re.findall(r"'(\w+)'", " ".join(found))) if found else {unknown}


def _catalog(project_folder: Path) -> str:
    path = project_folder / "macros/sources/source_catalog.sql"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _elements(project_folder: Path, feed: Feed) -> str:
    """Where a document's records are, as the source catalog counts them."""
    text = _catalog(project_folder)
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
    is_usage = is_usage or settings.get("rhythm") == "same_weekday"
    is_snapshot = settings.get("is_snapshot", False)
    entries: list[dict[str, Any]] = [{"type": NULL, "kwargs": {"column": "cannot_be_read"}}]
    if feed.format == "csv":
        entries.append({"type": NULL, "kwargs": {"column": "missing_columns"}})
        entries.append({"type": NULL, "kwargs": {"column": "new_columns"}, **warning})
        entries.append(_between("ragged_share", None, 0.01))
    else:
        entries.append(_between("unreadable_rows_share", None, 0.01))
    # A report of learning activity may have nothing to tell, and so may a page of an API, which
    # has an empty list then. A snapshot, or a table of a day's use, may not.
    may_be_empty = not (is_snapshot or (is_usage and feed.format != "document"))
    entries.append(_between("rows", 1, None, **(warning if may_be_empty else {})))
    # Seats and use are rolled out in steps; rows that come twice show in the ids.
    if is_usage or settings.get("relation"):
        entries.append(_between("rows_to_usual", 0.6, 3))
        if settings.get("rhythm") == "same_weekday":
            entries.append(_between("rows_to_weekday", 0.6, 3, **warning))
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
        if not is_snapshot:
            entries.append({"type": NULL, "kwargs": {"column": "same_as"}, **warning})
        if is_usage and not is_snapshot:
            entries.append(_between("newest_day_change", 0, 4, **warning))
    for name in settings.get("ids", []):
        entries.append(_between(f"null_share.{name}", None, 0.05))
        if is_snapshot or is_usage or OF_ROW.search(name):
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
