"""The adapters of platforms that export learning records read their samples.

Rule: rows in = rows kept + quarantined + superseded, per feed, and every completion of the file is
one event at its instant; counted here from the files, not by SQL. Each sample is delivered twice,
as full exports are, and the later one counts.

Reason: these exports say in many ways that something is not complete (0, "false", FAILED, a status
of another language), and an adapter that misses one looks right in every rate it feeds.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from vendor_samples import csv_rows, reasons, sample

VENDORS = [
    "udemy_business",
    "coursera",
    "edx_business",
    "viva_learning",
    "scorm_cloud",
    "degreed",
    "docebo",
    "moodle",
]
# vendor: (feed, sample file, name of the array in a page)
FEEDS = {
    "udemy_business": ("user_course_activity", "user-course-activity.json", "results"),
    "coursera": ("enrollment_reports", "enrollmentReports.json", "elements"),
    "edx_business": ("enrollments", "enrollments.json", "results"),
    "viva_learning": ("learning_course_activities", "learningCourseActivities.json", "value"),
    "scorm_cloud": ("registrations", "registrations.json", "registrations"),
    "degreed": ("completions", "completions.json", "data"),
    "docebo": ("users_courses", "users_courses.csv", None),
    "moodle": ("course_completions", "course_completions.csv", None),
}
# Rows of one delivery that cannot be used.
QUARANTINED = {
    "edx_business": {"missing_end_time": 1},
    "degreed": {"missing_end_time": 1},
    "docebo": {"missing_end_time": 1, "unknown_status": 1},
    "moodle": {"bad_timecompleted": 1},
}
CUT = sample("udemy_business", "user-course-activity.json")[:400]
DELIVERED = {
    **{
        f"lms/{vendor}/{feed}/{day}/1.{name.rsplit('.', 1)[1]}": sample(vendor, name)
        for vendor, (feed, name, _) in FEEDS.items()
        for day in ("2026-03-03", "2026-03-10")
    },
    "lms/udemy_business/user_course_activity/2026-03-10/2.json": b'{"results": []}',
    "lms/udemy_business/user_course_activity/2026-03-10/3.json": CUT,
}


def rows(vendor: str) -> list[dict]:
    """The elements of a vendor's sample."""
    _, name, array = FEEDS[vendor]
    content = sample(vendor, name)
    return json.loads(content)[array] if array else csv_rows(content)


def utc(text: str) -> datetime:
    """An instant as the warehouse has it; text without an offset is UTC."""
    instant = datetime.fromisoformat(text)
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant


def milliseconds(value: int) -> datetime:
    return datetime.fromtimestamp(value / 1000, UTC).replace(tzinfo=None)


def events(sample_warehouse, vendor: str, *event_types: str) -> Counter:
    """(learner, course, instant) of a vendor's events of these types."""
    marks = ", ".join("?" * len(event_types))
    return Counter(
        sample_warehouse.execute(
            "select alias_value, course_id, occurred_at"
            f" from staging.stg_{vendor}__learning_events where event_type in ({marks})",
            event_types,
        ).fetchall()
    )


