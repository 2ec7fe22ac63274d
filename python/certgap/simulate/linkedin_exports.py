"""LinkedIn Learning activity reports: JSON pages over windows that overlap, times as epoch ms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from certgap.simulate.company import Company
from certgap.simulate.days import SECONDS_A_DAY, as_date
from certgap.simulate.delivery_calendar import learning_delivery_days
from certgap.simulate.learning_events import ENDED, LearningEvents, delivery_of
from certgap.simulate.names import first_and_last
from certgap.simulate.writing import DeliveryFolder, json_document

PAGE = 500
OVERLAP_DAYS = 5
ACCOUNT = "urn:li:enterpriseAccount:2108938"


def _activity(kind: str, first: int, last: int, value: int) -> dict[str, Any]:
    """One engagement of a report row."""
    return {
        "engagementType": kind,
        "lastEngagedAt": last * 1000,
        "firstEngagedAt": first * 1000,
        "assetType": "COURSE",
        "engagementMetricQualifier": "TOTAL",
        "engagementValue": value,
    }


def write_linkedin(out: Path, company: Company, events: LearningEvents) -> None:
    """One report per delivery: completions of its window and of some days before it."""
    force = company.workforce
    every = company.settings["deliveries"]["learning_delivery_days"]
    days = learning_delivery_days(force.start, force.end, every)
    done = events.take(events.kind == ENDED)
    ends = done.utc_day
    delivery = delivery_of(ends, days)
    mails, _ = company.addresses.used_mail("work_email", done.employee, ends)
    mails = mails.to_pylist()
    first, last = (part.to_pylist() for part in first_and_last(done.employee))
    courses = company.catalogue.courses
    rows = []
    for number, employee in enumerate(done.employee.tolist()):
        ended = int(done.occurred[number])
        unknown = bool(company.addresses.is_unclaimed[employee])
        mail = f"guest{employee}@partner.example.net" if unknown else mails[number]
        course = courses[int(done.course[number])]
        person = f"urn:li:enterpriseProfile:({ACCOUNT},{60_000_000 + employee})"
        employee_id = [] if unknown else [force.ids[employee].as_py()]
        rows.append(
            {
                "learnerDetails": {
                    "name": f"{first[number].title()} {last[number].title()}",
                    "enterpriseGroups": [],
                    "entity": {"profileUrn": person},
                    "email": mail.title() if number % 11 == 0 else mail,
                    "customAttributes": {"Employee_ID": employee_id} if employee_id else {},
                    "uniqueUserId": mail,
                },
                "activities": [
                    _activity("SECONDS_VIEWED", ended - 7200, ended, 60 * course.duration_minutes),
                    _activity("COMPLETIONS", ended - 7200, ended, 1),
                    _activity("PROGRESS_PERCENTAGE", ended - 7200, ended, 100),
                ],
                "contentDetails": {
                    "contentProviderName": "LinkedIn",
                    "name": course.title,
                    "contentUrn": course.source_course_id,
                    "locale": {"country": "US", "language": "en"},
                    "contentSource": "EXTERNAL",
                },
            }
        )
    _write_windows(out, rows, ends, delivery, days)


def _write_windows(
    out: Path, rows: list[dict[str, Any]], ends: np.ndarray, delivery: np.ndarray, days: np.ndarray
) -> None:
    """Pages of the reports; a window starts some days before the last one ended."""
    folder = DeliveryFolder(out, "lms", "linkedin_learning", "learning_activity_reports")
    for number, day in enumerate(days.tolist()):
        begin = (days[number - 1] if number else days[0] - 90) - OVERLAP_DAYS
        again = (delivery == number - 1) & (ends >= begin)
        places = np.flatnonzero((delivery == number) | again).tolist()
        latest = (day * SECONDS_A_DAY - 60) * 1000
        for start in range(0, max(len(places), 1), PAGE):
            elements = [{"latestDataAt": latest, **rows[p]} for p in places[start : start + PAGE]]
            paging = {"start": start, "count": PAGE, "links": [], "total": len(places)}
            name = f"learningActivityReports_{as_date(day)}_{start // PAGE:04d}.json"
            folder.file(day, name, json_document({"elements": elements, "paging": paging}))
