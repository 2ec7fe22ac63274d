"""What a vendor itself says of its deliveries: part of the people is not half the volume."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from certgap.deliveries.feeds import Delivery
from certgap.deliveries.reading import quoted

FEED = "deliveries"
READERS = {
    "csv": "read_csv({paths}, header = true, all_varchar = true, union_by_name = true)",
    "parquet": "read_parquet({paths}, union_by_name = true)",
}


def parts(
    connection: duckdb.DuckDBPyConnection, reports: Sequence[Delivery], days: set[date | None]
) -> set[tuple[str, date]]:
    """(relation, day received) of deliveries that are announced as `part` of the population.

    Only reports of those days are read. One that cannot be read announces nothing; its own check
    says so.
    """
    found: set[tuple[str, date]] = set()
    for kind, reader in READERS.items():
        paths = [str(r.path) for r in reports if r.day in days and r.kind == kind and r.size]
        if not paths:
            continue
        listed = "[" + ", ".join(map(quoted, paths)) + "]"
        try:
            rows = connection.execute(
                "select distinct lower(trim(feed)), cast(received_at as date)"
                f" from {reader.format(paths=listed)}"
                " where lower(trim(population_scope)) = 'part' and received_at is not null"
            ).fetchall()
        except duckdb.Error:
            continue
        found |= set(rows)
    return found
