"""The learning platforms of business suites read their samples: Workday, SuccessFactors, Trailhead,
Google Skills, ServiceNow and SAP Learning Hub.

Rule: rows in = rows kept + quarantined + superseded, per feed, every sample delivered twice; and
what is kept ends as the file says. Both are worked out from the files here, not by SQL.

Reason: four of the six formats are not published. What a column means is written down twice, here
and in the models, so that a slip in one of them shows.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vendor_samples import PROJECT, csv_rows, reasons, sample

CSV_FEEDS = {
    "trailhead": "user_badges",
    "google_skills": "badges",
    "servicenow_learning": "training_records",
    "sap_learning_hub": "learning_activities",
}
VENDORS = ["workday_learning", "successfactors_learning", *CSV_FEEDS]
ENROLLMENTS = sample("workday_learning", "learning_enrollments.json")
HISTORY = sample("successfactors_learning", "learninghistorys_E1001.json")
PLAN = sample("successfactors_learning", "UserTodoLearningItems_E1003.json")
DELIVERY_DATES = ["2026-03-03", "2026-03-10"]
DELIVERED = {
    **{
        f"lms/{vendor}/{feed}/{date}.csv": sample(vendor, f"{feed}.csv")
        for vendor, feed in CSV_FEEDS.items()
        for date in DELIVERY_DATES
    },
    **{
        f"lms/workday_learning/learning_enrollments/{date}.json": ENROLLMENTS
        for date in DELIVERY_DATES
    },
    # The tenant renames a column that the mapping names, and a report without entries.
    "lms/workday_learning/learning_enrollments/2026-03-17.json": ENROLLMENTS.replace(
        b'"Content_Provider"', b'"Provider"'
    ),
    "lms/workday_learning/learning_enrollments/2026-03-24.json": b'{"Report_Entry": []}',
    **{
        f"lms/successfactors_learning/learninghistorys/{date}/learninghistorys_E1001.json": HISTORY
        for date in DELIVERY_DATES
    },
    # The same history in a file that does not say whose it is.
    "lms/successfactors_learning/learninghistorys/2026-03-03.json": HISTORY,
    **{
        f"lms/successfactors_learning/user_todo_learning_items/{date}.json": PLAN
        for date in DELIVERY_DATES
    },
}


def instant(text: str) -> datetime:
    """An ISO time as naive UTC; without a zone it is UTC, a day is its midnight."""
    found = datetime.fromisoformat(text.replace(" UTC", "Z"))
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def is_instant(text: str) -> bool:
    try:
        instant(text)
    except ValueError:
        return False
    return True


def learner(*names: str) -> str | None:
    """The first of a mail address and an id that is there."""
    return next((name.strip().lower() for name in names if name.strip()), None)


def read_trailhead(row: dict[str, str]) -> dict:
    prefix = "trailheadapp__"
    done = row[f"{prefix}Finished_Date__c"] or row[f"{prefix}Last_Attempted_Date__c"]
    completed = row[f"{prefix}Status__c"] == "Completed"
    end = {"end": "completed", "at": done} if completed else {}
    if row["IsDeleted"] == "true":
        end = {"end": "withdrawn", "at": row["LastModifiedDate"]}
    return {
        "learner": learner(row[f"{prefix}User__r.Email"], row[f"{prefix}User__c"]),
        "course": row[f"{prefix}Badge__c"],
        "kind": "badge",
        **end,
    }


def read_google(row: dict[str, str]) -> dict:
    revoked = row["Status"] == "Revoked"
    return {
        "learner": learner(row["User Email"]),
        "course": row["Badge ID"],
        "kind": "badge",
        "attempt": row["Earned At"],
        "end": "withdrawn" if revoked else "completed",
        "at": row["Revoked At"] if revoked else row["Earned At"],
    }


def read_servicenow(row: dict[str, str]) -> dict:
    kinds = {"Learning Path": "path", "Micro-Certification": "badge"}
    ends = {"In Progress": None, "Expired": "completed", "Pending Review": "unknown_status"}
    return {
        "learner": learner(row["Learner Email"], row["Learner ID"]),
        "course": row["Course ID"],
        "kind": kinds.get(row["Course Type"], "course"),
        "attempt": row["Attempt"],
        "end": ends.get(row["Status"], row["Status"].lower()),
        "at": row["Completed Date"],
    }


def read_sap(row: dict[str, str]) -> dict:
    kinds = {"Learning Journey": "path", "Certification": "assessment", "Digital Badge": "badge"}
    ends = {"In Progress": None}
    return {
        "learner": learner(row["Learner Email"], row["Learner ID"]),
        "course": row["Learning Activity ID"],
        "kind": kinds.get(row["Learning Activity Type"], "course"),
        "end": ends.get(row["Activity Status"], row["Activity Status"].lower()),
        "at": row["Completion Date"],
    }


READERS = {
    "trailhead": read_trailhead,
    "google_skills": read_google,
    "servicenow_learning": read_servicenow,
    "sap_learning_hub": read_sap,
}


def problem(record: dict) -> str | None:
    if record.get("end") == "unknown_status":
        return "unknown_status"
    if record.get("at") and not is_instant(record["at"]):
        return "bad_ended_time"
    return None if record["learner"] else "missing_learner"


def key(record: dict) -> tuple:
    return record["learner"], record["course"], record.get("attempt")


def records_of(vendor: str) -> list[dict]:
    rows = csv_rows(sample(vendor, f"{CSV_FEEDS[vendor]}.csv"))
    return [READERS[vendor](row) for row in rows]


@pytest.mark.parametrize("vendor", CSV_FEEDS)
def test_every_row_of_a_suites_csv_is_kept_quarantined_or_superseded(sample_warehouse, vendor):
    records = records_of(vendor)
    assert len(records) == 8
    usable = [record for record in records if problem(record) is None]
    kept = len({key(record) for record in usable})
    expected = Counter(
        {
            "kept": kept,
            "superseded: later_delivery": len(DELIVERY_DATES) * len(usable) - kept,
        }
    )
    for record in records:
        if problem(record):
            expected[f"quarantined: {problem(record)}"] += len(DELIVERY_DATES)
    assert reasons(sample_warehouse, f"base_{vendor}__{CSV_FEEDS[vendor]}") == expected


@pytest.mark.parametrize("vendor", CSV_FEEDS)
def test_what_a_suites_csv_says_ended_is_an_event_at_its_time_in_utc(sample_warehouse, vendor):
    expected = {
        (
            record["learner"],
            f"{vendor}:{record['course']}",
            record["end"],
            instant(record["at"]),
            "date" if len(record["at"]) == 10 else "instant",
        )
        for record in records_of(vendor)
        if problem(record) is None and record.get("end") and record.get("at")
    }
    found = sample_warehouse.execute(
        "select alias_value, course_id, event_type, occurred_at, time_precision"
        f" from staging.stg_{vendor}__learning_events where event_id like '%|ended'"
    ).fetchall()
    assert set(found) == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("vendor", CSV_FEEDS)
def test_badges_and_paths_of_a_suite_are_not_courses(sample_warehouse, vendor):
    expected = {
        (f"{vendor}:{record['course']}", record["kind"])
        for record in records_of(vendor)
        if problem(record) is None
    }
    found = sample_warehouse.execute(
        f"select course_id, kind from staging.stg_{vendor}__courses"
    ).fetchall()
    assert set(found) == expected
    assert len(found) == len(expected)


def test_trailhead_assignments_are_days_and_servicenow_enrolments_instants(sample_warehouse):
    assigned = {
        record["learner"]
        for row, record in zip(
            csv_rows(sample("trailhead", "user_badges.csv")), records_of("trailhead"), strict=True
        )
        if row["trailheadapp__Assigned_Date__c"] and problem(record) is None
    }
    found = sample_warehouse.execute(
        "select alias_value, cast(occurred_at as varchar), time_precision"
        " from staging.stg_trailhead__learning_events where event_type = 'assigned'"
    ).fetchall()
    assert sorted(found) == [(name, "2026-01-12 00:00:00", "date") for name in sorted(assigned)]
    rows = csv_rows(sample("servicenow_learning", "training_records.csv"))
    enrolled = Counter(
        row["Enrolled Date"]
        for row, record in zip(rows, records_of("servicenow_learning"), strict=True)
        if row["Enrolled Date"] and problem(record) is None
    )
    found = sample_warehouse.execute(
        "select cast(occurred_at as varchar) from staging.stg_servicenow_learning__learning_events"
        " where event_type = 'enrolled' and time_precision = 'instant'"
    ).fetchall()
    assert Counter(text for (text,) in found) == enrolled


def workday_entries() -> list[dict]:
    """The sample's entries under the names of the fields that the mapping gives its columns."""
    with (PROJECT / "seeds" / "workday_learning_columns.csv").open(encoding="utf-8") as file:
        columns = {row["field"]: row["report_column"] for row in csv.DictReader(file)}
    return [
        {field: entry.get(column) for field, column in columns.items()}
        for entry in json.loads(ENROLLMENTS)["Report_Entry"]
    ]


