"""A healthy company: invented, checked at the boundary and built once, then kept beside its copies.

What is kept in its folder is used again while the project's files are the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from certgap.database import check_can_be_opened
from certgap.deliveries import check
from certgap.deliveries.flaws import flaw_of
from certgap.faults.fault import GENERIC
from certgap.faults.raw import RawFolder
from certgap.faults.replay import MODEL, Node, checksum, nodes_of
from certgap.project import Project
from certgap.proofs.dbt_in_process import KEY, PROJECT, DbtInProcess
from certgap.publish import store
from certgap.simulate.simulation import run as simulate
from certgap.simulate.sources import OF_THE_SEEDS

LEARNERS, SEED = 1200, 5
SOURCES = {GENERIC: [GENERIC], "native": list(OF_THE_SEEDS)}
HEALTHY, FAULTY = "healthy", "faulty"
SNAPSHOTS = ("hris/generic/leave_periods", "usage/generic/tool_licences")
SNAPSHOT_DAYS = [f"2026-{month:02}-01" for month in range(1, 8)]
# What makes the healthy build what it is.
CODE = ("models", "macros", "tests", "seeds", "python/certgap/simulate", "dbt_project.yml")
WITHOUT_UNIT_TESTS = ["--exclude-resource-type", "unit_test", "--threads", "1"]


@dataclass
class Kept:
    """What the healthy build left."""

    fingerprint: str
    manifest: bytes
    nodes: list[Node]
    checksums: dict[str, str]
    feeds: dict[str, str]
    seeds: dict[str, str]
    failed: list[str]


class Healthy:
    """The company of one set of vendors, below ``folder``."""

    def __init__(self, folder: Path, company: str) -> None:
        """Invent, check and build it, unless that is there already."""
        self.company, self.sources = company, SOURCES[company]
        self.folder = folder / company
        kept, fingerprint = self.folder / "kept.pickle", _fingerprint()
        if kept.is_file():
            self.kept = pickle.loads(kept.read_bytes())
            if self.kept.fingerprint != fingerprint:
                kept.unlink()
        is_there = kept.is_file()
        if not is_there:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.dbt = DbtInProcess(self.folder)
        self.raw = RawFolder(self.dbt.raw, self.dbt.reference, self.folder / "kept")
        self.project = Project(PROJECT, self._environment())
        # Where the build finds verdicts on deliveries.
        os.environ["CERTGAP_DELIVERY_CHECKS"] = str(self.folder / "checks")
        if is_there:
            self.raw.put_all_back()
            self.dbt.keep_manifest(self.sources, self.kept.manifest)
            return
        self._invent()
        self._check()
        self.kept = self._build(fingerprint)
        kept.write_bytes(pickle.dumps(self.kept))

    def _environment(self) -> dict[str, str]:
        return {
            "CERTGAP_RAW": str(self.dbt.raw),
            "CERTGAP_REFERENCE": str(self.dbt.reference),
            "CERTGAP_WAREHOUSE": str(self.dbt.database(FAULTY)),
            "CERTGAP_DELIVERY_CHECKS": str(self.folder / "checks"),
        }

    def _invent(self) -> None:
        shutil.rmtree(self.dbt.raw)
        simulate(LEARNERS, SEED, self.dbt.raw, world="healthy", sources=self.sources, truth=False)
        shutil.rmtree(self.dbt.raw / "truth", ignore_errors=True)
        self._repeat_snapshots()
        for seed in (PROJECT / "seeds").glob("*.csv"):
            shutil.copy2(seed, self.dbt.reference / seed.name)
        self.raw.keep()

    def _repeat_snapshots(self) -> None:
        """Lists that are always whole came in the months before, too: a history to compare with."""
        for feed in SNAPSHOTS:
            for newest in sorted((self.dbt.raw / feed).glob("*.csv"))[-1:]:
                for day in SNAPSHOT_DAYS:
                    shutil.copy2(newest, newest.with_name(f"{day}.csv"))

    def _check(self) -> None:
        """Deliveries the suites fail (concealed ones) stay what they are: not read."""
        check.run(self.project, check.Options(write_docs=False), lambda *_: None)
        self.keep_checks()

    def keep_checks(self) -> None:
        """Verdicts as they are now are those of the healthy company."""
        shutil.rmtree(self.folder / "kept" / "checks", ignore_errors=True)
        shutil.copytree(self.folder / "checks", self.folder / "kept" / "checks")

    def _build(self, fingerprint: str) -> Kept:
        self.dbt.run(HEALTHY, self.sources, {}, WITHOUT_UNIT_TESTS)
        target = self.folder / "target" / HEALTHY
        artifacts = [
            json.loads((target / name).read_text(encoding="utf-8"))
            for name in ("manifest.json", "run_results.json")
        ]
        with self.open(HEALTHY) as connection:
            return keep(connection, *artifacts, fingerprint, self.dbt.packed_manifest(self.sources))

    def database(self, name: str) -> Path:
        """Where one of its databases lies."""
        return self.dbt.database(name)

    def open(self, name: str) -> duckdb.DuckDBPyConnection:
        """One of its databases, as dbt would open it."""
        path = self.database(name)
        check_can_be_opened(path)
        # One thread: the same rows give the same sums.
        config = {"threads": 1, "preserve_insertion_order": False}
        connection = duckdb.connect(str(path), config=config)
        connection.execute("set TimeZone = 'UTC'")
        store.attach(connection, path.parent / "publications.duckdb")
        connection.create_function(
            "certgap_file_flaw", flaw_of, ["VARCHAR", "VARCHAR"], "VARCHAR", null_handling="special"
        )
        connection.execute("set variable certgap_pseudonym_key = ?", [KEY])
        return connection

    def fresh_copy(self) -> None:
        """The faulty database is the healthy one again, and so are verdicts on deliveries."""
        for source, target in (
            (self.database(HEALTHY).parent, self.database(FAULTY).parent),
            (self.folder / "kept" / "checks", self.folder / "checks"),
        ):
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)


def keep(
    connection: duckdb.DuckDBPyConnection,
    manifest: dict[str, Any],
    run_results: dict[str, Any],
    fingerprint: str = "",
    packed: bytes = b"",
) -> Kept:
    """What faults are measured against, from dbt's artifacts and the database of a build."""
    nodes = nodes_of(manifest, run_results)
    sources = list(manifest["sources"].values())
    feeds = {s["name"]: s["unique_id"] for s in sources if s["source_name"] == "intake"}
    for source in sources:
        meta = source["config"].get("meta") or {}
        if "category" in meta:
            name = f"{meta['category']}/{meta['vendor']}/{source['name']}"
            feeds[name] = source["unique_id"]
    seeds = {
        f"reference/{node['name']}.csv": node["unique_id"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed"
    }
    names = {node.id: node.name for node in nodes}
    failed = [
        names[result["unique_id"]]
        for result in run_results["results"]
        if result["status"] in ("warn", "fail") and result["unique_id"] in names
    ]
    sums = {node.id: checksum(connection, node.relation) for node in nodes if node.kind == MODEL}
    return Kept(fingerprint, packed, nodes, sums, feeds, seeds, failed)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in CODE:
        top = PROJECT / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            is_fault = "faults" in path.parts or "__pycache__" in path.parts
            if path.is_file() and not is_fault:
                digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
