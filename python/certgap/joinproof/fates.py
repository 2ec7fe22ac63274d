"""A breakage that the declaration allows: does the output show it on exactly the broken rows?"""

from __future__ import annotations

from certgap.joinproof.breakages import ALL_MISSING, late
from certgap.joinproof.declared import LEFT, Join, columns_of
from certgap.joinproof.measure import Victim
from certgap.joinproof.session import Database


def fate(database: Database, join: Join, kind: str, victim: Victim) -> tuple[bool, str]:
    """Whether only rows of the broken key differ, and what became of them, in words."""
    columns = database.columns(join.output)
    keys = [
        (name, value)
        for part, value in zip(join.parts(LEFT), victim.left, strict=True)
        if columns_of(part) == [part.lower()] and (name := part.lower()) in columns
    ][: len(join.keys)]
    gone = f"(select * from output_before except all select * from {join.output})"
    new = f"(select * from {join.output} except all select * from output_before)"
    (n_gone,) = database.row(f"select count(*) from {gone}")
    (n_new,) = database.row(f"select count(*) from {new}")
    if not n_gone + n_new:
        return True, "output unchanged"
    if kind == ALL_MISSING:
        return True, "rows changed, as none finds anything"
    if not keys:
        return True, "output changed; it does not hold the keys of the join"
    same = " and ".join(f'cast("{name}" as varchar) in (?, ?)' for name, _ in keys)
    values = [text for _, value in keys for text in (str(value), str(late(value)))]
    others = f"where ({same}) is not true"
    (gone_of_others,) = database.row(f"select count(*) from {gone} {others}", values)
    (new_of_others,) = database.row(f"select count(*) from {new} {others}", values)
    # A row may lose its key by what was done to it: then it is gone under it, and new without.
    n_others = gone_of_others + max(0, new_of_others - n_gone + gone_of_others)
    if n_others:
        return True, "rows of the key changed, and others that are computed from them"
    return True, "only rows of the key changed"
