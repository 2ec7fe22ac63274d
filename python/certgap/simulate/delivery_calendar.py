"""Which daily usage deliveries went well: a state per tool and day of data."""

from __future__ import annotations

from typing import Any

import numpy as np

from certgap.simulate.randomness import Randomness

GOOD, FAILED, REDELIVERED, CONCEALED, PART = range(5)


def delivery_states(
    tool: str, start: int, end: int, settings: dict[str, Any], randomness: Randomness
) -> np.ndarray:
    """State of the delivery of each day; a spoiled day is always followed by three good ones."""
    parameters = settings["deliveries"]
    rng = randomness.stream(f"deliveries {tool}")
    size = end - start + 1
    draw = rng.random(size)
    states = np.full(size, GOOD, dtype=np.int8)
    upper = 0.0
    for state, key in (
        (FAILED, "share_failed"),
        (REDELIVERED, "share_redelivered"),
        (CONCEALED, "share_concealed"),
        (PART, "share_part"),
    ):
        states[(draw >= upper) & (draw < upper + parameters[key])] = state
        upper += parameters[key]
    for state in (FAILED, CONCEALED):  # also a short period has one of each
        if not (states == state).any():
            states[rng.integers(size // 3, 2 * size // 3)] = state
    states[-parameters["last_days_all_good"] - 3 :] = GOOD
    for index in np.flatnonzero(states != GOOD):
        if states[index] != GOOD:
            states[index + 1 : index + 4] = GOOD
    return states


def learning_delivery_days(start: int, end: int, every: int) -> np.ndarray:
    """Days on which the LMS exports are made: every so many days, and the day after the end."""
    days = np.arange(start + every, end + 1, every)
    return np.append(days[days < end + 1], end + 1).astype(np.int32)