def values(sample_warehouse, sql: str) -> list[tuple]:
    return sample_warehouse.execute(sql).fetchall()


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_record_is_kept_quarantined_or_superseded(sample_warehouse, vendor):
    quarantined = QUARANTINED.get(vendor, {})
    usable = len(rows(vendor)) - sum(quarantined.values())
    expected = Counter({"kept": usable, "superseded: later_delivery": usable})
    for reason, count in quarantined.items():
        expected[f"quarantined: {reason}"] = 2 * count
    if vendor == "udemy_business":
        expected["superseded: empty_page"] = 1
        expected["quarantined: unreadable_page"] = 1
    assert reasons(sample_warehouse, f"base_{vendor}__{FEEDS[vendor][0]}") == expected


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_later_delivery_is_the_one_that_counts(sample_warehouse, vendor):
    days = values(
        sample_warehouse,
        "select distinct cast(extracted_at as date)"
        f" from staging.base_{vendor}__{FEEDS[vendor][0]} where row_status = 'kept'",
    )
    assert [str(day) for (day,) in days] == ["2026-03-10"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_course_that_an_event_names_is_listed_once(sample_warehouse, vendor):
    courses = values(sample_warehouse, f"select course_id from staging.stg_{vendor}__courses")
    named = values(
        sample_warehouse, f"select distinct course_id from staging.stg_{vendor}__learning_events"
    )
    assert len(set(courses)) == len(courses)
    assert set(named) <= set(courses)


def test_udemy_completions_are_the_first_ones(sample_warehouse):
    expected = Counter(
        (row["user_email"], f"udemy_business:{row['course_id']}", utc(date))
        for row in rows("udemy_business")
        if (date := row["course_first_completion_date"])
    )
    assert events(sample_warehouse, "udemy_business", "completed") == expected
    # One of them is of a course that grew afterwards.
    assert expected.total() == 2


def test_a_udemy_learner_without_a_mail_address_keeps_the_platforms_id(sample_warehouse):
    unnamed = [str(row["user_id"]) for row in rows("udemy_business") if not row["user_email"]]
    found = values(
        sample_warehouse,
        "select distinct alias_value from staging.stg_udemy_business__learning_events"
        " where alias_type = 'udemy_user_id'",
    )
    assert [alias for (alias,) in found] == unnamed


def test_coursera_completions_stay_also_in_a_deleted_membership(sample_warehouse):
    expected = Counter(
        (row["externalId"], f"coursera:{row['contentId']}", milliseconds(row["completedAt"]))
        for row in rows("coursera")
        if row["isCompleted"]
    )
    assert events(sample_warehouse, "coursera", "completed") == expected
    assert {row["membershipState"] for row in rows("coursera") if row["isCompleted"]} == {
        "MEMBER",
        "DELETED",
    }


def test_coursera_employee_numbers_are_aliases(sample_warehouse):
    numbers = {row["externalId"] for row in rows("coursera") if "@" not in row["externalId"]}
    found = values(
        sample_warehouse,
        "select alias_type, alias_value, employee_id from staging.stg_coursera__identity_aliases",
    )
    assert sorted(found) == [
        ("coursera_external_id", number.lower(), number) for number in sorted(numbers)
    ]


def test_coursera_specializations_are_paths(sample_warehouse):
    expected = {
        row["contentId"]: "path" if row["contentType"] == "Specialization" else "course"
        for row in rows("coursera")
    }
    found = values(
        sample_warehouse, "select source_course_id, kind from staging.stg_coursera__courses"
    )
    assert dict(found) == expected


def test_edx_learners_who_passed_on_a_known_day_have_passed(sample_warehouse):
    expected = Counter(
        (
            (row["user_email"] or str(row["enterprise_user_id"])).lower(),
            f"edx_business:{row['course_key']}",
            utc(row["passed_date"]),
        )
        for row in rows("edx_business")
        if str(row["has_passed"]).lower() == "true" and row["passed_date"]
    )
    assert events(sample_warehouse, "edx_business", "passed") == expected
    days = sum(1 for row in rows("edx_business") if len(row["passed_date"] or "") == 10)
    found = values(
        sample_warehouse,
        "select count(*) from staging.stg_edx_business__learning_events"
        " where event_type = 'passed' and time_precision = 'date'",
    )
    assert found == [(days,)]


def test_viva_assignments_and_completions_are_those_of_the_entra_ids(sample_warehouse):
    def expected(key: str) -> Counter:
        return Counter(
            (row["learnerUserId"], f"viva_learning:{row['learningContentId']}", utc(row[key]))
            for row in rows("viva_learning")
            if row.get(key)
        )

    assert events(sample_warehouse, "viva_learning", "assigned") == expected("assignedDateTime")
    assert events(sample_warehouse, "viva_learning", "completed") == expected("completedDateTime")
    assert events(sample_warehouse, "viva_learning", "started") == expected("startedDateTime")
    assert values(
        sample_warehouse,
        "select distinct alias_type from staging.stg_viva_learning__learning_events",
    ) == [("entra_oid",)]


def test_scorm_cloud_registrations_end_as_completion_and_success_say(sample_warehouse):
    ends = {"PASSED": "passed", "FAILED": "failed", "UNKNOWN": "completed"}
    for event_type in ends.values():
        expected = Counter(
            (
                (row["learner"].get("email") or row["learner"]["id"]).lower(),
                f"scorm_cloud:{row['course']['id']}",
                utc(row["completedDate"]),
            )
            for row in rows("scorm_cloud")
            if row["registrationCompletion"] == "COMPLETED"
            and ends[row["registrationSuccess"]] == event_type
        )
        assert events(sample_warehouse, "scorm_cloud", event_type) == expected
    scores = values(
        sample_warehouse,
        "select score_scaled from staging.stg_scorm_cloud__learning_events"
        " where score_scaled is not null order by 1",
    )
    assert [score for (score,) in scores] == sorted(
        row["score"]["scaled"] / 100 for row in rows("scorm_cloud") if "score" in row
    )


def test_degreed_completions_are_training_only_where_verified(sample_warehouse):
    def related(row: dict, name: str) -> str:
        parts = row["relationships"]
        parts = parts if isinstance(parts, list) else [parts]
        return next(part[name]["data"]["id"] for part in parts if name in part)

    for event_type, verified in (("completed", True), ("waived", False)):
        expected = Counter(
            (
                related(row, "user").lower(),
                f"degreed:{related(row, 'content')}",
                utc(row["attributes"]["completed-at"]),
            )
            for row in rows("degreed")
            if row["attributes"]["completed-at"] and row["attributes"]["is-verified"] is verified
        )
        assert events(sample_warehouse, "degreed", event_type) == expected
    expected_aliases = sorted(
        (related(row, "user").lower(), row["attributes"]["employee-id"])
        for row in rows("degreed")
        if row["attributes"]["employee-id"] and row["attributes"]["completed-at"]
    )
    found = values(
        sample_warehouse,
        "select alias_value, employee_id from staging.stg_degreed__identity_aliases order by 1",
    )
    assert found == expected_aliases


def test_docebo_enrolments_are_completed_by_their_status_only(sample_warehouse):
    expected = Counter(
        (
            (row["Email"] or row["Username"]).lower(),
            f"docebo:{row['Course Internal ID']}",
            utc(row["Completion Date"]),
        )
        for row in rows("docebo")
        if row["Course Enrollment Status"] == "Completed" and row["Completion Date"]
    )
    assert events(sample_warehouse, "docebo", "completed") == expected
    mandatory = sum(1 for row in rows("docebo") if row["Assignment Type"] == "Mandatory")
    assert events(sample_warehouse, "docebo", "assigned").total() == mandatory


def test_moodle_rows_with_epoch_seconds_above_zero_are_completed(sample_warehouse):
    expected = Counter(
        (
            (row["email"] if "@" in row["email"] else row["userid"]).lower(),
            f"moodle:{row['course']}",
            milliseconds(int(row["timecompleted"]) * 1000),
        )
        for row in rows("moodle")
        if row["timecompleted"].isdigit() and int(row["timecompleted"]) > 0
    )
    assert events(sample_warehouse, "moodle", "completed") == expected
    assert expected.total() == 3
