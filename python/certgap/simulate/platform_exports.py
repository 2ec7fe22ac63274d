"""Learning over all platforms chosen, the assignment list some need, and the truth of it all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from certgap.simulate.company import Company
from certgap.simulate.days import day_number, timestamp_array
from certgap.simulate.delivery_calendar import learning_delivery_days
from certgap.simulate.generic_hris import texts
from certgap.simulate.generic_lms import (
    COURSE_COLUMNS,
    courses_table,
    equivalence_rows,
    event_ids,
)
from certgap.simulate.learning_events import ASSIGNED, LearningEvents, delivery_of, type_names
from certgap.simulate.platforms import Platform, own_events
from certgap.simulate.reference_data import Course
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.writing import DeliveryFolder


def newest_delivery(out: Path, source: str, feed: str) -> int:
    """Day of the newest file of a feed: a small company's last statements may come early."""
    names = (path.name[:10] for path in (out / "lms" / source / feed).iterdir())
    return day_number(date.fromisoformat(max(names)))


def write_learning(
    out: Path,
    company: Company,
    platforms: Sequence[Platform],
    truth: TruthTables,
    mail_is_listed: bool,
) -> None:
    """Exports of all learning platforms."""
    for platform in platforms:
        truth.add("events", platform.export(out, company, own_events(company, platform.name)))
        for feed in platform.feeds:
            newest = newest_delivery(out, platform.name, feed)
            truth.add_file(platform.name, "lms", feed, newest)
    of_name = {platform.name: platform for platform in platforms}
    for course in company.catalogue.courses:
        platform = of_name.get(course.source_system)
        stamp = platform.course_stamp(course) if platform else None
        row = {
            "source_system": course.source_system,
            "course_id": course.source_course_id,
            "source_course_id": course.source_course_id,
            "equivalent_to": None,
            "duration_minutes": platform.course_minutes(course) if platform else None,
            "published_at": stamp,
            "last_updated_at": stamp,
        }
        truth.add("courses", pa.Table.from_pylist([row]))
    silent = {platform.name for platform in platforms if not platform.knows_assignments}
    _write_assignment_list(out, company, truth, _listed_courses(company, silent), mail_is_listed)


def _listed_courses(company: Company, silent: set[str]) -> list[Course]:
    """Courses of a program that are on a platform which knows no assignments."""
    of_programs = {
        course
        for program in company.catalogue.programs
        for course in (*program.learner_courses, *program.enablement_courses)
    }
    courses = company.catalogue.courses
    return [c for c in courses if c.index in of_programs and c.source_system in silent]


def list_id(course_index: int) -> str:
    """Id of a course in the assignment list."""
    return f"assignment-list-{course_index}"


def _write_assignment_list(
    out: Path, company: Company, truth: TruthTables, listed: list[Course], mail_is_listed: bool
) -> None:
    """Generic courses and events: who was assigned to a `listed` course; which courses are one."""
    last = company.last_delivery_day
    rows = equivalence_rows(company.catalogue.courses)
    rows += [
        {
            **dict.fromkeys(COURSE_COLUMNS),
            "course_id": list_id(course.index),
            "source_course_id": list_id(course.index),
            "title": course.title,
            "kind": "course",
            "version": "1",
            "equivalent_to": f"{course.source_system}:{course.source_course_id}",
        }
        for course in listed
    ]
    courses = courses_table(rows)
    DeliveryFolder(out, "lms", "generic", "courses").table(last, courses)
    truth.add(
        "courses",
        courses.append_column("source_system", pa.array(["generic"] * len(courses))),
    )
    truth.add_file("generic", "lms", "courses", last)
    on_list = np.isin(company.events.course, [course.index for course in listed])
    events = company.events.take(on_list & (company.events.kind == ASSIGNED))
    if len(events):
        _write_assignments(out, company, truth, events, mail_is_listed)


def _write_assignments(
    out: Path, company: Company, truth: TruthTables, events: LearningEvents, mail_is_listed: bool
) -> None:
    """The assignments, under the mail address of the day."""
    size = len(events)
    nothing = np.zeros(size, np.int8)
    who, addresses = events.employee, company.addresses
    mail, by = addresses.used_mail("work_email", who, events.utc_day)
    owned = addresses.owns_used(who, events.utc_day, events.utc_day, by)
    owned &= mail_is_listed | ~addresses.is_unclaimed[who] | (by >= 0)
    attempt = company.training.registrations.attempt
    table = pa.table(
        {
            "event_id": event_ids(company.workforce, events, attempt),
            "alias_type": texts(["work_email"], nothing),
            "alias_value": mail,
            "course_id": texts(
                [list_id(c.index) for c in company.catalogue.courses], events.course
            ),
            "event_type": type_names(events),
            "occurred_at": timestamp_array(events.occurred),
            "time_precision": texts(["second"], nothing),
            "is_required": pa.array(np.ones(size, dtype=bool)),
            "is_voided": pa.array(np.zeros(size, dtype=bool)),
        }
    )
    force = company.workforce
    every = company.settings["deliveries"]["learning_delivery_days"]
    days = learning_delivery_days(force.start, force.end, every)
    delivery = delivery_of(events.utc_day, days)
    folder = DeliveryFolder(out, "lms", "generic", "learning_events")
    newest = int(days[0])
    for number, day in enumerate(days.tolist()):
        rows_now = np.flatnonzero(delivery == number)
        if len(rows_now):
            folder.table(day, table.take(rows_now))
            newest = day
    truth.add_file("generic", "lms", "learning_events", newest)
    same = ("alias_type", "alias_value", "event_id", "event_type", "occurred_at", "is_voided")
    truth.add(
        "events",
        pa.table(
            {
                "employee_id": force.ids.take(pa.array(who, mask=~owned)),
                **{name: table.column(name) for name in same},
                "source_system": texts(["generic"], nothing),
                "source_course_id": table.column("course_id"),
                "is_date_only": pa.array(np.zeros(size, dtype=bool)),
                "success": pa.nulls(size, pa.bool_()),
            }
        ),
    )
