"""What became of one breakage."""

from __future__ import annotations

from dataclasses import dataclass

CAUGHT, ALLOWED, ABSORBED = "caught", "allowed", "without effect"
WARNED = "warned"  # a test that warns: the rate of a join that drifts with deliveries
HOLE, NO_DATA = "hole", "no data"
# What a message names besides the join (or test) and the number of rows.
KEYS = "keys"
COUNTS = "the two counts that differ"
VALUE = "the value that the database refuses"


@dataclass(frozen=True)
class Outcome:
    """The verdict on one breakage of one join."""

    join: str
    kind: str
    verdict: str
    by: str  # what caught it, or what was seen instead
    message: str = ""  # of the test; of an allowed breakage the declared reason
    names: str = KEYS  # besides the join and the number of rows
