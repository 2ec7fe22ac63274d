"""The matched reading of a training's effect: people who were alike before, some of them trained.

A regression of use on training with a constant per stratum, errors clustered by manager, done by
taking the means of the strata out of both (Frisch & Waugh 1933); the coefficient is the risk
difference of Mantel and Haenszel. Source: decision record 0012.10 to 0012.12. Nothing is shared
with the SQL: that sums teams, this keeps every person and month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from certgap.truth.checkpoints import Judge
from certgap.truth.effects import Figure

# Months after the treatment that are compared.
EVENT_TIMES = (1, 2, 3)
UNKNOWN = "unknown"
YEARS = ((365, "under_1"), (3 * 365, "1-3"), (10 * 365, "3-10"))

# role group, country, tenure band
Alike = tuple[str, str, str]
Stratum = tuple[object, ...]


@dataclass(frozen=True)
class Observed:
    """One person of a panel: treated when, seen from when on, like whom, and what they did."""

    treated: float
    entered: int
    cluster: str
    alike: Alike
    shares_of_weeks: Sequence[float]  # by month of the panel
    is_active_at_end: Sequence[bool]


@dataclass(frozen=True)
class Matched:
    """One figure and the managers in it."""

    figure: Figure
    n_clusters: int
    # Share of either side with use, strata weighed as in the difference; None with the estimate.
    treated_rate: float | None = None
    control_rate: float | None = None


@dataclass(frozen=True)
class Row:
    """One person in one comparison."""

    stratum: Stratum
    cluster: str
    is_treated: bool
    is_active: bool


def alike_of(employee: str, day: int, judge: Judge) -> Alike:
    """What HR said of a person on a day."""
    employment = judge.employment
    hired = employment.hired_on(employee, day)
    band = UNKNOWN
    if hired is not None:
        band = next((name for least, name in YEARS if day - hired < least), "10+")
    return (
        employment.attributes(employee, day).role_group or UNKNOWN,
        employment.countries.get(employee, UNKNOWN),
        band,
    )


def matched_figures(
    periods: list[int], people: list[Observed], never_only: bool, least: int
) -> Iterator[tuple[int | None, Matched]]:
    """Each event time with treated people, and all of them together (None)."""
    by_time: dict[int, list[Row]] = {}
    for group in sorted({int(person.treated) for person in people if np.isfinite(person.treated)}):
        before = [period for period in periods if period < group]
        for event_time in EVENT_TIMES:
            if before and group + event_time in periods:
                rows = _compared(periods, people, group, event_time, before[-1], never_only)
                by_time.setdefault(event_time, []).extend(rows)
    by_time = {time: rows for time, rows in by_time.items() if any(r.is_treated for r in rows)}
    figures = {time: _figure([rows], least) for time, rows in by_time.items()}
    yield from figures.items()
    if by_time:
        yield None, _figure(list(by_time.values()), least)


def _compared(
    periods: list[int],
    people: list[Observed],
    group: int,
    event_time: int,
    base: int,
    never_only: bool,
) -> Iterator[Row]:
    """The treated of a month, and whoever is not treated by the month that is compared."""
    then, later = periods.index(base), periods.index(group + event_time)
    for person in people:
        is_treated = person.treated == group
        is_control = np.isinf(person.treated) if never_only else person.treated > group + event_time
        if person.entered <= base and (is_treated or is_control):
            share = person.shares_of_weeks[then]
            use = "no_week" if share == 0 else "most_weeks" if share > 0.5 else "some_weeks"
            stratum = (group, event_time, *person.alike, use)
            yield Row(stratum, person.cluster, is_treated, person.is_active_at_end[later])


def _figure(by_time: list[list[Row]], least: int) -> Matched:
    """One regression over all rows; people and managers are counted by event time."""
    rows = [row for of_time in by_time for row in of_time]
    sides: dict[Stratum, set[bool]] = {}
    for row in rows:
        sides.setdefault(row.stratum, set()).add(row.is_treated)
    compared = [[r for r in of_time if len(sides[r.stratum]) == 2] for of_time in by_time]
    kept = [row for of_time in compared for row in of_time]
    supported = [_Counted.of(of_time) for of_time in compared if of_time] or [_Counted()]
    n_treated = max(counted.n_treated for counted in supported)
    n_controls = min(counted.n_controls for counted in supported)
    estimate = error = None
    if min(n_treated, n_controls) >= least:
        estimate, error = _regression(kept)
    figure = Figure(
        estimate,
        error,
        n_treated,
        n_controls,
        min(counted.n_treated_clusters for counted in supported),
        min(counted.n_control_clusters for counted in supported),
        sum(len(found) == 2 for found in sides.values()),
        sum(found == {True} for found in sides.values()),
    )
    rates = _rates(kept) if estimate is not None else (None, None)
    return Matched(figure, len({row.cluster for row in kept}), *rates)


def _rates(rows: list[Row]) -> tuple[float, float]:
    """Use of the treated and of the controls, each stratum weighing n1 n0 / (n1 + n0)."""
    weighed = {True: 0.0, False: 0.0}
    total = 0.0
    sides: dict[Stratum, dict[bool, list[bool]]] = {}
    for row in rows:
        of_stratum = sides.setdefault(row.stratum, {True: [], False: []})
        of_stratum[row.is_treated].append(row.is_active)
    for of_stratum in sides.values():
        treated, controls = len(of_stratum[True]), len(of_stratum[False])
        weight = treated * controls / (treated + controls)
        total += weight
        for side, active in of_stratum.items():
            weighed[side] += weight * sum(active) / len(active)
    return weighed[True] / total, weighed[False] / total


@dataclass(frozen=True)
class _Counted:
    """Who is compared in one event time."""

    n_treated: int = 0
    n_controls: int = 0
    n_treated_clusters: int = 0
    n_control_clusters: int = 0

    @classmethod
    def of(cls, rows: list[Row]) -> _Counted:
        """Controls of several months of treatment may be the same people: those of one month."""
        controls = Counter(row.stratum[0] for row in rows if not row.is_treated)
        return cls(
            sum(row.is_treated for row in rows),
            max(controls.values()),
            len({row.cluster for row in rows if row.is_treated}),
            len({row.cluster for row in rows if not row.is_treated}),
        )


def _regression(rows: list[Row]) -> tuple[float, float | None]:
    """Coefficient of being treated and its clustered error (None: one manager, or no freedom)."""
    _, strata = np.unique([repr(row.stratum) for row in rows], return_inverse=True)
    _, clusters = np.unique([row.cluster for row in rows], return_inverse=True)
    treated = np.array([row.is_treated for row in rows], dtype=float)
    active = np.array([row.is_active for row in rows], dtype=float)
    sizes = np.bincount(strata)
    x = treated - (np.bincount(strata, treated) / sizes)[strata]
    y = active - (np.bincount(strata, active) / sizes)[strata]
    coefficient = float(x @ y / (x @ x))
    scores = np.bincount(clusters, x * (y - coefficient * x))
    n_rows, n_clusters, n_constants = len(rows), len(scores), len(sizes)
    if n_clusters < 2 or n_rows - n_constants - 1 == 0:
        return coefficient, None
    variance = float(scores @ scores) / float(x @ x) ** 2
    few = n_clusters / (n_clusters - 1) * (n_rows - 1) / (n_rows - n_constants - 1)
    return coefficient, float(np.sqrt(variance * few))
