"""Group-time effects by hand: each unit's own influence on each figure, with matrices.

Sources: Callaway & Sant'Anna (2021), theorem 1 and section 4.2 without covariates; metrics.md 9.2;
decision record 0012. Nothing is shared with the SQL: that sums clusters, this keeps every unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
# aggregation, value (None: over all values)
Name = tuple[str, int | None]


@dataclass
class Cell:
    """ATT(g, t), or why there is none."""

    group: int
    period: int
    n_treated: int
    n_controls: int
    n_control_clusters: int
    effect: float | None = None
    influence: Values | None = None  # per unit
    treated: NDArray[np.bool_] | None = field(default=None, repr=False)

    @property
    def event_time(self) -> int:
        """Periods since the treatment."""
        return self.period - self.group


@dataclass
class Figure:
    """One aggregated effect."""

    estimate: float | None
    standard_error: float | None
    n_treated: int
    n_controls: int
    n_treated_clusters: int
    n_control_clusters: int
    n_cells: int
    n_dropped_cells: int
    influence: Values | None = field(default=None, repr=False)


@dataclass
class Effects:
    """Everything that is estimated from one panel."""

    cells: list[Cell]
    figures: dict[Name, Figure]
    n_clusters: int
    pretest: tuple[float, int]  # statistic, degrees of freedom


class Estimator:
    """One panel; `treated` is infinite for units never treated.

    `entered` is the first period of each unit; its outcomes before that are not looked at.
    """

    def __init__(
        self,
        periods: list[int],
        treated: Values,
        clusters: NDArray[np.int64],
        outcomes: Values,
        never_only: bool = False,
        least: int = 10,
        leads: int = 6,
        entered: Values | None = None,
    ) -> None:
        """Keep the panel: one row of `outcomes` per unit, one column per period."""
        self.entered = np.full(len(treated), -np.inf) if entered is None else entered
        self.periods, self.treated, self.outcomes = list(periods), treated, outcomes
        self.clusters, self.never_only = clusters, never_only
        self.least, self.leads = least, leads

    def cell(self, group: int, period: int) -> Cell | None:
        """One difference in differences; None where there is no earlier period to start from."""
        before = [p for p in self.periods if p < min(group, period)]
        if not before:
            return None
        now, base = self.periods.index(period), self.periods.index(before[-1])
        is_there = self.entered <= before[-1]
        if not is_there.any():
            return None
        change = self.outcomes[:, now] - self.outcomes[:, base]
        treated = (self.treated == group) & is_there
        controls = np.isinf(self.treated) if self.never_only else self.treated > period
        controls = controls & is_there & (self.treated != group)
        n_treated, n_controls = int(treated.sum()), int(controls.sum())
        # Of everybody not treated by then, whether they were there in the base period or not.
        others = np.isinf(self.treated) if self.never_only else self.treated > period
        n_control_clusters = len(np.unique(self.clusters[others]))
        cell = Cell(group, period, n_treated, n_controls, n_control_clusters, treated=treated)
        if min(n_treated, n_controls) >= self.least:
            means = change[treated].mean(), change[controls].mean()
            cell.effect = float(means[0] - means[1])
            cell.influence = (
                treated * (change - means[0]) / n_treated
                - controls * (change - means[1]) / n_controls
            )
        return cell

    def estimate(self) -> Effects:
        """All cells, all aggregations, and the test of the leads."""
        groups = sorted({int(g) for g in self.treated if np.isfinite(g)})
        every = [self.cell(g, t) for g in groups for t in self.periods if t >= g - self.leads]
        cells = [cell for cell in every if cell is not None]
        after = [cell for cell in cells if cell.event_time >= 0]
        figures: dict[Name, Figure] = {("overall", None): self.by_people(after)} if after else {}
        for event_time in sorted({cell.event_time for cell in cells}):
            chosen = [cell for cell in cells if cell.event_time == event_time]
            figures["event_time", event_time] = self.by_people(chosen)
        for period in sorted({cell.period for cell in after}):
            chosen = [cell for cell in after if cell.period == period]
            figures["calendar", period] = self.by_people(chosen)
        for group in sorted({cell.group for cell in after}):
            chosen = [cell for cell in after if cell.group == group]
            figures["group", group] = self.evenly(chosen)
        for aggregation in ("event_time", "calendar", "group"):
            if after:
                figures[aggregation, None] = self.over_values(aggregation, figures, after)
        return Effects(
            cells,
            figures,
            len(np.unique(self.clusters)),
            self.pretest(figures),
        )

    def figure(self, cells: list[Cell], estimate: float, influence: Values) -> Figure:
        """A figure over cells, with its clustered standard error."""
        used = [cell for cell in cells if cell.effect is not None]
        error = None
        if used:
            sums = self.by_cluster(influence)
            if len(sums) > 1:
                error = float(np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1)))
        return Figure(
            estimate if used else None,
            error,
            sum({cell.group: cell.n_treated for cell in used}.values()),
            min((cell.n_controls for cell in used), default=0),
            # Of all people of the groups, whether they entered in time or not.
            len(np.unique(self.clusters[np.isin(self.treated, [cell.group for cell in used])])),
            min((cell.n_control_clusters for cell in used), default=0),
            len(used),
            len(cells) - len(used),
            influence if used else None,
        )

    def by_cluster(self, influence: Values) -> Values:
        """Influence of whole clusters."""
        _, place = np.unique(self.clusters, return_inverse=True)
        return np.bincount(place.ravel(), weights=influence)

    def by_people(self, cells: list[Cell]) -> Figure:
        """Cells weighted by the estimated shares of their groups, whose own error counts too."""
        used = [cell for cell in cells if cell.effect is not None]
        influence = np.zeros(len(self.treated))
        n_units = len(self.treated)
        shares = np.array([cell.n_treated / n_units for cell in used])
        effects = np.array([cell.effect for cell in used])
        if not used:
            return self.figure(cells, 0.0, influence)
        total = shares.sum()
        estimate = float((shares * effects).sum() / total)
        for cell, share in zip(used, shares, strict=True):
            influence += share / total * cell.influence
        # d(share_k / total) of every unit, as in the paper's footnote on estimated weights.
        own = np.stack([cell.treated for cell in used], axis=1) - shares
        of_weights = own / total - own.sum(axis=1, keepdims=True) * shares / total**2
        influence += of_weights @ effects / n_units
        return self.figure(cells, estimate, influence)

    def evenly(self, cells: list[Cell]) -> Figure:
        """Periods of one group, each counting the same."""
        used = [cell for cell in cells if cell.effect is not None]
        influence = np.zeros(len(self.treated))
        for cell in used:
            influence += cell.influence / len(used)
        estimate = float(np.mean([cell.effect for cell in used])) if used else 0.0
        return self.figure(cells, estimate, influence)

    def over_values(
        self, aggregation: str, figures: dict[Name, Figure], after: list[Cell]
    ) -> Figure:
        """The mean over event times or periods; over groups by their people."""
        of_values = {
            value: figure
            for (name, value), figure in figures.items()
            if name == aggregation and value is not None and figure.estimate is not None
            if aggregation != "event_time" or value >= 0
        }
        influence = np.zeros(len(self.treated))
        if not of_values:
            return self.figure(after, 0.0, influence)
        estimates = np.array([figure.estimate for figure in of_values.values()])
        weights = np.full(len(estimates), 1 / len(estimates))
        if aggregation == "group":
            n_units = len(self.treated)
            # The same in every period of a group: who was there in the last one before it.
            first = {cell.group: cell for cell in reversed(after) if cell.effect is not None}
            members = np.stack([first[value].treated for value in of_values], axis=1)
            shares = members.mean(axis=0)
            weights = shares / shares.sum()
            own = members - shares
            of_weights = (own - own.sum(axis=1, keepdims=True) * weights) / shares.sum()
            influence += of_weights @ estimates / n_units
        for weight, figure in zip(weights, of_values.values(), strict=True):
            influence += weight * figure.influence
        return self.figure(after, float(weights @ estimates), influence)

    def pretest(self, figures: dict[Name, Figure]) -> tuple[float, int]:
        """Wald statistic of all leads of the event study, and its degrees of freedom."""
        leads = {
            value: figure
            for (name, value), figure in figures.items()
            if name == "event_time" and value is not None and value < 0
            if figure.standard_error is not None
        }
        in_order = [leads[value] for value in sorted(leads, reverse=True)]
        return self.wald([(figure.estimate, figure.influence) for figure in in_order])

    def wald(self, figures: list[tuple[float, Values]]) -> tuple[float, int]:
        """Wald statistic that all figures are zero.

        A figure without variance, or that the earlier ones determine, is left out.
        """
        estimates: list[float] = []
        sums: list[Values] = []
        for estimate, influence in figures:
            own = self.by_cluster(influence)
            rest = own
            if sums:
                earlier = np.stack(sums, axis=1)
                rest = own - earlier @ np.linalg.lstsq(earlier, own, rcond=None)[0]
            if rest @ rest > max(1e-9 * (own @ own), 1e-18):
                estimates.append(estimate)
                sums.append(own)
        if not sums:
            return 0.0, 0
        n_clusters = len(sums[0])
        covariance = np.stack(sums) @ np.stack(sums).T * n_clusters / (n_clusters - 1)
        kept = np.array(estimates)
        return float(kept @ np.linalg.solve(covariance, kept)), len(kept)