def test_every_workday_learning_entry_is_kept_quarantined_or_superseded(sample_warehouse):
    entries = workday_entries()
    undated = [entry for entry in entries if entry["status"] == "Waived" and not entry["ended_at"]]
    kept = len(entries) - len(undated)
    assert reasons(sample_warehouse, "base_workday_learning__learning_enrollments") == Counter(
        {
            "kept": kept,
            "superseded: later_delivery": kept,
            "quarantined: missing_end_time": 2 * len(undated),
            # The delivery whose provider column the mapping no longer finds.
            "quarantined: mapped_column_absent_provider": len(entries),
            "superseded: empty_page": 1,
        }
    )


def test_workday_learning_enrollments_end_as_their_status_says(sample_warehouse):
    found = sample_warehouse.execute(
        "select alias_value, event_type, occurred_at, score_scaled, success, is_required"
        " from staging.stg_workday_learning__learning_events where event_id like '%|ended'"
    ).fetchall()
    assert found == [
        (
            entry["employee_id"].lower(),
            "completed",
            instant(entry["ended_at"]),
            int(entry["score"]) / 100,
            entry["success"] == "Pass",
            entry["is_required"] == "1",
        )
        for entry in workday_entries()
        if entry["ended_at"]
    ]
    assert len(found) == 1


