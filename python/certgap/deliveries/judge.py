"""Great Expectations over the measures of a feed's deliveries and over a sample of their rows.

One validation per feed and frame, not per file: an expectation says of each row whether it holds,
and a row belongs to a delivery. An expectation that could not be evaluated leaves deliveries
unjudged.
"""

from __future__ import annotations

import logging
import os
import shutil
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from certgap.deliveries.profile import Profile, Sample
from certgap.deliveries.suites import Suite, measures_of
from certgap.deliveries.words import remedy_for, words_for
from certgap.errors import UserError

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

TEXT_MEASURES = {"cannot_be_read", "missing_columns", "new_columns", "same_as"}
BLOCKING = "critical"
# A late feed is no fault of its newest file.
ABOUT_THE_FEED = {"days_overdue"}


@dataclass(frozen=True)
class Failure:
    """One expectation a delivery does not meet."""

    delivery: str
    message: str
    is_blocking: bool = True
    is_about_feed: bool = False


@dataclass
class Judgement:
    """What Great Expectations said of one feed."""

    failures: list[Failure] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    # Deliveries of which an expectation was evaluated that could have failed them.
    judged: set[str] = field(default_factory=set)
    results: list[Any] = field(default_factory=list)


class Judge:
    """Holds the Great Expectations context, whose import takes five seconds."""

    def __init__(self) -> None:
        """An ephemeral context: nothing is written but what this package writes."""
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        # What it could not do is told as an error of the feed.
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        try:
            import great_expectations as gx
            import pandas
        except ImportError as error:
            raise UserError(
                f"Deliveries cannot be judged: the Python package {error.name} is missing.",
                "Run `make setup`: it installs what requirements/project.txt pins.",
            ) from None

        self.gx, self.pandas = gx, pandas
        context = gx.get_context(mode="ephemeral")
        # It makes a folder for pages of its own; ours are written by pages.py.
        for site in context.variables.data_docs_sites.values():
            shutil.rmtree(site["store_backend"]["base_directory"], ignore_errors=True)
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("deliveries").add_dataframe_asset("deliveries")
        self.batches = asset.add_batch_definition_whole_dataframe("whole")

    def judge(
        self,
        suite: Suite,
        measured: dict[str, dict[str, Any]],
        profiles: dict[str, Profile],
        sample: Sample,
        sampled: Sequence[str],
    ) -> Judgement:
        """Judge the deliveries in ``measured`` (name → measure → value)."""
        judgement = Judgement()
        frame = self._measures_frame(suite, measured)
        self._validate(suite, "delivery", frame, ["delivery"], judgement, profiles)
        if sample and sampled:
            rows = self.pandas.DataFrame(
                sample, columns=["delivery", "row_number", *sampled], dtype=object
            )
            self._validate(suite, "sample", rows, ["delivery", "row_number"], judgement, profiles)
        return judgement

    def _measures_frame(self, suite: Suite, measured: dict[str, dict[str, Any]]) -> Any:
        columns: dict[str, Any] = {"delivery": list(measured)}
        for name in measures_of(suite):
            values = [found.get(name) for found in measured.values()]
            kind = object if name in TEXT_MEASURES else float
            columns[name] = self.pandas.Series(values, dtype=kind)
        return self.pandas.DataFrame(columns)

    def _validate(
        self,
        suite: Suite,
        over: str,
        frame: Any,
        index: list[str],
        judgement: Judgement,
        profiles: dict[str, Profile],
    ) -> None:
        expectations = suite.over(over)
        if not expectations:
            return
        try:
            gx_suite = self.gx.ExpectationSuite(
                name=suite.feed.folder + ("" if over == "delivery" else " (sample of rows)"),
                expectations=[
                    {**entry, "meta": {**entry["meta"], "number": number}}
                    for number, entry in enumerate(expectations)
                ],
            )
        except Exception as error:
            judgement.errors.append(f"{suite.path} is not a suite: {_first_line(error)}")
            return
        batch = self.batches.get_batch({"dataframe": frame})
        result = batch.validate(
            gx_suite,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": index,
                "return_unexpected_index_query": False,
                "partial_unexpected_count": 0,
            },
        )
        # An expectation it does not know is left out with a line in the log.
        evaluated = {outcome.expectation_config.meta["number"] for outcome in result.results}
        judgement.errors += [
            f"{suite.path.name}: there is no expectation {entry['type']} with {entry['kwargs']}"
            for number, entry in enumerate(expectations)
            if number not in evaluated
        ]
        for outcome in result.results:
            entry = expectations[outcome.expectation_config.meta["number"]]
            if "unexpected_index_list" not in outcome.result and not outcome.success:
                judgement.errors.append(
                    f"{suite.path.name}: {entry['type']} with {entry['kwargs']} failed to evaluate"
                )
                continue
            if _is_blocking(entry) and not _is_about_feed(entry):
                column = entry["kwargs"]["column"]
                is_known = frame[column].notna() | (column in TEXT_MEASURES)
                judgement.judged.update(frame["delivery"][is_known])
            if over == "delivery":
                judgement.failures += _of_measures(entry, outcome, profiles)
            else:
                judgement.failures += _of_sample(entry, outcome, frame)
            # Values of people stay out of the pages.
            if over == "sample":
                for name in ("unexpected_list", "unexpected_index_list"):
                    outcome.result.pop(name, None)
        judgement.results.append(result)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _failure(entry: dict[str, Any], delivery: str, message: str) -> Failure:
    return Failure(
        delivery,
        message,
        is_blocking=_is_blocking(entry),
        is_about_feed=_is_about_feed(entry),
    )


