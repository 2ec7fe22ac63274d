"""One profile per delivery: what DuckDB counts in a file, with nothing of any person in it.

A profile is kept, so that later deliveries are compared with it without reading the file again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from certgap.deliveries.feeds import Delivery
from certgap.deliveries.reading import (
    Header,
    UnreadableError,
    batches,
    files_without_records_sql,
    header_hint,
    header_of,
    is_small,
    missing_columns,
    reason_of,
    rows_sql,
)
from certgap.deliveries.suites import Suite

CONCEALED = "^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$"
FLAGS = "('true', 'false', 't', 'f', '1', '0', 'yes', 'no', 'y', 'n')"
HISTOGRAM_VALUES = 30
MOST_TOOLS = 50
SAMPLE_ROWS = 20_000
LONGEST_PERIOD = 31
FIRST_YEAR = 1900
ONE_DAY = timedelta(1)
# Types whose values always are of the kind, so that nothing needs to be parsed.
NATIVE = {
    "date": ("DATE",),
    "timestamp": ("TIMESTAMP", "DATE"),
    "epoch_ms": ("BIGINT", "UBIGINT"),
    "number": ("INT", "BIGINT", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT"),
    "boolean": ("BOOLEAN",),
}


@dataclass
class Profile:
    """What was counted in one delivery."""

    error: str = ""
    missing: list[str] = field(default_factory=list)
    hint: str = ""
    header: list[str] = field(default_factory=list)
    # Digest of the file's bytes, by which the same file is known when it comes again.
    content: str = ""
    rows: int = 0
    ragged: int = 0
    unreadable: int = 0
    nulls: dict[str, int] = field(default_factory=dict)
    bad: dict[str, int] = field(default_factory=dict)
    first_bad_row: dict[str, int] = field(default_factory=dict)
    distinct: dict[str, int] = field(default_factory=dict)
    # Of ids and days together, where rows have a day.
    distinct_by_day: dict[str, int] = field(default_factory=dict)
    concealed: dict[str, int] = field(default_factory=dict)
    first_day: str = ""
    last_day: str = ""
    # Last day of the periods that start on the days above, where the rows are of periods.
    until: str = ""
    outside_days: int = 0
    # First and last day of each stretch without rows between the first and the last day.
    holes: list[tuple[str, str]] = field(default_factory=list)
    histograms: dict[str, dict[str, int]] = field(default_factory=dict)
    tools: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether it could be read in full, so that others may be compared with it."""
        return not self.error and not self.missing

    @property
    def end_day(self) -> str:
        """Last day it tells of."""
        return self.until or self.last_day

    def as_json(self) -> dict[str, Any]:
        """For the store."""
        return asdict(self)


Sample = list[tuple[Any, ...]]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha1").hexdigest()


def _of_our_time(value: str) -> str:
    """A year of two digits would be read as one of antiquity."""
    return f"case when year({value}) >= {FIRST_YEAR} then {value} end"


