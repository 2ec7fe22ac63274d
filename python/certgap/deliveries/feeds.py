"""The feeds the vendors declare and the files that were delivered for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from certgap.errors import UserError
from certgap.project import Project

DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
LINEAGE = {"source_file", "extracted_at", "is_newest_delivery", "line_text", "document_text"}


@dataclass(frozen=True)
class Feed:
    """One raw feed: where its files lie and which columns the vendor's YAML declares."""

    category: str
    vendor: str
    name: str
    format: str
    columns: tuple[str, ...]
    optional: frozenset[str]
    has_header: bool = True

    @property
    def folder(self) -> str:
        """`usage/generic/tool_usage_daily`: also the name of its suite."""
        return f"{self.category}/{self.vendor}/{self.name}"


@dataclass(frozen=True)
class Delivery:
    """One file of a feed. ``version`` is how dbt's listing of raw files writes it."""

    feed: Feed
    path: Path
    name: str
    size: int
    version: str
    day: date | None

    @property
    def kind(self) -> str | None:
        """csv, parquet or text; None for a file the feed cannot have."""
        if self.feed.format != "csv":
            return "text"
        lower = self.name.lower()
        if lower.endswith((".csv", ".csv.gz")):
            return "csv"
        return "parquet" if lower.endswith(".parquet") else None


def declared_feeds(project: Project) -> list[Feed]:
    """Every feed of every vendor folder, from the same YAML that dbt reads the raw files by."""
    return sorted((_feed(*table) for table in source_tables(project)), key=lambda f: f.folder)


def source_tables(project: Project) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(category, vendor, source table as the YAML declares it) of every vendor folder."""
    for path in sorted(project.folder.glob("models/staging/*/*/_*__sources.yml")):
        category, vendor = path.parts[-3], path.parts[-2]
        for source in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("sources", []):
            for table in source.get("tables", []):
                yield category, vendor, table


def _feed(category: str, vendor: str, table: dict[str, Any]) -> Feed:
    columns, optional = [], set()
    for column in table.get("columns", []):
        if column["name"] in LINEAGE:
            continue
        columns.append(column["name"])
        meta = column.get("meta") or column.get("config", {}).get("meta") or {}
        if meta.get("optional"):
            optional.add(column["name"])
    meta = table.get("config", {}).get("meta", {})
    return Feed(
        category, vendor, table["name"], meta.get("format", "csv"), tuple(columns),
        frozenset(optional), meta.get("header", True),
    )  # fmt: skip


def delivery_day(name: str) -> date | None:
    """The first YYYY-MM-DD below the feed's folder, if it is a date."""
    found = DATED.search(name.split("/", 3)[3])
    return _date(found[0]) if found else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def asked_day(name: str) -> date | None:
    """The last date below the feed's folder: the day a report was asked for, where it says one.

    As the macro `requested_day` takes it. A path with one date has it for the day of delivery, too.
    """
    days = [day for text in DATED.findall(name.split("/", 3)[3]) if (day := _date(text))]
    return days[-1] if days else None


def deliveries(
    project: Project, feeds: list[Feed], connection: duckdb.DuckDBPyConnection
) -> dict[Feed, list[Delivery]]:
    """Files of each feed, oldest first. Files nobody declared a feed for are not looked at."""
    if not project.raw.is_dir():
        raise UserError(
            f"There is no folder of raw deliveries {project.raw}.",
            "Set CERTGAP_RAW to the folder that holds <category>/<vendor>/<feed>/...",
        )
    by_folder = {feed.folder: feed for feed in feeds}
    found: dict[Feed, list[Delivery]] = {}
    for path, name, size, version in listed(project.raw, connection):
        feed = by_folder.get("/".join(name.split("/")[:3]))
        if feed is not None:
            found.setdefault(feed, []).append(
                Delivery(feed, path, name, size, version, delivery_day(name))
            )
    for files in found.values():
        files.sort(key=lambda delivery: (delivery.day or date.min, delivery.name))
    return found


def listed(
    raw: Path, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[Path, str, int, str]]:
    """(path, name below the raw folder, size, version), hidden files and notes left out.

    Listed by DuckDB as the macro `list_raw_files` does it, so that the version is the same text.
    """
    patterns = [f"{raw.as_posix()}/*/*/*/{rest}" for rest in ("*", "*/*", "**")]
    if not connection.execute("select file from glob(?) limit 1", [patterns]).fetchall():
        return
    rows = connection.execute(
        "select distinct filename, size, epoch_us(last_modified) from read_blob(?)"
        " order by filename",
        [patterns],
    ).fetchall()
    for filename, size, modified in rows:
        path = Path(filename)
        name = path.relative_to(raw).as_posix()
        is_hidden = path.name[0] in "._" or path.suffix.lower() == ".md"
        if name.count("/") >= 3 and not is_hidden:
            yield path, name, size, f"{size}-{modified}"