def _is_blocking(entry: dict[str, Any]) -> bool:
    return entry.get("severity", BLOCKING) == BLOCKING


def _is_about_feed(entry: dict[str, Any]) -> bool:
    return entry["kwargs"]["column"] in ABOUT_THE_FEED


def _of_measures(
    entry: dict[str, Any], outcome: Any, profiles: dict[str, Profile]
) -> list[Failure]:
    column = entry["kwargs"]["column"]
    failures = []
    for unexpected in outcome.result.get("unexpected_index_list") or []:
        delivery = unexpected["delivery"]
        message = _message(entry, column, unexpected[column])
        profile = profiles[delivery]
        if column == "missing_columns" and profile.hint:
            message += f"; {profile.hint}"
        name = column.partition(".")[2]
        if column.startswith("unreadable_share.") and name in profile.first_bad_row:
            message += f"; first in row {profile.first_bad_row[name]}"
        failures.append(_failure(entry, delivery, _with_remedy(entry, message)))
    return failures


def _of_sample(entry: dict[str, Any], outcome: Any, frame: Any) -> list[Failure]:
    """Of each delivery: is the share of rows that do not fit more than the expectation allows?"""
    column = entry["kwargs"]["column"]
    allowed = 1 - entry["kwargs"].get("mostly", 1)
    rows: dict[str, list[int]] = {}
    for unexpected in outcome.result.get("unexpected_index_list") or []:
        rows.setdefault(unexpected["delivery"], []).append(unexpected["row_number"])
    if not rows:
        return []
    sizes = frame[frame[column].notna()].groupby("delivery").size()
    failures = []
    for delivery, numbers in rows.items():
        share = len(numbers) / int(sizes.get(delivery, len(numbers)))
        if share > allowed:
            message = _message(entry, column, share) + f"; first in row {min(numbers)}"
            failures.append(_failure(entry, delivery, _with_remedy(entry, message)))
    return failures


def _message(entry: dict[str, Any], column: str, value: Any) -> str:
    says = entry["meta"].get("says") or words_for(column, over=entry["meta"].get("over"))
    if isinstance(value, str):
        return says.format(value=value, percent=value, column=column.partition(".")[2] or column)
    return says.format(
        value=f"{value:g}",
        percent=f"{value * 100:.3g}%",
        column=column.partition(".")[2] or column,
    )


def _with_remedy(entry: dict[str, Any], message: str) -> str:
    over, column = entry["meta"].get("over"), entry["kwargs"]["column"]
    remedy = entry["meta"].get("remedy") or remedy_for(column, over=over)
    return f"{message}. {remedy}".rstrip()
