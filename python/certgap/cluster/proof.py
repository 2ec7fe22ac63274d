"""Builds the same project on DuckDB and over Thrift on the cluster, and compares the tables.

The Spark build runs the data tests, the unit tests and the join guards as well; DuckDB's are what
``make test`` is for, so there only the tables are built.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from certgap.cluster import processes
from certgap.cluster.dbt_runs import DbtRun, run_dbt
from certgap.cluster.server import Cluster
from certgap.engines_compare import compare_engines
from certgap.errors import CheckFailed, UserError

# A schema of its own, so that a test never drops what somebody built on the same cluster.
SCHEMA = "certgap_test"
KEY = "cluster-test"  # the companies are invented, so their pseudonyms protect nobody
WITHOUT_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
# `empty` selects only the tests that are named.
KEYS = [
    "--indirect-selection", "empty", "--exclude-resource-type", "unit_test",
    "--select", "resource_type:seed", "resource_type:model", "test_name:unique_key",
]  # fmt: skip
# {--tests: options of dbt for the Spark build}. Short: keys, and the joins that could drop or
# double rows. The joins are nearly half of the short form's time on two cores (754 nodes: 57 of
# 131 minutes of four threads), and a row too many or too few shows in the comparison anyway.
TESTS = {
    "all": [],
    "short": [*KEYS, "test_name:guarded_joins", "test_name:same_row_count"],
    "keys": KEYS,
    "none": WITHOUT_TESTS,
}  # fmt: skip


# An executor is at work that used this share of a core; it is looked at for so long per node.
BUSY_SHARE = 0.4
BUSY_SECONDS = 3


@dataclass(frozen=True)
class Proof:
    """What is built, and where."""

    cluster: Cluster
    raw: str = "sample_data"
    sources: tuple[str, ...] = ()
    tests: str = "all"
    kill_a_worker: bool = False

    @property
    def folder(self) -> Path:
        """Everything the test writes, apart from the cluster's tables."""
        return self.cluster.project / "build" / "cluster-test"

    def run(self) -> bool:
        """Do all of it; True when every table agrees."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        shutil.copy(self.cluster.project / "profiles.yml.example", self.folder / "profiles.yml")
        key_file = self.folder / "key.txt"
        key_file.touch(mode=0o600)
        key_file.write_text(f"{KEY}\n")
        started_here = self.cluster.start()
        try:
            self._drop_schemas()
            print(f"DuckDB: {self._build('duckdb', WITHOUT_TESTS)}", flush=True)
            kill = _Kill(self.cluster) if self.kill_a_worker else None
            built = self._build("spark", TESTS[self.tests], kill)
            print(f"Spark: {built}", flush=True)
            if kill:
                print(kill.evidence(), flush=True)
            return compare_engines(
                self.folder / "certgap.duckdb", self.folder / "target-duckdb",
                self.cluster.warehouse, self.folder / "target-spark",
            )  # fmt: skip
        finally:
            if started_here or self.kill_a_worker:
                self.cluster.stop()
                print("The cluster is stopped.")

    def _build(
        self, target: str, options: list[str], on_start: Callable[[int, int], None] | None = None
    ) -> DbtRun:
        environment = os.environ | {
            "CERTGAP_RAW": self.raw,
            "CERTGAP_REFERENCE": "seeds",
            "CERTGAP_PSEUDONYM_KEY": KEY,
            "CERTGAP_PSEUDONYM_KEY_FILE": str(self.folder / "key.txt"),
            "CERTGAP_WAREHOUSE": str(self.folder / "certgap.duckdb"),
            "CERTGAP_SPARK_HOST": "127.0.0.1",
            "CERTGAP_SPARK_PORT": str(self.cluster.thrift_port),
            "CERTGAP_SPARK_SCHEMA": SCHEMA,
            "DBT_PROFILES_DIR": str(self.folder),
            "DBT_TARGET_PATH": str(self.folder / f"target-{target}"),
            "DBT_LOG_PATH": str(self.folder / f"logs-{target}"),
        }
        python = Path(sys.executable) if target == "duckdb" else self.cluster.spark_python
        command = [str(python.with_name("dbt")), "--no-use-colors", "build", "--target", target]
        if self.sources:
            command += ["--vars", f"{{enabled_sources: [{', '.join(self.sources)}]}}"]
        return run_dbt(
            target, command + options, environment, self.cluster.project,
            self.folder / f"{target}.log", on_start or _nothing,
        )  # fmt: skip

    def _drop_schemas(self) -> None:
        """Forget the last test: join_audit would keep its rows, and old tables could look new."""
        listed = self._statements("show databases")
        names = [name for name in listed.split() if re.fullmatch(rf"{SCHEMA}(_\w+)?", name)]
        self._statements(*(f"drop database {name} cascade" for name in names))

    def _statements(self, *statements: str) -> str:
        script = Path(__file__).with_name("spark_statements.py")
        done = subprocess.run(
            [self.cluster.spark_python, script, str(self.cluster.thrift_port), *statements],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise UserError("The Thrift server refused a statement.", done.stderr[-500:])
        return done.stdout


class _Kill:
    """Ends the second worker in the second half of the build, while it works."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.killed: str | None = None

    def __call__(self, number: int, total: int) -> None:
        if self.killed is None and number * 2 >= total and self._is_busy():
            pid = self.cluster.kill_worker(2)
            self.killed = f"worker-2 (process {pid}) and its executor at node {number} of {total}"
            print(f"  killed (SIGKILL) {self.killed}", flush=True)

    def _is_busy(self) -> bool:
        """Whether the worker's executor computes now or within seconds."""
        executors = self.cluster.executors(2)
        deadline = time.monotonic() + BUSY_SECONDS
        before = processes.processor_seconds(executors)
        while time.monotonic() < deadline:
            time.sleep(0.1)
            now = processes.processor_seconds(executors)
            if now - before >= BUSY_SHARE * 0.1:
                return True
            before = now
        return False

    def evidence(self) -> str:
        """What the cluster noticed of it; a kill that nobody noticed proves nothing."""
        log = self.cluster.log_file("thrift").read_text(errors="replace")
        # Spark tells of the tasks it repeats only at level INFO, when a worker is to blame.
        lost = len(re.findall(r"Lost executor .* worker lost", log))
        if self.killed is None or not lost or self.cluster.running().count("worker-2"):
            raise CheckFailed("No worker was lost at work, so the test shows nothing.")
        return f"Killed at work: {self.killed}; executors lost by the driver: {lost}"


def _nothing(number: int, total: int) -> None:
    pass
