"""Results of parts that are done, so that a run of hours can be stopped and taken up again.

A part counts only for the code and the seeds it was run with: their bytes are in its file's name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from certgap.fuzz.verdict import Counts
from certgap.project import Project

# What decides the outcome, beside the settings.
DECIDES = (
    "dbt_project.yml", "profiles.yml.example", "requirements/project.txt", "models", "macros",
    "tests", "expectations", "seeds", "sample_data", "python/certgap",
    "python/tests/fixtures/samples",
)  # fmt: skip


@dataclass
class Result:
    """Counts by feed and format, and what was wrong."""

    counts: dict[tuple[str, str], Counts] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, feed: str, kind: str, counts: Counts) -> None:
        """Count one file, or many."""
        self.counts.setdefault((feed, kind), Counts()).add(counts)

    def add_all(self, other: Result) -> None:
        """Count what another one counted."""
        for (feed, kind), counts in other.counts.items():
            self.add(feed, kind, counts)
        self.faults += other.faults

    @property
    def mutants(self) -> int:
        """Of all feeds."""
        return sum(counts.mutants for counts in self.counts.values())


def code_of(project: Project) -> str:
    """Fingerprint of all that decides what becomes of a mutant."""
    found = hashlib.sha256()
    for path in sorted(_files(project.folder / name for name in DECIDES)):
        found.update(path.relative_to(project.folder).as_posix().encode() + b"\x00")
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        files = path.rglob("*") if path.is_dir() else [path]
        yield from (f for f in files if f.is_file() and f.suffix != ".pyc")


class KeptParts:
    """The results in a folder; ``run`` names all that they depend on, but for their place."""

    def __init__(self, folder: Path, run: str) -> None:
        """The folder is made."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.run = folder, hashlib.sha256(run.encode()).hexdigest()[:16]

    def _path(self, start: int, end: int) -> Path:
        return self.folder / f"{self.run}-{start:04}-{end:04}.json"

    def read(self, start: int, end: int) -> Result | None:
        """The result of mutants number ``start`` to ``end``, if it is there."""
        path = self._path(start, end)
        if not path.is_file():
            return None
        told = json.loads(path.read_text(encoding="utf-8"))
        result = Result(faults=told["faults"])
        for feed, kind, counts in told["counts"]:
            result.add(feed, kind, Counts(**counts))
        return result

    def write(self, start: int, end: int, result: Result) -> None:
        """Keep a result; one that is cut short never takes its name."""
        counts = [[feed, kind, asdict(found)] for (feed, kind), found in result.counts.items()]
        path = self._path(start, end)
        unfinished = path.with_suffix(".unfinished")
        told = json.dumps({"counts": counts, "faults": result.faults}, indent=1)
        unfinished.write_text(told, encoding="utf-8")
        unfinished.replace(path)
