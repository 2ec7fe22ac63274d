"""Cornerstone: users and courses in full, and the transcripts touched since the last delivery."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.company import Company
from certgap.simulate.days import as_date, timestamp_text
from certgap.simulate.delivery_calendar import learning_delivery_days
from certgap.simulate.generic_hris import texts
from certgap.simulate.learning_events import ASSIGNED, ENDED, STARTED, LearningEvents, delivery_of
from certgap.simulate.names import first_and_last, join
from certgap.simulate.training import COMPLETED, FAILED, NOT_A_SUCCESS, PASSED, WAIVED
from certgap.simulate.writing import DeliveryFolder, vendor_csv

FIRST_USER = 1000
REGISTERED, IN_PROGRESS = "13", "14"
STATUS_OF_OUTCOME = {COMPLETED: "35", PASSED: "35", NOT_A_SUCCESS: "35", FAILED: "54", WAIVED: "60"}
STATUSES = {
    "13": "Registered",
    "14": "In Progress",
    "35": "Completed",
    "48": "Completed (Equivalent)",
    "54": "Failed",
    "60": "Exempt",
}
MILLISECONDS = ".000"
COLUMNS = [
    "_last_touched_dt_utc",
    "approver_exempt_comment",
    "completed_sco",
    "exempt_approver_reason_id",
    "exempt_comment",
    "exempt_dt",
    "exempt_reason_id",
    "exemptor_id",
    "is_assigned",
    "is_express_class",
    "is_hidden_in_ui",
    "is_latest_reg_num",
    "is_latest_version_on_transcript",
    "is_removed",
    "is_required",
    "is_standalone",
    "is_suggested",
    "license_expiration_dt",
    "license_id",
    "license_status_id",
    "reg_num",
    "training_purpose_category_id",
    "training_purpose_id",
    "transc_object_id",
    "transc_user_id",
    "transcript_badge_id",
    "transcript_badge_points",
    "transcript_training_points",
    "user_lo_assigned_comments",
    "user_lo_assigned_dt",
    "user_lo_assignor_id",
    "user_lo_available_dt",
    "user_lo_cancellation_reason",
    "user_lo_cancellation_reason_id",
    "user_lo_comment",
    "user_lo_comp_dt",
    "user_lo_create_dt",
    "user_lo_delivery_method_id",
    "user_lo_equivalency_type",
    "user_lo_equivalent_object_id",
    "user_lo_from_training_plan",
    "user_lo_last_access_dt",
    "user_lo_last_action_dt",
    "user_lo_last_modified_dt",
    "user_lo_min_due_date",
    "user_lo_minutes_participated",
    "user_lo_pass",
    "user_lo_pct_complete",
    "user_lo_reg_dt",
    "user_lo_removed_comments",
    "user_lo_removed_dt",
    "user_lo_removed_reason_id",
    "user_lo_remover_id",
    "user_lo_score",
    "user_lo_start_dt",
    "user_lo_status_id",
    "user_lo_training_link_expiration_date",
    "user_lo_withdrawal_date",
    "user_lo_withdrawal_reason",
    "user_lo_withdrawal_reason_id",
]


def user_ids(people: np.ndarray) -> pa.Array:
    """Cornerstone's own user ids."""
    return pa.array(np.asarray(people) + FIRST_USER).cast(pa.string())


def write_users(out: Path, company: Company, users: np.ndarray, day: int) -> None:
    """All users; a few have no employee number, so that nobody can be named for them."""
    force, addresses = company.workforce, company.addresses
    index = pa.array(users)
    first, last = first_and_last(users)
    unnamed = addresses.is_unclaimed[users]
    mail = addresses.mail.take(index)
    table = pa.table(
        {
            "user_id": user_ids(users),
            "user_ref": force.ids.take(pa.array(users, mask=unnamed)),
            "user_login": join("u", force.ids.take(index)),
            "user_email": pc.if_else(
                pa.array(unnamed), join("x.", user_ids(users), "@partner.example.net"), mail
            ),
            "user_name_first": pc.utf8_capitalize(first),
            "user_name_last": pc.utf8_capitalize(last),
            "user_status_id": texts(["1", "0"], (~force.employed_on(day, users)).astype(np.int8)),
        }
    )
    folder = DeliveryFolder(out, "lms", "cornerstone", "users_core")
    folder.file(day, "users_core.csv", vendor_csv(table))


