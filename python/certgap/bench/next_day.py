"""One more day of deliveries, made from the last ones: what a nightly build finds.

Written beside the existing files, dated a day later:
- usage of the day (nine in ten rows of the day before), and, in the same file, a day three months
  old once more: other counts in a tenth of its rows, and some rows that had been missing;
- the deliveries that announce both;
- learning events as on the busiest day of the last month;
- an HRIS snapshot in which some people have another manager, some left and some joined;
- the other full snapshots, unchanged.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from certgap.errors import UserError

MANAGER_CHANGES, LEAVERS, HIRES = 20, 5, 5
RESTATED_AFTER_DAYS = 91
LINKED = ("lms/generic/courses", "usage/generic/tool_licences", "hris/generic/leave_periods")


@dataclass(frozen=True)
class NextDay:
    """What was added."""

    day: date
    restated_day: date
    n_usage_rows: int
    n_restated_rows: int
    n_learning_events: int


class Deliveries:
    """The generic Parquet deliveries in a raw folder; files are read and written by date."""

    def __init__(self, raw: Path, connection: duckdb.DuckDBPyConnection) -> None:
        """``raw`` must be a working copy: files are added to it."""
        self.raw = raw
        self.connection = connection

    def file(self, feed: str, day: date) -> Path:
        """Where a feed's delivery of a date lies."""
        return self.raw / feed / f"{day}.parquet"

    def last(self, feed: str) -> date:
        """Date of the newest delivery."""
        names = sorted(path.stem for path in (self.raw / feed).glob("*.parquet"))
        if not names:
            raise UserError(f"There are no deliveries in {self.raw / feed}.")
        return date.fromisoformat(names[-1])

    def rows(self, feed: str, day: date) -> str:
        """SQL for the rows of one delivery."""
        return f"read_parquet('{self.file(feed, day)}')"

    def write(self, feed: str, day: date, query: str) -> int:
        """Write a delivery; the number of its rows."""
        target = self.file(feed, day)
        self.connection.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)")
        return self.connection.execute(f"select count(*) from '{target}'").fetchone()[0]


USAGE, REPORTS = "usage/generic/tool_usage_daily", "usage/generic/deliveries"
EVENTS = "lms/generic/learning_events"
HISTORY, EMPLOYEES, ALIASES = (
    f"hris/generic/{feed}" for feed in ("employment_history", "employees", "identity_aliases")
)


def restated_day(deliveries: Deliveries, latest: date) -> date:
    """The last day up to ``latest`` that arrived whole from every tool: worth restating."""
    every = f"read_parquet('{deliveries.raw / REPORTS}/*.parquet')"
    found = deliveries.connection.execute(
        f"select date_from from {every} where feed = 'tool_usage_daily' and date_from <= ?"
        " group by date_from having not bool_or(is_failed or is_concealed)"
        " and bool_and(population_scope = 'all') order by date_from desc limit 1",
        [latest],
    ).fetchone()
    if found is None:
        raise UserError(f"No day up to {latest} arrived whole.", "Simulate a longer period.")
    return found[0]


def write_usage(deliveries: Deliveries, file_day: date, old: date) -> tuple[int, int]:
    """The new day's and the restated day's rows in one file; how many of each."""
    day, before = file_day - timedelta(1), file_day - timedelta(2)
    key = "tool_id, alias_type, alias_value, surface"
    first, second = (
        f"select * from {deliveries.rows(USAGE, old + timedelta(after))} "
        f"where usage_date = date '{old + timedelta(after - 1)}'"
        for after in (1, 2)
    )
    deliveries.write(
        USAGE,
        file_day,
        f"""
        with first_delivery as ({first}), following_day as ({second})
        select * replace (date '{day}' as usage_date)
        from {deliveries.rows(USAGE, file_day - timedelta(1))}
        where usage_date = date '{before}' and hash({key}) % 10 < 9
        union all by name
        select * replace (
            case when hash({key}) % 10 = 0 then interactions + 5 else interactions end
                as interactions
        )
        from first_delivery
        union all by name
        select * replace (date '{old}' as usage_date)
        from following_day
        anti join first_delivery using ({key})
        where hash({key}) % 20 = 0
        """,
    )
    counts = deliveries.connection.execute(
        f"select count(*) filter (usage_date = date '{day}'),"
        f" count(*) filter (usage_date = date '{old}') from {deliveries.rows(USAGE, file_day)}"
    ).fetchone()
    return counts[0], counts[1]


def write_reports(deliveries: Deliveries, file_day: date) -> None:
    """One delivery row per tool and day in the new usage file."""
    deliveries.write(
        REPORTS,
        file_day,
        f"""
        with counted as (
            select tool_id, usage_date, count(*) as row_count
            from {deliveries.rows(USAGE, file_day)} group by all
        )
        select 'tool_usage_daily' as feed, tool_id,
            tool_id || '-' || usage_date || '-bench' as delivery_id,
            timestamp '{file_day} 06:00:00' as received_at,
            usage_date as date_from, usage_date as date_to, usage_date as max_complete_date,
            row_count, 'all' as population_scope, false as is_concealed, false as is_failed
        from counted
        """,
    )


