"""The few formulas behind the figures: intervals, z-test, Benjamini-Hochberg, Kaplan-Meier.

Sources: metrics.md 7 and 9.1; decision records 0002, line 32, and 0010, lines 8 and 9.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from scipy.stats import t as student

# Two-sided 95% point of the standard normal distribution.
Z_95 = 1.959963984540054


def t_95(freedom: int) -> float:
    """0013.6: two-sided 95% point of Student's t, from 19 degrees of freedom on expanded to the
    fourth power of 1 / freedom."""
    z, n = Z_95, freedom
    if n < 19:
        return float(student.ppf(0.975, n))
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )


def t_test(statistic: float, freedom: int) -> float:
    """0013.6: two-sided p of Student's t, from 3 degrees of freedom on by Hill's normal deviate
    (algorithm 395)."""
    if freedom < 3:
        return float(2 * student.sf(abs(statistic), freedom))
    u = math.sqrt((freedom - 0.5) * math.log(1 + statistic**2 / freedom))
    b = 48 * (freedom - 0.5) ** 2
    above = 4 * u**7 + 33 * u**5 + 240 * u**3 + 855 * u
    normal = u + (u**3 + 3 * u) / b - above / (10 * b * (b + 0.8 * u**4 + 100))
    return math.erfc(abs(normal) / math.sqrt(2))


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


def with_interval(name: str, numerator: int, denominator: int) -> dict[str, float | None]:
    """A rate and its Wilson interval."""
    low, high = wilson(numerator, denominator)
    return {name: rate(numerator, denominator), f"{name}_low": low, f"{name}_high": high}


def newcombe(
    successes: int, trials: int, others: int, other_trials: int, z: float = Z_95
) -> tuple[float | None, float | None]:
    """9.1: interval of the first share minus the second, from their Wilson intervals."""
    if not trials or not other_trials:
        return None, None
    one, other = successes / trials, others / other_trials
    (low, high), (other_low, other_high) = (
        wilson(successes, trials, z),
        wilson(others, other_trials, z),
    )
    difference = one - other
    return (
        difference - math.hypot(one - low, other_high - other),
        difference + math.hypot(high - one, other - other_low),
    )


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


def kaplan_meier(times: Iterable[tuple[int, bool]], until: int) -> list[float]:
    """S(0) to S(until) of units given as (time, whether it is an event or the end of sight).

    A unit is at risk on days 1 to its time; one with time 0 never is.
    """
    times = list(times)
    leaving = Counter(time for time, _ in times)
    events = Counter(time for time, is_event in times if is_event)
    at_risk = len(times) - leaving[0]
    survival = [1.0]
    for day in range(1, until + 1):
        share = events[day] / at_risk if at_risk else 0.0
        survival.append(survival[-1] * (1 - share))
        at_risk -= leaving[day]
    return survival


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
