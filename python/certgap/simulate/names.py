"""Invented names and ids: syllables only, never a list of real names."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "zu",
]
# A large prime step through the space of names, so that neighbours do not have neighbouring names.
STEP = 48_271_009
SPACE = len(SYLLABLES) ** 6
DOMAIN = "example.com"


def join(*parts: pa.Array | str) -> pa.Array:
    """Texts glued row by row."""
    return pc.binary_join_element_wise(*parts, "")


def numbered(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    """`E0000042` and the like."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return join(prefix, digits)


def _syllables(code: np.ndarray, count: int) -> tuple[pa.Array, np.ndarray]:
    """A word of `count` syllables taken off `code`, and what is left of it."""
    table = pa.array(SYLLABLES)
    parts = []
    for _ in range(count):
        parts.append(table.take(pa.array(code % len(SYLLABLES))))
        code = code // len(SYLLABLES)
    return join(*parts), code


def first_and_last(numbers: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """A first and a last name for each number; no two numbers below 64 million share a name."""
    code = (np.asarray(numbers, dtype=np.int64) * STEP + 1_234_567) % SPACE
    first, rest = _syllables(code, 2)
    last, _ = _syllables(rest, 4)
    return first, last


def mail_local_part(numbers: np.ndarray) -> pa.Array:
    """`bace.lomuna` for each number."""
    first, last = first_and_last(numbers)
    return pc.binary_join_element_wise(first, last, ".")


def hex_ids(prefix: str, numbers: np.ndarray, width: int = 32) -> pa.Array:
    """Lower-case hexadecimal ids: a fixed prefix and the number, as a vendor's opaque ids look."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width - len(prefix), "0")
    return join(prefix, digits)
