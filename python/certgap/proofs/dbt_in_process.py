"""dbt many times in one process: the project is parsed once per set of vendors.

Every run is a real `dbt build` of the models it selects, into a database file, with dbt's own
materializations; only reading and parsing the project's files is saved (some 20 s a run).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

PROJECT = Path(__file__).resolve().parents[3]
KEY = "proofs"  # companies are invented, so their pseudonyms protect nobody
WITHOUT_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]


class DbtFailed(RuntimeError):
    """A dbt run that had to succeed did not."""


class DbtInProcess:
    """Runs on the raw folder, the reference folder and the databases below ``folder``."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is empty; its place must stay the same, since dbt's manifest knows it."""
        self.folder = folder
        self.raw, self.reference = folder / "raw", folder / "reference"
        for made in (self.raw, self.reference):
            made.mkdir(parents=True, exist_ok=True)
        for seed in (PROJECT / "seeds").glob("*.csv"):
            header = seed.read_text(encoding="utf-8").splitlines()[0]
            (self.reference / seed.name).write_text(header + "\n", encoding="utf-8")
        profile = (PROJECT / "profiles.yml.example").read_bytes()
        (folder / "profiles.yml").write_bytes(profile)
        os.environ.update(
            CERTGAP_RAW=str(self.raw),
            CERTGAP_REFERENCE=str(self.reference),
            CERTGAP_PSEUDONYM_KEY=KEY,
            CERTGAP_WAREHOUSE=str(folder / "parsing" / "certgap.duckdb"),
            DBT_PROFILES_DIR=str(folder),
            DBT_LOG_PATH=str(folder / "logs"),
            DBT_TARGET_PATH=str(folder / "target"),
            DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        )
        self._manifests: dict[tuple[str, ...], bytes] = {}
        self._lean: dict[tuple[str, ...], bytes] = {}
        # What macros of the project warned of in the last run.
        self.warnings: list[str] = []

    def manifest(self, sources: Sequence[str]) -> Any:
        """The parsed project with these vendors enabled, a copy each time.

        dbt writes what it compiles into the nodes, so that no run may have the manifest of another.
        """
        key = tuple(sources)
        if key not in self._manifests:
            parsed = self._invoke(None, ["parse", *self._variables(sources, {})])
            # As dbt keeps it for partial parsing; copy.deepcopy and pickle lose its look-ups.
            self._manifests[key] = parsed.to_msgpack(extended_mashumaro_encoder)
        return self._copy(self._manifests[key])

    @staticmethod
    def _copy(packed: bytes) -> Any:
        return Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)

    def _without_tests(self, sources: Sequence[str]) -> bytes:
        key = tuple(sources)
        if key not in self._lean:
            lean = self.manifest(sources)
            for name in [name for name in lean.nodes if name.startswith("test.")]:
                del lean.nodes[name]
            # Files are for partial parsing; what is disabled is named in messages only.
            for kept in (lean.unit_tests, lean.disabled, lean.files):
                kept.clear()
            self._lean[key] = lean.to_msgpack(extended_mashumaro_encoder)
        return self._lean[key]

    def packed_manifest(self, sources: Sequence[str]) -> bytes:
        """The parsed project, to be kept; it is of this folder only."""
        self.manifest(sources)
        return self._manifests[tuple(sources)]

    def keep_manifest(self, sources: Sequence[str], packed: bytes) -> None:
        """What ``packed_manifest`` gave in an earlier process."""
        self._manifests[tuple(sources)] = packed

    def database(self, name: str) -> Path:
        """A working database; the file name is part of what dbt has parsed."""
        return self.folder / name / "certgap.duckdb"

    def build(
        self,
        name: str,
        sources: Sequence[str],
        variables: dict[str, Any],
        select: Sequence[str],
        *more: str,
    ) -> None:
        """`dbt build` without tests into the database ``name``; raises ``DbtFailed``.

        From a manifest without tests, and without writing artifacts: both take dbt longer than the
        models, since the project has ten times as many tests as models.
        """
        options = [*WITHOUT_TESTS, "--no-write-json", "--select", *select, *more]
        self._build(name, self._copy(self._without_tests(sources)), sources, variables, options)

    def run(
        self, name: str, sources: Sequence[str], variables: dict[str, Any], options: Sequence[str]
    ) -> Any:
        """`dbt build` with these options into the database ``name``: dbt's results.

        Raises ``DbtFailed``.
        """
        return self._build(name, self.manifest(sources), sources, variables, options)

    def _build(
        self,
        name: str,
        manifest: Any,
        sources: Sequence[str],
        variables: dict[str, Any],
        options: Sequence[str],
    ) -> Any:
        self.point_at(name)
        arguments = ["build", *self._variables(sources, variables), *options]
        try:
            return self._invoke(manifest, arguments)
        finally:
            # Closes the database, so that it can be read here and another one opened.
            reset_adapters()
            close_databases()

    def point_at(self, name: str) -> None:
        """Make dbt in this process work on the database ``name``."""
        os.environ["CERTGAP_WAREHOUSE"] = str(self.database(name))
        os.environ["DBT_TARGET_PATH"] = str(self.folder / "target" / name)

    @staticmethod
    def _variables(sources: Sequence[str], variables: dict[str, Any]) -> list[str]:
        given = {"enabled_sources": list(sources), **variables}
        return ["--vars", yaml.safe_dump(given, default_flow_style=True)]

    def _heard(self, event: Any) -> None:
        if event.info.name == "JinjaLogWarning":
            self.warnings.append(event.info.msg)

    def _invoke(self, manifest: Any, arguments: list[str]) -> Any:
        self.warnings.clear()
        options = ["--quiet", "--log-level", "error", "--log-level-file", "none"]
        options += ["--project-dir", str(PROJECT)]
        done = dbtRunner(manifest=manifest, callbacks=[self._heard]).invoke([*arguments, *options])
        if not done.success:
            failed = [
                f"{result.node.name}: {result.message}"
                for result in getattr(done.result, "results", None) or []
                if result.status not in ("success", "pass", "skipped", "warn", "no-op")
            ]
            raise DbtFailed(str(done.exception or "; ".join(failed)))
        return done.result


def close_databases() -> None:
    """Let go of the database file, so that it can be read here and another one opened."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()
