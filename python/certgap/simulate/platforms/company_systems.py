"""Platforms that run a company's own training: SCORM Cloud, Viva Learning, Docebo, Moodle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.company import Company
from certgap.simulate.generic_hris import alias_rows
from certgap.simulate.names import hex_ids
from certgap.simulate.platforms.lines import (
    NOT_YET,
    CsvPlatform,
    JsonPlatform,
    Line,
    plain_time,
    utc,
)
from certgap.simulate.training import FAILED


def guid(prefix: str, number: int) -> str:
    """An id as Microsoft writes them."""
    return f"{prefix}-0000-4000-8000-{number:012d}"


class ScormCloud(JsonPlatform):
    """Registrations: completion and success are two things, an amount may be NaN."""

    name = "scorm_cloud"
    feeds = ("registrations",)
    is_per_attempt = True
    knows_assignments = False

    def course_id(self, index: int) -> str:
        """Ids the company chose."""
        return f"GENAI-{101 + index}"

    def line_score(self, line: Line) -> float | None:
        """Out of a hundred."""
        return line.score / 100

    def line_seconds(self, line: Line) -> float | None:
        """Seconds tracked."""
        return 60.0 * line.score

    def row(self, line: Line) -> dict[str, Any]:
        """A registration; the learner's id is the mail address, or the mail is beside it."""
        ended = line.ended != NOT_YET
        complete = ended and (line.is_done or line.outcome == FAILED or line.number % 2 == 0)
        success = "FAILED" if ended and not line.is_done else "UNKNOWN"
        if line.is_done and line.number % 2:
            success = "PASSED"
        own_id = line.number % 3 == 0
        learner = {"id": f"sc-{line.employee}", "email": line.alias}
        row = {
            "id": f"reg-{line.employee}-{line.course.index}",
            "instance": line.attempt - 1,
            "updated": utc(line.last + 31, ".000Z"),
            "registrationCompletion": "COMPLETED" if complete else "INCOMPLETE",
            "registrationCompletionAmount": 1.0 if complete else "NaN",
            "registrationSuccess": success,
            "totalSecondsTracked": 60.0 * line.score if ended else 0,
            "createdDate": utc(line.first, ".000Z"),
            "course": {
                "id": line.course.source_course_id,
                "title": line.course.title,
                "version": 2 if line.number % 5 else 1,
            },
            "learner": learner if own_id else {**learner, "id": line.alias},
            "tags": ["ai"],
        }
        if line.started != NOT_YET:
            row["firstAccessDate"] = utc(line.started, ".000Z")
        if complete:
            row |= {"completedDate": utc(line.ended, ".000Z"), "score": {"scaled": line.score}}
        return row

    def page(self, rows: list[dict[str, Any]], number: int, count: int) -> dict[str, Any]:
        """The API's envelope."""
        return {"registrations": rows, "more": None}


class VivaLearning(JsonPlatform):
    """Course activities by Entra object id; assigned, or begun by oneself."""

    name = "viva_learning"
    feeds = ("learning_course_activities",)
    alias_type = "entra_oid"

    def course_id(self, index: int) -> str:
        """Ids of contents in the provider's catalogue."""
        return guid("57baf9dc", index)

    def own_alias(self, company: Company, people: np.ndarray) -> pa.Array:
        """Object ids of the directory."""
        return hex_ids("7ba2228a-0000-4000-8000-", people, 36)

    def claims(self, company: Company) -> list[pa.Table]:
        """Who is behind an object id."""
        people = np.flatnonzero(~company.addresses.is_unclaimed)
        values = self.own_alias(company, people)
        return [alias_rows(company.workforce, people, self.alias_type, values)]

    def row(self, line: Line) -> dict[str, Any]:
        """An assignment, or an activity somebody began."""
        status = "inProgress" if line.started != NOT_YET else "notStarted"
        row = {
            "@odata.type": "#microsoft.graph.learningSelfInitiated",
            "id": guid("8ba2228a", line.number),
            "learningContentId": line.course.source_course_id,
            "learningProviderId": guid("01e8f81b", 1),
            "learnerUserId": line.alias.upper() if line.number % 9 == 0 else line.alias,
            "status": "completed" if line.is_done else status,
            "completedDateTime": utc(line.ended) if line.is_done else None,
            "completionPercentage": 100 if line.is_done else 20,
            "externalCourseActivityId": guid("12a2228a", line.number),
        }
        if line.assigned != NOT_YET:
            row |= {
                "@odata.type": "#microsoft.graph.learningAssignment",
                "assignerUserId": guid("cea1684d", 1),
                "assignmentType": "required",
                "assignedDateTime": utc(line.assigned, "+00:00"),
                "dueDateTime": None,
            }
        else:
            row["startedDateTime"] = utc(line.started)
        return row

    def page(self, rows: list[dict[str, Any]], number: int, count: int) -> dict[str, Any]:
        """The API's envelope."""
        return {"@odata.context": "learningCourseActivities", "value": rows}


class Docebo(CsvPlatform):
    """Enrolments with times on the platform's clock, without a zone."""

    name = "docebo"
    feeds = ("users_courses",)
    is_full_list = True

    def course_id(self, index: int) -> str:
        """Internal ids are numbers."""
        return str(412 + index)

    def line_seconds(self, line: Line) -> float | None:
        """Seconds in the materials."""
        del line
        return 600.0

    def row(self, line: Line) -> dict[str, Any]:
        """An enrolment."""
        first, last = line.name.split(" ")
        status = "In Progress" if line.started != NOT_YET else "Enrolled"
        enrolled = line.assigned if line.assigned != NOT_YET else line.first
        return {
            "Username": f"u{line.employee}",
            "First Name": first,
            "Last Name": last,
            "Email": line.alias,
            "User unique ID": None,
            "Course Internal ID": line.course.source_course_id,
            "Course code": f"C-{line.course.index}",
            "Course Name": line.course.title,
            "Course Type": "E-Learning",
            "Course duration": str(60 * line.course.duration_minutes),
            "Enrollment Date": plain_time(enrolled),
            "Course First Access Date": plain_time(line.started),
            "Completion Date": plain_time(line.ended) if line.is_done else None,
            "Course Enrollment Status": "Completed" if line.is_done else status,
            "Assignment Type": "Mandatory" if line.assigned != NOT_YET else None,
            "Final Score": str(line.score) if line.is_done else None,
            "Training Material Time (sec)": "600",
            "Archived Enrollment (Yes / No)": "No",
        }


class Moodle(CsvPlatform):
    """Course completions: epoch seconds, and 0 or nothing for what did not happen."""

    name = "moodle"
    feeds = ("course_completions",)
    knows_assignments = False
    is_full_list = True

    def course_id(self, index: int) -> str:
        """Numbers."""
        return str(7 + index)

    def row(self, line: Line) -> dict[str, Any]:
        """A row of the table with the user and the course beside it."""
        missing = "0" if line.number % 2 else None
        return {
            "id": str(3100 + line.number),
            "userid": str(20 + line.employee),
            "email": line.alias,
            "course": line.course.source_course_id,
            "fullname": line.course.title,
            "timeenrolled": str(line.first),
            "timestarted": str(line.started) if line.started != NOT_YET else "0",
            "timecompleted": str(line.ended) if line.is_done else missing,
        }
