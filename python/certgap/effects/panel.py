"""A panel: units in groups and clusters, each with an outcome in every period from its entry on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# The macro never_treated(): later than every period.
NEVER = 999_999
NOT_YET, NEVER_ONLY = "not_yet_treated", "never_treated"


@dataclass(frozen=True)
class Panel:
    """What the estimator reads, unit by unit."""

    panel_id: str
    periods: np.ndarray
    treated_period: np.ndarray  # per unit; NEVER: in none of the periods
    clusters: np.ndarray  # per unit
    outcomes: np.ndarray  # units × periods
    control_group: str = NOT_YET
    entered: np.ndarray | None = None  # per unit, its first period; None: all from the first on

    @property
    def entered_period(self) -> np.ndarray:
        """The first period of every unit."""
        if self.entered is None:
            return np.full(len(self.clusters), self.periods[0])
        return self.entered
