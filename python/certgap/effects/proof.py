"""``python -m certgap.effects 1000``: how often the SQL is right on panels of a known effect.

Per world: does the 95% interval of the overall effect hold the truth in 95% of the panels, is there
a false alarm in 5% where there is no effect, is the estimate unbiased, and is the sign right where
two-way fixed effects get it wrong. A share fails only if its 99% binomial interval excludes what
is promised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scipy.stats import binomtest

from certgap.effects.estimator import CompiledEstimator
from certgap.effects.simulated import WORLDS, PanelWorld, draw_panel, two_way_fixed_effects
from certgap.truth.statistics import Z_95

# Panels in one run of the statements: some 20,000 rows of sums each.
BATCH = 250
COVERAGE, ALARMS = 0.95, 0.05
MOST_BIAS = 0.005  # half a point
LEAST_RIGHT_SIGNS = 0.99


@dataclass
class Tally:
    """What was counted in one world."""

    world: PanelWorld
    n_panels: int = 0
    n_covered: int = 0
    n_alarms: int = 0
    n_right_signs: int = 0
    n_pretrend_alarms: int = 0
    n_two_way_wrong: int = 0
    sum_of_errors: float = 0.0
    problems: list[str] = field(default_factory=list)

    def add(self, row: dict[str, Any], two_way: float) -> None:
        """One panel's overall estimate."""
        estimate, error = row["estimate"], row["standard_error"]
        self.n_panels += 1
        self.n_covered += abs(estimate - self.world.truth) <= Z_95 * error
        self.n_alarms += abs(estimate) > Z_95 * error
        self.n_right_signs += estimate * self.world.truth > 0
        self.n_pretrend_alarms += row["pretrend_p_value"] < ALARMS
        self.n_two_way_wrong += two_way * self.world.truth < 0
        self.sum_of_errors += estimate - self.world.truth

    @property
    def bias(self) -> float:
        """Mean error of the estimate."""
        return self.sum_of_errors / self.n_panels

    def judge(self) -> list[str]:
        """What is not as promised."""
        problems = [
            f"{word}: {count} of {self.n_panels} panels, promised are {share:.0%}"
            for word, count, share in self._shares()
            if not holds(count, self.n_panels, share)
        ]
        if abs(self.bias) >= MOST_BIAS:
            problems.append(f"bias: {100 * self.bias:.2f} points")
        if self.world.truth and self.n_right_signs < LEAST_RIGHT_SIGNS * self.n_panels:
            problems.append(f"right sign: {self.n_right_signs} of {self.n_panels} panels")
        return problems

    def _shares(self) -> Iterator[tuple[str, int, float]]:
        yield "interval holds the truth", self.n_covered, COVERAGE
        if not self.world.truth:
            yield "false alarm", self.n_alarms, ALARMS

    def line(self) -> str:
        """The tally in words."""
        two_way = f", two-way fixed effects wrong in {self.n_two_way_wrong}"
        return (
            f"{self.world.name}: {self.n_panels} panels, interval holds the truth in "
            f"{self.n_covered}, differs from zero in {self.n_alarms}, bias "
            f"{100 * self.bias:+.3f} points, pre-trends rejected in {self.n_pretrend_alarms}"
            + (two_way if self.world.truth else "")
        )


def holds(count: int, trials: int, share: float) -> bool:
    """Whether the 99% binomial interval of the count does not exclude the share."""
    interval = binomtest(count, trials).proportion_ci(0.99, method="exact")
    return interval.low <= share <= interval.high


def try_world(estimator: CompiledEstimator, world: PanelWorld, count: int) -> Tally:
    """The first `count` panels of a world."""
    tally = Tally(world)
    for first in range(0, count, BATCH):
        panels = [draw_panel(world, seed) for seed in range(first, min(first + BATCH, count))]
        rows = {
            row["panel_id"]: row
            for row in estimator.estimates(panels)
            if row["aggregation"] == "overall"
        }
        for panel in panels:
            tally.add(rows[panel.panel_id], two_way_fixed_effects(panel))
    return tally


def try_worlds(estimator: CompiledEstimator, count: int) -> Iterator[Tally]:
    """Every world."""
    for world in WORLDS.values():
        yield try_world(estimator, world, count)
