"""Courses and learning events in the generic format: full course lists, increments of events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.addresses import Addresses
from certgap.simulate.days import as_date, timestamp_array
from certgap.simulate.delivery_calendar import learning_delivery_days
from certgap.simulate.generic_hris import texts
from certgap.simulate.learning_events import (
    KINDS,
    LearningEvents,
    delivery_of,
    optional_flags,
    type_names,
)
from certgap.simulate.names import numbered
from certgap.simulate.randomness import Randomness
from certgap.simulate.reference_data import Catalogue, Course
from certgap.simulate.workforce import Workforce
from certgap.simulate.writing import DeliveryFolder

COURSE_COLUMNS = [
    "course_id",
    "source_course_id",
    "version",
    "title",
    "provider",
    "kind",
    "delivery_format",
    "is_role_specific",
    "duration_minutes",
    "published_at",
    "last_updated_at",
    "parent_course_id",
    "equivalent_to",
]


def course_rows(courses: list[Course]) -> list[dict[str, Any]]:
    """Courses of other platforms as generic ones: each equivalent to the original, in two versions.

    The seeds name the original platforms; the equivalence ties the generic course to them.
    """
    rows = []
    for course in courses:
        published = as_date(course.published_day)
        row = {
            "course_id": course.source_course_id,
            "source_course_id": course.source_course_id,
            "version": "1",
            "title": course.title,
            "provider": "Example Academy",
            "kind": "course",
            "delivery_format": "online",
            "is_role_specific": "for leaders" in course.title,
            "duration_minutes": course.duration_minutes,
            "published_at": published,
            "last_updated_at": published,
            "parent_course_id": None,
            "equivalent_to": f"{course.source_system}:{course.source_course_id}",
        }
        rows.append(row)
        second = {
            **row,
            "course_id": version_id(course, 2),
            "version": "2",
            "equivalent_to": (course.equivalent_to or ":").split(":", 1)[1] or None,
        }
        rows.append(second)
    return sorted(rows, key=lambda row: row["course_id"])


def version_id(course: Course, version: int) -> str:
    """Id of a version of a course in the generic list."""
    return course.source_course_id if version == 1 else f"{course.source_course_id}#v{version}"


def courses_table(rows: list[dict[str, Any]]) -> pa.Table:
    """Course rows as a table in the contract's columns."""
    table = pa.Table.from_pylist([{c: row[c] for c in COURSE_COLUMNS} for row in rows])
    for name in ("published_at", "last_updated_at"):
        place = table.schema.get_field_index(name)
        stamp = table.column(name).cast(pa.timestamp("s"))
        table = table.set_column(place, name, stamp)
    return table


def event_courses(events: LearningEvents, rng: np.random.Generator) -> np.ndarray:
    """Which listed id each event is under: the course's own, or that of its second version."""
    second = rng.random(len(events)) < 0.2
    return events.course * 2 + second


def event_ids(company: Workforce, events: LearningEvents, attempt: np.ndarray) -> pa.Array:
    """Ids that are unique within a source."""
    return pc.binary_join_element_wise(
        company.ids.take(pa.array(events.employee)),
        numbered("C", events.course, 2),
        pa.array(attempt[events.registration]).cast(pa.string()),
        texts(KINDS, events.kind),
        "-",
    )


