"""Measure and judge what is new, keep the verdicts, and say what was found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from certgap.deliveries import announced, pages, suites
from certgap.deliveries.feeds import Delivery, Feed, declared_feeds, deliveries
from certgap.deliveries.flaws import flaw_of
from certgap.deliveries.history import History, Judged, lost_days, measures, request_of
from certgap.deliveries.judge import Failure, Judge, Judgement
from certgap.deliveries.profile import Profile, Profiler
from certgap.deliveries.store import (
    ACCEPTED,
    FAILED,
    NOT_CHECKED,
    PASSED,
    Record,
    Store,
    folder_of,
)
from certgap.deliveries.suites import Suite
from certgap.deliveries.unread import Unread, unread
from certgap.errors import UserError
from certgap.project import Project

MEMORY = "2GB"
# Raised when a measure gets another meaning: then everything is measured again.
MEASURES_VERSION = "3"


@dataclass
class Report:
    """What a run found, over all deliveries that are there."""

    feeds: dict[str, list[Record]] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    n_judged: int = 0
    docs: Path | None = None

    def with_verdict(self, verdict: str) -> list[Record]:
        """Deliveries with that verdict, by name."""
        found = [r for records in self.feeds.values() for r in records if r.verdict == verdict]
        return sorted(found, key=lambda record: record.source_file)

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        told = {
            verdict: [
                {"file": record.source_file, "reason": record.reason}
                for record in self.with_verdict(verdict)
            ]
            for verdict in (FAILED, ACCEPTED, NOT_CHECKED)
        }
        notes = [
            {"file": record.source_file, "note": record.notes}
            for records in self.feeds.values()
            for record in records
            if record.notes
        ]
        return {
            "n_passed": len(self.with_verdict(PASSED)),
            **told,
            "notes": notes,
            "not_read": [
                {"place": one.place, "n_files": one.n_files, "reason": one.reason}
                for one in self.unread
            ],
            "late": self.late,
            "errors": self.errors,
            "n_judged_now": self.n_judged,
            "data_docs": str(self.docs) if self.docs else None,
        }


@dataclass
class Options:
    """What the command line asked for."""

    judge_all: bool = False
    as_of: date | None = None
    write_docs: bool = True
    # Folders of the feeds to look at; None: all.
    feeds: frozenset[str] | None = None


def run(project: Project, options: Options, progress: Callable[[str, int, int], None]) -> Report:
    """Judge every new or changed delivery; ``progress`` is told feed, number and how many."""
    folder = folder_of(project)
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute(f"set memory_limit = '{MEMORY}'; set TimeZone = 'UTC'")
    connection.execute(f"set temp_directory = '{(folder / 'spill').as_posix()}'")
    feeds = declared_feeds(project)
    found = deliveries(project, feeds, connection)
    report = Report(unread=unread(project, feeds))
    if not found:
        others = ", ".join(one.place for one in report.unread[:5])
        raise UserError(
            f"There is no delivery of any declared feed in {project.raw}"
            f"{f', only what nothing reads: {others}' if others else ''}.",
            "Files lie below <category>/<vendor>/<feed>/; `certgap doctor` lists what is expected.",
        )
    known_suites = {feed: suites.load(project.folder, feed) for feed in found}
    newest = max((d.day for files in found.values() for d in files if d.day), default=None)
    checker = _Checker(connection, Store(folder, project.raw), options, options.as_of or newest)
    checker.reports = {
        feed.vendor: files for feed, files in found.items() if feed.name == announced.FEED
    }
    for number, (feed, files) in enumerate(found.items()):
        progress(feed.folder, number, len(found))
        if options.feeds is None or feed.folder in options.feeds:
            checker.check_feed(feed, known_suites[feed], files, report)
    connection.close()
    checker.store.write(d.name for files in found.values() for d in files)
    if options.write_docs:
        report.docs = pages.write_index(checker.docs, report.feeds, report.late, report.unread)
    return report


class _Checker:
    """Goes from feed to feed with what they share."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        store: Store,
        options: Options,
        as_of: date | None,
    ) -> None:
        self.connection, self.store, self.options, self.as_of = connection, store, options, as_of
        self.docs = store.folder / "data_docs"
        if options.write_docs:
            self.docs.mkdir(exist_ok=True)
        self.reports: dict[str, list[Delivery]] = {}
        self._judge: Judge | None = None

    @property
    def judge(self) -> Judge:
        """Made when the first delivery is judged: importing it takes seconds."""
        self._judge = self._judge or Judge()
        return self._judge

    def check_feed(
        self, feed: Feed, suite: Suite | None, files: Sequence[Delivery], report: Report
    ) -> None:
        """Judge what is new of one feed and add its records to the report."""
        lacks = f"its suite {suite.lacks}" if suite and suite.lacks else ""
        if suite is None or lacks:
            why = lacks or f"there is no suite expectations/{feed.folder}.json"
            report.feeds[feed.folder] = [_unjudged(delivery, why) for delivery in files]
            for record in report.feeds[feed.folder]:
                self.store.keep(record)
            return
        fingerprint = _fingerprint(suite)
        new = self._new(suite, files, fingerprint)
        report.n_judged += len(new)
        profiler = Profiler(self.connection, suite, len(new))
        profiles = profiler.measure(new)
        history = self._history(suite, files, new, profiles)
        measured = self._measures(suite, files, new, history)
        if measured:
            for name in measured:
                if name not in profiles:
                    profiles[name] = self.store.records[name].profile
            judgement = self.judge.judge(
                suite, measured, profiles, profiler.sample, profiler.sampled
            )
            self._keep(suite, fingerprint, new, profiles, history, judgement)
            report.errors += judgement.errors
            report.late += [
                f"{feed.folder}: {failure.message}"
                for failure in judgement.failures
                if failure.is_about_feed
            ]
            report.feeds[feed.folder] = [self.store.records[d.name] for d in files]
            if self.options.write_docs and (new or not self._page(feed).is_file()):
                pages.write_feed(
                    self.docs, feed.folder, report.feeds[feed.folder], judgement.results
                )
            return
        report.feeds[feed.folder] = [self.store.records[d.name] for d in files]

    def _page(self, feed: Feed) -> Path:
        return self.docs / pages.file_name(feed.folder)

    def _new(self, suite: Suite, files: Sequence[Delivery], fingerprint: str) -> list[Delivery]:
        """What is to be judged: new files, and those they are pages of one request with."""
        new = {d.name for d in files if self._is_new(d, fingerprint)}
        if suite.pages:
            requests = {request_of(suite, d.name, d.day) for d in files if d.name in new}
            new |= {
                d.name
                for d in files
                if request_of(suite, d.name, d.day) in requests and not self._is_accepted(d)
            }
        return [d for d in files if d.name in new]

    def _is_accepted(self, delivery: Delivery) -> bool:
        record = self.store.records.get(delivery.name)
        return bool(
            record
            and record.verdict == ACCEPTED
            and record.file_version == delivery.version
            and not self.options.judge_all
        )

    def _is_new(self, delivery: Delivery, fingerprint: str) -> bool:
        record = self.store.records.get(delivery.name)
        if record is None or record.file_version != delivery.version or self.options.judge_all:
            return True
        if record.verdict == NOT_CHECKED:
            return True
        return record.suite != fingerprint and record.verdict != ACCEPTED

    def _history(
        self,
        suite: Suite,
        files: Sequence[Delivery],
        new: Sequence[Delivery],
        profiles: dict[str, Profile],
    ) -> History:
        """All deliveries of the feed that are known, oldest first."""
        present = {delivery.name for delivery in files}
        judged = [
            Judged(
                record.source_file,
                record.file_day,
                record.profile,
                record.verdict == FAILED,
                record.source_file in present,
            )
            for record in self.store.of_feed(suite.feed.folder)
            if record.source_file not in profiles and record.verdict != NOT_CHECKED
        ]
        judged += [Judged(d.name, d.day, profiles[d.name]) for d in new]
        return History(suite, judged)

    def _measures(
        self, suite: Suite, files: Sequence[Delivery], new: Sequence[Delivery], history: History
    ) -> dict[str, dict[str, Any]]:
        """Measures of the new deliveries, and whether the newest one is too long ago."""
        as_of = self.as_of or date.min
        dated = [delivery for delivery in files if delivery.day]
        newest = dated[-1].name if dated else ""
        wanted = {delivery.name for delivery in new} | {newest}
        reports = self.reports.get(suite.feed.vendor, [])
        parts = announced.parts(self.connection, reports, {delivery.day for delivery in new})
        found = {}
        for judged in history.deliveries:
            if judged.name not in wanted:
                continue
            values = measures(history, judged, as_of, judged.name == newest)
            if (suite.relation, judged.day) in parts:
                values.pop("rows_to_usual", None)
            if judged.is_failed is not None:
                values = {"days_overdue": values.get("days_overdue")}
            found[judged.name] = values
        return found

    def _keep(
        self,
        suite: Suite,
        fingerprint: str,
        new: Sequence[Delivery],
        profiles: dict[str, Profile],
        history: History,
        judgement: Judgement,
    ) -> None:
        by_delivery: dict[str, list[Failure]] = {}
        for failure in judgement.failures:
            if not failure.is_about_feed:
                by_delivery.setdefault(failure.delivery, []).append(failure)
        for delivery in new:
            unjudged = list(judgement.errors)
            if delivery.name not in judgement.judged:
                unjudged.append("no expectation of its suite could have failed it")
            failures = by_delivery.get(delivery.name, [])
            reasons = [failure.message for failure in failures if failure.is_blocking]
            verdict = FAILED if reasons else NOT_CHECKED if unjudged else PASSED
            first, last = ("", "")
            if verdict == FAILED:
                first, last = lost_days(history, delivery.name)
            self.store.keep(
                Record(
                    source_file=delivery.name,
                    file_version=delivery.version,
                    file_day=delivery.day,
                    category=suite.feed.category,
                    vendor=suite.feed.vendor,
                    feed=suite.feed.name,
                    relation=suite.relation,
                    suite=fingerprint,
                    verdict=verdict,
                    reason=" ".join(reasons or unjudged),
                    notes=" ".join(f.message for f in failures if not f.is_blocking),
                    first_day=first,
                    last_day=last,
                    profile=profiles[delivery.name],
                )
            )


