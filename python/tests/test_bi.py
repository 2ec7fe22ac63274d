"""The Superset dashboard: its bundle is that of today's models, and its test can fail."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import duckdb
import pytest

from certgap.bi import bundle
from certgap.bi.charts import Chart, charts, dataset, filters_of, metric_name, one_row
from certgap.bi.proof import compare, query_of, read

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "target" / "test" / "dbt" / "manifest.json"
FILES = bundle.read(ROOT / "bi" / "superset")
RATE = Chart("rate", "Rate", "", "adoption_rates", "bar", ("adoption_rate",), by=("tool_id",))


def rows(*pairs: tuple[str, float | None]) -> list[dict[str, object]]:
    return [{"tool_id": tool, metric_name("adoption_rate"): rate} for tool, rate in pairs]


def test_the_bundle_is_what_today_s_models_and_charts_make() -> None:
    if not MANIFEST.is_file():
        pytest.skip("run by make test, which builds the sample company first")
    made = bundle.make(json.loads(MANIFEST.read_text()))
    stale = [path for path in {*made, *FILES} if made.get(path) != FILES.get(path)]
    assert not stale, f"run `python -m certgap.bi write`: {stale}"


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.key)
def test_a_chart_reads_columns_that_its_dataset_has(chart: Chart) -> None:
    found = FILES[f"datasets/{bundle.DATABASE}/{chart.dataset}.yaml"]
    columns = {column["column_name"] for column in found["columns"]}
    metrics = {metric["metric_name"] for metric in found["metrics"]}
    named = {*chart.where, *chart.without, *chart.by, *filters_of(chart)}
    if chart.kind == "table":
        named |= {*chart.figures, *([chart.order[0]] if chart.order else [])}
    else:
        assert {metric_name(name) for name in chart.figures} <= metrics
    assert named <= columns


def test_no_dataset_adds_or_averages_a_figure() -> None:
    for path, found in FILES.items():
        if path.startswith("datasets/"):
            expressions = {metric["expression"] for metric in found["metrics"]}
            assert all(sql == "COUNT(*)" or sql.startswith("CASE WHEN COUNT(*) = 1") for sql in
                       expressions), path  # fmt: skip


def test_a_figure_of_two_rows_is_not_shown() -> None:
    table = "(values ('a', 0.2), ('b', 0.1), ('b', 0.3)) as t(tool, rate)"
    sql = f"select tool, {one_row('rate::double')} from {table} group by 1"
    found = duckdb.sql(sql).fetchall()
    assert sorted(found) == [("a", 0.2), ("b", None)]


def test_the_zip_has_one_folder_and_the_place_of_the_published_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(bundle.zipped(FILES, tmp_path / "p.duckdb"))) as archive:
        names = archive.namelist()
        database = archive.read(f"{bundle.DATABASE}/{bundle.DATABASE_FILE}").decode()
    assert {name.split("/")[0] for name in names} == {bundle.DATABASE}
    assert len(names) == len(FILES)
    assert f"duckdb:///{tmp_path}/p.duckdb" in database and "read_only: true" in database


def test_writing_takes_away_the_file_of_a_chart_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts" / "old.yaml").write_text("{}")
    bundle.write(FILES, tmp_path)
    assert bundle.read(tmp_path) == FILES


def test_a_line_of_the_dashboard_has_at_most_twelve_columns() -> None:
    position = FILES[f"dashboards/{bundle.DATABASE}.yaml"]["position"]
    shown = [part for part in position.values() if isinstance(part, dict)]
    for row in (part for part in shown if part["type"] == "ROW"):
        assert sum(position[child]["meta"]["width"] for child in row["children"]) <= 12
    assert sum(part["type"] == "CHART" for part in shown) == len(charts())


@pytest.mark.parametrize(
    ("shown", "fault"),
    [
        (rows(("a", 0.25), ("b", None)), None),
        (rows(("b", None), ("a", 0.25)), None),
        (rows(("a", 0.26), ("b", None)), "in the table 0.25"),
        (rows(("a", 0.25), ("b", 0.0)), "in the table None"),
        (rows(("a", 0.25)), "1 rows, of 2"),
    ],
)
def test_a_chart_that_shows_another_figure_is_a_fault(
    shown: list[dict[str, object]], fault: str | None
) -> None:
    faults, n_figures = compare(RATE, shown, [("a", 0.25), ("b", None)])
    assert (n_figures == 1 and not faults) if fault is None else fault in faults[0]


def test_a_chart_without_rows_or_with_two_rows_for_a_mark_is_a_fault() -> None:
    assert "no row" in compare(RATE, [], [])[0][0]
    assert "more than one row" in compare(RATE, [], [("a", 0.1), ("a", 0.2)])[0][0]


def test_a_chart_is_asked_for_and_read_with_the_same_filters() -> None:
    chart = next(one for one in charts() if one.key == "heat")
    filters = {(one["col"], one["op"]) for one in query_of(chart)["filters"]}
    assert filters == {
        ("dimension", "=="), ("tool_id", "!="), ("program_id", "IN"), ("checkpoint_day", "IN")
    }  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute(
            "create table adoption_rates as from (values"
            " ('all', 90, 'role_group', 't', 'r', 0.5), ('all', 90, 'role_group', 'all', 'r', 0.4),"
            " ('all', 30, 'role_group', 't', 'r', 0.3), ('p', 90, 'role_group', 't', 'r', 0.2),"
            " ('all', 90, 'location', 't', 'r', 0.1)"
            ") as t(program_id, checkpoint_day, dimension, tool_id, dimension_value, adoption_rate)"
        )
        assert [tuple(map(str, row)) for row in read(connection, chart)] == [("t", "r", "0.5")]
    assert dataset(chart.dataset).has_program


def test_the_export_to_parquet_that_the_docs_name_holds_the_same_rows(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "connect-a-bi-tool.md").read_text(encoding="utf-8")
    line = next(line for line in page.splitlines() if line.startswith(".venv/bin/python -c"))
    program = shlex.split(line)[2]
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "build").mkdir()
    with duckdb.connect(str(tmp_path / "warehouse" / "published.duckdb")) as connection:
        connection.execute("create table adoption_rates as select 'all' as program_id, 0.5 as rate")
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
    found = duckdb.read_parquet(str(tmp_path / "build" / "parquet" / "adoption_rates.parquet"))
    assert [(name, float(rate)) for name, rate in found.fetchall()] == [("all", 0.5)]
