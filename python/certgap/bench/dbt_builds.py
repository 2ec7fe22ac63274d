"""dbt builds, measured: time by layer from run_results.json, memory and disk from outside."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from certgap.bench.resources import Watch
from certgap.bench.settings import EngineSettings
from certgap.build import failure_report, run_dbt
from certgap.project import Project

VARIABLES = ["--vars", "{enabled_sources: [generic]}"]
WITHOUT_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
RECORD = "publications.duckdb"
KEY = "bench"  # the company is invented, so its pseudonyms protect nobody


@dataclass
class BuildMeasure:
    """One dbt build. ``seconds`` is without dbt's start-up; layers add up over both threads."""

    seconds: float
    startup_seconds: float
    peak_memory_bytes: int
    peak_spill_bytes: int
    bytes_read: int
    warehouse_bytes: int
    n_nodes: int
    layers: dict[str, float] = field(default_factory=dict)
    slowest: list[tuple[str, float]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For results.json."""
        return asdict(self)


@dataclass(frozen=True)
class Warehouse:
    """A working database with the artifacts of the builds on it."""

    project: Project
    engine: EngineSettings

    @classmethod
    def fresh(
        cls, root: Path, folder: Path, raw: Path, engine: EngineSettings, name: str
    ) -> Warehouse:
        """An empty one in ``folder / name``, that reads the deliveries in ``raw``.

        All warehouses of a folder share one record of publications: what was published is an
        input of a build like its deliveries, so builds that are compared must see the same.
        """
        place = folder / name
        engine.write_profile(place)
        for old in ("certgap.duckdb", "published.duckdb"):
            (place / old).unlink(missing_ok=True)
        environment = {
            **os.environ,
            "CERTGAP_RAW": str(raw),
            "CERTGAP_REFERENCE": str(root / "seeds"),
            "CERTGAP_PSEUDONYM_KEY": KEY,
            "CERTGAP_WAREHOUSE": str(place / "certgap.duckdb"),
            "CERTGAP_PUBLISHED": str(place / "published.duckdb"),
            "CERTGAP_PUBLICATIONS": str(folder / RECORD),
            "DBT_PROFILES_DIR": str(place),
            "DBT_TARGET_PATH": str(place / "target"),
            "DBT_LOG_PATH": str(place / "logs"),
        }
        return cls(Project(root, environment), engine)

    def build(self, console: Console, *, tests: bool, also: Sequence[str] = ()) -> BuildMeasure:
        """``dbt build``, measured; raises where it fails."""
        arguments = ["build", *VARIABLES, *([] if tests else WITHOUT_TESTS), *also]
        database = self.project.warehouse
        began = datetime.now(UTC)
        with Watch([self.engine.spill_folder(database)]) as watch:
            run = run_dbt(self.project, arguments, console)
        if run.exit_code:
            raise failure_report(self.project, run)
        run_results = self.project.artifact("run_results.json")
        manifest = self.project.artifact("manifest.json")
        startup = (first_start(run_results) - began).total_seconds()
        took = watch.result
        times = node_times(run_results)
        return BuildMeasure(
            seconds=took.wall_seconds - startup,
            startup_seconds=startup,
            peak_memory_bytes=took.peak_memory_bytes,
            peak_spill_bytes=took.peak_spill_bytes,
            bytes_read=took.bytes_read,
            warehouse_bytes=database.stat().st_size,
            n_nodes=len(times),
            layers=layer_times(times, manifest),
            slowest=sorted(times.items(), key=lambda item: -item[1])[:12],
        )


def first_start(run_results: dict[str, Any]) -> datetime:
    """When the first node began: before it dbt only reads its own project (its start-up)."""
    starts = [
        datetime.fromisoformat(step["started_at"])
        for result in run_results["results"]
        for step in result["timing"]
    ]
    return min(starts)


def node_times(run_results: dict[str, Any]) -> dict[str, float]:
    """Seconds of every node."""
    return {r["unique_id"]: float(r["execution_time"]) for r in run_results["results"]}


def layer_of(unique_id: str, manifest: dict[str, Any]) -> str:
    """The folder a node's time is booked under; tests and hooks have rows of their own."""
    kind = unique_id.split(".", 1)[0]
    if kind == "operation":
        return "hooks (raw files)"
    if kind == "seed":
        return "reference files"
    if kind != "model":
        return {"test": "data tests", "unit_test": "unit tests"}.get(kind, kind)
    folders = manifest["nodes"][unique_id]["fqn"][1:-1]
    return "/".join(folders[:2]) if folders[0] == "intermediate" else folders[0]


def layer_times(times: dict[str, float], manifest: dict[str, Any]) -> dict[str, float]:
    """Seconds of each layer."""
    layers: dict[str, float] = defaultdict(float)
    for unique_id, seconds in times.items():
        layers[layer_of(unique_id, manifest)] += seconds
    return dict(layers)
