"""Faults of usage: units, dates, zeros, tools and addresses, in files that are whole."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from certgap.faults.fault import CAUGHT, HARMLESS, QUARANTINED, Subject
from certgap.faults.raw import RawFolder, Row

USE = Subject("Usage")
USAGE = "usage/generic/tool_usage_daily"
REPORTS = "usage/generic/deliveries"


def _day(row: Row, days: int) -> Row:
    moved = date.fromisoformat(row["usage_date"]) + timedelta(days)
    return {**row, "usage_date": moved.isoformat()}


def _set(column: str, value: str) -> object:
    return lambda row: {**row, column: value}


def _some(raw: RawFolder, count: int) -> object:
    """The first rows of a file, so many."""
    left = iter(range(count))
    return lambda _: next(left, None) is not None


@USE.fault(USAGE, CAUGHT, "rows_they_report")
def rows_twice(raw: RawFolder) -> None:
    """Every row of a day is there twice."""
    raw.edit(raw.largest(USAGE), lambda row: [row, row])


@USE.fault(USAGE, CAUGHT, "times the usual number of rows")
def rows_five_times(raw: RawFolder) -> None:
    """Every row of a day is there five times."""
    raw.edit(raw.largest(USAGE), lambda row: [row] * 5)


@USE.fault(USAGE, CAUGHT, "distribution of 'interactions' moved")
def interactions_a_thousandfold(raw: RawFolder) -> None:
    """Interactions of a day a thousandfold (milliseconds for seconds)."""
    raw.edit(
        raw.largest(USAGE),
        lambda row: {**row, "interactions": str(int(row["interactions"] or 0) * 1000)},
        lambda row: bool(row["interactions"]),
    )


@USE.fault(USAGE, QUARANTINED, "negative_interactions")
def negative_interactions(raw: RawFolder) -> None:
    """Negative interactions in a few rows."""
    name = raw.largest(USAGE)
    few = _some(raw, 4)
    raw.edit(
        name,
        lambda row: {**row, "interactions": "-" + row["interactions"]},
        lambda row: row["tool_id"] == "assistant" and few(row),
    )


@USE.fault(USAGE, QUARANTINED, "absurd_interactions")
def absurd_interactions(raw: RawFolder) -> None:
    """Absurd numbers of interactions in a few rows."""
    few = _some(raw, 4)
    raw.edit(
        raw.largest(USAGE),
        _set("interactions", "2147483647"),
        lambda row: row["tool_id"] == "assistant" and few(row),
    )


@USE.fault(USAGE, CAUGHT, "cannot be read as its type")
def decimal_commas(raw: RawFolder) -> None:
    """Numbers with a decimal comma."""
    raw.edit(
        raw.largest(USAGE),
        lambda row: {**row, "interactions": row["interactions"] + ",0"},
        lambda row: bool(row["interactions"]),
    )


@USE.fault(USAGE, CAUGHT, "cannot be read as its type")
def dates_of_another_country(raw: RawFolder) -> None:
    """Dates as DD.MM.YYYY."""
    raw.edit(
        raw.largest(USAGE),
        lambda row: {**row, "usage_date": ".".join(row["usage_date"].split("-")[::-1])},
    )


@USE.fault(USAGE, CAUGHT, "cannot be read as its type")
def dates_as_milliseconds(raw: RawFolder) -> None:
    """Dates as milliseconds since 1970."""
    raw.edit(raw.largest(USAGE), _set("usage_date", "1783036800000"))


@USE.fault(USAGE, CAUGHT, "a day after the delivery or long before it")
def day_and_month_swapped(raw: RawFolder) -> None:
    """Day and month swapped."""

    def swapped(row: Row) -> Row:
        year, month, day = row["usage_date"].split("-")
        return {**row, "usage_date": f"{year}-{day}-{month}"}

    name = next(n for n in raw.files(USAGE)[::-1] if "07" < n[-6:-4] < "12" and n[-9:-7] < "07")
    raw.edit(name, swapped)


@USE.fault(USAGE, CAUGHT, "its newest day is")
def days_of_another_zone(raw: RawFolder) -> None:
    """Days of another time zone: every row of a week one day late."""
    raw.edit(raw.files(USAGE)[-40:-33], lambda row: _day(row, 1))


@USE.fault(USAGE, QUARANTINED, "bad_date_usage_date")
def dates_that_are_none(raw: RawFolder) -> None:
    """A few dates that are none."""
    few = _some(raw, 3)
    raw.edit(raw.largest(USAGE), _set("usage_date", "2026-02-31"), few)


@USE.fault(USAGE, QUARANTINED, "usage_date")
def dates_missing(raw: RawFolder) -> None:
    """A few rows without a date."""
    few = _some(raw, 3)
    raw.edit(raw.largest(USAGE), _set("usage_date", ""), few)


@USE.fault(USAGE, QUARANTINED, "alias_value")
def addresses_missing(raw: RawFolder) -> None:
    """A few rows without an address."""
    few = _some(raw, 3)
    raw.edit(raw.largest(USAGE), _set("alias_value", ""), few)


@USE.fault(USAGE, QUARANTINED, "interactions")
def numbers_that_are_none(raw: RawFolder) -> None:
    """N/A for numbers that are not known, in two rows."""
    few = _some(raw, 2)
    raw.edit(
        raw.largest(USAGE),
        _set("interactions", "N/A"),
        lambda row: row["tool_id"] == "assistant" and few(row),
    )


@USE.fault(USAGE, CAUGHT)
def tool_and_address_swapped(raw: RawFolder) -> None:
    """Addresses and tools swapped."""
    raw.edit(
        raw.largest(USAGE),
        lambda row: {**row, "tool_id": row["alias_value"], "alias_value": row["tool_id"]},
    )


@USE.fault(USAGE, CAUGHT, "distribution of 'interactions' moved")
def interactions_and_sessions_swapped(raw: RawFolder) -> None:
    """Interactions and sessions swapped where both are given."""
    raw.edit(
        raw.largest(USAGE),
        lambda row: {**row, "interactions": row["sessions"], "sessions": row["interactions"]},
        lambda row: bool(row["interactions"]),
    )


@USE.fault(USAGE, CAUGHT, "is concealed")
def names_concealed(raw: RawFolder) -> None:
    """Names concealed: hashes in place of addresses."""
    raw.edit(
        raw.largest(USAGE),
        lambda row: {
            **row,
            "alias_value": hashlib.md5(
                row["alias_value"].encode(), usedforsecurity=False
            ).hexdigest(),
        },
    )


@USE.fault(USAGE, HARMLESS)
def addresses_in_capitals(raw: RawFolder) -> None:
    """Addresses in capitals, blanks around them."""
    raw.edit(
        raw.largest(USAGE), lambda row: {**row, "alias_value": f" {row['alias_value'].upper()} "}
    )


@USE.fault(USAGE, CAUGHT)
def another_mail_domain(raw: RawFolder) -> None:
    """Addresses of one day under another domain."""
    raw.edit(
        raw.largest(USAGE),
        lambda row: {**row, "alias_value": row["alias_value"].replace("@example", "@new.example")},
        lambda row: "@" in row["alias_value"],
    )


@USE.fault(USAGE, CAUGHT)
def wrong_kind_of_address(raw: RawFolder) -> None:
    """The type of all addresses of a day is wrong."""
    raw.edit(raw.largest(USAGE), _set("alias_type", "employee_number"))


@USE.fault(USAGE, CAUGHT)
def tool_renamed(raw: RawFolder) -> None:
    """One tool under another id for a day."""
    raw.edit(
        raw.largest(USAGE),
        _set("tool_id", "assistant-v2"),
        lambda row: row["tool_id"] == "assistant",
    )


@USE.fault(USAGE, CAUGHT, "distribution of 'surface' moved")
def surface_renamed(raw: RawFolder) -> None:
    """A surface under another name for a day."""
    raw.edit(raw.largest(USAGE), lambda row: {**row, "surface": row["surface"].upper() + "_V2"})


@USE.fault(USAGE, CAUGHT)
def restated_zeros(raw: RawFolder) -> None:
    """A day restated with zeros in the next day's file."""
    name = raw.largest(USAGE)
    names = raw.files(USAGE)
    _, rows = raw.table(name)
    zeros = [{**row, "interactions": "0", "sessions": "0", "is_active": "false"} for row in rows]
    raw.add(names[names.index(name) + 1], zeros)


