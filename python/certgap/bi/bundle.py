"""The bundle: the dashboard as files that Superset imports, made from ``charts`` and the models.

Every id is a name-based UUID, so that importing again replaces what an import before it made.
"""

from __future__ import annotations

import copy
import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import yaml

from certgap.bi.charts import (
    COUNT,
    DATASETS,
    FILTERS,
    NUMBER,
    PERCENT,
    SECTIONS,
    Chart,
    Dataset,
    charts,
    filters_of,
    metric_name,
    one_row,
)
from certgap.publish.publisher import columns_of, published_models

VERSION = "1.0.0"
NAMESPACE = uuid.UUID("5f0c1f0a-6a55-5d0e-9c0b-5e1a1f6f0c11")
DATABASE = "certification_gap"
DATABASE_FILE = f"databases/{DATABASE}.yaml"
DASHBOARD_FILE = f"dashboards/{DATABASE}.yaml"
# Of the bundle in the repository; the published file's own takes its place.
LAST_CHECKPOINT = 90
# Likewise; a published file's own takes its place.
PLACE_OF_DATABASE = "duckdb:////where/your/published.duckdb"
SLUG = "certification-gap"
TITLE = "Certification Gap"
# The contract's types as DuckDB names them.
TYPES = {
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "bigint": "BIGINT",
    "integer": "INTEGER",
    "double": "DOUBLE",
}
# Read-only: a reader never holds a lock that a publication would wait for. Without external access:
# SQL of a chart could else read any file of the machine, the working database among them.
CONNECT_ARGS = {"read_only": True, "config": {"enable_external_access": "false"}}
# Superset's word for "do not cache": a publication replaces what was read before it.
NOT_CACHED = -1
# One colour for one thing on every chart, of the palette that the report uses.
COLOURS = {
    "completion rate": "#56B4E9",
    "adoption rate": "#D55E00",
    "units": "#0072B2",
    "seats": "#56B4E9",
    "idle seats": "#999999",
    "ok": "#009E73",
    "warn": "#E69F00",
    "inferred": "#56B4E9",
    "nothing_delivered": "#999999",
}
# A column of these types is a figure and gets a metric.
FIGURES = ("bigint", "integer", "double")
NO_FIGURES = {"checkpoint_day", "week_number", "event_month", "publication_id", "last_day_number"}
FILTER_LABELS = {"program_id": "Program", "checkpoint_day": "Checkpoint (day)"}
# A row of the dashboard's grid has twelve columns.
GRID_COLUMNS = 12

Files = dict[str, dict[str, Any]]


def identity(kind: str, name: str) -> str:
    """The UUID of a part of the bundle; the same for ever."""
    return str(uuid.uuid5(NAMESPACE, f"{kind}/{name}"))


def make(manifest: dict[str, Any]) -> Files:
    """Every file of the bundle, by its path; columns and descriptions are the models'."""
    models = published_models(manifest)
    files: Files = {
        # Without a time: the same models give the same files.
        # Without a type Superset takes it as a dashboard and as assets, too.
        "metadata.yaml": {"version": VERSION},
        DATABASE_FILE: _database(),
    }
    for one in DATASETS:
        files[f"datasets/{DATABASE}/{one.name}.yaml"] = _dataset(models, one)
    for chart in charts():
        files[f"charts/{chart.key}.yaml"] = _chart(chart)
    files[DASHBOARD_FILE] = _dashboard()
    return files


def read(folder: Path) -> Files:
    """A bundle that was written."""
    return {
        str(path.relative_to(folder)): yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.yaml"))
    }


def write(files: Files, folder: Path) -> None:
    """Write the bundle below a folder; a file that is no longer part of it goes."""
    for old in folder.rglob("*.yaml"):
        if str(old.relative_to(folder)) not in files:
            old.unlink()
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text(content), encoding="utf-8")


def text(content: dict[str, Any]) -> str:
    """A file of the bundle as it is written."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def zipped(files: Files, published: Path) -> bytes:
    """The bundle as Superset takes it, over this published file: one folder in a ZIP archive."""
    out = io.BytesIO()
    database = {**files[DATABASE_FILE], "sqlalchemy_uri": f"duckdb:///{published.resolve()}"}
    dashboard = copy.deepcopy(files[DASHBOARD_FILE])
    values = opens_with(published)
    for one in dashboard["metadata"]["native_filter_configuration"]:
        column = one["targets"][0]["column"]["name"]
        one["defaultDataMask"] = _mask(column, values[column])
    files = {**files, DATABASE_FILE: database, DASHBOARD_FILE: dashboard}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(f"{DATABASE}/{path}", text(content))
    return out.getvalue()


def opens_with(published: Path) -> dict[str, Any]:
    """What the dashboard's filters stand at when it opens: all programs, the last checkpoint."""
    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.execute("select max(checkpoint_day) from adoption_rates").fetchone()
    last = found[0] if found and found[0] is not None else LAST_CHECKPOINT
    return {"program_id": "all", "checkpoint_day": last}


