"""Course libraries with JSON reports of activity: Udemy Business, Coursera, edX, Degreed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.company import Company
from certgap.simulate.generic_hris import alias_rows
from certgap.simulate.names import join
from certgap.simulate.platforms.lines import (
    ERASED,
    NOT_YET,
    JsonPlatform,
    Line,
    iso_date,
    milliseconds,
    utc,
)
from certgap.simulate.reference_data import Course
from certgap.simulate.training import WAIVED


class UdemyBusiness(JsonPlatform):
    """Activity per person and course; a course looked at again keeps its first completion."""

    name = "udemy_business"
    feeds = ("user_course_activity",)
    is_full_list = True

    def course_id(self, index: int) -> str:
        """Numbers."""
        return str(5_801_000 + index)

    def course_minutes(self, course: Course) -> float | None:
        """Minutes."""
        return float(course.duration_minutes)

    def line_seconds(self, line: Line) -> float | None:
        """Minutes of video."""
        return line.score * 60.0

    def row(self, line: Line) -> dict[str, Any]:
        """A line of the report; assigned or not, it begins with the enrolment."""
        done = utc(line.ended) if line.is_done else None
        again = line.is_done and line.number % 6 == 0  # new lectures: no longer complete
        first, last = line.name.split(" ")
        return {
            "user_id": 9_000_000 + line.employee,
            "user_name": first,
            "user_surname": last,
            "user_email": line.alias,
            "user_role": "student",
            "user_external_id": "",
            "course_id": int(line.course.source_course_id),
            "course_title": line.course.title,
            "course_category": "AI",
            "course_duration": float(line.course.duration_minutes),
            "completion_ratio": (62.0 if again else 100.0) if done else 4.55,
            "num_video_consumed_minutes": float(line.score),
            "course_enroll_date": utc(line.assigned if line.assigned != NOT_YET else line.first),
            "course_start_date": utc(line.started),
            "course_completion_date": None if again else done,
            "course_first_completion_date": done,
            "course_last_accessed_date": utc(line.last),
            "last_activity_date": utc(line.last),
            "is_assigned": line.assigned != NOT_YET,
            "assigned_on": utc(line.assigned),
            "assigned_by": "academy@example.com" if line.assigned != NOT_YET else None,
            "user_is_deactivated": False,
            "lms_user_id": None,
        }

    def page(self, rows: list[dict[str, Any]], number: int, count: int) -> dict[str, Any]:
        """The API's envelope, and one learner whose data were erased."""
        erased = {**self.row(ERASED), "user_id": 8_999_999, "user_email": ""}
        return {"count": count, "next": None, "previous": None, "results": [*rows, erased]}


class Coursera(JsonPlatform):
    """Enrolments with epoch milliseconds; `isCompleted` is a boolean or a text."""

    name = "coursera"
    feeds = ("enrollment_reports",)
    knows_assignments = False

    def course_id(self, index: int) -> str:
        """Opaque ids."""
        return f"r0GnHOZaEees-Q6jQMx{index:03d}"

    def course_minutes(self, course: Course) -> float | None:
        """Hours."""
        return course.duration_minutes / 60 * 60

    def line_score(self, line: Line) -> float | None:
        """Out of a hundred."""
        return line.score / 100

    def row(self, line: Line) -> dict[str, Any]:
        """An enrolment in the learning program."""
        done: Any = line.is_done
        if line.number % 4 == 0:
            done = "true" if done else "false"
        row = {
            "approxTotalCourseHrs": line.course.duration_minutes / 60,
            "overallProgress": 100 if line.is_done else 37,
            "membershipState": "MEMBER" if line.number % 12 else "DELETED",
            "contentId": line.course.source_course_id,
            "externalId": line.alias,
            "lastActivityAt": milliseconds(line.last),
            "id": f"{line.employee}~{line.course.source_course_id}~program",
            "contentType": "Course",
            "programId": "program",
            "enrolledAt": milliseconds(line.first),
            "isCompleted": done,
            "contentName": line.course.title,
            "fullName": line.name,
            "email": line.alias,
            "updatedAt": milliseconds(line.last + 3600),
        }
        if line.is_done:
            row |= {"completedAt": milliseconds(line.ended), "grade": line.score / 100}
        return row

    def page(self, rows: list[dict[str, Any]], number: int, count: int) -> dict[str, Any]:
        """The API's envelope."""
        return {"elements": rows, "paging": {"next": None, "total": count}, "linked": {}}


