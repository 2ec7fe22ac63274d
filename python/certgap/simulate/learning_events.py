"""Events out of attempts: invited, started, ended; each with its UTC instant or its local date."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from certgap.simulate.days import NEVER, SECONDS_A_DAY
from certgap.simulate.training import (
    COMPLETED,
    FAILED,
    NOT_A_SUCCESS,
    OPEN,
    PASSED,
    WAIVED,
    Registrations,
)
from certgap.simulate.workforce import Workforce

ASSIGNED, STARTED, ENDED = range(3)
KINDS = ["assigned", "started", "ended"]
TYPE_OF_OUTCOME = {
    COMPLETED: "completed",
    PASSED: "passed",
    FAILED: "failed",
    WAIVED: "waived",
    NOT_A_SUCCESS: "completed",
}
EVENT_TYPES = ["assigned", "started", "completed", "passed", "failed", "waived"]


@dataclass
class LearningEvents:
    """One row per event; `occurred` is UTC seconds, or the local date's midnight if date-only."""

    registration: np.ndarray
    employee: np.ndarray
    course: np.ndarray
    kind: np.ndarray
    event_type: np.ndarray  # index into EVENT_TYPES
    occurred: np.ndarray
    is_date_only: np.ndarray
    success: np.ndarray  # 1, 0, -1: not said
    is_voided: np.ndarray
    is_duplicated: np.ndarray

    def __len__(self) -> int:
        """Number of events."""
        return len(self.employee)

    def take(self, rows: np.ndarray) -> LearningEvents:
        """The events at `rows`."""
        return LearningEvents(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @property
    def utc_day(self) -> np.ndarray:
        """The UTC date of the event; the date itself for date-only events."""
        return self.occurred // SECONDS_A_DAY


def build_events(company: Workforce, registrations: Registrations) -> LearningEvents:
    """All events, by registration and kind. The zone is that of the office on the day."""
    parts = []
    outcome_type = np.zeros(6, dtype=np.int8)
    outcome_success = np.full(6, -1, dtype=np.int8)
    for outcome, event_type in TYPE_OF_OUTCOME.items():
        outcome_type[outcome] = EVENT_TYPES.index(event_type)
    outcome_success[[PASSED, FAILED, NOT_A_SUCCESS]] = [1, 0, 0]
    for kind, day in (
        (ASSIGNED, registrations.assigned),
        (STARTED, registrations.started),
        (ENDED, registrations.ended),
    ):
        happened = day < NEVER
        if kind == ENDED:
            happened &= registrations.outcome != OPEN
        rows = np.flatnonzero(happened)
        people = registrations.employee[rows]
        last = kind == ENDED
        size = len(rows)
        second = (
            registrations.ended_second[rows] if last else np.full(size, 9 * 3600 + 420 + 300 * kind)
        )
        zone = company.history.location[company.row_on(people, day[rows])]
        date_only = registrations.is_date_only[rows] & last
        midnight = day[rows].astype(np.int64) * SECONDS_A_DAY
        instant = company.zones.to_utc(zone, day[rows], second)
        outcome = registrations.outcome[rows]
        nothing = np.zeros(size, dtype=bool)
        parts.append(
            (
                rows,
                people,
                registrations.course[rows],
                np.full(size, kind, dtype=np.int8),
                outcome_type[outcome] if last else np.full(size, kind, dtype=np.int8),
                np.where(date_only, midnight, instant),
                date_only,
                outcome_success[outcome] if last else np.full(size, -1, dtype=np.int8),
                registrations.is_voided[rows] if last else nothing,
                registrations.is_duplicated[rows] if last else nothing,
            )
        )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[3], columns[0]))
    return LearningEvents(*[column[order] for column in columns])


def type_names(events: LearningEvents) -> pa.Array:
    """Event types as text."""
    return pa.array(EVENT_TYPES).take(pa.array(events.event_type))


def optional_flags(values: np.ndarray) -> pa.Array:
    """Booleans from 1, 0 and -1 (null)."""
    return pa.array(values == 1, mask=values < 0)


def delivery_of(
    utc_day: np.ndarray, delivery_days: np.ndarray, late: np.ndarray | bool = False
) -> np.ndarray:
    """Number of the delivery an event comes with: the first after its day, or the next one."""
    first = np.searchsorted(delivery_days, utc_day, side="right")
    return np.minimum(first + np.asarray(late, dtype=int), len(delivery_days) - 1)