def _database() -> dict[str, Any]:
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": PLACE_OF_DATABASE,
        "cache_timeout": NOT_CACHED,
        "expose_in_sqllab": False,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "extra": {"engine_params": {"connect_args": CONNECT_ARGS}},
        "uuid": identity("database", DATABASE),
        "version": VERSION,
    }


def _dataset(models: dict[str, dict[str, Any]], one: Dataset) -> dict[str, Any]:
    model = models[one.table or one.name]
    described = {
        name: (kind, " ".join(words.split()))
        for name, (kind, words) in columns_of(one.name, model).items()
    } | {name: (kind, None) for name, kind in one.more.items()}
    columns = [
        {
            "column_name": name,
            "verbose_name": None,
            "is_dttm": kind in ("date", "timestamp"),
            "is_active": True,
            "type": TYPES[kind],
            "groupby": True,
            "filterable": True,
            "expression": None,
            "description": words,
        }
        for name, (kind, words) in described.items()
    ]
    metrics = [
        {
            "metric_name": metric_name(name),
            "verbose_name": _worded(name),
            "metric_type": None,
            "expression": one_row(name),
            "description": "Of one row; empty where more rows are meant, since rows of different "
            "groups count the same people and a rate has no sum.",
            "d3format": _format(name),
        }
        for name, (kind, _) in described.items()
        if kind in FIGURES and name not in NO_FIGURES
    ]
    rows = {
        "metric_name": "rows",
        "verbose_name": "Rows",
        "metric_type": "count",
        "expression": "COUNT(*)",
        "description": "How many rows of the table.",
        "d3format": COUNT,
    }
    return {
        "table_name": one.name,
        "main_dttm_col": None,
        "description": " ".join(model["description"].split()),
        "schema": None if one.sql else "main",
        "sql": one.sql,
        "filter_select_enabled": True,
        "cache_timeout": NOT_CACHED,
        "uuid": identity("dataset", one.name),
        "metrics": [*metrics, rows],
        "columns": columns,
        "version": VERSION,
        "database_uuid": identity("database", DATABASE),
    }


def _worded(column: str) -> str:
    return column.removeprefix("n_").replace("_", " ")


def _format(column: str) -> str:
    if column.startswith("n_") or column.endswith(("_rank", "_id")):
        return COUNT
    return PERCENT if "_rate" in column or column == "certification_gap" else NUMBER


def conditions(chart: Chart) -> list[tuple[str, str, object]]:
    """A chart's own filters: column, operator, value."""
    found: list[tuple[str, str, object]] = [
        (column, "IN" if isinstance(value, list) else "==", value)
        for column, value in chart.where.items()
    ]
    found += [(column, "!=", value) for column, value in chart.without.items()]
    return [*found, (chart.known, "IS NOT NULL", None)] if chart.known else found


OPERATOR_IDS = {"IN": "IN", "==": "EQUALS", "!=": "NOT_EQUALS", "IS NOT NULL": "IS_NOT_NULL"}


def _adhoc(chart: Chart) -> list[dict[str, Any]]:
    return [
        {
            "clause": "WHERE",
            "expressionType": "SIMPLE",
            "subject": column,
            "operator": operator,
            "operatorId": OPERATOR_IDS[operator],
            "comparator": value,
            "filterOptionName": f"filter_{chart.key}_{column}",
        }
        for column, operator, value in conditions(chart)
    ]


VIZ = {
    "number": "big_number_total",
    "bar": "echarts_timeseries_bar",
    "line": "echarts_timeseries_line",
    "heatmap": "heatmap_v2",
    "table": "table",
    "counts": "echarts_timeseries_bar",
}


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "slice_name": chart.title,
        "description": chart.note,
        "viz_type": VIZ[chart.kind],
        "params": {
            "viz_type": VIZ[chart.kind],
            "adhoc_filters": _adhoc(chart),
            "row_limit": 10_000,
            **_drawn(chart),
        },
        "cache_timeout": NOT_CACHED,
        "uuid": identity("chart", chart.key),
        "version": VERSION,
        "dataset_uuid": identity("dataset", chart.dataset),
    }


