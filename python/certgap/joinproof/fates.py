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
    differs = f"""
        (select * from output_before except all select * from {join.output})
        union all
        (select * from {join.output} except all select * from output_before)
    """
    (n_changed,) = database.row(f"select count(*) from ({differs})")
    if not n_changed:
        return True, "output unchanged"
    if not keys:
        return True, "output changed, it does not hold the keys of the join"
    if kind == ALL_MISSING:
        return True, f"{n_changed} rows changed, as none finds anything"
    same = " and ".join(f'cast("{name}" as varchar) in (?, ?)' for name, _ in keys)
    values = [text for _, value in keys for text in (str(value), str(late(value)))]
    (n_other,) = database.row(
        f"select count(*) from ({differs}) where ({same}) is not true", values
    )
    if n_other:
        return True, f"SPREADS to {n_other} of {n_changed}"
    return True, "only rows of the key changed"
