"""The project's SQL on a random company: compiled by dbt once, run in memory once per company.

A dbt run of these models costs some 40 seconds of parsing, planning and bookkeeping, whatever the
size of the company; the same statements alone cost a few. Raw relations are given as tables: how
files are read is not what is proved here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from certgap.publish import store
from certgap.truth.expected import TABLES
from certgap.worlds.drawing import as_text
from certgap.worlds.random_company import RandomCompany
from certgap.worlds.web import GATEWAY

PROJECT = Path(__file__).resolve().parents[3]
DATABASE = "worlds"  # the catalog of the compiled statements
# What a build tells a publication, and what later builds say of it.
OF_PUBLICATIONS = ["current_figures", "restatements"]
SEED_SCHEMA = "reference"
SETTINGS = "int_report_settings"
DAY = pa.date32()
# Columns of what the reading of files itself reports.
READ_FILES = (
    "source_system varchar, category varchar, feed varchar, source_file varchar, file_date date, "
    "file_version varchar"
)
DELIVERY_CHECKS = (
    "source_system varchar, category varchar, feed varchar, source_file varchar, file_date date, "
    "verdict varchar, reason varchar, n_rows bigint"
)
FAILED_DELIVERIES = (
    "source_system varchar, relation varchar, tool_id varchar, source_file varchar, "
    "file_date date, first_day date, last_day date, n_rows bigint"
)
BUILT_MONTHS = (
    "built_month date, fingerprint varchar, code_hash varchar, n_rows bigint, build_number bigint"
)
LINEAGE = ("source_file", "extracted_at", "is_newest_delivery")


@dataclass(frozen=True)
class Statement:
    """One model: where it goes and what it is."""

    schema: str
    name: str
    materialized: str
    sql: str
    parents: tuple[str, ...]  # the models it reads


@dataclass(frozen=True)
class RawRelation:
    """One raw relation of the generic vendor, or of the web gateway."""

    name: str  # in schema raw
    category: str
    vendor: str
    relation: str
    columns: list[str]


class CompiledModels:
    """Everything the compared tables are made of, under one set of vars."""

    def __init__(self, folder: Path, variables: dict[str, Any], key: str) -> None:
        """Compile into `folder`."""
        self.variables, self.key = variables, key
        wanted = [*TABLES, *OF_PUBLICATIONS]
        selected = (f"+{table},resource_type:model" for table in wanted)  # without their tests
        manifest = compile_models(folder, variables, key, selected)
        needed = _needed(manifest, TABLES)
        self.statements = _statements(manifest, needed)
        self.of_publications = _statements(manifest, _needed(manifest, OF_PUBLICATIONS))
        self.seeds = {
            manifest["nodes"][name]["name"]: manifest["nodes"][name]
            for name in needed
            if name.startswith("seed.")
        }
        sources = [manifest["sources"][name] for name in sorted(needed) if name[:7] == "source."]
        self.raw = [
            RawRelation(
                source["identifier"],
                source["meta"]["category"],
                source["meta"]["vendor"],
                source["name"],
                list(source["columns"]),
            )
            for source in sources
            if "category" in source["meta"]
        ]

    def run(
        self,
        company: RandomCompany,
        as_of_date: date | None = None,
        record: dict[str, pa.Table] | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """A database in memory with every table built for the company.

        `as_of_date` stands in for the var of that name, whose only reader is one model. With a
        `record` of publications, empty ones included, the tables are those made of it instead.
        """
        statements = self.statements if record is None else self.of_publications
        connection = duckdb.connect(config={"threads": 2})
        connection.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
        connection.execute("set variable certgap_pseudonym_key = ?", [self.key])
        schemas = {"raw", SEED_SCHEMA, *(s.schema for s in statements)}
        for schema in sorted(schemas - {"main"}):
            connection.execute(f'create schema "{schema}"')
        self._load_raw(connection, company)
        self._load_seeds(connection, company)
        if record is not None:
            _load_record(connection, record)
        for model in statements:
            kind = "view" if model.materialized == "view" else "table"
            if model.materialized == "monthly":
                # dbt's record of the months that are built, which no figure may depend on.
                connection.execute(
                    f'create table "{model.schema}"."{model.name}__months" ({BUILT_MONTHS})'
                )
            sql = model.sql
            if as_of_date and model.name == SETTINGS:
                sql = f"select * replace (date '{as_of_date}' as as_of_date) from ({sql})"
            try:
                connection.execute(f'create {kind} "{model.schema}"."{model.name}" as {sql}')
            except duckdb.Error as error:
                raise RuntimeError(f"world {company.seed}, model {model.name}: {error}") from error
        return connection

    def _load_raw(self, connection: duckdb.DuckDBPyConnection, company: RandomCompany) -> None:
        """Rows as texts with their file, and the list of files."""
        files = []
        for raw in self.raw:
            delivered = company.feeds.rows.get((raw.category, raw.relation), [])
            newest = company.feeds.newest(raw.category, raw.relation)
            names = [c for c in raw.columns if c not in LINEAGE]
            columns = {c: [as_text(row.get(c)) for _, row in delivered] for c in names}
            unknown = {c for _, row in delivered for c in row} - set(names)
            if unknown:
                raise ValueError(f"{raw.name} has no column {', '.join(sorted(unknown))}")
            path = f"{raw.category}/{raw.vendor}/{raw.relation}"
            columns["source_file"] = [f"{path}/{day}.csv" for day, _ in delivered]
            arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
            arrays["extracted_at"] = pa.array([day for day, _ in delivered], DAY).cast(
                pa.timestamp("us")
            )
            arrays["is_newest_delivery"] = pa.array(
                [day == newest for day, _ in delivered], pa.bool_()
            )
            _create(connection, f'raw."{raw.name}"', pa.table(arrays))
            sizes = Counter(day for day, _ in delivered)  # in rows, where files have bytes
            for day in sizes:
                file = (raw.vendor, raw.category, raw.relation, f"{path}/{day}.csv", day)
                files.append((*file, f"{sizes[day]}-1"))
        connection.execute(f"create table raw.read_files ({READ_FILES})")
        connection.execute(f"create table raw.delivery_checks ({DELIVERY_CHECKS})")
        connection.execute(f"create table raw.failed_deliveries ({FAILED_DELIVERIES})")
        connection.executemany("insert into raw.read_files values (?, ?, ?, ?, ?, ?)", files)
        connection.execute(
            "insert into raw.delivery_checks select source_system, category, feed, source_file,"
            " file_date, 'not_checked', null, null from raw.read_files"
        )

    def _load_seeds(self, connection: duckdb.DuckDBPyConnection, company: RandomCompany) -> None:
        """Reference data in the types dbt gives them."""
        for name, seed in self.seeds.items():
            rows = company.seeds.get(name, [])
            columns = header(PROJECT / "seeds" / f"{name}.csv")
            texts = pa.table(
                {c: pa.array([as_text(row.get(c)) for row in rows], pa.string()) for c in columns}
            )
            types = seed["config"]["column_types"]
            typed = ", ".join(f'cast("{c}" as {types.get(c, "varchar")}) as "{c}"' for c in columns)
            connection.register("seed_rows", texts)
            place = f'{SEED_SCHEMA}."{seed["alias"]}"'
            connection.execute(f"create table {place} as select {typed} from seed_rows")
            connection.unregister("seed_rows")


def _load_record(connection: duckdb.DuckDBPyConnection, record: dict[str, pa.Table]) -> None:
    """The record of publications, in a database of its own as in a real build."""
    connection.execute(f"attach ':memory:' as {store.CATALOG}")
    for table, columns in store.TABLES.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"create table {store.CATALOG}.{table} ({listed})")
        if table in record:
            connection.register("new_rows", record[table])
            connection.execute(
                f"insert into {store.CATALOG}.{table} by name select * from new_rows"
            )
            connection.unregister("new_rows")


def _create(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("new_rows", table)
    connection.execute(f"create table {name} as select * from new_rows")
    connection.unregister("new_rows")


def compile_models(
    folder: Path, variables: dict[str, Any], key: str, selected: Iterable[str]
) -> dict[str, Any]:
    """dbt's manifest with the compiled SQL of the selected models."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = (PROJECT / "profiles.yml.example").read_text(encoding="utf-8")
    (folder / "profiles.yml").write_text(profile, encoding="utf-8")
    environment = os.environ | {
        "CERTGAP_RAW": str(folder),
        "CERTGAP_REFERENCE": str(PROJECT / "seeds"),
        "CERTGAP_WAREHOUSE": str(folder / f"{DATABASE}.duckdb"),
        "CERTGAP_PUBLICATIONS": str(folder / "publications.duckdb"),
        "CERTGAP_PSEUDONYM_KEY": key,
        "DBT_PROFILES_DIR": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    chosen = json.dumps({"enabled_sources": ["generic", GATEWAY]} | variables)
    command = [Path(sys.executable).with_name("dbt"), "--quiet", "compile", "--vars", chosen]
    command += ["--indirect-selection", "empty"]
    _create_empty_seeds(folder / f"{DATABASE}.duckdb")
    # Captured, because dbt prints every compiled model.
    done = subprocess.run(
        [*command, "--select", *selected],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"dbt compile failed:\n{done.stdout}{done.stderr}")
    return json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))