def _drawn(chart: Chart) -> dict[str, Any]:
    metrics = ["rows"] if chart.kind == "counts" else [metric_name(name) for name in chart.figures]
    if chart.kind == "number":
        return {
            "metric": metrics[0],
            "y_axis_format": chart.written,
            "subtitle": chart.note,
            "header_font_size": 0.4,
            "subtitle_font_size": 0.15,
        }
    if chart.kind == "table":
        column, ascending = chart.order or (chart.figures[0], True)
        return {
            "query_mode": "raw",
            "all_columns": list(chart.figures),
            "order_by_cols": [json.dumps([column, ascending])],
            "server_pagination": False,
            "page_length": 20,
            "table_timestamp_format": "%Y-%m-%d",
            "show_cell_bars": False,
            "column_config": {
                name: {"d3NumberFormat": _table_format(chart, name)} for name in chart.figures
            },
            "allow_render_html": False,
        }
    if chart.kind == "heatmap":
        across, down = chart.by
        return {
            "x_axis": across,
            "groupby": down,
            "metric": metrics[0],
            "linear_color_scheme": "superset_seq_1",
            "normalize_across": "heatmap",
            "show_values": True,
            "show_legend": True,
            "show_percentage": False,
            "legend_type": "continuous",
            "y_axis_format": chart.written,
            "value_bounds": [None, None],
            "left_margin": 100,
            "bottom_margin": 50,
            # Every label: of its own accord Superset leaves some out.
            "xscale_interval": 1,
            "yscale_interval": 1,
            "sort_x_axis": "alpha_asc",
            "sort_y_axis": "alpha_asc",
        }
    return {
        "x_axis": chart.by[0],
        "groupby": list(chart.by[1:]),
        "metrics": metrics,
        # From the top down, where the bars lie.
        "x_axis_sort_asc": chart.kind == "line",
        "x_axis_sort": chart.by[0],
        "y_axis_format": chart.written,
        "show_legend": True,
        "legendType": "scroll",
        "legendOrientation": "top",
        "show_value": chart.kind != "line",
        "stack": "Stack" if chart.kind == "counts" else None,
        # Names of groups are long: beside the bars none is left out.
        "orientation": "vertical" if chart.kind == "line" else "horizontal",
        "rich_tooltip": True,
        "truncate_metric": True,
        "show_empty_columns": True,
        "markerEnabled": chart.kind == "line",
        "color_scheme": "supersetColors",
        "y_axis_bounds": [0, None],
    }


def _table_format(chart: Chart, column: str) -> str:
    return chart.written if "_points" in column else _format(column)


def _dashboard() -> dict[str, Any]:
    numbers = {chart.key: number for number, chart in enumerate(charts(), start=1)}
    return {
        "dashboard_title": TITLE,
        "description": "Completion and adoption side by side, from the published tables.",
        "css": "",
        "slug": SLUG,
        "published": True,
        "uuid": identity("dashboard", SLUG),
        "position": _position(numbers),
        "metadata": {
            "color_scheme": "supersetColors",
            "label_colors": COLOURS,
            "cross_filters_enabled": False,
            "refresh_frequency": 0,
            "native_filter_configuration": [_filter(column, numbers) for column in FILTERS],
        },
        "version": VERSION,
    }


def _filter(column: str, numbers: dict[str, int]) -> dict[str, Any]:
    value = {"program_id": "all", "checkpoint_day": LAST_CHECKPOINT}[column]
    others = [numbers[chart.key] for chart in charts() if column not in filters_of(chart)]
    return {
        "id": f"NATIVE_FILTER-{column}",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "name": FILTER_LABELS[column],
        "description": "",
        "targets": [
            {"column": {"name": column}, "datasetUuid": identity("dataset", "adoption_rates")}
        ],
        # One value, and always one: more than one would leave no figure to show.
        "controlValues": {
            "enableEmptyFilter": True,
            "defaultToFirstItem": False,
            "multiSelect": False,
            "searchAllOptions": False,
            "inverseSelection": False,
        },
        "defaultDataMask": _mask(column, value),
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": others},
    }


def _mask(column: str, value: Any) -> dict[str, Any]:
    return {
        "extraFormData": {"filters": [{"col": column, "op": "IN", "val": [value]}]},
        "filterState": {"value": [value], "label": str(value), "validateStatus": False},
    }


def _position(numbers: dict[str, int]) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": TITLE}},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": [], "parents": ["ROOT_ID"]},
    }

    def row(name: str, children: list[dict[str, Any]]) -> None:
        parents = ["ROOT_ID", "GRID_ID"]
        parts["GRID_ID"]["children"].append(name)
        parts[name] = {
            "type": "ROW",
            "id": name,
            "children": [child["id"] for child in children],
            "parents": parents,
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for child in children:
            parts[child["id"]] = {**child, "children": [], "parents": [*parents, name]}

    for place, section in enumerate(SECTIONS, start=1):
        heading = {
            "type": "MARKDOWN",
            "id": f"MARKDOWN-{place}",
            "meta": {
                "code": f"## {section.title}\n\n{section.says}",
                "width": GRID_COLUMNS,
                "height": 20,
            },
        }
        row(f"ROW-{place}", [heading])
        for line, together in enumerate(_lines(section.charts), start=1):
            row(
                f"ROW-{place}-{line}",
                [
                    {
                        "type": "CHART",
                        "id": f"CHART-{chart.key}",
                        "meta": {
                            "chartId": numbers[chart.key],
                            "uuid": identity("chart", chart.key),
                            "sliceName": chart.title,
                            "width": chart.width,
                            "height": chart.height,
                        },
                    }
                    for chart in together
                ],
            )
    return parts


def _lines(found: tuple[Chart, ...]) -> list[list[Chart]]:
    lines: list[list[Chart]] = [[]]
    for chart in found:
        if sum(one.width for one in lines[-1]) + chart.width > GRID_COLUMNS:
            lines.append([])
        lines[-1].append(chart)
    return lines