def test_workday_employee_numbers_are_aliases_of_the_employees_themselves(sample_warehouse):
    found = sample_warehouse.execute(
        "select employee_id, alias_type, alias_value"
        " from staging.stg_workday_learning__identity_aliases order by 1"
    ).fetchall()
    numbers = sorted(entry["employee_id"] for entry in workday_entries())
    assert found == [(number, "workday_employee_id", number.lower()) for number in numbers]


def test_every_successfactors_learning_entry_is_kept_quarantined_or_superseded(sample_warehouse):
    entries = json.loads(HISTORY)["value"]
    assert reasons(sample_warehouse, "base_successfactors_learning__learninghistorys") == Counter(
        {
            "kept": len(entries),
            "superseded: later_delivery": len(entries),
            "quarantined: no_user_in_file_name": len(entries),
        }
    )
    items = json.loads(PLAN)["value"]
    assert reasons(
        sample_warehouse, "base_successfactors_learning__user_todo_learning_items"
    ) == Counter({"kept": len(items), "superseded: later_delivery": len(items)})


def test_only_credit_completes_a_successfactors_item(sample_warehouse):
    expected = [
        (
            "e1001",
            f"successfactors_learning:{entry['componentTypeID']}/{entry['componentID']}",
            "completed" if entry["provideCredit"] else "failed",
            entry["completionDate"],
        )
        for entry in json.loads(HISTORY)["value"]
    ]
    found = sample_warehouse.execute(
        "select alias_value, course_id, event_type, epoch_ms(occurred_at)"
        " from staging.stg_successfactors_learning__learning_events"
        " where event_id like '%|ended'"
    ).fetchall()
    assert sorted(found) == sorted(expected)
    # Two attempts of one item, of which one counts.
    assert Counter(event_type for _, _, event_type, _ in found) == Counter(completed=2, failed=1)


def test_successfactors_plans_assign_and_programs_are_paths(sample_warehouse):
    item = json.loads(PLAN)["value"][0]
    assert sample_warehouse.execute(
        "select alias_type, alias_value, epoch_ms(occurred_at), is_required"
        " from staging.stg_successfactors_learning__learning_events where event_type = 'assigned'"
    ).fetchall() == [("sap_user_id", item["userID"].lower(), item["assignedDate"], True)]
    assert sample_warehouse.execute(
        "select source_course_id, kind, title from staging.stg_successfactors_learning__courses"
        " order by 1"
    ).fetchall() == [
        ("COURSE/GENAI-101", "course", "GenAI Fundamentals"),
        ("SYSTEM_PROGRAM_ENTITY/AI-PASSPORT", "path", "AI Passport – Niveau 1 „Grundlagen“"),
    ]


def test_the_mapping_that_is_shipped_names_columns_of_the_sample() -> None:
    columns = {column for entry in json.loads(ENROLLMENTS)["Report_Entry"] for column in entry}
    shipped = (Path(PROJECT) / "seeds" / "workday_learning_columns.csv").read_text().splitlines()
    assert {line.split(",")[1] for line in shipped[1:]} <= columns