def write_events(deliveries: Deliveries, file_day: date) -> int:
    """The largest delivery of the last month once more, under new ids, on the new day."""
    recent = sorted((deliveries.raw / EVENTS).glob("*.parquet"))[-30:]
    largest = max(recent, key=lambda path: (path.stat().st_size, path.name))
    return deliveries.write(
        EVENTS,
        file_day,
        f"""
        select * replace (
            event_id || '-bench' as event_id,
            date '{file_day - timedelta(1)}' + cast(occurred_at as time) as occurred_at,
            timestamp '{file_day} 00:00:00' as received_at
        )
        from read_parquet('{largest}')
        """,
    )


def write_people(deliveries: Deliveries, file_day: date) -> None:
    """The next HRIS snapshot: other managers, leavers and hires from the day before the file."""
    day = file_day - timedelta(1)
    history = deliveries.rows(HISTORY, deliveries.last(HISTORY))
    execute = deliveries.connection.execute
    execute(
        f"""
        create or replace temp table changes as
        with settled as (
            select * from {history}
            where valid_to is null and is_primary and employment_status = 'Active'
                and manager_employee_id is not null and valid_from < date '{day}'
            qualify count(*) over (partition by employee_id) = 1
        ), changed as (
            select *, row_number() over shuffled as position,
                lag(manager_employee_id) over shuffled as other_manager
            from settled
            window shuffled as (order by hash(employee_id), employee_id)
        )
        select *, case when position <= {MANAGER_CHANGES} then 'manager'
            when position <= {MANAGER_CHANGES + LEAVERS} then 'leaver' else 'hire' end as change
        from changed where position <= {MANAGER_CHANGES + LEAVERS + HIRES}
        """
    )
    # A hire is a new person in the place of an existing one, who stays.
    new_id = "'N' || substr(changes.employee_id, 2)"
    new_address = "'new.' || lower(changes.employee_id) || '@example.com'"
    keys = "changes.employee_id = current.employee_id"
    deliveries.write(
        HISTORY,
        file_day,
        f"""
        select current.* replace (
            case when changes.change in ('manager', 'leaver') then date '{day}'
                else current.valid_to end as valid_to
        )
        from {history} as current
        left join changes on {keys} and current.valid_to is null and current.is_primary
        union all by name
        select changes.* exclude (position, other_manager, change) replace (
            case when change = 'hire' then {new_id} else employee_id end as employee_id,
            case when change = 'manager' and other_manager != employee_id then other_manager
                else manager_employee_id end as manager_employee_id,
            case when change = 'leaver' then 'Terminated' else 'Active' end as employment_status,
            date '{day}' as valid_from,
            timestamp '{day} 22:00:00' as recorded_at
        )
        from changes
        """,
    )
    people = deliveries.rows(EMPLOYEES, deliveries.last(EMPLOYEES))
    deliveries.write(
        EMPLOYEES,
        file_day,
        f"""
        select current.* replace (
            case when changes.change = 'leaver' then date '{day - timedelta(1)}'
                else current.termination_date end as termination_date
        )
        from {people} as current left join changes on {keys}
        union all by name
        select current.* replace (
            {new_id} as employee_id, date '{day}' as hire_date,
            date '{day}' as original_hire_date, null as termination_date
        )
        from {people} as current inner join changes on {keys} and changes.change = 'hire'
        """,
    )
    aliases = deliveries.rows(ALIASES, deliveries.last(ALIASES))
    deliveries.write(
        ALIASES,
        file_day,
        f"""
        select * from {aliases}
        union all by name
        select {new_id} as employee_id, alias_type, {new_address} as alias_value,
            date '{day}' as valid_from, 'directory' as method, cast(1 as double) as confidence
        from changes cross join (values ('work_email'), ('upn')) as kinds (alias_type)
        where change = 'hire'
        """,
    )


def add_next_day(raw: Path) -> NextDay:
    """Add a day to the deliveries in ``raw``; the same files always give the same day."""
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        deliveries = Deliveries(raw, connection)
        file_day = deliveries.last(USAGE) + timedelta(1)
        day = file_day - timedelta(1)
        old = restated_day(deliveries, day - timedelta(RESTATED_AFTER_DAYS))
        n_usage, n_restated = write_usage(deliveries, file_day, old)
        write_reports(deliveries, file_day)
        n_events = write_events(deliveries, file_day)
        write_people(deliveries, file_day)
        for feed in LINKED:
            newest = deliveries.file(feed, deliveries.last(feed))
            os.link(newest, deliveries.file(feed, file_day))
    return NextDay(day, old, n_usage, n_restated, n_events)
