"""One random stream per subject, so that a change in one leaves the others as they were."""

from __future__ import annotations

import zlib

import numpy as np


class Randomness:
    """Streams by name, all from one seed."""

    def __init__(self, seed: int) -> None:
        """Remember the seed; streams are made when asked for."""
        self.seed = seed

    def stream(self, name: str) -> np.random.Generator:
        """The generator of `name`: the same seed and name give the same numbers."""
        return np.random.Generator(np.random.PCG64([self.seed, zlib.crc32(name.encode())]))


def chosen(rng: np.random.Generator, size: int, share: float, at_least: int = 0) -> np.ndarray:
    """Flags of a random share; `at_least` some, so that small companies have each case."""
    draws = rng.random(size)
    flags = draws < share
    if at_least and flags.sum() < at_least <= size:
        flags[np.argsort(draws, kind="stable")[:at_least]] = True
    return flags