class Profiler:
    """Measures the deliveries of one feed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, suite: Suite, n_files: int) -> None:
        """``n_files`` deliveries share the sample."""
        self.connection = connection
        self.suite = suite
        self.sampled = sorted({e["kwargs"]["column"] for e in suite.over("sample")})
        self.sample_rows = max(50, min(1000, SAMPLE_ROWS // max(n_files, 1)))
        self.sample: Sample = []
        self.profiles: dict[str, Profile] = {}
        self.first_rows: dict[str, int] = {}

    def measure(self, deliveries: Iterable[Delivery]) -> dict[str, Profile]:
        """Name → profile; the sampled rows are in ``sample``."""
        readable = []
        for delivery in deliveries:
            profile = self.profiles[delivery.name] = Profile(content=_digest(delivery.path))
            try:
                header = header_of(delivery, self.suite, self.connection)
            except UnreadableError as error:
                profile.error = str(error)
                continue
            # A file without a header has a row of somebody's data in its place.
            profile.header = list(header.names) if header and header.positions else []
            profile.missing = missing_columns(header, self.suite)
            if profile.missing and header:
                profile.hint = header_hint(header)
            readable.append((delivery, header))
        for batch in batches(readable):
            self._measure_batch(batch)
        return self.profiles

    def _measure_batch(self, batch: list[tuple[Delivery, Header | None]]) -> None:
        """One batch; where its query fails each file is read alone, to find the one at fault."""
        try:
            batch = self._with_records(batch)
            if batch:
                self._read(batch)
        except duckdb.Error as error:
            if len(batch) > 1:
                for member in batch:
                    self._measure_batch([member])
                return
            delivery = batch[0][0]
            self.profiles[delivery.name].error = reason_of(error, delivery)

    def _with_records(
        self, batch: list[tuple[Delivery, Header | None]]
    ) -> list[tuple[Delivery, Header | None]]:
        """The batch without documents that hold no list of records."""
        if self.suite.feed.format != "document":
            return batch
        sql = files_without_records_sql(self.suite, batch)
        without = {file for (file,) in self.connection.execute(sql).fetchall()}
        for delivery, _ in batch:
            if str(delivery.path) in without:
                self.profiles[delivery.name].error = (
                    f"has no list of records at {' or '.join(self.suite.elements)}"
                    " (is it an error message?)"
                )
        return [member for member in batch if str(member[0].path) not in without]

    def _read(self, batch: list[tuple[Delivery, Header | None]]) -> None:
        kind = "temp table" if is_small(batch) else "temp view"
        for other in ("table", "view"):
            found = self.connection.execute(
                "select 1 from information_schema.tables where table_name = 'delivered_rows'"
                f" and table_type {'!=' if other == 'table' else '='} 'VIEW'"
            ).fetchone()
            if found:
                self.connection.execute(f"drop {other} delivered_rows")
        sql = rows_sql(self.suite, batch)
        self.connection.execute(f"create {kind} delivered_rows as {sql}")
        names = {str(delivery.path): delivery.name for delivery, _ in batch}
        header = batch[0][1]
        types = self._types(header)
        self._count(names, types, is_small(batch))
        self._days(batch, names, types)
        self._histograms(names, types)
        self._tools(names)
        self._take_sample(names)

    def _types(self, header: Header | None) -> dict[str, str]:
        """Column → its own type in a Parquet file."""
        if header is None or not header.types:
            return {}
        return {
            name: header.types[header.names[position - 1].lower()]
            for name, position in header.positions.items()
        }

    def _column(self, name: str) -> str:
        return f"c{self.suite.columns.index(name)}"

    def _parsed(self, name: str, types: dict[str, str]) -> str | None:
        """SQL of a column's value as its kind; None where it cannot be anything else."""
        kind, column = self.suite.kinds.get(name, "text"), self._column(name)
        if kind == "text" or types.get(name, "VARCHAR").startswith(NATIVE[kind]):
            return None
        text = f"cast({column} as varchar)"
        return {
            "date": _of_our_time(f"try_cast(substr({text}, 1, 10) as date)"),
            "timestamp": _of_our_time(f"try_cast({text} as timestamptz)"),
            "epoch_ms": f"try_cast({text} as bigint)",
            "number": f"try_cast({text} as double)",
            "boolean": f"case when lower({text}) in {FLAGS} then true end",
        }[kind]

    def _day(self, name: str, types: dict[str, str]) -> str:
        """SQL of the day in a column."""
        value = self._parsed(name, types) or self._column(name)
        if self.suite.kinds.get(name) == "epoch_ms":
            return f"cast(make_timestamp({value} * 1000) as date)"
        return f"cast({value} as date)"

    def _count(self, names: dict[str, str], types: dict[str, str], is_exact: bool) -> None:
        """Rows, missing and unreadable values, distinct and concealed ones: one pass."""
        wanted: list[tuple[str, str, str]] = []
        for name in self.suite.columns:
            wanted.append(("nulls", name, f"count(*) - count({self._column(name)})"))
        for name in self.suite.kinds:
            parsed = self._parsed(name, types)
            if parsed is None:
                wanted += [("bad", name, "0")]
                continue
            is_bad = f"{self._column(name)} is not null and {parsed} is null"
            wanted.append(("bad", name, f"count(*) filter ({is_bad})"))
            wanted.append(("first_bad_row", name, f"min(row_number) filter ({is_bad})"))
        # The estimate was 89 for 80 values, and 0.6 of the usual share fails a delivery.
        distinct = "count(distinct {})" if is_exact else "approx_count_distinct({})"
        for name in self.suite.ids:
            column = self._column(name)
            wanted.append(("distinct", name, distinct.format(column)))
            if self.suite.day:
                # A day that is restated brings the same ids once more, and repeats no row.
                by_day = f"hash({column}, {self._day(self.suite.day, types)})"
                count = f"{distinct.format(by_day)} filter ({column} is not null)"
                wanted.append(("distinct_by_day", name, count))
        for name in self.suite.people:
            text = f"lower(cast({self._column(name)} as varchar))"
            hidden = f"regexp_matches({text}, '{CONCEALED}')"
            wanted.append(("concealed", name, f"count(*) filter ({hidden})"))
        # Row numbers run over all files of a batch; a file's own start at its first.
        sql = ", ".join(expression for _, _, expression in wanted)
        rows = self.connection.execute(
            "select file, count(*), count(*) filter (is_ragged), count(*) filter (is_unreadable),"
            f" min(row_number), {sql} from delivered_rows group by file"
        ).fetchall()
        for file, n_rows, ragged, unreadable, first_row, *values in rows:
            profile = self.profiles[names[file]]
            profile.rows, profile.ragged, profile.unreadable = n_rows, ragged, unreadable
            self.first_rows[file] = first_row
            for (measure, name, _), value in zip(wanted, values, strict=True):
                if measure == "first_bad_row":
                    value = None if value is None else value - first_row + 1
                if value is not None:
                    getattr(profile, measure)[name] = value

    def _days(self, batch: list[Any], names: dict[str, str], types: dict[str, str]) -> None:
        """First and last day, rows outside the days a file may speak of, and holes between."""
        if not self.suite.day:
            return
        file_days = {str(delivery.path): delivery.day for delivery, _ in batch}
        rows = self.connection.execute(
            f"select file, {self._day(self.suite.day, types)} as day, count(*) from delivered_rows"
            " group by all having day is not null order by file, day"
        ).fetchall()
        per_file: dict[str, list[tuple[date, int]]] = {}
        for file, day, count in rows:
            per_file.setdefault(file, []).append((day, count))
        for file, counted in per_file.items():
            profile, file_day = self.profiles[names[file]], file_days[file]
            inside = [
                day for day, _ in counted if 0 <= (file_day - day).days <= self.suite.lookback_days
            ]
            profile.outside_days = sum(
                n
                for day, n in counted
                if not 0 <= (file_day - day).days <= self.suite.lookback_days
            )
            if inside:
                profile.first_day, profile.last_day = inside[0].isoformat(), inside[-1].isoformat()
                profile.holes = [
                    ((before + ONE_DAY).isoformat(), (after - ONE_DAY).isoformat())
                    for before, after in pairwise(inside)
                    if (after - before).days > 1
                ]

        if self.suite.until:
            self._until(names, types)

    def _until(self, names: dict[str, str], types: dict[str, str]) -> None:
        """The last day of the periods a file tells of, where they start inside its days."""
        first, last = (self._day(name, types) for name in (self.suite.day, self.suite.until))
        rows = self.connection.execute(
            f"select file, {first} as first, max({last}) from delivered_rows"
            f" where {last} between {first} and {first} + {LONGEST_PERIOD} group by all"
        ).fetchall()
        for file, day, until in rows:
            profile = self.profiles[names[file]]
            if profile.first_day <= day.isoformat() <= profile.last_day < until.isoformat():
                profile.until = max(profile.until, until.isoformat())

    def _histograms(self, names: dict[str, str], types: dict[str, str]) -> None:
        """How often each value occurs; numbers by powers of two."""
        for name in self.suite.drift:
            column = self._column(name)
            if self.suite.kinds.get(name) == "number":
                number = self._parsed(name, types) or f"cast({column} as double)"
                value = (
                    f"case when {number} is null then 'none' when {number} < 1 then 'below 1'"
                    f" else '2^' || cast(floor(log2({number})) as integer) end"
                )
            else:
                value = f"coalesce(cast({column} as varchar), 'none')"
            rows = self.connection.execute(
                f"select file, {value} as value, count(*) as n from delivered_rows"
                " group by all order by file, n desc, value"
            ).fetchall()
            for file, text, count in rows:
                histogram = self.profiles[names[file]].histograms.setdefault(name, {})
                if len(histogram) < HISTOGRAM_VALUES:
                    histogram[text] = count
                else:
                    histogram["other"] = histogram.get("other", 0) + count

    def _tools(self, names: dict[str, str]) -> None:
        if not self.suite.tools:
            return
        column = self._column(self.suite.tools)
        rows = self.connection.execute(
            f"select distinct file, cast({column} as varchar) as tool from delivered_rows"
            " order by all"
        ).fetchall()
        for file, tool in rows:
            self.profiles[names[file]].tools.append(tool or "")
        for name in names.values():
            profile = self.profiles[name]
            # An unnamed tool may be any: then none is listed, which means all.
            if "" in profile.tools or len(profile.tools) > MOST_TOOLS:
                profile.tools = []

    def _take_sample(self, names: dict[str, str]) -> None:
        """Every k-th row of each file, so that the same file gives the same sample."""
        if not self.sampled:
            return
        columns = ", ".join(f"cast({self._column(name)} as varchar)" for name in self.sampled)
        most = max(self.profiles[name].rows for name in names.values())
        step = max(1, -(-most // self.sample_rows))
        rows = self.connection.execute(
            f"select file, row_number, {columns} from delivered_rows where row_number % {step} = 0"
        ).fetchall()
        for file, row_number, *values in rows:
            self.sample.append((names[file], row_number - self.first_rows[file] + 1, *values))
