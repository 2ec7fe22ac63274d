"""What was delivered and no adapter reads: named, with the reason where a vendor declares one.

A vendor's ``_sources.yml`` says under ``meta: {not_read: {<folder>: <reason>}}`` which exports of
the same system it leaves alone on purpose. Nothing of such a file is opened, not to count its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from certgap.deliveries.feeds import Feed
from certgap.project import CATEGORIES, Project

DATA_FILES = (".csv", ".json", ".ndjson", ".jsonl", ".parquet", ".gz")


@dataclass(frozen=True)
class Unread:
    """A folder, or a file, that nothing reads."""

    place: str  # below the raw folder
    n_files: int
    reason: str
    is_declared: bool = False  # the vendor says so on purpose


def reasons(project: Project) -> dict[tuple[str, str], dict[str, str]]:
    """(Category, vendor) → folders that are left alone on purpose, and why."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for path in sorted(project.folder.glob("models/staging/*/*/_*__sources.yml")):
        for source in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("sources", []):
            not_read = source.get("config", {}).get("meta", {}).get("not_read", {})
            found.setdefault((path.parts[-3], path.parts[-2]), {}).update(not_read)
    return found


def unread(project: Project, feeds: list[Feed]) -> list[Unread]:
    """Everything below the raw folder that is no file of a declared feed, by name."""
    by_vendor: dict[tuple[str, str], set[str]] = {}
    for feed in feeds:
        by_vendor.setdefault((feed.category, feed.vendor), set()).add(feed.name)
    known = reasons(project)
    found = []
    for category in CATEGORIES:
        for folder in _entries(project.raw / category):
            names = by_vendor.get((category, folder.name))
            if names is None or folder.is_file():
                reason = _no_vendor(category, folder, by_vendor)
                found.append(Unread(f"{category}/{folder.name}", _n_files(folder), reason))
            else:
                told = known.get((category, folder.name), {})
                found += _of_vendor(f"{category}/{folder.name}", folder, names, told)
    return [entry for entry in found if entry.n_files]


def _of_vendor(place: str, folder: Path, names: set[str], told: dict[str, str]) -> Iterator[Unread]:
    """What lies in the folder of a vendor whose feeds have these names."""
    for path in _entries(folder):
        here = f"{place}/{path.name}"
        if path.is_dir() and path.name in names:
            for file in sorted(path.rglob("*")):
                if _is_marked(file):
                    inner = f"{here}/{file.relative_to(path).as_posix()}"
                    yield Unread(inner, 1, "its name begins with _ or ., as notes of programs do")
            continue
        name = path.name if path.is_dir() else path.name.split(".")[0]
        if name in told:
            yield Unread(here, _n_files(path), told[name], is_declared=True)
        elif path.is_dir():
            known = ", ".join(sorted(names))
            yield Unread(here, _n_files(path), f"no adapter reads such a feed; known: {known}")
        else:
            yield Unread(here, 1, "it lies in no feed's folder")


def _no_vendor(category: str, folder: Path, by_vendor: dict[tuple[str, str], set[str]]) -> str:
    """Why nothing is known of a folder below a category."""
    if folder.is_file():
        return "it lies in no feed's folder"
    others = [other for other, vendor in by_vendor if vendor == folder.name]
    if others:
        return f"{folder.name} is a vendor of {' and '.join(others)}, not of {category}"
    return "no adapter of that name"


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder, without hidden files and notes; data under a hidden name is told."""
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        path
        for path in entries
        if (path.name[0] != "." if path.is_dir() else not _is_note(path) or _is_marked(path))
    ]


def _is_note(path: Path) -> bool:
    """Whether a file is hidden or a note, as the build's listing has it."""
    return path.name[0] in "._" or path.suffix.lower() == ".md"


def _is_marked(path: Path) -> bool:
    """Whether a file looks like data under a name that hides it."""
    return path.name[0] in "._" and path.suffix.lower() in DATA_FILES and path.is_file()


def _n_files(path: Path) -> int:
    """Files that somebody delivered."""
    if path.is_file():
        return 1
    return sum(p.is_file() and (not _is_note(p) or _is_marked(p)) for p in path.rglob("*"))
