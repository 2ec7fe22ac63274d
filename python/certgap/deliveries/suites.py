"""Expectation suites: ``expectations/<category>/<vendor>/<feed>.json``.

In Great Expectations' form. The suite's ``meta.certgap`` says what is measured of a delivery; its
expectations judge the measures. The ``meta`` of an expectation:

- ``over``: `delivery` (default; a row of the frame is one delivery, a column one measure) or
  `sample` (a row is one sampled row of a file);
- ``says`` and ``remedy``: what is wrong, with {value} or {percent} for the measure, and what to do,
  where the usual words (words.py) do not fit.

Severity `warning` or `info` is told and fails nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certgap.deliveries.feeds import Feed
from certgap.errors import UserError

FOLDER = "expectations"
KINDS = ("text", "date", "timestamp", "epoch_ms", "number", "boolean")
SETTINGS = {
    "relation", "is_snapshot", "elements", "marker", "fields", "kinds", "ids", "people", "tools",
    "day", "until", "is_day_in_path", "lookback_days", "drift", "rhythm", "pages",
    "min_rows_to_compare",
}  # fmt: skip
RHYTHMS = ("same_weekday", "any_day")


@dataclass(frozen=True)
class Suite:
    """What is measured of a feed's deliveries, and the expectations over the measures."""

    feed: Feed
    path: Path
    relation: str = ""
    is_snapshot: bool = False
    elements: tuple[str, ...] = ("$",)
    marker: str = ""
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tools: str = ""
    day: str = ""
    until: str = ""
    is_day_in_path: bool = False
    lookback_days: int = 400
    drift: tuple[str, ...] = ()
    rhythm: str = "any_day"
    pages: bool = False
    min_rows_to_compare: int = 20
    expectations: tuple[dict[str, Any], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a row: declared ones of a table, named paths of a JSON record."""
        return self.feed.columns if self.feed.format == "csv" else tuple(self.fields)

    @property
    def lacks(self) -> str:
        """Why it cannot judge: records of which nothing is looked at are judged by nobody."""
        if self.feed.format != "csv" and not (self.fields and self.ids):
            return "names no fields and ids of a record (meta.certgap.fields, ids)"
        return ""

    def over(self, frame: str) -> list[dict[str, Any]]:
        """Its expectations over the frame `delivery` or `sample`."""
        return [e for e in self.expectations if e["meta"].get("over", "delivery") == frame]


def path_of(project_folder: Path, feed: Feed) -> Path:
    """Where the feed's suite lies."""
    return project_folder / FOLDER / f"{feed.folder}.json"


def load(project_folder: Path, feed: Feed) -> Suite | None:
    """The suite of a feed; None where nobody wrote one."""
    path = path_of(project_folder, feed)
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        settings = content.get("meta", {}).get("certgap", {})
        expectations = tuple({"meta": {}, **entry} for entry in content["expectations"])
    except (json.JSONDecodeError, KeyError, AttributeError, TypeError) as error:
        raise UserError(
            f"The suite {path} cannot be read: {error}.",
            "It must be JSON with `name`, `expectations` and `meta.certgap`; delete it and run "
            "`certgap check-deliveries --write-suites` for a new one.",
        ) from None
    return _checked(feed, path, settings, expectations)


def _checked(
    feed: Feed, path: Path, settings: dict[str, Any], expectations: tuple[dict[str, Any], ...]
) -> Suite:
    """The suite, or an error that names what in it is wrong: a typo must not switch a check off."""
    unknown = sorted(set(settings) - SETTINGS)
    if unknown:
        _refuse(path, f"meta.certgap has no setting {', '.join(unknown)}", sorted(SETTINGS))
    named_lists = [name for name in ("ids", "people", "drift") if name in settings]
    lists: dict[str, Any] = {name: tuple(settings[name]) for name in named_lists}
    if "elements" in settings:
        lists["elements"] = _paths(settings["elements"])
    if "fields" in settings:
        lists["fields"] = {name: _paths(paths) for name, paths in settings["fields"].items()}
    # What an API gives comes in pages.
    lists["pages"] = settings.get("pages", feed.format != "csv")
    suite = Suite(feed, path, expectations=expectations, **{**settings, **lists})
    named = [*suite.ids, *suite.people, *suite.drift, *suite.kinds]
    named += [name for name in (suite.tools, suite.day, suite.until) if name]
    for name in named:
        if name not in suite.columns:
            _refuse(path, f"'{name}' is no column of {feed.folder}", suite.columns)
    for kind in suite.kinds.values():
        if kind not in KINDS:
            _refuse(path, f"'{kind}' is no kind of value", KINDS)
    if suite.rhythm not in RHYTHMS:
        _refuse(path, f"'{suite.rhythm}' is no rhythm", RHYTHMS)
    measures = set(measures_of(suite))
    for entry in suite.expectations:
        column = entry.get("kwargs", {}).get("column")
        over = entry["meta"].get("over", "delivery")
        known = measures if over == "delivery" else set(suite.columns)
        if over not in ("delivery", "sample"):
            _refuse(path, f"an expectation is over '{over}'", ("delivery", "sample"))
        if column not in known:
            _refuse(path, f"an expectation judges '{column}', which is not measured", sorted(known))
    return suite


def _paths(value: str | list[str]) -> tuple[str, ...]:
    """One path, or several of which the first that is there counts."""
    return (value,) if isinstance(value, str) else tuple(value)


def _refuse(path: Path, what: str, known: Any) -> None:
    raise UserError(f"The suite {path}: {what}.", f"Known: {', '.join(known)}.")


PLAIN_MEASURES = (
    "cannot_be_read", "missing_columns", "new_columns", "rows", "rows_to_usual",
    "rows_to_weekday", "ragged_share",
    "unreadable_rows_share", "days_overdue", "days_since_newest_day", "outside_days_share",
    "days_without_rows", "days_skipped", "same_as", "newest_day_change",
)  # fmt: skip


def measures_of(suite: Suite) -> list[str]:
    """Names of the measures of one delivery, as expectations name them in ``column``."""
    per_column = [f"null_share.{name}" for name in suite.columns]
    per_column += [f"null_share_change.{name}" for name in suite.columns]
    per_column += [f"unreadable_share.{name}" for name in suite.kinds]
    per_column += [f"distinct_values.{name}" for name in suite.ids]
    per_column += [f"distinct_to_usual.{name}" for name in suite.ids]
    per_column += [f"concealed_share.{name}" for name in suite.people]
    per_column += [f"drift.{name}" for name in suite.drift]
    return [*PLAIN_MEASURES, *per_column]