def write_courses(out: Path, company: Company, day: int) -> None:
    """The course list."""
    courses = [c for c in company.catalogue.courses if c.source_system == "cornerstone"]
    table = pa.table(
        {
            "object_id": [c.source_course_id for c in courses],
            "lo_title": [c.title for c in courses],
            "lo_type": ["Online Class"] * len(courses),
            "lo_provider": ["Example Academy"] * len(courses),
            "lo_version": ["1"] * len(courses),
            "lo_hours": [f"{c.duration_minutes / 60:.2f}" for c in courses],
            "lo_create_dt": [f"{as_date(c.published_day)} 08:00:00.000" for c in courses],
            "lo_modified_dt": [f"{as_date(c.published_day)} 08:00:00.000" for c in courses],
            "lo_active": ["True"] * len(courses),
        }
    )
    folder = DeliveryFolder(out, "lms", "cornerstone", "training_core")
    folder.file(day, "training_core.csv", vendor_csv(table))


def write_statuses(out: Path, day: int) -> None:
    """The tenant's transcript statuses, in English and one of them in another language."""
    rows = [("1", code, words) for code, words in STATUSES.items()] + [("2", "35", "Abgeschlossen")]
    columns = zip(*rows, strict=True)
    table = pa.table(dict(zip(("culture_id", "status_id", "status"), columns, strict=True)))
    folder = DeliveryFolder(out, "lms", "cornerstone", "transcript_status_local_core")
    folder.file(day, "transcript_status_local_core.csv", vendor_csv(table))