def _create_empty_seeds(warehouse: Path) -> None:
    """Models ask the database which columns a seed has (macros/sources/reference_columns.sql)."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"create schema {SEED_SCHEMA}")
        for path in sorted((PROJECT / "seeds").glob("*.csv")):
            columns = ", ".join(f'"{name}" varchar' for name in header(path))
            connection.execute(f'create table {SEED_SCHEMA}."{path.stem}" ({columns})')


def header(path: Path) -> list[str]:
    """The column names of a CSV file."""
    with path.open(encoding="utf-8") as file:
        return file.readline().strip().split(",")


def _parents(manifest: dict[str, Any], name: str) -> list[str]:
    return manifest["nodes"].get(name, {}).get("depends_on", {}).get("nodes", [])


def _needed(manifest: dict[str, Any], tables: Iterable[str]) -> set[str]:
    """The tables and everything they are made of."""
    needed: set[str] = set()
    queue = [f"model.{manifest['metadata']['project_name']}.{table}" for table in tables]
    while queue:
        name = queue.pop()
        if name not in needed:
            needed.add(name)
            queue += _parents(manifest, name)
    return needed


def _statements(manifest: dict[str, Any], needed: set[str]) -> list[Statement]:
    return [statement_of(manifest, name) for name in _in_order(manifest, needed)]


def _in_order(manifest: dict[str, Any], needed: set[str]) -> list[str]:
    """The needed models, each after those it reads."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        for parent in _parents(manifest, name):
            if parent not in done:
                visit(parent)
        done.setdefault(name)

    for name in sorted(needed):
        visit(name)
    return [name for name in done if name.startswith("model.")]


def statement_of(manifest: dict[str, Any], name: str) -> Statement:
    """The compiled model; one of materialization `monthly` is right for all months at once."""
    node = manifest["nodes"][name]
    models = [p for p in _parents(manifest, name) if p.startswith("model.")]
    parents = tuple(manifest["nodes"][parent]["alias"] for parent in models)
    materialized = node["config"]["materialized"]
    return Statement(node["schema"], node["alias"], materialized, node["compiled_code"], parents)
