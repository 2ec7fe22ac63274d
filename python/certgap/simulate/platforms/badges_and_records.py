"""Platforms with one plain CSV: badges, activities and training records."""

from __future__ import annotations

from typing import Any

from certgap.simulate.platforms.lines import (
    NOT_YET,
    CsvPlatform,
    Line,
    iso_date,
    plain_time,
    utc,
)
from certgap.simulate.training import FAILED, WAIVED


class Trailhead(CsvPlatform):
    """Badges as the managed package keeps them: assigned on a day, finished at a time."""

    name = "trailhead"
    feeds = ("user_badges",)
    dates_only = ("assigned",)

    def course_id(self, index: int) -> str:
        """Ids of Salesforce records."""
        return f"a0B5g00000Badge{index:03d}"

    def row(self, line: Line) -> dict[str, Any]:
        """A record of the object; some finished badges have no finished date."""
        status = "Completed" if line.is_done else "In-Progress"
        status = "Assigned" if line.started == NOT_YET and not line.is_done else status
        finished = utc(line.ended, ".000Z") if line.is_done else None
        return {
            "Id": f"a0A5g{line.number:010d}",
            "IsDeleted": "false",
            "trailheadapp__User__c": f"0055g{line.employee:010d}",
            "trailheadapp__User__r.Email": line.alias,
            "trailheadapp__Badge__c": line.course.source_course_id,
            "trailheadapp__Badge__r.Name": line.course.title,
            "trailheadapp__Status__c": status,
            "trailheadapp__Assigned_Date__c": iso_date(line.assigned),
            "trailheadapp__Last_Attempted_Date__c": finished or utc(line.started, ".000+0000"),
            "trailheadapp__Finished_Date__c": None if line.number % 10 == 0 else finished,
            "LastModifiedDate": utc(line.last + 60, ".000Z"),
        }


class GoogleSkills(CsvPlatform):
    """Badges earned, and nothing else; the list is always whole."""

    name = "google_skills"
    feeds = ("badges",)
    knows_assignments = False
    is_full_list = True

    def course_id(self, index: int) -> str:
        """Numbers."""
        return str(300 + index)

    def says(self, line: Line) -> bool:
        """Only what was earned."""
        return line.is_done

    def row(self, line: Line) -> dict[str, Any]:
        """A badge."""
        return {
            "User Name": line.name,
            "User Email": line.alias,
            "Badge ID": line.course.source_course_id,
            "Badge Name": line.course.title,
            "Earned At": f"{plain_time(line.ended)} UTC",
        }


class ServicenowLearning(CsvPlatform):
    """Training records: one per attempt, with its assignment."""

    name = "servicenow_learning"
    feeds = ("training_records",)
    is_per_attempt = True

    def course_id(self, index: int) -> str:
        """Course codes."""
        return f"SNC{index:05d}"

    def line_score(self, line: Line) -> float | None:
        """Out of a hundred."""
        return line.score / 100

    def row(self, line: Line) -> dict[str, Any]:
        """A record as it stands; times without a zone are UTC."""
        ended = line.ended != NOT_YET
        status = "In Progress" if line.started != NOT_YET else "Not Started"
        if ended:
            status = {FAILED: "Failed", WAIVED: "Waived"}.get(line.outcome, "Withdrawn")
            status = ("Passed" if line.number % 3 == 0 else "Completed") if line.is_done else status
        return {
            "Learner Email": line.alias,
            "Learner ID": f"NL{line.employee:07d}",
            "Course ID": line.course.source_course_id,
            "Course Title": line.course.title,
            "Course Type": "Course",
            "Attempt": str(line.attempt),
            "Status": status,
            "Assigned Date": plain_time(line.assigned),
            "Enrolled Date": plain_time(line.first),
            "Started Date": plain_time(line.started),
            "Completed Date": plain_time(line.ended),
            "Score": str(line.score) if ended else None,
            "Required": "true" if line.assigned != NOT_YET else "false",
        }


class SapLearningHub(CsvPlatform):
    """Activities by day, without a time and without assignments."""

    name = "sap_learning_hub"
    feeds = ("learning_activities",)
    knows_assignments = False
    dates_only = ("started", "ended")
    is_full_list = True

    def course_id(self, index: int) -> str:
        """Object ids."""
        return f"LH_{5000 + index}"

    def says(self, line: Line) -> bool:
        """What was at least started."""
        return line.started != NOT_YET or line.ended != NOT_YET

    def line_score(self, line: Line) -> float | None:
        """Out of a hundred."""
        return line.score / 100

    def row(self, line: Line) -> dict[str, Any]:
        """An activity as it stands."""
        status = "In Progress"
        if line.ended != NOT_YET:
            status = "Completed" if line.is_done else "Failed"
        return {
            "Learner ID": f"S{line.employee:010d}",
            "Learner Email": line.alias,
            "Learner Status": "Active",
            "Learning Activity ID": line.course.source_course_id,
            "Learning Activity Title": line.course.title,
            "Learning Activity Type": "Course",
            "Activity Status": status,
            "Start Date": iso_date(line.started),
            "Completion Date": iso_date(line.ended),
            "Score": str(line.score) if line.ended != NOT_YET else None,
        }
