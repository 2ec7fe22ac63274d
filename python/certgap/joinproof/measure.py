"""What a join meets, counted from its declaration alone: before a breakage and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from certgap.joinproof.declared import LEFT, RIGHT, Join
from certgap.joinproof.session import Database


@dataclass(frozen=True)
class Measure:
    """The two sides of a join and how they meet."""

    n_left: int
    n_right: int
    n_matched: int  # left rows that find a right row
    most: int  # most right rows that one left row finds
    most_left: int  # most left rows that one right row is found by
    n_doubled: int  # right rows beyond the first of their key
    n_null: int  # right rows without a key
    sums: tuple[Any, ...]  # checksums of the sides' whole rows

    @property
    def rate(self) -> float:
        """Share of left rows that find a right row; 1 where there are none."""
        return self.n_matched / self.n_left if self.n_left else 1.0

    @property
    def n_unmatched(self) -> int:
        """Left rows that find nothing."""
        return self.n_left - self.n_matched


@dataclass(frozen=True)
class Victim:
    """A left row and a right row that meet: the one that will be broken."""

    left: tuple[Any, ...]
    right: tuple[Any, ...]


def measured(database: Database, join: Join) -> Measure:
    """Count the sides and what they meet."""
    n_keys = len(join.keys)
    keys = ", ".join(f"p{n}" for n in range(1, n_keys + 1))
    has_keys = " and ".join(f"p{n} is not null" for n in range(1, n_keys + 1))
    doubled = (
        f"(select coalesce(sum(n - 1), 0) from (select count(*) as n from r where {has_keys}"
        f" group by {keys}) as per_key)"
        if keys
        else "0"
    )
    null = f"(select count(*) from r where not ({has_keys}))" if keys else "0"
    row = database.row(f"""
        with l as materialized (select row_number() over () as l_id, * from ({join.side(LEFT)})),
        r as materialized (select row_number() over () as r_id, * from ({join.side(RIGHT)})),
        met as materialized (select l_id, r_id from l inner join r on {join.condition()}),
        per_left as (select count(*) as n from met group by l_id),
        per_right as (select count(*) as n from met group by r_id)
        select
            (select count(*) from l), (select count(*) from r), (select count(*) from per_left),
            (select coalesce(max(n), 0) from per_left), (select coalesce(max(n), 0) from per_right),
            {doubled}, {null}
    """)
    sums = tuple(
        database.row(f"select count(*), sum(hash(whole)::hugeint) from {join.rows(s)} as whole")
        for s in (LEFT, RIGHT)
    )
    return Measure(*row, sums)


def victims(database: Database, join: Join, count: int) -> list[Victim]:
    """Some pairs of rows that meet, always the same ones for the same data."""
    n_left, n_right = len(join.parts(LEFT)), len(join.parts(RIGHT))
    left = [f"l.p{n}" for n in range(1, n_left + 1)]
    right = [f"r.p{n}" for n in range(1, n_right + 1)]
    listed = ", ".join([*left, *right]) or "1"
    keys = ", ".join(left[: len(join.keys)]) or "1"
    rows = database.rows(f"""
        select distinct on ({keys}) {listed}
        from ({join.side(LEFT)}) as l inner join ({join.side(RIGHT)}) as r on {join.condition()}
        order by {keys}, hash({listed}), {listed}
    """)
    # Spread over all keys: the first ones of a list are often the special ones.
    step = max(1, len(rows) // count)
    picked = rows[step // 2 :: step][:count]
    return [Victim(tuple(row[:n_left]), tuple(row[n_left : n_left + n_right])) for row in picked]


def part_types(database: Database, join: Join, side: str) -> tuple[str, ...]:
    """Types of the side's keys."""
    described = database.rows(f"describe {join.side(side)}")
    return tuple(row[1] for row in described[: len(join.keys)])
