"""Learning modules of HR suites, which know people by the HR number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.company import Company
from certgap.simulate.days import as_date
from certgap.simulate.generic_hris import alias_rows
from certgap.simulate.names import join
from certgap.simulate.platforms.lines import (
    NOT_YET,
    JsonPlatform,
    Line,
    iso_date,
    milliseconds,
    utc,
)
from certgap.simulate.training import WAIVED
from certgap.simulate.writing import json_document


class HrSuite(JsonPlatform):
    """People by HR number; externals HR does not know have a number of their own."""

    def own_alias(self, company: Company, people: np.ndarray) -> pa.Array:
        """The employee id, or the number of an external."""
        known = pa.array(~company.addresses.is_unclaimed[people])
        index = pa.array(people)
        external = join("X", index.cast(pa.string()))
        return pc.if_else(known, company.workforce.ids.take(index), external)


class WorkdayLearning(HrSuite):
    """A report whose columns the tenant named; what is empty is not there."""

    name = "workday_learning"
    feeds = ("learning_enrollments",)
    alias_type = "workday_employee_id"
    dates_only = ("assigned",)
    is_full_list = True

    def course_id(self, index: int) -> str:
        """Ids of learning contents."""
        return f"LEARNING_COURSE-3-{1042 + index}"

    def line_score(self, line: Line) -> float | None:
        """Out of a hundred."""
        return line.score / 100

    def row(self, line: Line) -> dict[str, Any]:
        """An enrollment; the completion as an instant with an offset."""
        status = "In Progress" if line.started != NOT_YET else "Not Started"
        if line.ended != NOT_YET:
            status = "Waived" if line.outcome == WAIVED else "Failed"
        row = {
            "Worker": f"{line.name} ({line.alias})",
            "Employee_ID": line.alias,
            "Learning_Content": f"{line.course.title} (Digital Course)",
            "Learning_Content_ID": line.course.source_course_id,
            "Learning_Enrollment_Status": "Completed" if line.is_done else status,
            "Enrolled_On": iso_date(line.assigned if line.assigned != NOT_YET else line.first),
            "Required": "1" if line.assigned != NOT_YET else "0",
            "Content_Provider": "Example Academy",
        }
        if line.assigned != NOT_YET:
            row["Assigned_On"] = f"{iso_date(line.assigned)}-08:00"
        if line.ended != NOT_YET:
            row |= {
                "Completed_At": utc(line.ended - 8 * 3600, ".123-08:00"),
                "Score": str(line.score),
                "Grade": "Pass" if line.is_done else "Fail",
            }
        return row

    def reference(self) -> dict[str, list[dict[str, Any]]]:
        """The tenant's own names of the report's columns."""
        columns = {
            "employee_id": "Employee_ID",
            "course_id": "Learning_Content_ID",
            "course_title": "Learning_Content",
            "status": "Learning_Enrollment_Status",
            "assigned_at": "Assigned_On",
            "enrolled_at": "Enrolled_On",
            "ended_at": "Completed_At",
            "score": "Score",
            "success": "Grade",
            "is_required": "Required",
            "provider": "Content_Provider",
        }
        rows = [{"field": field, "report_column": name} for field, name in columns.items()]
        return {"workday_learning_columns": rows}

    def page(self, rows: list[dict[str, Any]], number: int, count: int) -> dict[str, Any]:
        """The report."""
        return {"Report_Entry": rows}


class SuccessfactorsLearning(HrSuite):
    """A history per user, named by its file, and what is on the users' learning plans."""

    name = "successfactors_learning"
    feeds = ("learninghistorys", "user_todo_learning_items")
    midnight_is_a_day = True
    alias_type = "sap_user_id"
    is_per_attempt = True

    def course_id(self, index: int) -> str:
        """Components have a type and an id."""
        return f"COURSE/GENAI-{101 + index}"

    def claims(self, company: Company) -> list[pa.Table]:
        """That the number is the employee's."""
        people = np.flatnonzero(~company.addresses.is_unclaimed)
        ids = company.workforce.ids.take(pa.array(people))
        return [alias_rows(company.workforce, people, self.alias_type, ids)]

    def line_score(self, line: Line) -> float | None:
        """Out of a hundred."""
        return line.score / 100

    def _component(self, line: Line) -> dict[str, Any]:
        """The component, in the revision of its publication."""
        kind, component = line.course.source_course_id.split("/")
        return {
            "componentTypeID": kind,
            "componentID": component,
            "revisionDate": line.course.published_day * 86_400_000,
            "title": line.course.title,
        }

    def write(self, out: Path, company: Company, day: int, lines: list[Line]) -> None:
        """A history file per user with something finished, and one file of open items."""
        histories: dict[str, list[dict[str, Any]]] = {}
        todo = []
        for line in lines:
            if line.ended != NOT_YET:
                histories.setdefault(line.alias, []).append(self._entry(line))
            if line.assigned != NOT_YET:
                todo.append(self._item(line))
        for user, entries in histories.items():
            name = f"learninghistorys_{user}.json"
            self.folder(out).file(day, name, json_document({"value": entries}))
        items = {"@odata.context": "$metadata#UserTodoLearningItems", "value": todo}
        name = f"UserTodoLearningItems_{as_date(day)}.json"
        self.folder(out, self.feeds[1]).file(day, name, json_document(items))

    def _entry(self, line: Line) -> dict[str, Any]:
        """An entry of the history; without credit it is no completion."""
        return {
            **self._component(line),
            "completionStatusID": "COURSE_COMPL" if line.is_done else "COURSE_INCOMP",
            "provideCredit": line.is_done,
            "grade": str(line.score),
            "completionDate": milliseconds(line.ended),
            "lastUpdateTimestamp": milliseconds(line.ended + 31),
            "status": "For Credit" if line.is_done else "Not For Credit",
        }

    def _item(self, line: Line) -> dict[str, Any]:
        """An item of a learning plan."""
        return {
            **self._component(line),
            "sku": f"SKU-{line.course.index}",
            "userID": line.alias,
            "status": "OPEN",
            "assignedDate": milliseconds(line.assigned),
            "requiredDate": milliseconds(line.assigned + 90 * 86_400),
            "addUser": "APM",
            "isRequired": True,
        }