class _Transcripts:
    """Transcript rows as of a delivery: what has not happened yet is empty."""

    def __init__(self, company: Company, events: LearningEvents, days: np.ndarray) -> None:
        """Put each attempt's events side by side."""
        registrations = company.training.registrations
        self.rows = np.unique(events.registration)
        self.company = company
        self.days = days
        self.when = np.full((3, len(self.rows)), -1, dtype=np.int64)
        self.comes = np.full((3, len(self.rows)), len(days), dtype=np.int32)
        self.date_only = np.zeros(len(self.rows), dtype=bool)
        place = np.searchsorted(self.rows, events.registration)
        delivery = delivery_of(events.utc_day, days)
        self.when[events.kind, place] = events.occurred
        self.comes[events.kind, place] = delivery
        ended = events.kind == ENDED
        self.date_only[place[ended]] = events.is_date_only[ended]
        self.attempts = registrations.take(self.rows)
        last = np.zeros(len(self.rows), dtype=bool)
        same = (np.diff(self.attempts.employee) == 0) & (np.diff(self.attempts.course) == 0)
        last[:] = True
        last[:-1] = ~same
        self.is_latest = last

    def table(self, number: int) -> pa.Table:
        """Rows touched since the delivery before `number`, as they are now."""
        touched = np.flatnonzero((self.comes == number).any(axis=0))
        now = self.comes[:, touched] <= number
        when = np.where(now, self.when[:, touched], -1)
        attempts = self.attempts.take(touched)
        outcome = np.where(now[ENDED], attempts.outcome, 0)
        size = len(touched)
        courses = [c.source_course_id for c in self.company.catalogue.courses]
        assigned = when[ASSIGNED] >= 0
        waived, ended = outcome == WAIVED, (when[ENDED] >= 0) & (outcome != WAIVED)
        status = np.where(when[STARTED] >= 0, IN_PROGRESS, REGISTERED).astype(object)
        for value, code in STATUS_OF_OUTCOME.items():
            status[outcome == value] = code
        passed = np.where(
            outcome == PASSED, 1, np.where(np.isin(outcome, [FAILED, NOT_A_SUCCESS]), 0, -1)
        )
        completed = _instants(np.where(ended, when[ENDED], -1))
        as_day = timestamp_text(np.where(ended, when[ENDED], -1), "%Y-%m-%d")
        completed = pc.if_else(pa.array(self.date_only[touched]), as_day, completed)
        registered = np.where(assigned, when[ASSIGNED], when.max(axis=0, initial=-1))
        registered = np.where(
            assigned, registered, np.where(when[STARTED] >= 0, when[STARTED], registered)
        )
        booleans = ["False", "True"]
        values = {
            "_last_touched_dt_utc": _instants(when.max(axis=0) + 31),
            "completed_sco": texts(["0", "4"], ended.astype(np.int8)),
            "exempt_dt": _instants(np.where(waived, when[ENDED], -1)),
            "exempt_reason_id": texts(["3"], np.where(waived, 0, -1)),
            "exemptor_id": texts([str(FIRST_USER)], np.where(waived, 0, -1)),
            "is_assigned": texts(booleans, assigned.astype(np.int8)),
            "is_latest_reg_num": texts(booleans, self.is_latest[touched].astype(np.int8)),
            "is_required": texts(booleans, assigned.astype(np.int8)),
            "reg_num": pa.array(attempts.attempt).cast(pa.string()),
            "transc_object_id": texts(courses, attempts.course),
            "transc_user_id": user_ids(attempts.employee),
            "user_lo_assigned_dt": _instants(when[ASSIGNED]),
            "user_lo_assignor_id": texts(["-1"], np.zeros(size, np.int8)),
            "user_lo_comp_dt": completed,
            "user_lo_create_dt": _instants(registered),
            "user_lo_from_training_plan": texts(["0"], np.zeros(size, np.int8)),
            "user_lo_last_access_dt": _instants(np.where(ended, when[ENDED], when[STARTED])),
            "user_lo_minutes_participated": pa.array(20 + attempts.score, mask=~ended).cast(
                pa.string()
            ),
            "user_lo_pass": texts(booleans, passed),
            "user_lo_pct_complete": texts(["0.00", "100.00"], ended.astype(np.int8)),
            "user_lo_reg_dt": _instants(registered),
            "user_lo_score": pa.array(attempts.score, mask=~ended).cast(pa.string()),
            "user_lo_start_dt": _instants(when[STARTED]),
            "user_lo_status_id": pa.array(status.tolist(), pa.string()),
        }
        for name in ("is_express_class", "is_hidden_in_ui", "is_removed", "is_suggested"):
            values[name] = texts(booleans, np.zeros(size, np.int8))
        for name in ("is_latest_version_on_transcript", "is_standalone"):
            values[name] = texts(booleans, np.ones(size, np.int8))
        nothing = pa.nulls(size, pa.string())
        return pa.table({name: values.get(name, nothing) for name in COLUMNS})


def _instants(seconds: np.ndarray) -> pa.Array:
    """Instants as Cornerstone writes them, with milliseconds and without a zone (they are UTC)."""
    return join(timestamp_text(seconds), MILLISECONDS)


def write_cornerstone(out: Path, company: Company, events: LearningEvents) -> None:
    """Users and courses in full, transcripts as increments."""
    settings, last = company.settings, company.last_delivery_day
    every = settings["deliveries"]["learning_delivery_days"]
    days = learning_delivery_days(company.workforce.start, company.workforce.end, every)
    users = np.unique(events.employee)
    write_users(out, company, users, last)
    write_courses(out, company, last)
    write_statuses(out, last)
    transcripts = _Transcripts(company, events, days)
    folder = DeliveryFolder(out, "lms", "cornerstone", "transcript_core")
    for number, day in enumerate(days):
        table = transcripts.table(number)
        if len(table) or day == last:
            folder.file(int(day), "transcript_core.csv", vendor_csv(table))
