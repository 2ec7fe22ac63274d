"""The test of the dashboard: Superset answers every chart, and with the published figures.

What a chart shows is asked of Superset's API under every value of the dashboard's filters, and,
where there is a browser, taken from what the dashboard itself asks for when it opens. Both are
compared with the published file, read without Superset: row by row, with no aggregate, so that a
metric that added or averaged anything would differ.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import product
from pathlib import Path
from typing import Any

import duckdb

from certgap.bi.bundle import SLUG, conditions, opens_with
from certgap.bi.charts import FILTERS, Chart, charts, dataset, filters_of, metric_name
from certgap.bi.server import USER, Client, Superset
from certgap.publish.audit import quoted

# Relative; figures travel as JSON numbers.
TOLERANCE = 1e-9
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_SECONDS = 600
# Fewer would mean that nearly everything is hidden: then the comparison says little.
FEWEST_FIGURES = 20

Rows = list[dict[str, Any]]
Chosen = dict[str, Any]  # a value for each filter of the dashboard


@dataclass
class Outcome:
    """What was seen."""

    n_charts: int = 0
    n_answers: int = 0
    n_figures: int = 0
    faults: list[str] = field(default_factory=list)


def prove(superset: Superset, published: Path, say: Callable[[str], None] = print) -> Outcome:
    """Ask for every chart and compare; Superset is up and has the bundle."""
    client = Client(superset)
    outcome = Outcome()
    datasets, there = client.dataset_ids(), client.charts()
    opens = opens_with(published)
    with duckdb.connect(str(published), read_only=True) as connection:
        for chart in charts():
            outcome.n_charts += 1
            if chart.title not in there:
                outcome.faults.append(f"{chart.key}: Superset has no such chart")
                continue
            n_figures = 0
            for chosen in choices(connection, chart):
                shown = client.rows(datasets[chart.dataset], query_of(chart, chosen))
                is_first = all(opens[column] == value for column, value in chosen.items())
                faults, n_equal = compare(
                    chart, shown, read(connection, chart, chosen), must_show=is_first
                )
                n_figures += n_equal
                outcome.n_answers += 1
                outcome.faults += [f"{fault} ({chosen})" for fault in faults]
            say(f"{chart.key}: {n_figures} figures equal")
            outcome.n_figures += n_figures
    if outcome.n_figures < FEWEST_FIGURES:
        outcome.faults.append(f"only {outcome.n_figures} figures could be compared")
    return outcome


def choices(connection: duckdb.DuckDBPyConnection, chart: Chart) -> Iterable[Chosen]:
    """Every value of the filters that apply to a chart, as the filters offer them."""
    columns = filters_of(chart)
    offered = [
        [value for (value,) in connection.execute(f"select distinct {name} from adoption_rates "
                                                  "order by 1").fetchall()]
        for name in columns
    ]  # fmt: skip
    return (dict(zip(columns, values, strict=True)) for values in product(*offered))


def query_of(chart: Chart, chosen: Chosen) -> dict[str, Any]:
    """The chart's query under these values of the dashboard's filters."""
    filters = [
        {"col": column, "op": operator, "val": value}
        for column, operator, value in conditions(chart)
    ]
    filters += [{"col": column, "op": "IN", "val": [value]} for column, value in chosen.items()]
    query: dict[str, Any] = {"filters": filters, "row_limit": 10_000}
    if chart.kind == "table":
        ordered = [list(chart.order)] if chart.order else []
        return {**query, "columns": list(chart.figures), "orderby": ordered}
    metrics = ["rows"] if chart.kind == "counts" else [metric_name(name) for name in chart.figures]
    return {**query, "columns": list(chart.by), "metrics": metrics}


def read(
    connection: duckdb.DuckDBPyConnection, chart: Chart, chosen: Chosen
) -> list[tuple[Any, ...]]:
    """The rows a chart must show: values of ``by``, then its figures, from the file itself."""
    found = dataset(chart.dataset)
    source = f"({found.sql})" if found.sql else quoted(found.name)
    parts, values = [], []
    for column, operator, value in [
        *conditions(chart), *((name, "==", value) for name, value in chosen.items())
    ]:  # fmt: skip
        if operator == "IS NOT NULL":
            parts.append(f"{quoted(column)} is not null")
            continue
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
    chart: Chart, shown: Rows, expected: list[tuple[Any, ...]], *, must_show: bool = True
) -> tuple[list[str], int]:
    """Faults, and how many figures that are not NULL were found equal.

    ``must_show``: a chart without a figure is a fault, too, unless it may be empty.
    """
    if chart.kind == "table":
        faults, n_figures = _compare_table(chart, shown, expected)
    else:
        faults, n_figures = _compare_marks(chart, shown, expected)
    if not faults and not n_figures and must_show and not chart.may_be_empty:
        faults = [f"{chart.key}: no figure"]
    return faults, n_figures


def _compare_table(
    chart: Chart, shown: Rows, expected: list[tuple[Any, ...]]
) -> tuple[list[str], int]:
    if len(shown) != len(expected):
        return [f"{chart.key}: {len(shown)} rows, of {len(expected)} in the table"], 0
    theirs = [tuple(_plain(row[name]) for name in chart.figures) for row in shown]
    ours = [tuple(_plain(value) for value in row) for row in expected]
    for left, right in zip(sorted(ours, key=_order), sorted(theirs, key=_order), strict=True):
        for name, value, other in zip(chart.figures, left, right, strict=True):
            if not _same(value, other):
                return [f"{chart.key}: {name} is {other}, in the table {value}"], 0
    if chart.order:
        column, is_ascending = chart.order
        values = [row[chart.figures.index(column)] for row in theirs]
        known = [value for value in values if value is not None]
        if known != sorted(known, reverse=not is_ascending):
            return [f"{chart.key}: not in the order of {column}"], 0
    return [], sum(isinstance(value, float) for row in ours for value in row)


def _compare_marks(
    chart: Chart, shown: Rows, expected: list[tuple[Any, ...]]
) -> tuple[list[str], int]:
    names = ["rows"] if chart.kind == "counts" else list(chart.figures)
    metrics = ["rows"] if chart.kind == "counts" else [metric_name(name) for name in names]
    n_keys = len(chart.by)
    if len({row[:n_keys] for row in expected}) != len(expected):
        return [f"{chart.key}: more than one row of the table for one mark"], 0
    # A mark without a figure is not drawn; a chart that is drawn by columns has cells for it.
    ours = {
        (*map(_key, row[:n_keys]), name): _plain(value)
        for row in expected
        for name, value in zip(names, row[n_keys:], strict=True)
        if value is not None
    }
    theirs = {
        (*(_key(row[column]) for column in chart.by), name): _plain(row[metric])
        for row in shown
        for name, metric in zip(names, metrics, strict=True)
        if row[metric] is not None
    }
    for mark in sorted({*ours, *theirs}):
        if not _same(ours.get(mark), theirs.get(mark)):
            words = f"{theirs.get(mark)}, in the table {ours.get(mark)}"
            return [f"{chart.key}: {'|'.join(mark)} is {words}"], 0
    return [], len(ours)


def by_marks(chart: Chart, drawn: Rows) -> Rows:
    """What the browser was given, as rows: a chart of two ``by`` comes with a column per value."""
    if chart.kind not in ("line", "counts") or len(chart.by) < 2:
        return drawn
    first, second = chart.by
    metric = "rows" if chart.kind == "counts" else metric_name(chart.figures[0])
    return [
        {first: row[first], second: column, metric: value}
        for row in drawn
        for column, value in row.items()
        if column != first
    ]


def _key(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


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


def _order(row: tuple[Any, ...]) -> str:
    # Rounded, so that the last digits of a figure do not decide the order.
    return json.dumps([f"{v:.6g}" if isinstance(v, float) else str(v) for v in row])


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= TOLERANCE * max(1.0, abs(left))
    return left == right


def look(superset: Superset, published: Path, browser: str, picture: Path) -> Outcome:
    """Open the dashboard in a real browser, compare what it was given, keep a picture."""
    there = Client(superset).charts()
    python = superset.project / ".venv-bi" / "bin" / "python"
    done = subprocess.run(
        [python, str(Path(__file__).with_name("look.py"))],
        env={
            **superset.environment,
            "CERTGAP_BI_ADDRESS": superset.address,
            "CERTGAP_BI_DASHBOARD": SLUG,
            "CERTGAP_BI_USER": USER,
            "CERTGAP_BI_PASSWORD": superset.password,
            "CERTGAP_BI_BROWSER": browser,
            "CERTGAP_BI_PICTURE": str(picture),
            "CERTGAP_BI_CHARTS": json.dumps([chart.title for chart in charts()]),
        },
        capture_output=True,
        text=True,
        timeout=BROWSER_SECONDS,
    )
    outcome = Outcome()
    if done.returncode:
        outcome.faults.append(f"the browser's script failed: {done.stderr[-2000:]}")
        return outcome
    seen = json.loads(done.stdout)
    outcome.faults += seen["faults"]
    opens = opens_with(published)
    with duckdb.connect(str(published), read_only=True) as connection:
        for chart in charts():
            outcome.n_charts += 1
            drawn = seen["answers"].get(str(there[chart.title]["id"]))
            if drawn is None:
                outcome.faults.append(f"{chart.key}: the page never asked for it")
                continue
            outcome.n_answers += 1
            chosen = {column: opens[column] for column in FILTERS if column in filters_of(chart)}
            faults, n_equal = compare(
                chart, by_marks(chart, drawn), read(connection, chart, chosen)
            )
            outcome.n_figures += n_equal
            outcome.faults += [f"in the browser: {fault}" for fault in faults]
    return outcome
