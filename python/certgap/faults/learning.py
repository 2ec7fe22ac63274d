"""Faults of learning: events, courses."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from certgap.faults.fault import CAUGHT, HARMLESS, QUARANTINED, Subject
from certgap.faults.raw import RawFolder, Row

LEARNING = Subject("Learning")
EVENTS = "lms/generic/learning_events"
COURSES = "lms/generic/courses"


def _moved(text: str, days: int) -> str:
    return (datetime.fromisoformat(text) + timedelta(days)).isoformat(sep=" ")


@LEARNING.fault(EVENTS, CAUGHT, "'event_id' has")
def events_twice(raw: RawFolder) -> None:
    """Every event of an export is there twice."""
    raw.edit(raw.largest(EVENTS), lambda row: [row, row])


@LEARNING.fault(EVENTS, HARMLESS)
def completions_under_other_ids(raw: RawFolder) -> None:
    """Completions are sent again under other ids."""
    name = raw.largest(EVENTS)
    _, rows = raw.table(name)
    counts = Counter(row["event_id"] for file in raw.files(EVENTS) for row in raw.table(file)[1])
    # A completion that another export withdraws or changes would be another one without its id.
    again = [
        row for row in rows if row["event_type"] == "completed" and counts[row["event_id"]] < 2
    ]
    raw.add(name, [{**row, "event_id": row["event_id"] + "-again"} for row in again])


@LEARNING.fault(EVENTS, CAUGHT, "cannot be read as its type")
def times_as_milliseconds(raw: RawFolder) -> None:
    """Times as milliseconds since 1970."""
    raw.edit(
        raw.largest(EVENTS),
        lambda row: {
            **row,
            "occurred_at": str(
                int(datetime.fromisoformat(row["occurred_at"] + "+00:00").timestamp() * 1000)
            ),
        },
    )


@LEARNING.fault(EVENTS, CAUGHT, "long before it")
def times_of_a_thousandth(raw: RawFolder) -> None:
    """Times of a thousandth: seconds read as milliseconds (January 1970)."""
    raw.edit(raw.largest(EVENTS), lambda row: {**row, "occurred_at": "1970-01-21 12:00:00"})


@LEARNING.fault(EVENTS, HARMLESS)
def another_offset(raw: RawFolder) -> None:
    """The same moments with another offset."""

    def shifted(row: Row) -> Row:
        moment = datetime.fromisoformat(row["occurred_at"]) + timedelta(hours=9)
        return {**row, "occurred_at": moment.isoformat() + "+09:00"}

    raw.edit(raw.largest(EVENTS), shifted, lambda row: len(row["occurred_at"]) > 10)


@LEARNING.fault(EVENTS, CAUGHT, "a day after the delivery")
def a_year_too_late(raw: RawFolder) -> None:
    """A year too late: completions of the future."""
    raw.edit(
        raw.largest(EVENTS), lambda row: {**row, "occurred_at": _moved(row["occurred_at"], 365)}
    )


@LEARNING.fault(EVENTS, CAUGHT, "cannot be read as its type")
def american_dates(raw: RawFolder) -> None:
    """Dates as MM/DD/YYYY."""

    def american(row: Row) -> Row:
        day = date.fromisoformat(row["occurred_at"][:10])
        return {**row, "occurred_at": day.strftime("%m/%d/%Y")}

    raw.edit(raw.largest(EVENTS), american)


@LEARNING.fault(EVENTS, QUARANTINED, "bad_event_type")
def kinds_of_event_renamed(raw: RawFolder) -> None:
    """Kinds of event under other names."""
    raw.edit(raw.largest(EVENTS), lambda row: {**row, "event_type": "course_" + row["event_type"]})


@LEARNING.fault(EVENTS, QUARANTINED, "bad_event_type")
def a_few_unknown_kinds(raw: RawFolder) -> None:
    """A few kinds of event nobody knows."""
    few = iter(range(3))
    raw.edit(
        raw.largest(EVENTS),
        lambda row: {**row, "event_type": "liked"},
        lambda _: next(few, None) is not None,
    )


@LEARNING.fault(EVENTS, QUARANTINED, "occurred_at")
def a_few_events_without_a_time(raw: RawFolder) -> None:
    """A few events without a time."""
    few = iter(range(3))
    raw.edit(
        raw.largest(EVENTS),
        lambda row: {**row, "occurred_at": ""},
        lambda _: next(few, None) is not None,
    )


@LEARNING.fault(EVENTS, CAUGHT, "is_voided")
def all_events_withdrawn(raw: RawFolder) -> None:
    """All events of an export are withdrawn (is_voided)."""
    raw.edit(raw.largest(EVENTS), lambda row: {**row, "is_voided": "true"})


@LEARNING.fault(EVENTS, CAUGHT, "success")
def nobody_succeeds(raw: RawFolder) -> None:
    """No completion was a success."""
    raw.edit(
        raw.largest(EVENTS),
        lambda row: {**row, "success": "false"},
        lambda row: row["event_type"] in ("completed", "passed"),
    )


@LEARNING.fault(EVENTS, CAUGHT, "course")
def courses_under_other_ids(raw: RawFolder) -> None:
    """Courses under other ids in an export."""
    raw.edit(raw.largest(EVENTS), lambda row: {**row, "course_id": "x" + row["course_id"]})


@LEARNING.fault(EVENTS, CAUGHT)
def learners_nobody_knows(raw: RawFolder) -> None:
    """Learners under addresses nobody knows in an export."""
    raw.edit(
        raw.largest(EVENTS),
        lambda row: {**row, "alias_value": row["alias_value"].replace("@example", "@old.example")},
    )


@LEARNING.fault(EVENTS, CAUGHT)
def learners_and_courses_swapped(raw: RawFolder) -> None:
    """Learners and courses swapped."""
    raw.edit(
        raw.largest(EVENTS),
        lambda row: {**row, "course_id": row["alias_value"], "alias_value": row["course_id"]},
    )


@LEARNING.fault(EVENTS, CAUGHT, "event_id")
def one_id_for_all(raw: RawFolder) -> None:
    """All events have one id."""
    raw.edit(raw.largest(EVENTS), lambda row: {**row, "event_id": "0"})


@LEARNING.fault(EVENTS, CAUGHT, "durations_are_of_the_order_of_their_courses")
def durations_a_thousandfold(raw: RawFolder) -> None:
    """Durations a thousandfold (milliseconds for seconds)."""
    raw.edit(raw.largest(EVENTS), lambda row: _with_duration(row, 1000))


@LEARNING.fault(EVENTS, CAUGHT, "durations_are_of_the_order_of_their_courses")
def durations_a_sixtieth(raw: RawFolder) -> None:
    """Durations in minutes that are called seconds, in all files."""
    raw.edit(raw.files(EVENTS), lambda row: _with_duration(row, 1 / 60))


def _with_duration(row: Row, factor: float) -> Row:
    seconds = row.get("duration_seconds")
    return {**row, "duration_seconds": str(round(float(seconds) * factor)) if seconds else ""}


@LEARNING.fault(EVENTS, CAUGHT, "is the same file as")
def old_export_replayed(raw: RawFolder) -> None:
    """An old export replayed as the newest."""
    raw.write(f"{EVENTS}/2026-07-15-again.csv", raw.read(raw.newest(EVENTS, 6)))


@LEARNING.fault(COURSES, CAUGHT, "course")
def half_of_the_catalogue(raw: RawFolder) -> None:
    """The catalogue lacks half of its courses."""
    keep = iter(range(100))
    raw.edit(raw.newest(COURSES), lambda row: row if next(keep) % 2 else None)


@LEARNING.fault(COURSES, HARMLESS)
def equivalent_in_a_circle(raw: RawFolder) -> None:
    """Courses are equivalent in a circle."""
    _, rows = raw.table(raw.newest(COURSES))
    ids = {row["course_id"] for row in rows}
    raw.edit(
        raw.newest(COURSES),
        lambda row: {**row, "equivalent_to": "generic:" + row["course_id"]},
        lambda row: not row["equivalent_to"] and row["course_id"] in ids,
    )
