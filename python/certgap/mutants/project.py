"""The project as dbt built it on the sample company: models, unit tests and data tests as SQL.

dbt does it once, with every test, which is also the proof that all of them pass on what is not
mutated. Everything later happens on a copy of the database and on the SQL texts found here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from certgap.guards.declarations import JoiningNode
from certgap.guards.declarations import read_project as read_joining_nodes

PROJECT = Path(__file__).resolve().parents[3]
READ = ("models", "macros", "tests", "seeds", "sample_data", "dbt_project.yml")
UNIT_TESTS = "unit_tests.yml"  # how the names of files with unit tests end
BUILT = "built.json"  # dbt's manifest of the build
LAYERS = ("staging", "canonical", "intermediate", "marts", "published", "semantic")
# How dbt puts the two halves of a unit test together (dbt's macro get_unit_test_sql).
ACTUAL = re.compile(
    r"with dbt_internal_unit_test_actual as \(\s*select\s+(?P<columns>.*?), 'actual' as "
    r"\"actual_or_expected\"\s+from \(\n(?P<model>.*)\n  \) _dbt_internal_unit_test_actual\n\),\n",
    re.DOTALL,
)
EXPECTED = re.compile(
    r"dbt_internal_unit_test_expected as \(\s*select\s+(?P<columns>.*?), 'expected' as "
    r"\"actual_or_expected\"\s+from \(\n(?P<rows>.*)\n  \) _dbt_internal_unit_test_expected\n\)\n",
    re.DOTALL,
)


@dataclass(frozen=True)
class Model:
    """One model: its place in the database and its SQL."""

    name: str
    schema: str
    alias: str
    is_view: bool
    path: str
    sql: str
    parents: tuple[str, ...]
    written: str = ""  # its file, with the calls of macros
    has_tested_key: bool = False  # by a test unique_key that stops the build

    @property
    def layer(self) -> str:
        """The folder below models."""
        return Path(self.path).parts[1]

    @property
    def relation(self) -> str:
        """Its name in SQL."""
        return f'"{self.schema}"."{self.alias}"'


@dataclass(frozen=True)
class UnitTest:
    """One unit test: the model's SQL over given rows, and the rows that must come out."""

    name: str
    model: str
    sql: str
    columns: str
    expected: str

    @property
    def digest(self) -> str:
        """Changes when the test does."""
        return digest(self.sql + self.expected)


@dataclass(frozen=True)
class DataTest:
    """One data test; it fails where a count of its query meets the condition."""

    name: str
    models: tuple[str, ...]  # that it reads
    sql: str
    count: str
    fails_if: tuple[str, ...]  # `!= 0`; a warning fails the project's builds, too

    @property
    def digest(self) -> str:
        """Changes when the test does."""
        return digest(self.sql)


@dataclass(frozen=True)
class TestedProject:
    """Everything a mutant is tried on."""

    __test__ = False  # not a class of tests, whatever pytest thinks of its name

    models: dict[str, Model]  # in the order of the build
    unit_tests: tuple[UnitTest, ...]
    data_tests: tuple[DataTest, ...]
    warehouse: Path
    publications: Path
    joining: dict[str, JoiningNode]  # what the models declare of their joins

    def below(self, model: str) -> list[str]:
        """The models that read this one, directly or not, in the order of the build."""
        found = {model}
        for name, other in self.models.items():
            if found.intersection(other.parents):
                found.add(name)
        return [name for name in self.models if name in found and name != model]


def digest(text: str) -> str:
    """A short name of a text."""
    return sha256(text.encode()).hexdigest()[:16]


