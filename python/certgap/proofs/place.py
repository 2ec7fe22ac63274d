"""A small invented company, its deliveries held back from a day on, and certgap run on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from certgap.proofs.dbt_in_process import KEY, PROJECT
from certgap.publish import contents
from certgap.publish.audit import LOG, audit
from certgap.simulate.simulation import run as simulate

LEARNERS, SEED = 100, 7
# Without unit tests, which judge the code and not what is built: a publication does not need them.
OPTIONS = ["--", "--vars", "{enabled_sources: [generic]}", "--exclude-resource-type", "unit_test"]
USAGE = "usage/generic/tool_usage_daily"


class ProofFailed(RuntimeError):
    """A command that had to succeed did not, or a file is not what it must be."""


@dataclass(frozen=True)
class Place:
    """One folder with raw deliveries, databases and artifacts."""

    folder: Path

    @property
    def published(self) -> Path:
        """What readers open."""
        return self.folder / "out" / "published.duckdb"

    @property
    def raw(self) -> Path:
        """The deliveries that have arrived."""
        return self.folder / "raw"

    @property
    def log(self) -> Path:
        """dbt's log, which says what a build is doing."""
        return self.folder / "logs" / "dbt.log"

    def environment(self) -> dict[str, str]:
        """Settings of a command on this place."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CERTGAP_", "DBT_"))
        }
        return inherited | {
            "CERTGAP_RAW": str(self.raw),
            "CERTGAP_REFERENCE": str(PROJECT / "seeds"),
            "CERTGAP_WAREHOUSE": str(self.folder / "work" / "certgap.duckdb"),
            "CERTGAP_PUBLISHED": str(self.published),
            "CERTGAP_PSEUDONYM_KEY": KEY,
            "DBT_PROFILES_DIR": str(self.folder),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A certgap command in a process group of its own; output goes to ``output.log``."""
        command = [sys.executable, "-m", "certgap.cli", *arguments]
        with (self.folder / "output.log").open("wb") as output:
            return subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, *arguments: str) -> None:
        """The same, to its end; raises where it fails."""
        process = self.start(*arguments)
        if process.wait():
            said = (self.folder / "output.log").read_text(encoding="utf-8", errors="replace")
            raise ProofFailed(f"certgap {arguments[0]} failed: {said[-2000:]}")

    def build(self, *options: str) -> None:
        """`certgap build` of the generic sources."""
        self.run("build", *options, *OPTIONS)

    def copy_to(self, folder: Path) -> Place:
        """The same place elsewhere, in place of what is there. Times of change are kept: dbt's
        monthly models go by them."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Place(folder)

    def put_back(self, other: Place) -> None:
        """Make this place what ``other`` is, at its own paths."""
        other.copy_to(self.folder)


@dataclass(frozen=True)
class Company:
    """Deliveries by the day they arrive, of which a place has those up to some day."""

    folder: Path

    @classmethod
    def invent(cls, folder: Path) -> Company:
        """The company of the fixed seed, generic exports."""
        if not (folder / "usage").is_dir():
            simulate(LEARNERS, SEED, folder, sources=["generic"])
        return cls(folder)

    def place(self, folder: Path) -> Place:
        """An empty place for it."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "profiles.yml").write_bytes((PROJECT / "profiles.yml.example").read_bytes())
        return Place(folder)

    def days(self) -> list[date]:
        """Days on which use arrives."""
        files = (self.folder / USAGE).iterdir()
        return sorted({_day_of(path) for path in files})

    def deliver(self, place: Place, until: date) -> int:
        """Everything that arrives up to a day; full snapshots of people are there from the first.

        Returns the number of new files. Times of change are those of the company's own files.
        """
        new = 0
        for source in sorted(self.folder.rglob("*")):
            relative = source.relative_to(self.folder)
            if not source.is_file() or relative.parts[0] == "truth":
                continue
            is_early = relative.parts[0] != "usage" or _day_of(source) <= until
            target = place.raw / relative
            if is_early and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
                new += 1
        return new

    def restate(self, place: Place, number: int) -> Path:
        """A day of use long ago, delivered once more with other counts, the last file's day after.

        The oldest days take turns, so that each call reaches into another part of history.
        """
        days = self.days()
        old = place.raw / USAGE / f"{days[10 + 9 * number % 60]}.csv"
        newest = max(map(_day_of, (place.raw / USAGE).iterdir()))
        target = place.raw / USAGE / f"{newest + timedelta(1)}-restated.csv"
        with duckdb.connect() as connection:
            connection.execute(
                "copy (select * replace (cast(coalesce(try_cast(interactions as bigint), 0) + 1"
                f" as varchar) as interactions) from read_csv('{old}', all_varchar = true))"
                f" to '{target}' (header)"
            )
        return target


def _day_of(path: Path) -> date:
    """The date that a delivery's file name begins with."""
    return date.fromisoformat(path.name[:10])


def whole(path: Path) -> tuple[int, dict[str, str]]:
    """(publication, table → checksum) of a published file; raises where its audit fails.

    The log is left out: it has the times of the publications in it.
    """
    found = audit(path)
    if not found.passed or found.publication_id is None:
        raise ProofFailed(f"{path} is not whole: {' '.join(found.problems)}")
    with duckdb.connect(str(path), read_only=True) as connection:
        _, _, held = contents.read(connection)
    return found.publication_id, {row.table: row.checksum for row in held if row.table != LOG}


def recorded(place: Place) -> Sequence[int]:
    """Numbers of the publications in the record."""
    path = place.folder / "work" / "publications.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(f"select publication_id from {LOG} order by 1").fetchall()
    return [number for (number,) in rows]
