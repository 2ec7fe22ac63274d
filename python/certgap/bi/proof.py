"""The test of the dashboard: Superset answers every chart, and with the published figures.

What a chart shows is asked of Superset's API as the dashboard asks it when it opens, and read from
the published file without Superset: row by row, with no aggregate, so that a metric that added or
averaged anything would differ.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb

from certgap.bi.bundle import SLUG, conditions
from certgap.bi.charts import Chart, charts, dataset, filters_of, metric_name
from certgap.bi.server import Client, Superset
from certgap.publish.audit import quoted

# Relative; figures travel as JSON numbers.
TOLERANCE = 1e-9
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Outcome:
    """What was seen."""

    n_charts: int = 0
    n_figures: int = 0
    faults: list[str] = field(default_factory=list)


def prove(superset: Superset, published: Path, say: Callable[[str], None] = print) -> Outcome:
    """Ask for every chart and compare; Superset is up and has the bundle."""
    client = Client(superset)
    outcome = Outcome()
    datasets, there = client.dataset_ids(), client.charts()
    with duckdb.connect(str(published), read_only=True) as connection:
        for chart in charts():
            outcome.n_charts += 1
            if chart.title not in there:
                outcome.faults.append(f"{chart.key}: Superset has no such chart")
                continue
            shown = client.rows(datasets[chart.dataset], query_of(chart))
            expected = read(connection, chart)
            faults, n_figures = compare(chart, shown, expected)
            outcome.n_figures += n_figures
            outcome.faults += faults
            say(f"{chart.key}: {len(shown)} rows, {n_figures} figures equal")
    return outcome


def query_of(chart: Chart) -> dict[str, Any]:
    """The chart's query as the dashboard sends it when it opens."""
    filters = [
        {"col": column, "op": operator, "val": value}
        for column, operator, value in conditions(chart)
    ]
    filters += [
        {"col": column, "op": "IN", "val": [value]} for column, value in filters_of(chart).items()
    ]
    query: dict[str, Any] = {"filters": filters, "row_limit": 10_000}
    if chart.kind == "table":
        ordered = [list(chart.order)] if chart.order else []
        return {**query, "columns": list(chart.figures), "orderby": ordered}
    metrics = ["rows"] if chart.kind == "counts" else [metric_name(name) for name in chart.figures]
    return {**query, "columns": list(chart.by), "metrics": metrics}


def read(connection: duckdb.DuckDBPyConnection, chart: Chart) -> list[tuple[Any, ...]]:
    """The rows a chart must show: values of ``by``, then its figures, from the file itself."""
    found = dataset(chart.dataset)
    source = f"({found.sql})" if found.sql else quoted(found.name)
    asked = [
        *conditions(chart),
        *((name, "==", value) for name, value in filters_of(chart).items()),
    ]
    parts, values = [], []
    for column, operator, value in asked:
        wanted = value if isinstance(value, list) else [value]
        sign = "not in" if operator == "!=" else "in"
        parts.append(f"{quoted(column)} {sign} ({', '.join('?' * len(wanted))})")
        values += wanted
    where = f"where {' and '.join(parts)}" if parts else ""
    columns = ", ".join(quoted(name) for name in (*chart.by, *chart.figures))
    if chart.kind == "counts":
        columns, where = f"{columns}, count(*)", f"{where} group by all"
    return connection.execute(f"select {columns} from {source} {where}", values).fetchall()


def compare(
    chart: Chart, shown: list[dict[str, Any]], expected: list[tuple[Any, ...]]
) -> tuple[list[str], int]:
    """Faults, and how many figures that are not NULL were found equal."""
    metrics = ["rows"] if chart.kind == "counts" else list(map(metric_name, chart.figures))
    names = list(chart.figures) if chart.kind == "table" else [*chart.by, *metrics]
    if chart.kind != "table":
        keys = [row[: len(chart.by)] for row in expected]
        if len(set(keys)) != len(keys):
            return [f"{chart.key}: more than one row of the table for one mark"], 0
    ours = sorted((list(map(_plain, row)) for row in expected), key=_order)
    theirs = sorted(([_plain(row[name]) for name in names] for row in shown), key=_order)
    if len(ours) != len(theirs):
        return [f"{chart.key}: {len(theirs)} rows, of {len(ours)} in the table"], 0
    if not ours and not chart.may_be_empty:
        return [f"{chart.key}: no row"], 0
    n_equal = 0
    for our, their in zip(ours, theirs, strict=True):
        for name, left, right in zip(names, our, their, strict=True):
            if not _same(left, right):
                return [f"{chart.key}: {name} is {right}, in the table {left}"], 0
            n_equal += isinstance(left, float)
    if not n_equal and any(isinstance(value, float) for row in ours for value in row):
        return [f"{chart.key}: no figure"], 0
    return [], n_equal


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, date):
        # Superset writes times, and dates as midnight, in milliseconds.
        instant = value if isinstance(value, datetime) else datetime.combine(value, time.min)
        return instant.replace(tzinfo=UTC).timestamp() * 1000
    return str(value)


def _order(row: list[Any]) -> str:
    # Rounded, so that the last digits of a figure do not decide the order.
    return json.dumps([f"{v:.6g}" if isinstance(v, float) else str(v) for v in row])


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= TOLERANCE * max(1.0, abs(left))
    return left == right


def look(superset: Superset, browser: str, picture: Path) -> list[str]:
    """Open the dashboard in a real browser, keep a picture: faults that the browser saw."""
    python = superset.project / ".venv-bi" / "bin" / "python"
    done = subprocess.run(
        [python, str(Path(__file__).with_name("look.py"))],
        env={
            **superset.environment,
            "CERTGAP_BI_ADDRESS": superset.address,
            "CERTGAP_BI_DASHBOARD": SLUG,
            "CERTGAP_BI_PASSWORD": superset.password,
            "CERTGAP_BI_BROWSER": browser,
            "CERTGAP_BI_PICTURE": str(picture),
            "CERTGAP_BI_CHARTS": json.dumps([chart.title for chart in charts()]),
        },
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return [f"the browser's script failed: {done.stderr[-2000:]}"]
    return json.loads(done.stdout)