def built_project(folder: Path, variables: dict[str, Any] | None = None) -> TestedProject:
    """The project built in ``folder``, again only where its files are no longer those built.

    Raises RuntimeError where the build or one of its tests fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    built, units = folder / "built-from", folder / "unit-tests-from"
    if _read(built) != fingerprint(variables):
        for old in ("built-from", "certgap.duckdb", "certgap.duckdb.wal", "publications.duckdb"):
            (folder / old).unlink(missing_ok=True)
        _dbt(folder, variables, "build", "--no-partial-parse")
        shutil.copy(folder / "target" / "manifest.json", folder / BUILT)
        units.write_text(unit_tests_fingerprint(), encoding="utf-8")
        built.write_text(fingerprint(variables), encoding="utf-8")
    elif _read(units) != unit_tests_fingerprint():
        # New unit tests need no new build: minutes for each test that a survivor leads to.
        _dbt(folder, variables, "test", "--select", "test_type:unit")
        units.write_text(unit_tests_fingerprint(), encoding="utf-8")
    return read_project(folder)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def read_project(folder: Path, target: str = "target") -> TestedProject:
    """What dbt left in the folder: of the build, and of the unit tests, which may be newer."""
    manifest = json.loads((folder / target / "manifest.json").read_text(encoding="utf-8"))
    kept = folder / BUILT
    built = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else manifest
    nodes = built["nodes"]
    compiled = folder / target / "compiled" / manifest["metadata"]["project_name"]
    keyed = _with_tested_keys(nodes)
    models = {
        nodes[key]["name"]: replace(_model(nodes, key, compiled), has_tested_key=key in keyed)
        for key in _in_order(nodes)
    }
    return TestedProject(
        models,
        tuple(_unit_tests(manifest, folder / target)),
        tuple(_data_tests(nodes, compiled)),
        folder / "certgap.duckdb",
        folder / "publications.duckdb",
        {
            n.name: n
            for n in read_joining_nodes(PROJECT, folder / target)
            if n.resource_type == "model"
        },
    )


def fingerprint(variables: dict[str, Any] | None = None) -> str:
    """A digest of every file the build reads, unit tests apart."""
    said = json.dumps(variables, sort_keys=True)
    return _digest_of(said, (p for p in _files() if not p.name.endswith(UNIT_TESTS)))


def unit_tests_fingerprint() -> str:
    """A digest of the files with unit tests."""
    return _digest_of("", (p for p in _files() if p.name.endswith(UNIT_TESTS)))


def _files() -> Iterable[Path]:
    for top in READ:
        place = PROJECT / top
        yield from sorted(p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]


def _digest_of(said: str, files: Iterable[Path]) -> str:
    found = sha256(said.encode())
    for path in files:
        found.update(str(path.relative_to(PROJECT)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _dbt(folder: Path, variables: dict[str, Any] | None, *arguments: str) -> None:
    profile = (PROJECT / "profiles.yml.example").read_bytes()
    (folder / "profiles.yml").write_bytes(profile)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CERTGAP_")}
    environment = kept | {
        "CERTGAP_RAW": "sample_data",
        "CERTGAP_REFERENCE": "seeds",
        "CERTGAP_WAREHOUSE": str(folder / "certgap.duckdb"),
        "CERTGAP_PUBLISHED": str(folder / "published.duckdb"),
        "DBT_PROFILES_DIR": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "--warn-error", *arguments]
    command += ["--vars", json.dumps(variables or {})]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            f"dbt {arguments[0]} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        )


def _in_order(nodes: dict[str, Any]) -> list[str]:
    """Models, each after those it reads."""
    done: dict[str, None] = {}

    def visit(key: str) -> None:
        if key in done or not key.startswith("model."):
            return
        for parent in nodes[key]["depends_on"]["nodes"]:
            visit(parent)
        done[key] = None

    for key in sorted(nodes):
        visit(key)
    return list(done)


def _sql(node: dict[str, Any], compiled: Path) -> str:
    """As the manifest has it or, after a dbt command that only parses, the file of the build."""
    if node.get("compiled_code"):
        return node["compiled_code"]
    path = compiled / node["original_file_path"]
    return (path / node["path"] if path.is_dir() else path).read_text(encoding="utf-8")


def _model(nodes: dict[str, Any], key: str, compiled: Path) -> Model:
    node = nodes[key]
    return Model(
        name=node["name"],
        schema=node["schema"],
        alias=node["alias"],
        is_view=node["config"]["materialized"] == "view",
        path=node["original_file_path"],
        sql=_sql(node, compiled),
        parents=tuple(_models_of(nodes, node)),
        written=node["raw_code"],
    )


def _with_tested_keys(nodes: dict[str, Any]) -> set[str]:
    """Models of which two rows that are equal, or have the same key, stop the build."""
    return {
        node["attached_node"]
        for node in nodes.values()
        if (node.get("test_metadata") or {}).get("name") == "unique_key"
        and node["config"]["enabled"]
        and node["config"]["severity"].lower() == "error"
        and not node["config"].get("where")
    }


def _models_of(nodes: dict[str, Any], node: dict[str, Any]) -> Iterable[str]:
    for parent in node["depends_on"]["nodes"]:
        if parent.startswith("model."):
            yield nodes[parent]["name"]


def _unit_tests(manifest: dict[str, Any], target: Path) -> Iterable[UnitTest]:
    package = manifest["metadata"]["project_name"]
    for test in manifest["unit_tests"].values():
        file = f"{Path(test['original_file_path']).parent}/{test['name']}.sql"
        path = target / "run" / package / test["original_file_path"] / file
        run = path.read_text(encoding="utf-8")
        actual, expected = ACTUAL.search(run), EXPECTED.search(run)
        if not actual or not expected:
            raise RuntimeError(f"{path} is not as dbt 1.11 writes unit tests")
        rows = f"select {expected['columns']} from ({expected['rows']})"
        if not test["expect"]["rows"]:
            rows = ""
        yield UnitTest(test["name"], test["model"], actual["model"], actual["columns"], rows)


def _data_tests(nodes: dict[str, Any], compiled: Path) -> Iterable[DataTest]:
    for key in sorted(nodes):
        node = nodes[key]
        if not key.startswith("test.") or not node["config"]["enabled"]:
            continue
        config = node["config"]
        conditions = {config["warn_if"]}
        if config["severity"].lower() == "error":
            conditions.add(config["error_if"])
        yield DataTest(
            node["name"],
            tuple(_models_of(nodes, node)),
            _sql(node, compiled),
            config["fail_calc"],
            tuple(sorted(conditions)),
        )
