"""What is mutated: rows that vendors deliver, from the samples and from the simulator.

A sample file belongs to the feeds of its vendor that could read it: a CSV with the declared
columns, a document with the feed's array, lines for a feed of lines.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from certgap.deliveries import suites
from certgap.errors import UserError
from certgap.fuzz.catalog import FuzzedFeed, fuzzed_feeds
from certgap.fuzz.oracle import elements_of, lacks
from certgap.project import Project
from certgap.simulate.simulation import run
from certgap.simulate.sources import GENERIC, HRIS, LOGS, MOST_HRIS, PLATFORMS, USAGE

SAMPLES = "python/tests/fixtures/samples"
EMPLOYEES = 100
# By kind, or by name where it decides whether a row can be kept.
VALUES = {
    "date": "2026-03-0{}", "timestamp": "2026-03-0{}T10:00:00Z", "number": "{}", "boolean": "true",
    "alias_type": "work_email", "alias_value": "person{}@example.com",
}  # fmt: skip
# Rows of one seed, and seeds of one feed (headers differ from file to file).
MOST_ROWS, MOST_SEEDS = 16, 4


@dataclass(frozen=True)
class Seed:
    """Rows of one feed: fields under ``header``, or JSON values with the document around them."""

    fuzzed: FuzzedFeed
    header: tuple[str, ...]
    rows: tuple[Any, ...]
    around: Any = None
    # Of the file: some say in it whose rows or which day's it holds.
    name: str = "rows"

    def document(self, elements: list[Any]) -> Any:
        """The document with these elements in its array."""
        if not self.fuzzed.counted.startswith("$."):
            return elements
        names = self.fuzzed.counted.split(".")[1:]
        whole = json.loads(json.dumps(self.around))
        inner = whole
        for name in names[:-1]:
            inner = inner[name]
        inner[names[-1]] = elements
        return whole


def simulated(folder: Path, vendors: set[str]) -> list[Path]:
    """Raw folders in which those of the vendors deliver that the simulator knows; made once."""
    usage = _three_tools()
    hris = list(HRIS)
    platforms = [choice for choice, platform in PLATFORMS.items() if choice == platform.name]
    mixes = [[*hris[:MOST_HRIS], *platforms, *usage[0], *LOGS], [GENERIC]]
    mixes += [[name] for name in hris[MOST_HRIS:]] + [list(names) for names in usage[1:]]
    mixes += [[choice] for choice in PLATFORMS if choice not in platforms]
    folders = []
    os.environ.setdefault("CERTGAP_PSEUDONYM_KEY", "fuzz")
    for names in mixes:
        names = [name for name in names if name.split(":")[0] in vendors]
        if not names:
            continue
        out = folder / f"{names[0].replace(':', '-')}-{zlib.crc32(','.join(names).encode())}"
        if not (out / "truth").is_dir():
            run(EMPLOYEES, 1, out, sources=names)
        folders.append(out)
    return folders


def _three_tools() -> list[tuple[str, ...]]:
    """The usage vendors in groups of at most three that report different tools."""
    left, groups = list(USAGE), []
    while left:
        group = next(
            names
            for size in (3, 2, 1)
            for names in combinations(left, size)
            if len({USAGE[name].tool_id for name in names}) == size
        )
        groups.append(group)
        left = [name for name in left if name not in group]
    return groups


def seeds_of(project: Project, fuzzed: FuzzedFeed, raw_folders: list[Path]) -> list[Seed]:
    """Seeds of a feed: the first rows of samples and of the simulator's newest file.

    The first rows of a vendor's feeds speak of the same people, which their models join.
    """
    pools: dict[tuple[tuple[str, ...], str], tuple[list[Any], Any]] = {}
    for path in _files(project, fuzzed, raw_folders):
        # The simulator's file comes last and has its place.
        is_sample = SAMPLES in path.as_posix()
        for header, rows, around in _read(fuzzed, path):
            key = (header, path.name.split(".")[0])
            if rows and (key in pools or len(pools) < MOST_SEEDS - is_sample):
                pools.setdefault(key, ([], around))[0].extend(rows)
    if not pools:
        return [_invented(project, fuzzed, raw_folders)]
    return [
        Seed(fuzzed, header, tuple(rows[:MOST_ROWS]), around, name)
        for (header, name), (rows, around) in pools.items()
    ]


def _files(project: Project, fuzzed: FuzzedFeed, raw_folders: list[Path]) -> Iterator[Path]:
    samples = project.folder / SAMPLES / fuzzed.feed.vendor
    own = _squeezed(fuzzed.feed.name)
    others = {
        _squeezed(other.feed.name)
        for other in fuzzed_feeds(project)
        if (other.feed.vendor, other.feed.format) == (fuzzed.feed.vendor, fuzzed.feed.format)
    } - {own}
    for path in sorted(path for path in samples.glob("*") if path.suffix != ".md"):
        name = _squeezed(path.stem)
        # What is named after another feed of the vendor is that one's.
        if own in name or not any(other in name for other in others):
            yield path
    for raw in (*raw_folders, project.folder / "sample_data"):
        files = sorted(p for p in (raw / fuzzed.feed.folder).rglob("*") if p.is_file())
        # Delivered files of one feed are alike; the newest are the fullest.
        yield from files[-1:]


def _invented(project: Project, fuzzed: FuzzedFeed, raw_folders: list[Path]) -> Seed:
    """Rows of a feed that nobody delivers: those of the vendor's lines, or values by their kind."""
    feed = fuzzed.feed
    if feed.format != "csv":
        for other in fuzzed_feeds(project):
            if other.feed.vendor == feed.vendor and other.feed.format == "lines":
                lines = seeds_of(project, other, raw_folders)[0]
                name = fuzzed.counted.removeprefix("$.")
                return Seed(fuzzed, (), lines.rows, {name: []})
        raise UserError(f"Nobody delivers {feed.folder}.", f"Put a sample into {SAMPLES}.")
    suite = suites.load(project.folder, feed)
    kinds = suite.kinds if suite else {}
    rows = [
        [VALUES.get(kinds.get(name) or name, "{}").format(n) for name in feed.columns]
        for n in range(1, 7)
    ]
    return Seed(fuzzed, feed.columns, tuple(rows))


def _read(fuzzed: FuzzedFeed, path: Path) -> Iterator[tuple[tuple[str, ...], list[Any], Any]]:
    """(header, rows, document around them) where the file could be one of this feed."""
    content = path.read_bytes()
    name = path.name.removesuffix(".gz")
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    text = content.decode("utf-8-sig")
    kind = fuzzed.feed.format
    if kind == "csv" and name.endswith(".csv"):
        records = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
        if fuzzed.feed.has_header and not lacks(fuzzed, records[0]):
            yield tuple(records[0]), _whole(records[0], records[1:]), None
        elif not fuzzed.feed.has_header:
            yield (), _whole(list(fuzzed.feed.columns), records), None
    elif kind == "lines" and name.endswith(("ndjson", "jsonl")):
        yield (), [json.loads(line) for line in text.splitlines() if line.strip()], None
    elif kind == "document" and name.endswith(".json"):
        document = json.loads(text)
        elements = elements_of(fuzzed, document)
        if elements:
            yield (), elements, None if isinstance(document, list) else document


def _squeezed(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _whole(header: list[str], rows: list[list[str]]) -> list[list[str]]:
    return [row for row in rows if len(row) == len(header)]
