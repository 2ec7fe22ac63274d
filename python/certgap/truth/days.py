"""Days as whole numbers (proleptic ordinals), and sets of days that may have no beginning."""

from __future__ import annotations

from datetime import date

# Stand-ins for an open beginning and an open end; before and after every real day.
ALWAYS = 0
STILL = date.max.toordinal()


def ordinal(day: date | None, otherwise: int) -> int:
    """The number of a day; `otherwise` for None."""
    return otherwise if day is None else day.toordinal()


class DaySet:
    """A set of days: some single ones, and possibly all up to one day."""

    def __init__(self) -> None:
        """Empty."""
        self.days: set[int] = set()
        self.all_until: int | None = None

    def add(self, first: int, last: int) -> None:
        """Every day from `first` to `last`, both included; `first` may be ALWAYS."""
        if first == ALWAYS:
            self.all_until = last if self.all_until is None else max(last, self.all_until)
        else:
            self.days.update(range(first, last + 1))

    def cut_after(self, last: int) -> None:
        """Remove every day after `last`."""
        self.days = {day for day in self.days if day <= last}
        if self.all_until is not None:
            self.all_until = min(self.all_until, last)

    @property
    def first(self) -> int | None:
        """The first day of the set; ALWAYS where it has no beginning, None when it is empty."""
        if self.all_until is not None:
            return ALWAYS
        return min(self.days, default=None)

    @property
    def last(self) -> int | None:
        """The last day of the set; None when it is empty."""
        ends = [max(self.days)] if self.days else []
        if self.all_until is not None:
            ends.append(self.all_until)
        return max(ends) if ends else None

    def __contains__(self, day: int) -> bool:
        """Whether the day is in the set."""
        return day in self.days or (self.all_until is not None and day <= self.all_until)
