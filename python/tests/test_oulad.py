"""Every row of the Open University's published records comes through the generic format.

Rule: each of the 239,326 rows is one generic row, kept or quarantined with a reason; counted here
from the files. The days of that data set count from the start of a presentation: October for J,
February for B. What a row means is this test's reading, not the publisher's.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from vendor_samples import build_staging, csv_rows, reasons, sample

pytestmark = pytest.mark.long

Row = dict[str, str]
RESULTS = {"Pass": "passed", "Distinction": "passed", "Fail": "failed", "Withdrawn": "withdrawn"}
FILE = "2015-01-31.csv"


def course_of(row: Row) -> str:
    return f"{row['code_module']}/{row['code_presentation']}"


def day_of(presentation: str, days: str) -> str:
    """The date of a day of a presentation; nothing where the data set has none."""
    if days in ("?", ""):
        return ""
    start = dt.date(int(presentation[:4]), {"B": 2, "J": 10}[presentation[4]], 1)
    return str(start + dt.timedelta(days=int(days)))


@cache
def rows_of(name: str) -> list[Row]:
    """A file of the data set, read once and only when a test here runs."""
    return csv_rows(sample("oulad", name))


def generic_courses() -> Iterator[Row]:
    for row in rows_of("courses.csv"):
        yield {"course_id": course_of(row), "kind": "course", "parent_course_id": ""}
    for row in rows_of("assessments.csv"):
        parent = course_of(row)
        yield {
            "course_id": row["id_assessment"],
            "kind": "assessment",
            "parent_course_id": parent,
        }


def event(kind: str, student: str, course: str, event_type: str, day: str, **more: str) -> Row:
    return {
        "event_id": f"{kind}|{course}|{student}",
        "alias_type": "lms_user_id",
        "alias_value": student,
        "course_id": course,
        "event_type": event_type,
        "occurred_at": day,
        "time_precision": "date",
        "score_scaled": "",
        **more,
    }


def generic_events() -> Iterator[Row]:
    for row in rows_of("studentRegistration.csv.gz"):
        day = day_of(row["code_presentation"], row["date_registration"])
        yield event("registered", row["id_student"], course_of(row), "enrolled", day)
    lengths = {course_of(row): row["module_presentation_length"] for row in rows_of("courses.csv")}
    left = {
        (course_of(row), row["id_student"]): row["date_unregistration"]
        for row in rows_of("studentRegistration.csv.gz")
    }
    for row in rows_of("studentInfo.csv.gz"):
        course = course_of(row)
        days = lengths[course]
        if row["final_result"] == "Withdrawn":
            days = left[course, row["id_student"]]
        day = day_of(row["code_presentation"], days)
        yield event("result", row["id_student"], course, RESULTS[row["final_result"]], day)
    presentations = {
        row["id_assessment"]: row["code_presentation"] for row in rows_of("assessments.csv")
    }
    for row in rows_of("studentAssessment.csv.gz"):
        score = str(int(row["score"]) / 100) if row["score"] else ""
        day = day_of(presentations[row["id_assessment"]], row["date_submitted"])
        kind = "waived" if row["is_banked"] == "1" else "progressed"
        yield event(
            "submitted", row["id_student"], row["id_assessment"], kind, day, score_scaled=score
        )


def as_csv(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@cache
def events() -> list[Row]:
    return list(generic_events())


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder: Path = tmp_path_factory.mktemp("oulad")
    delivered = {
        f"lms/generic/courses/{FILE}": as_csv(list(generic_courses())),
        f"lms/generic/learning_events/{FILE}": as_csv(events()),
    }
    database = build_staging(folder, ["generic"], delivered, category="lms")
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_every_row_is_there() -> None:
    assert len(events()) + len(rows_of("courses.csv")) + len(rows_of("assessments.csv")) == 239_326


def test_every_course_and_assessment_is_kept(warehouse) -> None:
    expected = Counter(kept=len(rows_of("courses.csv")) + len(rows_of("assessments.csv")))
    assert reasons(warehouse, "base_generic__courses") == expected


def test_every_event_is_kept_or_quarantined_for_its_missing_day(warehouse) -> None:
    expected = Counter(
        "kept" if row["occurred_at"] else "quarantined: missing_key_occurred_at" for row in events()
    )
    assert expected["quarantined: missing_key_occurred_at"] > 0
    assert reasons(warehouse, "base_generic__learning_events") == expected
    print(f"OULAD: {sum(expected.values()):,} events, {dict(expected)}")


def test_events_and_scores_are_those_of_the_files(warehouse) -> None:
    expected = Counter(row["event_type"] for row in events() if row["occurred_at"])
    found = Counter(
        dict(
            warehouse.execute(
                "select event_type, count(*) from staging.stg_generic__learning_events group by 1"
            ).fetchall()
        )
    )
    assert found == expected
    scores = [float(row["score_scaled"]) for row in events() if row["score_scaled"]]
    total, how_many, latest = warehouse.execute(
        "select sum(score_scaled), count(score_scaled), cast(max(occurred_at) as date)"
        " from staging.stg_generic__learning_events"
    ).fetchone()
    assert how_many == len(scores)
    assert total == pytest.approx(sum(scores), rel=1e-9)
    assert str(latest) == max(row["occurred_at"] for row in events())
