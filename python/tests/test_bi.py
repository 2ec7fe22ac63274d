"""The Superset dashboard: its bundle is that of today's models, and its test can fail."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import duckdb
import pytest
import yaml

from certgap.bi import bundle
from certgap.bi.charts import Chart, charts, filters_of, metric_name, one_row
from certgap.bi.proof import by_marks, choices, compare, query_of, read
from certgap.bi.server import Client, Superset, free_port
from certgap.errors import UserError

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
    named |= {chart.known} if chart.known else set()
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


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published file with a few rows of one table."""
    path = tmp_path / "warehouse" / "published.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table adoption_rates as select column0 as program_id,"
            " cast(column1 as integer) as checkpoint_day, column2 as dimension, column3 as tool_id,"
            " column4 as dimension_value, cast(column5 as double) as adoption_rate from (values"
            " ('all', 120, 'role_group', 't', 'r', 0.5), ('all', 120, 'role_group', 'all', 'r', 1),"
            " ('all', 30, 'role_group', 't', 'r', 0.3), ('p', 120, 'role_group', 't', 'r', 0.2),"
            " ('all', 120, 'location', 't', 'r', 0.1)) as t(column0, column1, column2, column3,"
            " column4, column5)"
        )
        connection.execute("create table dim_tools as select 't' as tool_id")
    return path


def unpacked(archive: bytes) -> dict[str, dict]:
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        return {name: yaml.safe_load(opened.read(name)) for name in opened.namelist()}


def test_the_zip_has_one_folder_and_the_place_of_the_published_file(published: Path) -> None:
    found = unpacked(bundle.zipped(FILES, published))
    assert {name.split("/")[0] for name in found} == {bundle.DATABASE}
    assert len(found) == len(FILES)
    database = found[f"{bundle.DATABASE}/{bundle.DATABASE_FILE}"]
    assert database["sqlalchemy_uri"] == f"duckdb:///{published}"


def test_the_dashboard_opens_with_the_last_checkpoint_that_is_published(published: Path) -> None:
    found = unpacked(bundle.zipped(FILES, published))
    dashboard = found[f"{bundle.DATABASE}/{bundle.DASHBOARD_FILE}"]
    filters = dashboard["metadata"]["native_filter_configuration"]
    assert [one["defaultDataMask"]["filterState"]["value"] for one in filters] == [["all"], [120]]


def test_the_connection_reads_no_other_file(published: Path) -> None:
    other = published.with_name("working.duckdb")
    duckdb.connect(str(other)).execute("create table people as select 1 as employee").close()
    extra = FILES[bundle.DATABASE_FILE]["extra"]["engine_params"]["connect_args"]
    with duckdb.connect(str(published), **extra) as connection:
        assert connection.execute("select count(*) from adoption_rates").fetchone() == (5,)
        for statement in (
            f"select * from read_text('{published.parent}/*')",
            f"attach '{other}' as working",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


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
        (rows(("a", 0.25)), None),  # a mark without a figure is not drawn
        (rows(("a", 0.26), ("b", None)), "in the table 0.25"),
        (rows(("a", 0.25), ("b", 0.0)), "in the table None"),
        (rows(("b", None)), "a|adoption_rate is None"),
        (rows(("a", 0.25), ("c", 0.1)), "in the table None"),
    ],
)
def test_a_chart_that_shows_another_figure_is_a_fault(
    shown: list[dict[str, object]], fault: str | None
) -> None:
    faults, n_figures = compare(RATE, shown, [("a", 0.25), ("b", None)])
    assert (n_figures == 1 and not faults) if fault is None else fault in faults[0]


def test_a_chart_without_a_figure_or_with_two_rows_for_a_mark_is_a_fault() -> None:
    assert "no figure" in compare(RATE, [], [])[0][0]
    assert "no figure" in compare(RATE, rows(("a", None)), [("a", None)])[0][0]
    assert compare(RATE, [], [], must_show=False) == ([], 0)
    assert "more than one row" in compare(RATE, [], [("a", 0.1), ("a", 0.2)])[0][0]


def test_a_table_has_every_row_in_its_order() -> None:
    table = Chart("t", "T", "", "adoption_rates", "table", ("tool_id", "n"), order=("n", False))
    shown = [{"tool_id": "a", "n": 2}, {"tool_id": "b", "n": 1}, {"tool_id": "c", "n": None}]
    expected = [("b", 1), ("c", None), ("a", 2)]
    assert compare(table, shown, expected) == ([], 2)
    assert "order of n" in compare(table, shown[1::-1], [("a", 2), ("b", 1)])[0][0]
    assert "2 rows, of 3" in compare(table, shown[:2], expected)[0][0]


def test_what_a_browser_is_given_by_columns_are_the_same_marks() -> None:
    line = Chart("l", "L", "", "adoption_curves", "line", ("active_rate",), by=("week", "tool"))
    drawn = [{"week": 1, "a": 0.5, "b": None}, {"week": 2, "a": 0.4, "b": 0.1}]
    expected = [(1, "a", 0.5), (2, "a", 0.4), (2, "b", 0.1)]
    assert compare(line, by_marks(line, drawn), expected) == ([], 3)


def test_a_chart_is_asked_for_and_read_with_the_same_filters(published: Path) -> None:
    chart = next(one for one in charts() if one.key == "heat")
    with duckdb.connect(str(published)) as connection:
        offered = list(choices(connection, chart))
        assert offered == [
            {"program_id": program, "checkpoint_day": day}
            for program in ("all", "p") for day in (30, 120)
        ]  # fmt: skip
        filters = {(one["col"], one["op"]) for one in query_of(chart, offered[1])["filters"]}
        assert read(connection, chart, offered[1]) == [("t", "r", 0.5)]
    assert filters == {
        ("dimension", "=="), ("tool_id", "!="), ("program_id", "IN"), ("checkpoint_day", "IN")
    }  # fmt: skip


def test_the_export_to_parquet_that_the_docs_name_holds_the_same_rows(published: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "connect-a-bi-tool.md").read_text(encoding="utf-8")
    commands = page.split("```bash\n")[1].split("```")[0]
    folder = published.parents[1]
    commands = commands.replace(".venv/bin/python", sys.executable)
    subprocess.run(["bash", "-ec", commands], cwd=folder, check=True)
    with duckdb.connect(str(published), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("show tables").fetchall()]
        assert {path.stem for path in (folder / "build/parquet").glob("*.parquet")} == set(tables)
        for table in tables:
            written = f"read_parquet('{folder}/build/parquet/{table}.parquet')"
            for one, other in ((table, written), (written, table)):
                left = connection.execute(f"from {one} except all from {other}").fetchall()
                assert left == []


def test_a_superset_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret")
    with pytest.raises(UserError, match="does not answer") as said:
        Client(Superset(tmp_path, tmp_path, free_port()))
    assert "secret" not in str(said.value)


def test_a_port_in_use_is_said_before_anything_is_set_up(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match="in use"):
            Superset(tmp_path, tmp_path / "home", port).start()
    assert not (tmp_path / "home").exists()
