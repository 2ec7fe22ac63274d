"""Panels whose true effect is known, drawn at the estimator's input.

A unit's outcome in a month is the share of its four weeks with use, as in the build. Teams
(clusters) are drawn towards training together and have good and bad months of their own, so that
units of one team are not independent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from certgap.effects.panel import NEVER, Panel

PERIODS = np.arange(1, 9)
N_TEAMS, TEAM_SIZE, WEEKS = 150, 8, 4
# Standard deviations: of a team's month, and of what draws a team towards training.
TEAM_MONTH, TEAM_PULL = 0.04, 0.6
# Use rises by itself in every month, for everybody.
COMMON_TREND = 0.01

# Effect on the share of weeks, by group and months since the treatment.
Effect = Callable[[int, int], float]


@dataclass(frozen=True)
class PanelWorld:
    """How panels are drawn, and the figure that is asked for."""

    name: str
    groups: dict[int, float]  # treated period → share of units
    effect: Effect
    # How much more likely eager people are to train early; they always use the tool more.
    selection: float
    # The overall effect of the cells that can be supported.
    truth: float


def _steady(_group: int, _months: int) -> float:
    return 0.10


def _none(_group: int, _months: int) -> float:
    return 0.0


def _growing(group: int, months: int) -> float:
    """Large and growing in the first group, small in the last: two-way effects get it wrong."""
    return 0.03 + 0.06 * months if group == 3 else 0.02


STAGGERED = {3: 0.2, 4: 0.15, 6: 0.25, NEVER: 0.4}
WORLDS = {
    world.name: world
    for world in (
        PanelWorld("steady effect", STAGGERED, _steady, selection=1.0, truth=0.10),
        PanelWorld("zero effect", STAGGERED, _none, selection=0.0, truth=0.0),
        PanelWorld("selection only", STAGGERED, _none, selection=2.0, truth=0.0),
        # From month 6 on nobody is left to compare with: months 3 to 5 of the first group remain.
        PanelWorld("growing effect", {3: 0.5, 6: 0.5}, _growing, selection=1.0, truth=0.09),
    )
}


def draw_panel(world: PanelWorld, seed: int) -> Panel:
    """The panel of a seed."""
    dice = np.random.default_rng([seed, len(world.name)])
    clusters = np.repeat(np.arange(N_TEAMS), TEAM_SIZE)
    eagerness = dice.normal(size=clusters.size)
    pull = world.selection * eagerness + TEAM_PULL * dice.normal(size=N_TEAMS)[clusters]
    pull += dice.normal(size=clusters.size)
    treated = _groups(world.groups, pull)
    usual = np.clip(0.30 + 0.05 * eagerness, 0.15, 0.45)
    chances = usual[:, None] + COMMON_TREND * PERIODS
    chances = chances + TEAM_MONTH * dice.uniform(-1.7, 1.7, (N_TEAMS, PERIODS.size))[clusters]
    for group in world.groups:
        for place, period in enumerate(PERIODS):
            if period >= group:
                chances[treated == group, place] += world.effect(group, int(period - group))
    outcomes = dice.binomial(WEEKS, chances) / WEEKS
    return Panel(f"{world.name} {seed}", PERIODS, treated, clusters, outcomes)


def _groups(shares: dict[int, float], pull: np.ndarray) -> np.ndarray:
    """The most eager train first, so many as the shares say."""
    order = np.argsort(-pull)
    ends = np.round(np.cumsum(list(shares.values())) * pull.size).astype(int)
    treated = np.empty(pull.size, dtype=int)
    for start, end, group in zip([0, *ends[:-1]], ends, shares, strict=True):
        treated[order[start:end]] = group
    return treated


def two_way_fixed_effects(panel: Panel) -> float:
    """The estimate this project never makes: outcome on treatment with unit and period effects."""
    is_treated = (panel.periods >= panel.treated_period[:, None]).astype(float)

    def within(values: np.ndarray) -> np.ndarray:
        return values - values.mean(1, keepdims=True) - values.mean(0) + values.mean()

    treatment, outcome = within(is_treated), within(panel.outcomes)
    return float((treatment * outcome).sum() / (treatment**2).sum())