def _fingerprint(suite: Suite) -> str:
    content = suite.path.read_bytes() + repr(suite.feed.columns).encode()
    return f"{MEASURES_VERSION}-{hashlib.sha256(content).hexdigest()[:16]}"


def _unjudged(delivery: Delivery, why: str) -> Record:
    """Of a feed without a suite: failed where nobody could read it, for that would stop a build."""
    feed = delivery.feed
    kind = delivery.kind if delivery.kind != "text" else feed.format
    flaw = flaw_of(str(delivery.path), kind) if delivery.size and kind else None
    verdict, reason = (FAILED, f"{flaw}. Have it sent again.") if flaw else (NOT_CHECKED, why)
    return Record(
        delivery.name, delivery.version, delivery.day, feed.category, feed.vendor, feed.name, "",
        "", verdict, reason, "", "", "", Profile(error=flaw or ""),
    )  # fmt: skip


def accept(project: Project, name: str, because: str) -> Record:
    """Take a failed delivery all the same; it is read, and later ones are compared with it."""
    store = Store(folder_of(project), project.raw)
    name = name.replace("\\", "/")
    record = store.records.get(name) or store.records.get(
        Path(name).resolve().as_posix().removeprefix(project.raw.resolve().as_posix() + "/")
    )
    if record is None or record.verdict not in (FAILED, ACCEPTED):
        failed = sorted(r.source_file for r in store.records.values() if r.verdict == FAILED)
        raise UserError(
            f"{name} is no delivery that failed its check.",
            f"Failed: {', '.join(failed[:10]) or 'none'}. Name the file as it is listed there.",
        )
    if not because.strip():
        raise UserError("An accepted delivery needs a reason.", "Add --because 'why it is right'.")
    why = record.reason.split(" (failed: ", 1)[-1].removesuffix(")")
    record.verdict, record.reason = ACCEPTED, f"{because.strip()} (failed: {why})"
    store.write(
        r.source_file for r in store.records.values() if (project.raw / r.source_file).is_file()
    )
    return record
