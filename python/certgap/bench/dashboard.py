"""What dashboards ask, against the published file: milliseconds per query, p50 and p95."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from certgap.database import open_read_only

QUERIES = Path(__file__).with_name("queries")
REPEATS = 20


@dataclass(frozen=True)
class QueryMeasure:
    """One query, asked 20 times after a first one that is not counted."""

    name: str
    n_rows: int
    p50_ms: float
    p95_ms: float

    def as_json(self) -> dict[str, Any]:
        """For results.json."""
        return asdict(self)


def questions() -> dict[str, str]:
    """Name → SQL."""
    return {
        path.stem.split("_", 1)[1].replace("_", " "): path.read_text(encoding="utf-8")
        for path in sorted(QUERIES.glob("*.sql"))
    }


def ask(published: Path) -> list[QueryMeasure]:
    """Ask everything; rows are fetched, as a dashboard would."""
    measures = []
    with open_read_only(published) as connection:
        for name, query in questions().items():
            n_rows = len(connection.execute(query).fetchall())
            times = []
            for _ in range(REPEATS):
                began = time.perf_counter()
                connection.execute(query).fetchall()
                times.append((time.perf_counter() - began) * 1000)
            p50, p95 = (float(np.percentile(times, share)) for share in (50, 95))
            measures.append(QueryMeasure(name, n_rows, p50, p95))
    return measures
