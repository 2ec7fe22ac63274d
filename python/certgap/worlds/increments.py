"""A random company delivered file by file to one database: months built bit by bit are the months
that one full refresh builds.

The models built by month (macros/engine/monthly.sql) are all that a build keeps from the one
before; everything after them is built anew each time, so that they alone are compared.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from certgap.worlds.drawing import Dice, Feeds, Row, after, as_text
from certgap.worlds.random_company import RandomCompany
from certgap.worlds.retelling import INCREMENTS, as_it_happened, with_rows
from certgap.worlds.sql_models import LINEAGE, PROJECT, header

FILE_DAYS = 14  # the files of so many days are one
# Model and the schema of its table.
BY_MONTH = {
    "base_generic__tool_usage_daily": "staging",
    "int_usage_rows_matched": "intermediate",
    "int_usage_alias_rows": "intermediate",
    "int_usage_aliases": "intermediate",
    "int_usage_days": "intermediate",
}
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@dataclass
class Deliveries:
    """Raw files and reference files of a company, and dbt runs on them, below a folder."""

    folder: Path
    columns: dict[tuple[str, str], list[str]]  # of each raw relation of the generic vendor
    key: str
    variables: dict[str, Any]

    @property
    def warehouse(self) -> Path:
        """The working database."""
        return self.folder / "incremental.duckdb"

    def write_reference(self, seeds: dict[str, list[Row]]) -> None:
        """Every seed file, header-only where unused; and the profile."""
        for path in sorted((PROJECT / "seeds").glob("*.csv")):
            _write(self.folder / "reference" / path.name, header(path), seeds.get(path.stem, []))
        profile = (PROJECT / "profiles.yml.example").read_text(encoding="utf-8")
        (self.folder / "profiles.yml").write_text(profile, encoding="utf-8")

    def deliver(self, feeds: Feeds, last: date) -> None:
        """The raw folder as it is on a day: files of later dates are not there."""
        raw = self.folder / "raw"
        wanted: set[Path] = set()
        for (category, relation), delivered in feeds.rows.items():
            if (category, relation) not in self.columns:
                continue  # what models built by month do not read
            names = [c for c in self.columns[category, relation] if c not in LINEAGE]
            by_day: dict[date, list[Row]] = {}
            for day, row in delivered:
                if day <= last:
                    by_day.setdefault(day, []).append(row)
            for day, rows in by_day.items():
                path = raw / category / "generic" / relation / f"{day}.csv"
                wanted.add(path)
                _write(path, names, rows)
        for path in set(raw.rglob("*.csv")) - wanted:
            path.unlink()

    def build(self, *arguments: str) -> None:
        """One dbt run of the models built by month and all they are made of."""
        environment = os.environ | {
            "CERTGAP_RAW": str(self.folder / "raw"),
            "CERTGAP_REFERENCE": str(self.folder / "reference"),
            "CERTGAP_WAREHOUSE": str(self.warehouse),
            "CERTGAP_PSEUDONYM_KEY": self.key,
            "DBT_PROFILES_DIR": str(self.folder),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
        }
        chosen = json.dumps({"enabled_sources": ["generic"]} | self.variables)
        command = [Path(sys.executable).with_name("dbt"), "--quiet", "build", "--vars", chosen]
        command += [*WITHOUT_TESTS, *arguments, "--select", *(f"+{model}" for model in BY_MONTH)]
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"dbt build failed:\n{done.stdout}{done.stderr}")

    def tables(self) -> dict[str, list[tuple]]:
        """The rows of each model built by month, sorted."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return {
                model: connection.execute(f"select * from {schema}.{model} order by all").fetchall()
                for model, schema in BY_MONTH.items()
            }


def incremental_equals_full_refresh(
    company: RandomCompany, deliveries: Deliveries, dice: Dice
) -> list[str]:
    """Three deliveries, then a withdrawn file, a changed one and aliases that change hands; after
    each a build over the last one. At the end one full refresh of the same files."""
    told = in_fewer_files(as_it_happened(company))
    files = sorted({day for rows in told.feeds.rows.values() for day, _ in rows})
    deliveries.write_reference(company.seeds)
    # Snapshots come at the end of a company's period: they are there from the first delivery on.
    snapshots = with_rows(
        told, lambda feed, rows: rows if feed in INCREMENTS else [(files[0], r) for _, r in rows]
    )
    for last in (*sorted(dice.sample(files[1:-1], min(2, len(files) - 2))), files[-1]):
        deliveries.deliver(snapshots.feeds, last)
        deliveries.build()
    deliveries.deliver(corrected(snapshots, dice).feeds, files[-1])
    deliveries.build()
    bit_by_bit = deliveries.tables()
    deliveries.build("--full-refresh")
    at_once = deliveries.tables()
    if not bit_by_bit["int_usage_days"]:
        return []  # a company that only has weekly feeds
    return [
        f"{model}: {len(rows)} rows bit by bit, {len(at_once[model])} at once, for example "
        f"{next(iter(set(rows) ^ set(at_once[model])), None)}"
        for model, rows in bit_by_bit.items()
        if rows != at_once[model]
    ]


def in_fewer_files(company: RandomCompany) -> RandomCompany:
    """Files of increments put together by fortnights."""

    def change(feed: tuple[str, str], delivered: list) -> list:
        if feed not in INCREMENTS:
            return delivered
        newest = max(day for day, _ in delivered)
        return [(min(newest, _fortnight_end(day)), row) for day, row in delivered]

    return with_rows(company, change)


def _fortnight_end(day: date) -> date:
    return day + timedelta(days=-day.toordinal() % FILE_DAYS)


def corrected(company: RandomCompany, dice: Dice) -> RandomCompany:
    """One file of daily usage withdrawn, a row of another changed, some claims of aliases ended."""

    def change(feed: tuple[str, str], delivered: list) -> list:
        if feed == ("usage", "tool_usage_daily"):
            days = sorted({day for day, _ in delivered})[:-1]
            withdrawn = dice.choice(days) if days else None
            kept = [(day, row) for day, row in delivered if day != withdrawn]
            place = dice.randrange(len(kept))
            day, row = kept[place]
            kept[place] = (day, row | {"is_active": not row["is_active"], "interactions": 7})
            return kept
        if feed == ("hris", "identity_aliases"):
            ends = {place for place in range(len(delivered)) if dice.happens(0.05)}
            return [
                (day, row | {"valid_to": after(row["valid_from"] or date(2025, 10, 1), 30)})
                if place in ends
                else (day, row)
                for place, (day, row) in enumerate(delivered)
            ]
        return delivered

    return with_rows(company, change)


def _write(path: Path, columns: Iterable[str], rows: list[Row]) -> None:
    """A CSV file; untouched if it says the same already, as a file that was not sent again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    with new.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([as_text(row.get(column)) for column in columns] for row in rows)
    if path.exists() and path.read_bytes() == new.read_bytes():
        new.unlink()
    else:
        new.replace(path)