class EdxBusiness(JsonPlatform):
    """Enrolments with dates; `has_passed` is a boolean or a text."""

    name = "edx_business"
    feeds = ("enrollments",)
    knows_assignments = False
    dates_only = ("started", "ended")
    is_full_list = True

    def course_id(self, index: int) -> str:
        """Course keys."""
        return f"edX+AI{index:03d}"

    def line_score(self, line: Line) -> float | None:
        """Out of a hundred."""
        return line.score / 100

    def line_seconds(self, line: Line) -> float | None:
        """Hours of learning."""
        return line.course.duration_minutes / 60 * 3600

    def row(self, line: Line) -> dict[str, Any]:
        """An enrolment."""
        passed: Any = line.is_done
        if line.number % 4 == 0:
            passed = "True" if passed else "False"
        return {
            "enrollment_id": 700_000 + line.number,
            "enrollment_date": iso_date(line.first),
            "unenrollment_date": None,
            "course_key": line.course.source_course_id,
            "courserun_key": f"course-v1:{line.course.source_course_id}+1T2026",
            "course_title": line.course.title,
            "has_passed": passed,
            "last_activity_date": iso_date(line.last),
            "progress_status": "Passed" if line.is_done else "In Progress",
            "passed_date": iso_date(line.ended) if line.is_done else None,
            "current_grade": line.score / 100 if line.ended != NOT_YET else 0.1,
            "letter_grade": None,
            "enterprise_user_id": 9_100_000 + line.employee,
            "user_email": line.alias,
            "total_learning_time_hours": line.course.duration_minutes / 60,
        }

    def page(self, rows: list[dict[str, Any]], number: int, count: int) -> dict[str, Any]:
        """The API's envelope."""
        return {"next": None, "previous": None, "count": count, "results": rows}


class Degreed(JsonPlatform):
    """Completions, and nothing else: one each time somebody completes a content, or says so."""

    name = "degreed"
    feeds = ("completions",)
    knows_assignments = False
    is_per_attempt = True
    midnight_is_a_day = True
    alias_type = "degreed_user_id"

    def course_id(self, index: int) -> str:
        """Opaque ids."""
        return f"z0AeVb{index:03d}"

    def own_alias(self, company: Company, people: np.ndarray) -> pa.Array:
        """Opaque ids."""
        return join("Z0o", pa.array(people).cast(pa.string()))

    def claims(self, company: Company) -> list[pa.Table]:
        """Who is behind a user id."""
        people = np.flatnonzero(~company.addresses.is_unclaimed)
        values = self.own_alias(company, people)
        return [alias_rows(company.workforce, people, self.alias_type, values)]

    def says(self, line: Line) -> bool:
        """What was completed, and what the learner alone marked as such."""
        return line.is_done or (line.ended != NOT_YET and line.outcome == WAIVED)

    def row(self, line: Line) -> dict[str, Any]:
        """A completion, with its relationships in one of two spellings."""
        course = line.course
        related: Any = {
            "content": {"data": {"id": course.source_course_id, "type": "content"}},
            "provider": {"data": {"id": "p77", "type": "providers"}},
            "user": {"data": {"id": line.alias, "type": "users"}},
        }
        if line.number % 5 == 0:
            related = [{name: value} for name, value in related.items()]
        return {
            "type": "completions",
            "id": f"z49g{line.number}",
            "attributes": {
                "employee-id": line.employee_id if line.employee % 3 else None,
                "completed-at": utc(line.ended, ""),
                "added-at": utc(line.ended + 2, ".093"),
                "points-earned": "10.0",
                "is-verified": line.is_done,
                "rating": 0,
            },
            "relationships": related,
            "included": [
                {
                    "type": "content",
                    "id": course.source_course_id,
                    "attributes": {
                        "content-type": "Course",
                        "title": course.title,
                        "provider": "Example Academy",
                        "content-duration": course.duration_minutes,
                        "content-duration-type": "Minutes",
                        "is-internal": "False",
                    },
                }
            ],
        }

    def page(self, rows: list[dict[str, Any]], number: int, count: int) -> dict[str, Any]:
        """The API's envelope."""
        return {"links": {"self": f"completions?page={number}"}, "data": rows}
