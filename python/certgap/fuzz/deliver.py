"""Deliver mutants, check and build them as a user does, and fetch what became of their rows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from certgap.deliveries import check
from certgap.deliveries.store import ACCEPTED, FAILED, Record, Store, folder_of
from certgap.fuzz.catalog import FuzzedFeed
from certgap.fuzz.mutate import Mutant
from certgap.project import Project

# All files of a feed have one date: a snapshot feed is read from its newest date only.
DAY = "2026-10-01"
# What a failed file may say and still be read when somebody accepts it: it is quarantined then.
STILL_READABLE = "is not JSON, or is cut short"
# Tests that fail because of a delivery, as they should.
ABOUT_DELIVERIES = {"no_file_of_a_required_feed_is_quarantined_entirely"}
# What says of a row's place or fate, and not what is in it.
ABOUT_THE_ROW = {
    "source_file", "extracted_at", "row_status", "status_reason", "raw_text", "source_record_id",
}  # fmt: skip


@dataclass
class Row:
    """A row of a base model, or a line whose number of fields is wrong."""

    status: str
    reason: str
    raw_text: str
    record_id: str
    values: dict[str, str]


@dataclass
class Outcome:
    """What became of the deliveries of one tree."""

    refused: dict[str, str] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)


class Tree:
    """A raw folder, its warehouse, and the vendors that are enabled over it."""

    def __init__(self, project: Project, folder: Path, feeds: list[FuzzedFeed]) -> None:
        """Empty; ``folder`` is made anew."""
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "raw").mkdir(parents=True)
        shutil.copy(project.folder / "profiles.yml.example", folder / "profiles.yml")
        self.folder, self.feeds = folder, feeds
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DBT_")},
            "CERTGAP_RAW": str(folder / "raw"),
            "CERTGAP_WAREHOUSE": str(folder / "warehouse.duckdb"),
            "CERTGAP_DELIVERY_CHECKS": str(folder / "checks"),
            "CERTGAP_REFERENCE": "seeds",
            "CERTGAP_PSEUDONYM_KEY": "fuzz",
        }
        self.project = Project(project.folder, environment)

    def put(self, fuzzed: FuzzedFeed, name: str, mutant: Mutant) -> str:
        """Write a delivery; its name below the raw folder."""
        below = f"{fuzzed.feed.folder}/{DAY}/{name}{mutant.suffix}"
        path = self.folder / "raw" / below
        path.parent.mkdir(parents=True, exist_ok=True)
        if not mutant.special:
            path.write_bytes(mutant.content)
        else:
            below = self._put_special(path, below, mutant)
        return below

    def _put_special(self, path: Path, below: str, mutant: Mutant) -> str:
        elsewhere = self.folder / "elsewhere" / below
        elsewhere.parent.mkdir(parents=True, exist_ok=True)
        if mutant.special == "empty folder":
            path.mkdir()
        elif mutant.special == "folder of a file":
            path.mkdir()
            (path / f"part-0{mutant.suffix}").write_bytes(mutant.content)
            below += f"/part-0{mutant.suffix}"
        elif mutant.special == "link":
            elsewhere.write_bytes(mutant.content)
            path.symlink_to(elsewhere)
        elif mutant.special == "broken link":
            path.symlink_to(elsewhere)
        elif mutant.special == "link to a folder":
            elsewhere.mkdir()
            (elsewhere / f"part-0{mutant.suffix}").write_bytes(mutant.content)
            path.symlink_to(elsewhere)
            below += f"/part-0{mutant.suffix}"
        else:
            path.symlink_to(path.parent)
        return below

    def run(self) -> Outcome:
        """Check, build, and read the base models."""
        outcome = Outcome()
        try:
            self._check(outcome)
        except Exception as error:
            outcome.faults.append(f"check-deliveries stopped: {type(error).__name__}: {error}")
            outcome.missing = {fuzzed.feed.folder for fuzzed in self.feeds}
            return outcome
        for _ in range(20):
            problem = self._build(outcome)
            if not problem:
                break
            culprits = self._culprits(problem)
            outcome.faults.append(
                f"the build stopped{' at ' + ', '.join(culprits) if culprits else ''}: {problem}"
            )
            if not culprits:
                break
            for name in culprits:
                outcome.refused[name] = "the build stopped"
                (self.folder / "raw" / name).unlink()
        self._fetch(outcome)
        return outcome

    def _check(self, outcome: Outcome) -> None:
        """Judge all; what is only unusual is accepted, so that the build has to cope with it."""
        report = check.run(self.project, check.Options(write_docs=False), lambda *_: None)
        outcome.faults += [f"check-deliveries could not judge: {text}" for text in report.errors]
        store = Store(folder_of(self.project), self.project.raw)
        for record in store.records.values():
            if record.verdict == FAILED and _is_refused(record):
                outcome.refused[record.source_file] = record.reason
            elif record.verdict == FAILED:
                record.verdict = ACCEPTED
                outcome.accepted.add(record.source_file)
        store.write(store.records)

    def _build(self, outcome: Outcome) -> str:
        """What stopped the build; empty where nothing did."""
        vendors = sorted({fuzzed.feed.vendor for fuzzed in self.feeds})
        paths = sorted({f"{f.feed.category}/{f.feed.vendor}" for f in self.feeds})
        command = [str(Path(sys.executable).with_name("dbt")), "build", "--no-use-colors"]
        command += ["--profiles-dir", str(self.folder), "--log-path", str(self.folder / "logs")]
        command += ["--target-path", str(self.folder.parent / "target")]
        command += ["--exclude-resource-type", "unit_test", "--indirect-selection", "cautious"]
        command += ["--vars", json.dumps({"enabled_sources": vendors})]
        command += ["--select", *(f"+path:models/staging/{path}" for path in paths)]
        (self.folder.parent / "target" / "run_results.json").unlink(missing_ok=True)
        run = subprocess.run(
            command, cwd=self.project.folder, env=dict(self.project.environment),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        (self.folder / "dbt.txt").write_text(run.stdout + run.stderr)
        if run.returncode == 0:
            return ""
        results = self.folder.parent / "target" / "run_results.json"
        statuses = json.loads(results.read_text())["results"] if results.is_file() else []
        if not any(found["status"] == "error" for found in statuses):
            failed = [found for found in statuses if found["status"] == "fail"]
            names = {found["unique_id"].split(".")[2]: found["message"] for found in failed}
            outcome.faults += [
                f"a test failed: {name}: {message}"
                for name, message in names.items()
                if name not in ABOUT_DELIVERIES
            ]
            if failed:
                return ""
        output = re.sub(r"\x1b\[[0-9;]*m|^\d\d:\d\d:\d\d +", "", run.stdout, flags=re.MULTILINE)
        start = max(0, output.find("Failure in"), output.find("Compilation Error"))
        return output[start:][:3000] + run.stderr[-1000:]

    def _culprits(self, problem: str) -> list[str]:
        """Delivered files that the message names."""
        unwrapped = re.sub(r"\n\s*", "", problem)
        names = re.findall(r"\w+/\w+/\w+/" + DAY + r"/[\w.-]+", problem + unwrapped)
        raw = self.folder / "raw"
        return sorted({name for name in names if (raw / name).is_file()})

    def _fetch(self, outcome: Outcome) -> None:
        database = self.project.environment["CERTGAP_WAREHOUSE"]
        if not Path(database).is_file():
            outcome.missing = {fuzzed.feed.folder for fuzzed in self.feeds}
            return
        with duckdb.connect(database, read_only=True) as connection:
            built = {name for (name,) in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'staging'"
            ).fetchall()}  # fmt: skip
            outcome.missing = {f.feed.folder for f in self.feeds if f.base_model not in built}
            for fuzzed in self.feeds:
                if fuzzed.base_model not in built:
                    continue
                cursor = connection.execute(f'select * from staging."{fuzzed.base_model}"')
                names = [column[0] for column in cursor.description]
                for found in cursor.fetchall():
                    row = dict(zip(names, found, strict=True))
                    outcome.rows[row["source_file"]].append(_row(row))
            for file, reason, raw_text in connection.execute(
                "select source_file, reason, raw_text from raw.rejected_rows"
            ).fetchall():
                outcome.rows[file].append(Row("quarantined", reason, raw_text, "", {}))


def _row(row: dict[str, Any]) -> Row:
    values = {
        name: _plain(str(value))
        for name, value in row.items()
        if name not in ABOUT_THE_ROW and value is not None and row["source_file"] not in str(value)
    }
    return Row(
        row["row_status"],
        row["status_reason"] or "",
        row["raw_text"] or "",
        str(row.get("source_record_id") or ""),
        values,
    )


def _plain(value: str) -> str:
    """A value; JSON without its escapes, of which a text may have any."""
    if not value.startswith(("{", "[")):
        return value
    try:
        return json.dumps(json.loads(value), ensure_ascii=False)
    except (ValueError, RecursionError):
        return value


def _is_refused(record: Record) -> bool:
    """Whether the file itself is at fault, not what is usual for its feed."""
    profile = record.profile
    return bool(profile.missing) or (bool(profile.error) and profile.error != STILL_READABLE)