def write_learning(
    out: Path,
    company: Workforce,
    addresses: Addresses,
    catalogue: Catalogue,
    events: LearningEvents,
    attempt: np.ndarray,
    score: np.ndarray,
    settings: dict[str, Any],
    randomness: Randomness,
    fmt: str,
    mail_is_listed: bool,
) -> tuple[pa.Table, pa.Table, int]:
    """Writes courses and events; returns both as the truth sees them, and the last file's day."""
    rng = randomness.stream("generic learning")
    every = settings["deliveries"]["learning_delivery_days"]
    days = learning_delivery_days(company.start, company.end, every)
    courses = courses_table(course_rows(catalogue.courses))
    folder = DeliveryFolder(out, "lms", "generic", "courses")
    folder.table(int(days[-1]), courses, fmt)

    size = len(events)
    mail, by = addresses.used_mail("work_email", events.employee, events.utc_day)
    listed = [version_id(c, v) for c in catalogue.courses for v in (1, 2)]
    course_index = event_courses(events, rng)
    delivery = delivery_of(events.utc_day, days, rng.random(size) < 0.02)
    progress = events.kind == 2
    scores = score[events.registration]
    table = pa.table(
        {
            "event_id": event_ids(company, events, attempt),
            "alias_type": texts(["work_email"], np.zeros(size, np.int8)),
            "alias_value": mail,
            "course_id": texts(listed, course_index),
            "attempt_id": pa.array(attempt[events.registration]).cast(pa.string()),
            "event_type": type_names(events),
            "occurred_at": timestamp_array(events.occurred),
            "time_precision": texts(["second", "date"], events.is_date_only.astype(np.int8)),
            "received_at": timestamp_array(days[delivery].astype(np.int64) * 86_400),
            "score_scaled": pa.array(scores / 100.0, mask=~progress),
            "success": optional_flags(events.success),
            "duration_seconds": pa.array(np.where(progress, 600 + scores * 30, 0), mask=~progress),
            "is_required": pa.array(events.kind == 0),
            "is_voided": pa.array(events.is_voided),
            "raw_status": type_names(events),
        }
    )
    newest = _write_increments(out, table, events, delivery, days, fmt)
    owned = addresses.owns_used(events.employee, events.utc_day, events.utc_day, by)
    owned &= mail_is_listed | ~addresses.is_unclaimed[events.employee] | (by >= 0)
    owner = company.ids.take(pa.array(events.employee, mask=~owned))
    truth = pa.table(
        {
            "employee_id": owner,
            **{name: table.column(name) for name in ("alias_type", "alias_value")},
            "source_system": texts(["generic"], np.zeros(size, np.int8)),
            "source_course_id": table.column("course_id"),
            **{name: table.column(name) for name in ("event_id", "event_type", "occurred_at")},
            "is_date_only": pa.array(events.is_date_only),
            **{
                name: table.column(name)
                for name in ("success", "is_voided", "score_scaled", "duration_seconds")
            },
        }
    )
    return courses, truth, newest


def _write_increments(
    out: Path,
    table: pa.Table,
    events: LearningEvents,
    delivery: np.ndarray,
    days: np.ndarray,
    fmt: str,
) -> int:
    """One file per delivery, repeats with the next; a voided event comes first as a good one."""
    last, newest = len(days) - 1, int(days[0])
    repeated = (events.is_duplicated | events.is_voided) & (delivery < last)
    place = table.schema.get_field_index("is_voided")
    first_copy = table.set_column(place, "is_voided", pa.array(events.is_voided & ~repeated))
    folder = DeliveryFolder(out, "lms", "generic", "learning_events")
    for number, day in enumerate(days):
        rows = np.flatnonzero(delivery == number)
        again = np.flatnonzero(repeated & (delivery == number - 1))
        content = pa.concat_tables([first_copy.take(rows), table.take(again)])
        if len(content):
            folder.table(int(day), content, fmt)
            newest = int(day)
    return newest


def equivalence_rows(courses: list[Course]) -> list[dict[str, Any]]:
    """Generic course rows that say which courses of other platforms are the same course.

    A row holds one `equivalent_to`, so a pair is bridged by two versions of one generic course.
    """
    rows = []
    for course in courses:
        if not course.equivalent_to:
            continue
        bridge = f"equivalence-{course.index}"
        ends = (course.equivalent_to, f"{course.source_system}:{course.source_course_id}")
        for version, other in enumerate(ends, start=1):
            rows.append(
                {
                    **dict.fromkeys(COURSE_COLUMNS),
                    "source_course_id": bridge,
                    "course_id": bridge if version == 1 else f"{bridge}#v{version}",
                    "version": str(version),
                    "title": course.title,
                    "kind": "course",
                    "equivalent_to": other,
                }
            )
    return rows
