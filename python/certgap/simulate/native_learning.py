"""Learning over three platforms, the assignment list no platform has, and the truth of it all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.company import Company
from certgap.simulate.cornerstone_exports import user_ids, write_cornerstone
from certgap.simulate.days import day_number, timestamp_array
from certgap.simulate.delivery_calendar import learning_delivery_days
from certgap.simulate.generic_hris import alias_rows, texts
from certgap.simulate.generic_lms import (
    COURSE_COLUMNS,
    courses_table,
    equivalence_rows,
    event_ids,
)
from certgap.simulate.learning_events import (
    ASSIGNED,
    ENDED,
    EVENT_TYPES,
    LearningEvents,
    delivery_of,
    optional_flags,
    type_names,
)
from certgap.simulate.linkedin_exports import write_linkedin
from certgap.simulate.training import COMPLETED, PASSED
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.writing import DeliveryFolder
from certgap.simulate.xapi_exports import account_alias, account_names, by_account, write_xapi


def events_of(company: Company, source: str) -> LearningEvents:
    """Events on the courses of one platform, as far as its export can say them."""
    systems = np.array([c.source_system for c in company.catalogue.courses])
    events = company.events.take(systems[company.events.course] == source)
    if source == "xapi":
        events = events.take(events.kind != ASSIGNED)
        events.is_date_only = np.zeros(len(events), dtype=bool)  # a statement has an instant
        return events
    events.is_voided = np.zeros(len(events), dtype=bool)
    # Cornerstone has one word for an end that was passed: completed, with user_lo_pass beside it.
    passed = events.event_type == EVENT_TYPES.index("passed")
    events.event_type = np.where(passed, EVENT_TYPES.index("completed"), events.event_type)
    if source == "linkedin_learning":
        # The report knows completions only: one per person and course, always with a time of day.
        outcome = company.training.registrations.outcome[events.registration]
        done = (events.kind == ENDED) & ((outcome == COMPLETED) | (outcome == PASSED))
        events = events.take(done & ~events.is_date_only)
        _, first = np.unique(events.employee * 1000 + events.course, return_index=True)
        events = events.take(np.sort(first))
        events.event_type = np.full(len(events), 2, dtype=np.int8)
        events.success = np.full(len(events), -1, dtype=np.int8)
        events.occurred = events.occurred // 60 * 60
    return events


def assignments(company: Company) -> LearningEvents:
    """Invitations to courses of the LRS, which knows no assignments."""
    systems = np.array([c.source_system for c in company.catalogue.courses])
    on_xapi = systems[company.events.course] == "xapi"
    return company.events.take(on_xapi & (company.events.kind == ASSIGNED))


def list_id(course_index: int) -> str:
    """Id of a course of the LRS in the assignment list."""
    return f"assignment-list-{course_index}"


def newest_delivery(out: Path, source: str, feed: str) -> int:
    """Day of the newest file of a feed: a small company's last statements may come early."""
    names = (path.name[:10] for path in (out / "lms" / source / feed).iterdir())
    return day_number(date.fromisoformat(max(names)))


def write_learning(out: Path, company: Company, truth: TruthTables) -> None:
    """Exports of all learning platforms."""
    writers = {
        "cornerstone": write_cornerstone,
        "xapi": write_xapi,
        "linkedin_learning": write_linkedin,
    }
    feeds = {
        "cornerstone": [
            "users_core",
            "training_core",
            "transcript_core",
            "transcript_status_local_core",
        ],
        "xapi": ["statements"],
        "linkedin_learning": ["learning_activity_reports"],
    }
    for source, write in writers.items():
        events = events_of(company, source)
        write(out, company, events)
        truth.add("events", _truth_events(company, source, events))
        for feed in feeds[source]:
            truth.add_file(source, "lms", feed, newest_delivery(out, source, feed))
    for course in company.catalogue.courses:
        row = {
            "source_system": course.source_system,
            "course_id": course.source_course_id,
            "source_course_id": course.source_course_id,
            "equivalent_to": None,
        }
        truth.add("courses", pa.Table.from_pylist([row]))
    _write_assignment_list(out, company, truth)


def _owners(
    company: Company, source: str, events: LearningEvents
) -> tuple[pa.Array, pa.Array, np.ndarray]:
    """Alias type and value of each event, and whether the alias is the person's."""
    who, addresses = events.employee, company.addresses
    size = len(who)
    listed = ~addresses.is_unclaimed[who]
    if source == "cornerstone":
        return texts(["cornerstone_user_id"], np.zeros(size, np.int8)), user_ids(who), listed
    mail, by = addresses.used_mail("work_email", who, events.utc_day)
    owned = addresses.owns_used(who, events.utc_day, events.utc_day, by) & listed
    if source == "xapi":
        account = by_account(who)
        kind, values = account_alias(account_names(company, who))
        value = pc.if_else(pa.array(account), values, mail)
        return (
            texts(["work_email", kind], account.astype(np.int8)),
            value,
            np.where(account, listed, owned),
        )
    return texts(["work_email"], np.zeros(size, np.int8)), mail, owned


