"""What every learning platform of the simulator has in common: whose event it is, and its truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.company import Company
from certgap.simulate.days import timestamp_array
from certgap.simulate.generic_hris import texts
from certgap.simulate.generic_lms import event_ids
from certgap.simulate.learning_events import LearningEvents, optional_flags, type_names
from certgap.simulate.reference_data import Course


@dataclass
class Owners:
    """Under which alias each event comes, and whether the alias is the person's at that time."""

    alias_type: pa.Array
    alias_value: pa.Array
    owned: np.ndarray


class Platform:
    """One learning platform: what of the events its export can say, and how the files look."""

    name = ""
    feeds: tuple[str, ...] = ()
    # False: who was assigned to its courses comes with the generic assignment list.
    knows_assignments = True
    other_feed = ""  # where the platform has several forms of an export: the one that is not usual

    @property
    def choice(self) -> str:
        """The name by which the platform, in this form, is chosen."""
        return f"{self.name}:{self.other_feed}" if self.other_feed else self.name

    def course_id(self, index: int) -> str:
        """Id of the company's course number `index` where this platform has it."""
        raise NotImplementedError

    def course_stamp(self, course: Course) -> datetime | None:
        """When a course was published and last changed; None: its export does not tell."""
        del course
        return None

    def course_minutes(self, course: Course) -> float | None:
        """How long a course is by the platform's own list; None: it does not say."""
        del course
        return None

    def reference(self) -> dict[str, list[dict[str, Any]]]:
        """Reference files of the company that are about this platform alone."""
        return {}

    def claims(self, company: Company) -> list[pa.Table]:
        """Aliases that only the identity list of the company ties to employees."""
        del company
        return []

    def export(self, out: Path, company: Company, events: LearningEvents) -> pa.Table:
        """Write the files about `events` (on own courses); returns the truth of what they say."""
        raise NotImplementedError


def own_events(company: Company, platform: str) -> LearningEvents:
    """Events on the courses of one platform."""
    systems = np.array([c.source_system for c in company.catalogue.courses])
    return company.events.take(systems[company.events.course] == platform)


def guests(people: np.ndarray) -> pa.Array:
    """The address of a person nobody listed, as a platform knows it: one per person."""
    numbers = pa.array(people).cast(pa.string())
    return pc.binary_join_element_wise("guest", numbers, "@partner.example.net", "")


def mail_owners(company: Company, events: LearningEvents) -> Owners:
    """Events under the mail address of their day."""
    who, addresses = events.employee, company.addresses
    mail, by = addresses.used_mail("work_email", who, events.utc_day)
    owned = addresses.owns_used(who, events.utc_day, events.utc_day, by)
    unlisted = addresses.is_unclaimed[who]
    return Owners(
        texts(["work_email"], np.zeros(len(who), np.int8)),
        pc.if_else(pa.array(unlisted), guests(who), mail),
        owned & ~unlisted,
    )


def true_events(
    company: Company,
    platform: str,
    events: LearningEvents,
    owners: Owners,
    scores: pa.Array | None = None,
    seconds: pa.Array | None = None,
) -> pa.Table:
    """Events of one platform for the truth, with what it tells of scores and of time spent."""
    untold = pa.nulls(len(events), pa.float64())
    attempt = company.training.registrations.attempt
    courses = [c.source_course_id for c in company.catalogue.courses]
    return pa.table(
        {
            "employee_id": company.workforce.ids.take(
                pa.array(events.employee, mask=~owners.owned)
            ),
            "alias_type": owners.alias_type,
            "alias_value": owners.alias_value,
            "source_system": texts([platform], np.zeros(len(events), np.int8)),
            "source_course_id": texts(courses, events.course),
            "event_id": event_ids(company.workforce, events, attempt),
            "event_type": type_names(events),
            "occurred_at": timestamp_array(events.occurred),
            "is_date_only": pa.array(events.is_date_only),
            "success": optional_flags(events.success),
            "is_voided": pa.array(events.is_voided),
            "score_scaled": untold if scores is None else scores,
            "duration_seconds": untold if seconds is None else seconds,
        }
    )
