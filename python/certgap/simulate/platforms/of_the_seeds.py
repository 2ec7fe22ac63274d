"""The three platforms of the sample company: Cornerstone, an LRS, LinkedIn Learning."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.company import Company
from certgap.simulate.cornerstone_exports import user_ids, write_cornerstone
from certgap.simulate.days import as_date
from certgap.simulate.generic_hris import alias_rows, texts
from certgap.simulate.learning_events import ASSIGNED, ENDED, EVENT_TYPES, LearningEvents
from certgap.simulate.linkedin_exports import write_linkedin
from certgap.simulate.platforms.platform import Owners, Platform, mail_owners, true_events
from certgap.simulate.reference_data import Course
from certgap.simulate.training import COMPLETED, PASSED, WAIVED
from certgap.simulate.xapi_exports import (
    account_alias,
    account_names,
    by_account,
    results,
    write_xapi,
    write_xapi_pages,
)


def _with_one_word(events: LearningEvents) -> LearningEvents:
    """Platforms with one word for an end that was passed, and none for a voided one."""
    events.is_voided = np.zeros(len(events), dtype=bool)
    passed = events.event_type == EVENT_TYPES.index("passed")
    events.event_type = np.where(passed, EVENT_TYPES.index("completed"), events.event_type)
    return events


class Cornerstone(Platform):
    """Transcripts by the platform's own user id, which its user list ties to employees."""

    name = "cornerstone"
    feeds = ("users_core", "training_core", "transcript_core", "transcript_status_local_core")

    def course_id(self, index: int) -> str:
        """Learning objects have GUIDs."""
        return f"b1a7f2c4-0d11-4c55-9a3e-1f0a6f3f1{index:03d}"

    def course_minutes(self, course: Course) -> float | None:
        """Hours with two decimals."""
        return float(f"{course.duration_minutes / 60:.2f}") * 60

    def course_stamp(self, course: Course) -> datetime | None:
        """The object list tells when a course was made and changed: on the morning of its day."""
        return datetime.combine(as_date(course.published_day), time(8))

    def export(self, out: Path, company: Company, events: LearningEvents) -> pa.Table:
        """Completed stands for passed too, with user_lo_pass beside it."""
        events = _with_one_word(events)
        write_cornerstone(out, company, events)
        who = events.employee
        kind = texts(["cornerstone_user_id"], np.zeros(len(who), np.int8))
        owners = Owners(kind, user_ids(who), ~company.addresses.is_unclaimed[who])
        score = company.training.registrations.score[events.registration]
        outcome = company.training.registrations.outcome[events.registration]
        untold = (events.kind != ENDED) | (outcome == WAIVED)
        seconds = (20 + score) * 60.0
        return true_events(
            company,
            self.name,
            events,
            owners,
            pa.array(score / 100, mask=untold),
            pa.array(seconds, mask=untold),
        )


class Xapi(Platform):
    """Statements by mail address or account; the identity list knows the accounts."""

    name = "xapi"
    feeds = ("statements",)
    knows_assignments = False

    def course_id(self, index: int) -> str:
        """Activities have IRIs."""
        return f"https://lms.example.com/courses/course-{index}"

    def claims(self, company: Company) -> list[pa.Table]:
        """Who is behind an account of the LRS."""
        people = np.arange(company.workforce.count)
        people = people[by_account(people) & ~company.addresses.is_unclaimed]
        kind, values = account_alias(account_names(company, people))
        return [alias_rows(company.workforce, people, kind, values)]

    def export(self, out: Path, company: Company, events: LearningEvents) -> pa.Table:
        """Everything but assignments; a statement always has an instant."""
        events = events.take(events.kind != ASSIGNED)
        events.is_date_only = np.zeros(len(events), dtype=bool)
        self.write(out, company, events)
        scores, seconds = results(company, events)
        owners = self._owners(company, events)
        return true_events(company, self.name, events, owners, scores, seconds)

    def write(self, out: Path, company: Company, events: LearningEvents) -> None:
        """A file of lines per delivery."""
        write_xapi(out, company, events)

    def _owners(self, company: Company, events: LearningEvents) -> Owners:
        """By account, or by the mail address of the day; who is not listed, by a foreign one."""
        who, addresses = events.employee, company.addresses
        account, names = by_account(who), account_names(company, who)
        kind, values = account_alias(names)
        mail, by = addresses.used_mail("work_email", who, events.utc_day)
        owned = addresses.owns_used(who, events.utc_day, events.utc_day, by)
        unlisted = addresses.is_unclaimed[who]
        foreign = pc.binary_join_element_wise("guest.", names, "@partner.example.net", "")
        mail = pc.if_else(pa.array(unlisted), foreign, mail)
        return Owners(
            texts(["work_email", kind], account.astype(np.int8)),
            pc.if_else(pa.array(account), values, mail),
            ~unlisted & (account | owned),
        )


class XapiPages(Xapi):
    """The same statements as the pages that an LRS answers with."""

    feeds = ("statement_pages",)
    other_feed = "statement_pages"

    def write(self, out: Path, company: Company, events: LearningEvents) -> None:
        """Pages per delivery."""
        write_xapi_pages(out, company, events)


class LinkedinLearning(Platform):
    """Completions only, by the mail address of the day."""

    name = "linkedin_learning"
    feeds = ("learning_activity_reports",)
    knows_assignments = False

    def course_id(self, index: int) -> str:
        """Contents have URNs."""
        return f"urn:li:lyndaCourse:{4_200_000 + index}"

    def export(self, out: Path, company: Company, events: LearningEvents) -> pa.Table:
        """One completion per person and course, always with a time of day, to the minute."""
        events = _with_one_word(events)
        outcome = company.training.registrations.outcome[events.registration]
        done = (events.kind == ENDED) & ((outcome == COMPLETED) | (outcome == PASSED))
        events = events.take(done & ~events.is_date_only)
        _, first = np.unique(events.employee * 1000 + events.course, return_index=True)
        events = events.take(np.sort(first))
        events.event_type = np.full(len(events), EVENT_TYPES.index("completed"), dtype=np.int8)
        events.success = np.full(len(events), -1, dtype=np.int8)
        events.occurred = events.occurred // 60 * 60
        write_linkedin(out, company, events)
        return true_events(company, self.name, events, mail_owners(company, events))
