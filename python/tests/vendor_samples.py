"""The vendors' samples: reading them here, and the staging dbt builds from them.

Rule: expected figures come from the sample files by plain Python, never from SQL. All vendors are
built by one dbt run, because parsing the project takes longer than reading the samples.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "fixtures" / "samples"


def sample(vendor: str, name: str) -> bytes:
    """A sample file as it was found; packed ones are unpacked."""
    content = (SAMPLES / vendor / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def csv_rows(content: bytes) -> list[dict[str, str]]:
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    return list(csv.DictReader(lines))


def json_lines(content: bytes) -> list[dict]:
    return [json.loads(line) for line in content.decode().splitlines() if line.strip()]


def build_staging(
    folder: Path, vendors: list[str], delivered: Mapping[str, bytes], category: str = "*"
) -> Path:
    """Write the deliveries, build the staging of these vendors, return the database."""
    for name, content in delivered.items():
        target = folder / "raw" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (folder / "profiles.yml").write_bytes((PROJECT / "profiles.yml.example").read_bytes())
    database = folder / "warehouse.duckdb"
    environment = {
        **os.environ,
        "CERTGAP_RAW": str(folder / "raw"),
        "CERTGAP_WAREHOUSE": str(database),
        "CERTGAP_PSEUDONYM_KEY": "test",
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(PROJECT / "python"), os.environ.get("PYTHONPATH")])
        ),
    }
    command = [str(Path(sys.executable).parent / "dbt"), "build"]
    command += ["--profiles-dir", str(folder), "--target-path", str(folder / "target")]
    command += ["--log-path", str(folder / "logs")]
    # Only tests of these models: those that also look further down belong to a whole build.
    command += ["--indirect-selection", "cautious"]
    command += ["--vars", json.dumps({"enabled_sources": vendors})]
    # With the reference files that a vendor's models read.
    command += ["--select", *(f"+path:models/staging/{category}/{vendor}" for vendor in vendors)]
    result = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    return database


def statuses(warehouse: duckdb.DuckDBPyConnection, model: str) -> dict[str, int]:
    """Rows of a base model by status."""
    return dict(
        warehouse.execute(
            f"select row_status, count(*) from staging.{model} group by row_status"
        ).fetchall()
    )


def reasons(warehouse: duckdb.DuckDBPyConnection, model: str, where: str = "true") -> Counter[str]:
    """Rows of a base model by status and reason: `kept`, or such as `quarantined: missing_id`."""
    return Counter(
        dict(
            warehouse.execute(
                "select row_status || coalesce(': ' || status_reason, ''), count(*)"
                f" from staging.{model} where {where} group by 1"
            ).fetchall()
        )
    )


def column(warehouse: duckdb.DuckDBPyConnection, sql: str) -> list:
    return [row[0] for row in warehouse.execute(sql).fetchall()]
