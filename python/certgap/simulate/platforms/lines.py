"""Platforms whose export is a list of lines: a person and a course, or one attempt at it.

A line shows what is known at the delivery: dates that lie ahead are not there yet, so the same line
comes again when something happened.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.company import Company
from certgap.simulate.days import SECONDS_A_DAY, as_date, timestamp_array
from certgap.simulate.delivery_calendar import learning_delivery_days
from certgap.simulate.generic_hris import texts
from certgap.simulate.learning_events import KINDS, LearningEvents
from certgap.simulate.names import first_and_last
from certgap.simulate.platforms.platform import Platform, guests
from certgap.simulate.reference_data import Course
from certgap.simulate.training import COMPLETED, OPEN, PASSED
from certgap.simulate.writing import DeliveryFolder, json_document, vendor_csv

NOT_YET = -1
SATISFYING = (COMPLETED, PASSED)


@dataclass(frozen=True)
class Line:
    """One line as it is in the end, or as it is known at a delivery; instants are UTC seconds."""

    number: int
    employee: int
    course: Course
    attempt: int
    assigned: int
    started: int
    ended: int
    outcome: int
    score: int
    alias: str = ""
    shown_on: int = 0  # the day whose mail address is the alias
    name: str = ""
    employee_id: str | None = None  # None: nobody listed the person, so HR's number is not known

    @property
    def is_done(self) -> bool:
        """Whether it ended in a completion that counts."""
        return self.ended != NOT_YET and self.outcome in SATISFYING

    @property
    def first(self) -> int:
        """The first instant known of it."""
        return min(t for t in (self.assigned, self.started, self.ended) if t != NOT_YET)

    @property
    def last(self) -> int:
        """The last instant known of it."""
        return max(self.assigned, self.started, self.ended)


# What is left of a person whose data were erased: a start, and nobody to name for it.
ERASED = Line(
    number=0,
    employee=0,
    course=Course(0, "", "0", "Removed course", 0, 0, None, []),
    attempt=1,
    assigned=NOT_YET,
    started=1_750_000_000,
    ended=NOT_YET,
    outcome=OPEN,
    score=0,
    name="Anonymized User",
)


class LinePlatform(Platform):
    """A platform of lines; a vendor adds its columns and its files."""

    is_per_attempt = False  # False: one line per person and course, the first completion counts
    dates_only: tuple[str, ...] = ()  # of assigned, started, ended: those without a time of day
    midnight_is_a_day = False  # True: midnight (UTC) stands for a day without a time
    is_full_list = False  # True: every delivery lists everything; False: what changed, and overlap
    overlap_days = 5
    alias_type = "work_email"  # any other type is the platform's own id, the same for ever

    def own_alias(self, company: Company, people: np.ndarray) -> pa.Array:
        """The platform's own ids of people, where it does not know them by mail."""
        raise NotImplementedError

    def is_day(self, kind: str, instant: int) -> bool:
        """Whether a reader of the export knows the day only."""
        is_midnight = instant % SECONDS_A_DAY == 0
        return kind in self.dates_only or (self.midnight_is_a_day and is_midnight)

    def line_score(self, line: Line) -> float | None:
        """The score of a completion, 0 to 1, where the export tells it."""
        del line
        return None

    def line_seconds(self, line: Line) -> float | None:
        """The time a completion took, where the export tells it."""
        del line
        return None

    def says(self, line: Line) -> bool:
        """Whether the export has such a line at all."""
        del line
        return True

    def write(self, out: Path, company: Company, day: int, lines: list[Line]) -> None:
        """The files of one delivery."""
        raise NotImplementedError

    def folder(self, out: Path, feed: str | None = None) -> DeliveryFolder:
        """Where a feed's files go."""
        return DeliveryFolder(out, "lms", self.name, feed or self.feeds[0])

    def export(self, out: Path, company: Company, events: LearningEvents) -> pa.Table:
        """All deliveries, and the truth of the lines in the end."""
        force = company.workforce
        every = company.settings["deliveries"]["learning_delivery_days"]
        days = learning_delivery_days(force.start, force.end, every).tolist()
        lines = [line for line in self._lines(company, events) if self.says(line)]
        for number, day in enumerate(days):
            self.write(out, company, day, list(self._delivered(lines, days, number)))
        return self._truth(company, lines)

    def _delivered(self, lines: list[Line], days: list[int], number: int) -> Iterator[Line]:
        """Lines of one delivery as they are known; increments repeat some of the last one's."""
        for line in lines:
            comes = [
                min(bisect_right(days, t // SECONDS_A_DAY), len(days) - 1) if t != NOT_YET else None
                for t in (line.assigned, line.started, line.ended)
            ]
            newest = max((c for c in comes if c is not None and c <= number), default=None)
            if newest is None:
                continue
            known = line
            for name, when in zip(KINDS, comes, strict=True):
                if when is not None and when > number:
                    known = replace(known, **{name: NOT_YET})
                    known = replace(known, outcome=OPEN) if name == "ended" else known
            again = newest == number - 1
            again &= known.last // SECONDS_A_DAY >= days[number - 1] - self.overlap_days
            if (self.is_full_list or newest == number or again) and self.says(known):
                yield known

    def _lines(self, company: Company, events: LearningEvents) -> list[Line]:
        """One line per attempt, or per person and course."""
        attempts = _attempts(company, events, [kind in self.dates_only for kind in KINDS])
        if not self.is_per_attempt:
            attempts = _per_person(attempts)
        if not attempts:
            return []
        people = np.array([line.employee for line in attempts])
        listed = ~company.addresses.is_unclaimed[people]
        # One account, one address: the one of the person's last day here.
        last: dict[int, int] = defaultdict(int)
        for line in attempts:
            last[line.employee] = max(last[line.employee], line.last // SECONDS_A_DAY)
        shown = np.array([last[line.employee] for line in attempts])
        if self.alias_type == "work_email":
            mails, _ = company.addresses.used_mail("work_email", people, shown)
            aliases = pc.if_else(pa.array(listed), mails, guests(people))
        else:
            aliases = self.own_alias(company, people)
        names = pc.binary_join_element_wise(*map(pc.utf8_capitalize, first_and_last(people)), " ")
        ids = company.workforce.ids.take(pa.array(people, mask=~listed))
        columns = (aliases.to_pylist(), shown.tolist(), names.to_pylist(), ids.to_pylist())
        return [
            replace(line, number=number, alias=alias, shown_on=day, name=name, employee_id=known)
            for number, (line, alias, day, name, known) in enumerate(
                zip(attempts, *columns, strict=True)
            )
        ]

    def _truth(self, company: Company, lines: list[Line]) -> pa.Table:
        """Assignments, where the platform knows them, and completions that count."""
        parts: list[tuple[Line, str, int]] = []
        for line in lines:
            if self.knows_assignments and line.assigned != NOT_YET:
                parts.append((line, "assigned", line.assigned))
            if line.is_done:
                parts.append((line, "ended", line.ended))
        people = np.array([line.employee for line, _, _ in parts], dtype=np.int64)
        instants = np.array([instant for _, _, instant in parts], dtype=np.int64)
        owned = ~company.addresses.is_unclaimed[people]
        if self.alias_type == "work_email":
            shown = np.array([line.shown_on for line, _, _ in parts], dtype=np.int64)
            _, by = company.addresses.used_mail("work_email", people, shown)
            owned &= company.addresses.owns_used(people, instants // SECONDS_A_DAY, shown, by)
        size, nothing = len(parts), np.zeros(len(parts), np.int8)
        return pa.table(
            {
                "employee_id": company.workforce.ids.take(pa.array(people, mask=~owned)),
                "alias_type": texts([self.alias_type], nothing),
                "alias_value": pa.array([line.alias for line, _, _ in parts], pa.string()),
                "source_system": texts([self.name], nothing),
                "source_course_id": pa.array(
                    [line.course.source_course_id for line, _, _ in parts], pa.string()
                ),
                "event_id": pa.array([f"{line.number}-{kind}" for line, kind, _ in parts]),
                "event_type": pa.array(
                    ["completed" if kind == "ended" else kind for _, kind, _ in parts], pa.string()
                ),
                "occurred_at": timestamp_array(instants),
                "is_date_only": pa.array(
                    [self.is_day(kind, at) for _, kind, at in parts], pa.bool_()
                ),
                "success": pa.nulls(size, pa.bool_()),
                "is_voided": pa.array(np.zeros(size, dtype=bool)),
                "score_scaled": pa.array(
                    [self.line_score(line) if kind == "ended" else None for line, kind, _ in parts],
                    pa.float64(),
                ),
                "duration_seconds": pa.array(
                    [
                        self.line_seconds(line) if kind == "ended" else None
                        for line, kind, _ in parts
                    ],
                    pa.float64(),
                ),
            }
        )


def _attempts(company: Company, events: LearningEvents, dates_only: list[bool]) -> list[Line]:
    """A line per registration, without alias; dates instead of instants where asked for."""
    registrations = company.training.registrations
    when: dict[int, list[int]] = {}
    for registration, kind, occurred in zip(
        events.registration.tolist(), events.kind.tolist(), events.occurred.tolist(), strict=True
    ):
        instant = occurred // SECONDS_A_DAY * SECONDS_A_DAY if dates_only[kind] else occurred
        when.setdefault(registration, [NOT_YET] * 3)[kind] = instant
    courses = company.catalogue.courses
    return [
        Line(
            number=0,
            employee=int(registrations.employee[registration]),
            course=courses[int(registrations.course[registration])],
            attempt=int(registrations.attempt[registration]),
            assigned=instants[0],
            started=instants[1],
            ended=instants[2],
            outcome=int(registrations.outcome[registration]),
            score=int(registrations.score[registration]),
        )
        for registration, instants in when.items()
    ]


def _per_person(attempts: list[Line]) -> list[Line]:
    """One line per person and course: first assignment, first start, first completion that counts.

    Without such a completion the last end of another kind shows, such as a failed attempt.
    """
    groups: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in attempts:
        groups[line.employee, line.course.index].append(line)
    merged = []
    for lines in groups.values():
        done = sorted((line for line in lines if line.is_done), key=lambda line: line.ended)
        best = done[0] if done else max(lines, key=lambda line: line.ended)
        merged.append(
            replace(
                best,
                assigned=_earliest(line.assigned for line in lines),
                started=_earliest(line.started for line in lines),
            )
        )
    return merged


def _earliest(instants: Iterator[int]) -> int:
    """The first of the instants that are known."""
    return min((instant for instant in instants if instant != NOT_YET), default=NOT_YET)


class CsvPlatform(LinePlatform):
    """A platform with one CSV: a row per line."""

    def row(self, line: Line) -> dict[str, Any]:
        """The columns of a line as text; None for an empty cell."""
        raise NotImplementedError

    def write(self, out: Path, company: Company, day: int, lines: list[Line]) -> None:
        """One file, also for a delivery without lines; mail addresses in any case."""
        rows = [self.row(_as_typed(line)) for line in lines]
        columns = rows[0] if rows else self.row(ERASED)
        table = pa.table({c: pa.array([row[c] for row in rows], pa.string()) for c in columns})
        self.folder(out).file(day, f"{self.feeds[0]}.csv", vendor_csv(table))


class JsonPlatform(LinePlatform):
    """A platform with pages of JSON: an element per line."""

    page_size = 400

    def row(self, line: Line) -> dict[str, Any]:
        """The element of a line."""
        raise NotImplementedError

    def page(self, rows: list[dict[str, Any]], number: int, count: int) -> dict[str, Any]:
        """Page `number` around its elements; `count` is that of all pages."""
        raise NotImplementedError

    def write(self, out: Path, company: Company, day: int, lines: list[Line]) -> None:
        """The pages of one delivery, an empty one if nothing happened."""
        rows = [self.row(_as_typed(line)) for line in lines]
        for number, start in enumerate(range(0, max(len(rows), 1), self.page_size)):
            page = self.page(rows[start : start + self.page_size], number, len(rows))
            name = f"{self.feeds[0]}_{number:04d}.json"
            self.folder(out).file(day, name, json_document(page))


def _as_typed(line: Line) -> Line:
    """Some addresses as people typed them."""
    typed = "@" in line.alias and line.number % 9 == 0
    return replace(line, alias=line.alias.title()) if typed else line


def utc(instant: int, end: str = "Z") -> str | None:
    """`2026-02-03T14:22:10Z`; None for what did not happen."""
    if instant == NOT_YET:
        return None
    day, second = divmod(instant, SECONDS_A_DAY)
    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return f"{as_date(day)}T{clock}{end}"


def plain_time(instant: int) -> str | None:
    """`2026-02-03 14:22:10`; None for what did not happen."""
    return None if instant == NOT_YET else str(utc(instant, "")).replace("T", " ")


def iso_date(instant: int) -> str | None:
    """`2026-02-03`; None for what did not happen."""
    return None if instant == NOT_YET else str(as_date(instant // SECONDS_A_DAY))


def milliseconds(instant: int) -> int | None:
    """Epoch milliseconds; None for what did not happen."""
    return None if instant == NOT_YET else instant * 1000