@USE.fault(USAGE, CAUGHT)
def nobody_is_active(raw: RawFolder) -> None:
    """Nobody is active: the flag is false in a day's file."""
    raw.edit(raw.largest(USAGE), lambda row: {**row, "is_active": "false", "interactions": ""})


@USE.fault(USAGE, CAUGHT)
def partial_day(raw: RawFolder) -> None:
    """Half of the rows of a day are missing."""
    keep = iter(range(10**6))
    raw.edit(raw.largest(USAGE), lambda row: row if next(keep) % 2 else None)


@USE.fault(USAGE, CAUGHT, "rows_they_report")
def tenth_of_a_day_missing(raw: RawFolder) -> None:
    """A tenth of the rows of a day are missing."""
    keep = iter(range(10**6))
    raw.edit(raw.largest(USAGE), lambda row: row if next(keep) % 10 else None)


@USE.fault(USAGE, CAUGHT, "distribution of 'tool_id' moved")
def tool_missing_from_a_day(raw: RawFolder) -> None:
    """One tool is missing from a day's file."""
    raw.edit(raw.largest(USAGE), lambda _: None, lambda row: row["tool_id"] == "copilot_m365")


@USE.fault(REPORTS, CAUGHT, "deliveries of generic")
def reported_as_failed(raw: RawFolder) -> None:
    """The report says a delivery failed that did not."""
    raw.edit(raw.files(REPORTS)[-40:-20], _set("is_failed", "true"))


@USE.fault(REPORTS, CAUGHT, "deliveries of generic")
def reported_days_reversed(raw: RawFolder) -> None:
    """Reported days end before they begin."""
    raw.edit(raw.files(REPORTS)[-40:-20], lambda row: {**row, "date_to": "2020-01-01"})


@USE.fault(REPORTS, CAUGHT, "deliveries_do_not_speak_of_the_future")
def reports_of_the_future(raw: RawFolder) -> None:
    """Reports speak for a year ahead."""
    raw.edit(
        raw.newest(REPORTS),
        lambda row: {**row, "date_to": "2027-07-14", "max_complete_date": "2027-07-14"},
    )
