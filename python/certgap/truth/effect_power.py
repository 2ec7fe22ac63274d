"""`effect_power`: what the errors of the overall effects mean for the next program.

Source: decision record 0012.19. Reads the rows of `training_effects`; nothing is shared with the
SQL, which takes the normal tail from rational functions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist
from typing import Any

from certgap.truth.checkpoints import Judge
from certgap.truth.training_effects import Z_POWER_80

NORMAL = NormalDist()


def effect_power(effects: list[dict[str, Any]], judge: Judge) -> Iterator[dict[str, Any]]:
    """One row per program × tool × estimator × assumed effect."""
    for effect in effects:
        if effect["aggregation"] != "overall":
            continue
        error, detectable = effect["standard_error_points"], effect["smallest_detectable_points"]
        for points in judge.settings.effect_planning_points:
            row = {
                **{name: effect[name] for name in ("program_id", "tool_id", "estimator")},
                "assumed_points": points,
                "evidence_kind": effect["evidence_kind"],
                "standard_error_points": error,
                "power_rate": None,
                "n_treated": effect["n_treated"],
                "n_treated_clusters": effect["n_treated_clusters"],
                "n_treated_needed": None,
                "n_treated_clusters_needed": None,
                "reason_for_no_number": effect["verdict_reason"] if error is None else None,
            }
            if error is not None:
                quantile = detectable / error - Z_POWER_80
                times = (detectable / points) ** 2
                managers = _at_least(effect["n_treated_clusters"] * times)
                row |= {
                    "power_rate": NORMAL.cdf(points / error - quantile)
                    + NORMAL.cdf(-points / error - quantile),
                    "n_treated_needed": max(
                        _at_least(effect["n_treated"] * times), judge.settings.effect_min_clusters
                    ),
                    "n_treated_clusters_needed": max(managers, judge.settings.effect_min_clusters),
                }
            yield row


def _at_least(number: float) -> int:
    """The next whole number; what is whole up to rounding is taken as whole."""
    return math.ceil(round(number, 6))
