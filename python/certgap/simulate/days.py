"""Days as whole numbers since 1970-01-01, instants as seconds; zones where a person has one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# "Never" and "still open": after every day that can occur, and exported as an empty value.
NEVER = np.int32(2_000_000)
EPOCH = date(1970, 1, 1)
SECONDS_A_DAY = 86_400


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def as_date(day: int) -> date:
    """The calendar date of a day number."""
    return EPOCH + timedelta(days=int(day))


def date_array(days: np.ndarray) -> pa.Array:
    """Arrow dates; NEVER becomes null."""
    days = np.asarray(days, dtype=np.int32)
    return pa.array(days, mask=days >= NEVER).cast(pa.date32())


def date_text(days: np.ndarray) -> pa.Array:
    """ISO dates as text; NEVER becomes null."""
    return date_array(days).cast(pa.string())


def timestamp_array(seconds: np.ndarray) -> pa.Array:
    """Arrow timestamps without zone (they are UTC) from whole seconds; negative is null."""
    seconds = np.asarray(seconds, dtype=np.int64)
    return pa.array(seconds, mask=seconds < 0).cast(pa.timestamp("s"))


def timestamp_text(seconds: np.ndarray, pattern: str = "%Y-%m-%d %H:%M:%S") -> pa.Array:
    """Instants as text; negative is null."""
    return pc.strftime(timestamp_array(seconds), format=pattern)


def weekday(days: np.ndarray | int) -> np.ndarray:
    """0 = Monday … 6 = Sunday."""
    return (np.asarray(days) + 3) % 7


def zone_offsets(zone: str, first_day: int, last_day: int) -> np.ndarray:
    """Seconds east of UTC at noon of each day from `first_day` to `last_day`."""
    info = ZoneInfo(zone)
    offsets = np.empty(last_day - first_day + 1, dtype=np.int32)
    for index in range(len(offsets)):
        noon = datetime.combine(as_date(first_day + index), datetime.min.time(), UTC)
        offset = (noon + timedelta(hours=12)).astimezone(info).utcoffset()
        offsets[index] = int(offset.total_seconds()) if offset else 0
    return offsets


class ZoneTable:
    """UTC instants from local days and seconds of the day, for many people at once."""

    def __init__(self, zones: list[str], first_day: int, last_day: int) -> None:
        """Look up the offsets of every zone for the days in question."""
        self.first_day = first_day
        self.last_day = last_day
        self.offsets = np.stack([zone_offsets(zone, first_day, last_day) for zone in zones])

    def to_utc(self, zone: np.ndarray, day: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Instant of local `day` and `second`. A change of clocks that day may shift it by an hour:
        the instant is what is exported and what the truth reads, so both stay in step."""
        column = np.clip(np.asarray(day) - self.first_day, 0, self.last_day - self.first_day)
        local = np.asarray(day, dtype=np.int64) * SECONDS_A_DAY + second
        return local - self.offsets[zone, column]
