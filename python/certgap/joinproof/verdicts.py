"""What each breakage must lead to, by the declaration."""

from __future__ import annotations

from certgap.joinproof import breakages as b
from certgap.joinproof.declared import LEFT, RIGHT, Join
from certgap.joinproof.measure import Measure

ALWAYS = {
    b.FAN_OUT, b.PADDED_RIGHT, b.PADDED_LEFT, b.CASE_RIGHT, b.CASE_LEFT, b.TYPE_RIGHT, b.TYPE_LEFT,
    b.INVERTED, b.LOST, b.GAINED, b.SWAPPED,
}  # fmt: skip
DOUBLES = {b.DOUBLED, b.DOUBLED_OTHERWISE, b.OVERLAP, b.BOUNDARY}


def is_absorbed(join: Join, kind: str, before: Measure, after: Measure) -> bool:
    """Whether the declared side, which groups or filters, still has what the join needs of it."""
    if before.sums == after.sums:
        return True
    if kind in (b.CASE_LEFT, b.CASE_RIGHT) and join.relations[LEFT] == join.relations[RIGHT]:
        # One relation on both sides: its keys change together.
        return (before.n_left, before.n_matched) == (after.n_left, after.n_matched)
    if kind in DOUBLES and join.is_to_one:
        return after.most <= 1 and after.n_doubled <= before.n_doubled
    return join.kind == "cross" and kind == b.ALL_MISSING and after.n_right > 0


def must_fail(join: Join, kind: str, before: Measure | None, after: Measure | None) -> bool:
    """Whether the build has to stop; where not, the declaration allows it and says why."""
    if kind in ALWAYS:
        return True
    if kind == b.NULL_END:
        return not join.as_of.get("null_ends")
    if kind == b.DOUBLED_LEFT:
        return join.is_from_one
    if kind in DOUBLES and join.is_to_one:
        return True
    if join.kind == "cross" and kind == b.ALL_MISSING:
        return join.settings["unmatched"] == "keep"
    if before is None or after is None:
        raise ValueError(f"{join.name}: what {kind!r} leads to depends on what then meets")
    may_be_null = join.settings.get("null_safe") or join.settings.get("right_may_have_null_keys")
    # A declared side may filter such rows away: then the key is missing, no more.
    if kind == b.NULL_RIGHT and not may_be_null and after.n_null > before.n_null:
        return True
    return after.rate < join.least_rate
