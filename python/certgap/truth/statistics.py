"""The few formulas behind the figures: Wilson interval, pooled z-test, Benjamini-Hochberg.

Sources: metrics.md 7 and 9.1; decision record 0002, line 32.
"""

from __future__ import annotations

import math

# Two-sided 95% point of the standard normal distribution.
Z_95 = 1.959963984540054


def rate(numerator: int, denominator: int) -> float | None:
    """A rate with denominator 0 is None."""
    return numerator / denominator if denominator else None


def wilson(successes: int, trials: int, z: float = Z_95) -> tuple[float | None, float | None]:
    """Wilson score interval without continuity correction; None without trials."""
    if not trials:
        return None, None
    share = successes / trials
    centre = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def pooled_z_test(successes: int, trials: int, others: int, other_trials: int) -> float | None:
    """Two-sided p of equal shares; None when a side is empty or the pooled share is 0 or 1."""
    total = successes + others
    if not trials or not other_trials or total in (0, trials + other_trials):
        return None
    pooled = total / (trials + other_trials)
    error = math.sqrt(pooled * (1 - pooled) * (1 / trials + 1 / other_trials))
    z = (successes / trials - others / other_trials) / error
    return math.erfc(abs(z) / math.sqrt(2))


def benjamini_hochberg(p_values: list[float | None]) -> list[float | None]:
    """Adjusted p-values in the order given; None stays None and is not counted."""
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    smallest = 1.0
    for rank in range(len(known), 0, -1):
        p, index = known[rank - 1]
        smallest = min(smallest, p * len(known) / rank)
        adjusted[index] = smallest
    return adjusted


def median(values: list[int]) -> float | None:
    """The middle value, the mean of the two middle ones; None without values."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return float(ordered[half])
    return (ordered[half - 1] + ordered[half]) / 2


def competition_ranks(values: list[float]) -> list[int]:
    """Rank by descending value; ties share the best rank."""
    ordered = sorted(values, reverse=True)
    best: dict[float, int] = {}
    for position, value in enumerate(ordered, start=1):
        best.setdefault(value, position)
    return [best[value] for value in values]