def _truth_events(company: Company, source: str, events: LearningEvents) -> pa.Table:
    """Events of one platform for the truth. Who is not listed shows up under a foreign address."""
    alias_type, value, owned = _owners(company, source, events)
    size = len(events)
    attempt = company.training.registrations.attempt
    courses = [c.source_course_id for c in company.catalogue.courses]
    if source != "cornerstone":
        unlisted = company.addresses.is_unclaimed[events.employee]
        value = pc.if_else(pa.array(unlisted), foreign_alias(company, source, events), value)
    return pa.table(
        {
            "employee_id": company.workforce.ids.take(pa.array(events.employee, mask=~owned)),
            "alias_type": alias_type,
            "alias_value": value,
            "source_system": texts([source], np.zeros(size, np.int8)),
            "source_course_id": texts(courses, events.course),
            "event_id": event_ids(company.workforce, events, attempt),
            "event_type": type_names(events),
            "occurred_at": timestamp_array(events.occurred),
            "is_date_only": pa.array(events.is_date_only),
            "success": optional_flags(events.success),
            "is_voided": pa.array(events.is_voided),
        }
    )


def foreign_alias(company: Company, source: str, events: LearningEvents) -> pa.Array:
    """The address of a person nobody listed, as the platform knows it: one per person."""
    numbers = pa.array(events.employee).cast(pa.string())
    if source == "linkedin_learning":
        return pc.binary_join_element_wise("guest", numbers, "@partner.example.net", "")
    accounts = account_names(company, events.employee)
    by_mail = pc.binary_join_element_wise("guest.", accounts, "@partner.example.net", "")
    return pc.if_else(pa.array(by_account(events.employee)), account_alias(accounts)[1], by_mail)


def account_claims(company: Company) -> pa.Table:
    """Who is behind an account of the LRS."""
    people = np.arange(company.workforce.count)
    people = people[by_account(people) & ~company.addresses.is_unclaimed]
    kind, values = account_alias(account_names(company, people))
    return alias_rows(company.workforce, people, kind, values)


def _write_assignment_list(out: Path, company: Company, truth: TruthTables) -> None:
    """Generic courses and events: who was assigned to an LRS course, and which courses are one."""
    last = company.last_delivery_day
    rows = equivalence_rows(company.catalogue.courses)
    for course in company.catalogue.courses:
        if course.source_system == "xapi":
            rows.append(
                {
                    **dict.fromkeys(COURSE_COLUMNS),
                    "course_id": list_id(course.index),
                    "source_course_id": list_id(course.index),
                    "title": course.title,
                    "kind": "course",
                    "version": "1",
                    "equivalent_to": f"{course.source_system}:{course.source_course_id}",
                }
            )
    courses = courses_table(rows)
    DeliveryFolder(out, "lms", "generic", "courses").table(last, courses)
    truth.add(
        "courses",
        courses.append_column("source_system", pa.array(["generic"] * len(courses))),
    )
    events = assignments(company)
    size = len(events)
    nothing = np.zeros(size, np.int8)
    mail, by = company.addresses.used_mail("work_email", events.employee, events.utc_day)
    owned = company.addresses.owns_used(events.employee, events.utc_day, events.utc_day, by)
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
    for number, day in enumerate(days.tolist()):
        rows_now = np.flatnonzero(delivery == number)
        if len(rows_now):
            folder.table(day, table.take(rows_now))
            newest = day
    if size:
        truth.add_file("generic", "lms", "learning_events", newest)
    truth.add_file("generic", "lms", "courses", last)
    truth.add(
        "events",
        pa.table(
            {
                "employee_id": company.workforce.ids.take(pa.array(events.employee, mask=~owned)),
                **{
                    name: table.column(name)
                    for name in (
                        "alias_type",
                        "alias_value",
                        "event_id",
                        "event_type",
                        "occurred_at",
                    )
                },
                "source_system": texts(["generic"], nothing),
                "source_course_id": table.column("course_id"),
                "is_date_only": pa.array(np.zeros(size, dtype=bool)),
                "success": pa.nulls(size, pa.bool_()),
                "is_voided": table.column("is_voided"),
            }
        ),
    )
