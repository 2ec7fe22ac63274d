"""A broken join is caught: a throwaway dbt project with the project's own macros, broken in every way.

The warehouse is rebuilt for each case from SQL-literal models; only the two tables that feed the join
and the model's own SQL are varied.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

DBT_PROJECT = """
name: certgap
version: "0.1.0"
config-version: 2
profile: guards
model-paths: [models]
macro-paths: [macros]
test-paths: [tests]
flags: {require_generic_test_arguments_property: true, send_anonymous_usage_stats: false}
models: {+materialized: table}
"""

PROFILES = """
guards:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: guards.duckdb, schema: main, threads: 1}
"""

USAGE = [
    ("upn", "ann@x.example", "2026-01-31"),
    ("upn", "ann@x.example", "2026-02-01"),
    ("upn", "bob@x.example", "2026-02-01"),
    ("upn", "nobody@x.example", "2026-02-01"),
]
OWNERS = [
    ("upn", "ann@x.example", "W1", "2025-01-01", "2026-02-01"),
    ("upn", "ann@x.example", "W2", "2026-02-01", "9999-12-31"),
    ("upn", "bob@x.example", "W3", "2025-01-01", "9999-12-31"),
]
PEOPLE = [("W1", "Sales"), ("W2", "Legal"), ("W3", "Sales")]

MODEL = """
with

usage_days as (

    select * from {{ ref('usage_days') }}

),

owners as (

    select * from {{ ref('owners') }}

),

people as (

    select * from {{ ref('people') }}

),

matched as (

    select
        usage_days.alias_value,
        usage_days.usage_date,
        owners.employee_id,
        people.department

    from usage_days

    left join owners
        on usage_days.alias_type = owners.alias_type
        and usage_days.alias_value = owners.alias_value
        and usage_days.usage_date >= owners.valid_from
        and usage_days.usage_date < owners.valid_to

    left join people
        on owners.employee_id = people.employee_id

)

select * from matched
"""

YAML = """
models:
  - name: matched_days
    config:
      meta:
        joins: &joins
          - name: days_to_owners
            join: owners
            left: ref('usage_days')
            right: ref('owners')
            kind: as_of
            keys: [[alias_type, alias_type], [alias_value, alias_value]]
            as_of: {date: usage_date, from: valid_from, to: valid_to}
            cardinality: many_to_one
            min_match_rate: 0.7
            unmatched: keep
            reason: Contractors are not in HR.
            preserves_left: true
            matched_when: employee_id is not null
          - name: days_to_people
            join: people
            left: this
            right: ref('people')
            kind: equality
            keys: [[employee_id, employee_id]]
            cardinality: many_to_one
            min_match_rate: 0.7
            unmatched: keep
            reason: Contractors are not in HR.
    data_tests:
      - guarded_joins:
          arguments: {joins: *joins}
"""


def rows(columns: list[str], values: list[tuple], casts: dict[str, str]) -> str:
    """Return a model that yields the given rows."""
    selects = []
    for row in values:
        items = [
            f"cast({'null' if v is None else repr(v)} as {casts.get(c, 'varchar')}) as {c}"
            for c, v in zip(columns, row, strict=True)
        ]
        selects.append("select " + ", ".join(items))
    return "\nunion all\n".join(selects)


class Project:
    """The throwaway project: write, change one thing, build."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("macros/engine", "macros/joins", "tests/generic"):
            shutil.copytree(PROJECT / folder, root / folder)
        (root / "models").mkdir()
        (root / "dbt_project.yml").write_text(DBT_PROJECT)
        (root / "profiles.yml").write_text(PROFILES)
        self.reset()

    def reset(self) -> None:
        """Write the healthy state."""
        self.usage(USAGE)
        self.owners(OWNERS)
        self.people(PEOPLE)
        self.write("matched_days.sql", MODEL)
        self.write("_models.yml", YAML)

    def write(self, name: str, text: str) -> None:
        (self.root / "models" / name).write_text(text)

    def usage(self, values, **casts) -> None:
        columns = ["alias_type", "alias_value", "usage_date"]
        self.write("usage_days.sql", rows(columns, values, {"usage_date": "date", **casts}))

    def owners(self, values, **casts) -> None:
        columns = ["alias_type", "alias_value", "employee_id", "valid_from", "valid_to"]
        dates = {"valid_from": "date", "valid_to": "date"}
        self.write("owners.sql", rows(columns, values, {**dates, **casts}))

    def people(self, values, **casts) -> None:
        self.write("people.sql", rows(["employee_id", "department"], values, casts))

    def dbt(self, *arguments: str) -> subprocess.CompletedProcess:
        command = "from dbt.cli.main import cli; cli()"
        return subprocess.run(
            [sys.executable, "-c", command, *arguments, "--profiles-dir", ".", "--store-failures"]
            if arguments[0] == "build"
            else [sys.executable, "-c", command, *arguments, "--profiles-dir", "."],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )

    def failures(self) -> set[tuple[str, str]]:
        """Build, and return the (join, check) pairs that failed."""
        import duckdb

        result = self.dbt("build")
        results = json.loads((self.root / "target/run_results.json").read_text())["results"]
        tests = [r for r in results if r["unique_id"].startswith("test.")]
        assert tests, result.stdout
        assert all(r["status"] in ("pass", "fail") for r in tests), result.stdout
        found = set()
        with duckdb.connect(str(self.root / "guards.duckdb")) as connection:
            for test in tests:
                if test["status"] == "fail":
                    query = f"select join_name, broken_check from {test['relation_name']}"
                    found |= set(connection.execute(query).fetchall())
        return found


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory) -> Project:
    return Project(tmp_path_factory.mktemp("guards"))


@pytest.fixture
def project(shared_project: Project) -> Project:
    shared_project.reset()
    return shared_project


def test_healthy_joins_pass(project):
    assert project.failures() == set()
