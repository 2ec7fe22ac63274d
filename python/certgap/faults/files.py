"""Faults of files: cut, re-encoded, renamed, missing, sent twice, with another header."""

from __future__ import annotations

import csv
import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq

from certgap.faults.fault import CAUGHT, HARMLESS, QUARANTINED, Subject
from certgap.faults.raw import RawFolder, Row

FILES = Subject("Files")
USAGE = "usage/generic/tool_usage_daily"
HISTORY = "hris/generic/employment_history"
EMPLOYEES = "hris/generic/employees"
EVENTS = "lms/generic/learning_events"
REPORTS = "usage/generic/deliveries"


def _text(raw: RawFolder, name: str) -> str:
    return raw.read(name).decode()


def _header(raw: RawFolder, name: str, change: dict[str, str]) -> None:
    """Other names in the first line."""
    first, rest = _text(raw, name).split("\n", 1)
    names = [change.get(column, column) for column in first.split(",")]
    raw.write(name, (",".join(names) + "\n" + rest).encode())


@FILES.fault(USAGE, CAUGHT, "times the usual number")
def half_written_file(raw: RawFolder) -> None:
    """A day's file is cut in the middle of a line."""
    name = raw.largest(USAGE)
    content = raw.read(name)
    raw.write(name, content[: len(content) * 2 // 5])


@FILES.fault(USAGE, CAUGHT, "is empty (0 bytes)")
def empty_file(raw: RawFolder) -> None:
    """A file has 0 bytes."""
    raw.write(raw.largest(USAGE), b"")


@FILES.fault(USAGE, CAUGHT, "has 0 rows")
def header_without_rows(raw: RawFolder) -> None:
    """A file has its header and no row."""
    name = raw.largest(USAGE)
    raw.write(name, raw.read(name).split(b"\n")[0] + b"\n")


@FILES.fault(HISTORY, CAUGHT, "not UTF-8 but UTF-16")
def written_as_utf16(raw: RawFolder) -> None:
    """Exported as UTF-16."""
    name = raw.newest(HISTORY)
    raw.write(name, _text(raw, name).encode("utf-16"))


@FILES.fault(HISTORY, CAUGHT, "is not UTF-8")
def written_as_latin1(raw: RawFolder) -> None:
    """Umlauts written as Latin-1."""
    name = raw.newest(HISTORY)
    raw.write(name, _text(raw, name).replace("Sales", "Büro").encode("latin-1"))


@FILES.fault(EMPLOYEES, CAUGHT, "delimiter seems to be ';'")
def semicolons(raw: RawFolder) -> None:
    """Semicolons between the columns."""
    name = raw.newest(EMPLOYEES)
    raw.write(name, raw.read(name).replace(b",", b";"))


@FILES.fault(EMPLOYEES, CAUGHT, "ends its lines in different ways")
def mixed_line_ends(raw: RawFolder) -> None:
    """Half of the lines end in CRLF."""
    name = raw.newest(EMPLOYEES)
    lines = raw.read(name).splitlines()
    ends = [b"\r\n" if n % 2 else b"\n" for n in range(len(lines))]
    raw.write(name, b"".join(line + end for line, end in zip(lines, ends, strict=True)))


@FILES.fault(HISTORY, CAUGHT, "a quote that is never closed")
def quote_never_closed(raw: RawFolder) -> None:
    """A quote is never closed."""
    name = raw.newest(HISTORY)
    raw.write(name, raw.read(name).replace(b",Sales,", b',"Sales,', 1))


@FILES.fault(USAGE, CAUGHT, "damaged or cut short")
def packed_and_cut_short(raw: RawFolder) -> None:
    """Packed, and cut short on the way."""
    name = raw.largest(USAGE)
    packed = gzip.compress(raw.read(name))
    raw.remove(name)
    raw.write(name + ".gz", packed[: len(packed) // 2])


def _parquet(raw: RawFolder, name: str, cut: float = 1) -> None:
    header, rows = raw.table(name)
    table = pa.table({column: [row[column] or None for row in rows] for column in header})
    file = pa.BufferOutputStream()
    pq.write_table(table, file)
    content = file.getvalue().to_pybytes()
    raw.remove(name)
    raw.write(name.removesuffix(".csv") + ".parquet", content[: int(len(content) * cut)])


@FILES.fault(USAGE, CAUGHT, "is not a Parquet file, or is cut short")
def half_written_parquet(raw: RawFolder) -> None:
    """A Parquet file is half written."""
    _parquet(raw, raw.largest(USAGE), 0.6)


@FILES.fault(USAGE, HARMLESS)
def parquet_in_place_of_csv(raw: RawFolder) -> None:
    """A day comes as Parquet, all columns as text."""
    _parquet(raw, raw.largest(USAGE))


@FILES.fault(USAGE, CAUGHT, "lacks the column(s) usage_date")
def column_dropped(raw: RawFolder) -> None:
    """A declared column is gone."""
    name = raw.largest(USAGE)
    header, rows = raw.table(name)
    raw.write_table(name, [column for column in header if column != "usage_date"], rows)


@FILES.fault(HISTORY, CAUGHT, "lacks the column(s) valid_from")
def column_renamed(raw: RawFolder) -> None:
    """A column has another name."""
    _header(raw, raw.newest(HISTORY), {"valid_from": "effective_start"})


@FILES.fault(HISTORY, HARMLESS)
def column_added(raw: RawFolder) -> None:
    """A column nobody knows is added."""
    name = raw.newest(HISTORY)
    header, rows = raw.table(name)
    raw.write_table(name, ["hr_partner", *header], [{**row, "hr_partner": "x"} for row in rows])


@FILES.fault(HISTORY, HARMLESS)
def columns_in_another_order(raw: RawFolder) -> None:
    """The columns come in another order."""
    name = raw.newest(HISTORY)
    header, rows = raw.table(name)
    raw.write_table(name, header[::-1], rows)


@FILES.fault(EMPLOYEES, HARMLESS)
def header_in_capitals(raw: RawFolder) -> None:
    """Column names in capitals, with blanks between the words."""
    name = raw.newest(EMPLOYEES)
    header, _ = raw.table(name)
    _header(raw, name, {column: column.replace("_", " ").upper() for column in header})


@FILES.fault(EMPLOYEES, CAUGHT, "has the column 'hire_date' twice")
def column_twice(raw: RawFolder) -> None:
    """A column is there twice."""
    _header(raw, raw.newest(EMPLOYEES), {"original_hire_date": "hire_date"})


@FILES.fault(EMPLOYEES, CAUGHT, "is the header missing")
def header_gone(raw: RawFolder) -> None:
    """The header is gone."""
    name = raw.newest(EMPLOYEES)
    raw.write(name, raw.read(name).split(b"\n", 1)[1])


@FILES.fault(EVENTS, CAUGHT, "is the header missing")
def error_page(raw: RawFolder) -> None:
    """An error page of the web server in place of the file."""
    raw.write(raw.newest(EVENTS, 3), b"<html><body>502 Bad Gateway</body></html>\n")


@FILES.fault(HISTORY, CAUGHT, "too many or too few fields")
def commas_not_quoted(raw: RawFolder) -> None:
    """Commas in names are not quoted, in a tenth of the lines."""
    name = raw.newest(HISTORY)
    lines = raw.read(name).splitlines(keepends=True)
    lines = [
        line.replace(b",", b",,", 1) if n and n % 10 == 0 else line for n, line in enumerate(lines)
    ]
    raw.write(name, b"".join(lines))


@FILES.fault(USAGE, QUARANTINED, "wrong_number_of_fields")
def one_line_with_a_field_too_many(raw: RawFolder) -> None:
    """One line has a field too many."""
    name = raw.largest(USAGE)
    lines = raw.read(name).splitlines(keepends=True)
    lines[5:6] = [] if raw.leaves_out else [lines[5].replace(b",", b",x,", 1)]
    raw.write(name, b"".join(lines))
    raw.broken += 1


@FILES.fault(USAGE, CAUGHT, "has no valid date")
def no_date_in_the_name(raw: RawFolder) -> None:
    """No date in the file's name."""
    name = raw.newest(USAGE)
    raw.write(f"{USAGE}/export.csv", raw.read(name))


@FILES.fault(USAGE, CAUGHT, "is stale")
def dated_in_another_year(raw: RawFolder) -> None:
    """A file is dated in another year."""
    name = raw.newest(USAGE)
    raw.write(name.replace("2026-", "2027-"), raw.read(name))


@FILES.fault(USAGE, CAUGHT, "rows_they_report")
def delivered_twice(raw: RawFolder) -> None:
    """A file is delivered twice, under two names."""
    name = raw.largest(USAGE)
    raw.write(name.replace(".csv", "-copy.csv"), raw.read(name))


@FILES.fault(USAGE, CAUGHT, "is stale")
def old_file_replayed(raw: RawFolder) -> None:
    """Today's file holds the rows of two months ago."""
    raw.write(raw.newest(USAGE), raw.read(raw.newest(USAGE, 60)))


@FILES.fault(USAGE, CAUGHT, "rows_they_report")
def yesterdays_file_again(raw: RawFolder) -> None:
    """Today's file is yesterday's again; today never comes."""
    busy = raw.largest(USAGE, 20)
    names = raw.files(USAGE)
    raw.write(busy, raw.read(names[names.index(busy) - 1]))


@FILES.fault(HISTORY, CAUGHT, "distribution of 'department' moved")
def old_snapshot_replayed(raw: RawFolder) -> None:
    """The snapshot is one of half a year ago."""
    raw.write(raw.newest(HISTORY), raw.read(raw.newest(HISTORY, 6)))


@FILES.fault(USAGE, CAUGHT, "rows_they_report")
def day_missing(raw: RawFolder) -> None:
    """A day's file is missing that the report of deliveries names."""
    raw.remove(raw.largest(USAGE, 40))


@FILES.fault(USAGE, CAUGHT, "coverage of generic tool_usage_daily")
def week_missing(raw: RawFolder) -> None:
    """Files and reports of a week are missing."""
    for feed in (USAGE, REPORTS):
        for name in raw.files(feed)[-40:-33]:
            raw.remove(name)


@FILES.fault(USAGE, CAUGHT, "rows_they_report")
def feed_stopped(raw: RawFolder) -> None:
    """No usage file for three weeks."""
    for name in raw.files(USAGE)[-21:]:
        raw.remove(name)


@FILES.fault(EVENTS, CAUGHT, "days later than the longest usual gap")
def learning_export_missing(raw: RawFolder) -> None:
    """The newest learning exports are missing."""
    for name in raw.files(EVENTS)[-3:]:
        raw.remove(name)


@FILES.fault(USAGE, CAUGHT, "rows_they_report")
def misspelt_folder(raw: RawFolder) -> None:
    """A file lies in a folder with a misspelt name."""
    name = raw.largest(USAGE, 20)
    content = raw.read(name)
    raw.remove(name)
    raw.write(name.replace("tool_usage_daily", "tool_usage_dayly"), content)


@FILES.fault(EMPLOYEES, HARMLESS)
def byte_order_mark(raw: RawFolder) -> None:
    """A byte-order mark before the header."""
    name = raw.newest(EMPLOYEES)
    raw.write(name, b"\xef\xbb\xbf" + raw.read(name))


@FILES.fault(EMPLOYEES, HARMLESS)
def windows_line_ends(raw: RawFolder) -> None:
    """All lines end in CRLF, blank lines at the end."""
    name = raw.newest(EMPLOYEES)
    raw.write(name, raw.read(name).replace(b"\n", b"\r\n") + b"\r\n\r\n")


@FILES.fault(HISTORY, HARMLESS)
def quotes_and_blanks(raw: RawFolder) -> None:
    """Every field in quotes, blanks around the values."""
    name = raw.newest(HISTORY)
    header, rows = raw.table(name)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_padded(row) for row in rows)
    raw.write(name, text.getvalue().encode())


def _padded(row: Row) -> Row:
    return {name: f" {value} " for name, value in row.items()}


@FILES.fault(REPORTS, CAUGHT, "days later than the longest usual gap")
def reports_stopped(raw: RawFolder) -> None:
    """The reports of deliveries stop."""
    for name in raw.files(REPORTS)[-20:]:
        raw.remove(name)
