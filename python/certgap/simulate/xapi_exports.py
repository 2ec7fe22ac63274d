"""An LRS export of cmi5 statements, as NDJSON or in pages: some voided, some repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.company import Company
from certgap.simulate.days import timestamp_text
from certgap.simulate.delivery_calendar import learning_delivery_days
from certgap.simulate.learning_events import EVENT_TYPES, STARTED, LearningEvents, delivery_of
from certgap.simulate.names import numbered
from certgap.simulate.writing import DeliveryFolder, json_document, json_lines

PAGE_STATEMENTS = 40
HOME_PAGE = "https://lms.example.com"
VERBS = {
    "started": "http://adlnet.gov/expapi/verbs/initialized",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
    "waived": "https://w3id.org/xapi/adl/verbs/waived",
}
CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def account_names(company: Company, people: np.ndarray) -> pa.Array:
    """Account names of the LRS: numbers of its own, tied to employees by the identity list."""
    del company
    return numbered("lrs-", people, 7)


def by_account(people: np.ndarray) -> np.ndarray:
    """Whether a person signs in to the LRS with an account; the others with their mail address."""
    return people % 5 < 2


def _uuid(kind: str, registration: int, number: int) -> str:
    """A statement id that depends on nothing but what it is about."""
    digest = hashlib.md5(f"{kind}-{registration}-{number}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _context(course: str, registration: int, counts: bool) -> dict[str, Any]:
    """cmi5 context: the registration, the course, and whether the verb moves the learner on."""
    category = [{"id": CATEGORY + "cmi5"}]
    if counts:
        category.append({"id": CATEGORY + "moveon"})
    return {
        "registration": _uuid("registration", registration, 0),
        "contextActivities": {
            "category": category,
            "grouping": [{"objectType": "Activity", "id": course}],
        },
    }


def _result(event_type: str, success: int, score: int) -> dict[str, Any] | None:
    """The statement's result."""
    if event_type in ("passed", "failed"):
        return {
            "success": success == 1,
            "score": {"scaled": score / 100, "raw": score, "min": 0, "max": 100},
            "duration": f"PT{900 + score * 20}S",
        }
    if event_type == "completed":
        result: dict[str, Any] = {"completion": True, "duration": f"PT{15 + score}M"}
        if success == 0:
            result["success"] = False
        return result
    if event_type == "waived":
        return {
            "success": True,
            "completion": True,
            "extensions": {"https://w3id.org/xapi/cmi5/result/extensions/reason": "Administrative"},
        }
    return None


def results(company: Company, events: LearningEvents) -> tuple[pa.Array, pa.Array]:
    """Score and seconds that the statements' results tell."""
    scores = company.training.registrations.score[events.registration]
    kind = np.array(EVENT_TYPES)[events.event_type]
    is_scored = (kind == "passed") | (kind == "failed")
    seconds = np.where(is_scored, 900 + scores * 20, (15 + scores) * 60).astype(float)
    is_timed = is_scored | (kind == "completed")
    return pa.array(scores / 100, mask=~is_scored), pa.array(seconds, mask=~is_timed)


def _deliveries(
    company: Company, events: LearningEvents
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Day and statements; repeats and voiding statements come with the next delivery."""
    every = company.settings["deliveries"]["learning_delivery_days"]
    force = company.workforce
    days = learning_delivery_days(force.start, force.end, every)
    files: list[list[dict[str, Any]]] = [[] for _ in days]
    delivery = delivery_of(events.utc_day, days).tolist()
    stamps = timestamp_text(events.occurred, "%Y-%m-%dT%H:%M:%S").to_pylist()
    accounts = account_names(company, events.employee).to_pylist()
    mails, _ = company.addresses.used_mail("work_email", events.employee, events.utc_day)
    unclaimed = company.addresses.is_unclaimed[events.employee].tolist()
    use_account = by_account(events.employee).tolist()
    scores = company.training.registrations.score[events.registration].tolist()
    courses = company.catalogue.courses
    for number, (mail, registration) in enumerate(
        zip(mails.to_pylist(), events.registration.tolist(), strict=True)
    ):
        kind = int(events.kind[number])
        event_type = EVENT_TYPES[int(events.event_type[number])]
        course = courses[int(events.course[number])]
        if unclaimed[number]:
            mail = f"guest.{accounts[number]}@partner.example.net"
        actor = (
            {"objectType": "Agent", "account": {"homePage": HOME_PAGE, "name": accounts[number]}}
            if use_account[number]
            else {"mbox": f"mailto:{mail.title() if number % 9 == 0 else mail}"}
        )
        content = course.source_course_id.replace("lms.", "content.").replace("/courses", "")
        stamp = stamps[number] + ("+00:00" if number % 4 == 0 else ".000Z")
        statement = {
            "id": _uuid("statement", registration, kind),
            "actor": actor,
            "verb": {"id": VERBS[event_type], "display": {"en": event_type}},
            "object": {
                "id": f"{content}/au0",
                "definition": {
                    "name": {"en": course.title},
                    "type": "http://adlnet.gov/expapi/activities/lesson",
                },
            },
            "context": _context(course.source_course_id, registration, kind != STARTED),
            "timestamp": stamp,
        }
        if number % 6:
            statement["stored"] = stamp
        result = _result(event_type, int(events.success[number]), scores[number])
        if result:
            statement["result"] = result
        place = delivery[number]
        later = min(place + 1, len(days) - 1)
        files[place].append(statement)
        if events.is_duplicated[number]:
            files[later].append(statement)
        if events.is_voided[number]:
            files[later].append(_voiding(statement, registration))
    yield from ((day, f) for day, f in zip(days.tolist(), files, strict=True) if f)


def write_xapi(out: Path, company: Company, events: LearningEvents) -> None:
    """One NDJSON file per delivery."""
    folder = DeliveryFolder(out, "lms", "xapi", "statements")
    for day, statements in _deliveries(company, events):
        folder.file(day, "statements.ndjson", json_lines(statements))


def write_xapi_pages(out: Path, company: Company, events: LearningEvents) -> None:
    """Pages of statements; the last one of a page may come again, and a last page may be empty."""
    folder = DeliveryFolder(out, "lms", "xapi", "statement_pages")
    for day, statements in _deliveries(company, events):
        starts = list(range(0, len(statements), PAGE_STATEMENTS))
        # An LRS that counts only while it answers offers a next page that turns out to be empty.
        if len(statements) % 2:
            starts.append(len(statements))
        for number, start in enumerate(starts):
            first = start - 1 if start % 3 and start < len(statements) else start
            page = {"statements": statements[first : start + PAGE_STATEMENTS], "more": ""}
            if start < starts[-1]:
                page["more"] = f"/xapi/statements?cursor={number + 1}"
            folder.file(day, f"statements_{number:04d}.json", json_document(page))


def _voiding(statement: dict[str, Any], registration: int) -> dict[str, Any]:
    """An administrator's statement that takes another one back."""
    return {
        "id": _uuid("voiding", registration, 0),
        "actor": {"mbox": "mailto:lms-admin@example.com"},
        "verb": {"id": VOIDED, "display": {"en": "voided"}},
        "object": {"objectType": "StatementRef", "id": statement["id"]},
        "timestamp": statement["timestamp"],
        "stored": statement["timestamp"],
    }


def account_alias(names: pa.Array) -> tuple[str, pa.Array]:
    """Alias type and value under which the project knows an LRS account."""
    return "xapi_account", pc.binary_join_element_wise(HOME_PAGE, names, "|")
