"""``certgap doctor``: is my set-up right, which feeds are there, and what is missing for what?

Settings, folders and the vendors' YAML are enough, so that it also works before the first build.
Where there is a working database, certgap.needs also says what its last build found.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from certgap import needs
from certgap.build import missing_profile
from certgap.deliveries.feeds import delivery_day
from certgap.deliveries.unread import reasons
from certgap.findings import Finding
from certgap.project import CATEGORIES, Project
from certgap.reference import unlisted, unreadable_files

SAMPLE_FOLDER = "sample_data"


@dataclass(frozen=True)
class Feed:
    """One raw feed a vendor folder declares."""

    vendor: str
    category: str
    name: str
    is_required: bool
    is_table: bool


# As the macro raw_file_kind reads them; JSON feeds take any name.
TABLE_FILES = (".csv", ".csv.gz", ".parquet")


def declared_feeds(project: Project) -> dict[str, list[Feed]]:
    """Vendor → its feeds, from ``models/staging/<category>/<vendor>/_<vendor>__sources.yml``."""
    feeds: dict[str, list[Feed]] = {}
    for path in sorted(project.folder.glob("models/staging/*/*/_*__sources.yml")):
        category, vendor = path.parts[-3], path.parts[-2]
        for source in yaml.safe_load(path.read_text()).get("sources", []):
            for table in source.get("tables", []):
                meta = table.get("config", {}).get("meta", {})
                feeds.setdefault(vendor, []).append(
                    Feed(
                        vendor,
                        category,
                        table["name"],
                        bool(meta.get("required")),
                        meta.get("format", "csv") == "csv",
                    )
                )
    return feeds


@dataclass
class Files:
    """The files of one feed: those a build reads, and what would stop it."""

    days: list[date]
    faults: list[str]

    @property
    def number(self) -> int:
        """Of all files, good and bad."""
        return len(self.days) + len(self.faults)


def is_note(path: Path) -> bool:
    """Whether a file is hidden or a note, which nothing reads."""
    return path.name[0] in "._" or path.suffix.lower() == ".md"


def files_of(raw: Path, feed: Feed) -> Files:
    """What lies in a feed's folder. A delivery has a date in its path, and content."""
    found = Files([], [])
    for path in sorted((raw / feed.category / feed.vendor / feed.name).rglob("*")):
        if not path.is_file() or is_note(path):
            continue
        day = delivery_day(path.relative_to(raw).as_posix())
        if day is None:
            found.faults.append(f"{path.name} has no valid date (YYYY-MM-DD) in its path")
        elif path.stat().st_size == 0:
            found.faults.append(f"{path.name} is empty (0 bytes)")
        elif feed.is_table and not path.name.lower().endswith(TABLE_FILES):
            found.faults.append(f"{path.name} is none of {', '.join(TABLE_FILES)}")
        else:
            found.days.append(day)
    return found


def _setup(project: Project) -> Iterator[Finding]:
    # pip refuses an older one on installing; `doctor` says which of several is in use.
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("ok", "Python", f"{version} ({sys.executable})")
    yield Finding("ok", "project", str(project.folder))
    profile = project.profile
    if profile is None:
        error = missing_profile(project)
        yield Finding("problem", "profile", error.problem, error.remedy)
    else:
        yield Finding("ok", "profile", str(profile))


def _reference(project: Project) -> Iterator[Finding]:
    folder = project.reference
    if not folder.is_dir():
        yield Finding(
            "problem",
            "reference files",
            f"there is no folder {folder}",
            "Set CERTGAP_REFERENCE to a folder with the same files as seeds/.",
        )
        return
    unreadable = list(unreadable_files(folder))
    for file in unreadable:
        yield Finding("problem", "reference files", file.problem, file.remedy)
    missing = [name for name in project.reference_files if not (folder / name).is_file()]
    if missing:
        yield Finding(
            "problem",
            "reference files",
            f"{folder} lacks {', '.join(missing)}",
            "Copy the header line of each from seeds/.",
        )
    elif not unreadable:
        yield Finding("ok", "reference files", f"{len(project.reference_files)} in {folder}")
        for file, listing, ids in unlisted(folder):
            yield Finding(
                "note",
                file,
                f"names {', '.join(ids)}, and {listing} has no such row",
                f"Add the row to {listing}: without it nothing is said of it.",
            )


def _key(project: Project) -> Finding:
    # Only whether there is one: the key itself is never shown.
    if project.environment.get("CERTGAP_PSEUDONYM_KEY"):
        return Finding("ok", "pseudonym key", "set")
    if (project.environment.get("CERTGAP_RAW") or SAMPLE_FOLDER) == SAMPLE_FOLDER:
        return Finding("ok", "pseudonym key", "the sample's own")
    return Finding(
        "problem",
        "pseudonym key",
        "CERTGAP_PSEUDONYM_KEY is not set",
        "Set it to a long random text and keep it: with another key every pseudonym changes. "
        "Only the bundled sample builds without it.",
    )


def _feed(project: Project, feed: Feed) -> Finding | None:
    """What lies in one feed's folder."""
    folder = project.raw / feed.category / feed.vendor / feed.name
    subject = f"{feed.category}/{feed.vendor}/{feed.name}"
    files = files_of(project.raw, feed)
    if files.faults:
        more = f" and {len(files.faults) - 3} more" if len(files.faults) > 3 else ""
        return Finding(
            "problem",
            subject,
            f"{len(files.faults)} of {files.number} files stop a build: "
            f"{'; '.join(files.faults[:3])}{more}",
            "Name each file or its folder after the day it was delivered, and have empty ones "
            "and other kinds of file sent again.",
        )
    if files.days:
        return Finding(
            "ok", subject, f"{files.number} files, {min(files.days)} to {max(files.days)}"
        )
    if feed.is_required:
        return Finding(
            "problem",
            subject,
            f"no file in {folder}",
            f"Deliver the feed, or take {feed.vendor} out of enabled_sources (dbt_project.yml).",
        )
    # The generic vendor has a folder for everything: only what is there is worth a line.
    return None if feed.vendor == "generic" else Finding("note", subject, "no file (optional)")


def _feeds(project: Project) -> Iterator[Finding]:
    if not project.raw.is_dir():
        yield Finding(
            "problem",
            "raw deliveries",
            f"there is no folder {project.raw}",
            "Set CERTGAP_RAW to the folder that holds <category>/<vendor>/<feed>/...",
        )
        return
    yield Finding("ok", "raw deliveries", str(project.raw))
    declared = declared_feeds(project)
    for vendor in project.enabled_sources:
        if vendor not in declared:
            yield Finding(
                "problem",
                f"enabled_sources: {vendor}",
                "no such vendor",
                f"Known: {', '.join(sorted(declared))}.",
            )
            continue
        findings = [finding for feed in declared[vendor] if (finding := _feed(project, feed))]
        yield from findings or [Finding("note", vendor, "enabled, no file yet")]
    yield from _not_read(project, declared)


def _not_read(project: Project, declared: dict[str, list[Feed]]) -> Iterator[Finding]:
    """Folders of vendors that are not enabled, and those that are no feed of an enabled one."""
    told = reasons(project)
    for category in CATEGORIES:
        if not (project.raw / category).is_dir():
            continue
        for folder in sorted((project.raw / category).iterdir()):
            if not folder.is_dir():
                continue
            if folder.name not in project.enabled_sources:
                yield Finding(
                    "note",
                    f"{category}/{folder.name}",
                    "delivered, but not in enabled_sources: it is not read",
                )
                continue
            feeds = [f.name for f in declared.get(folder.name, []) if f.category == category]
            on_purpose = told.get((category, folder.name), {})
            for path in sorted(folder.iterdir()):
                if path.name in on_purpose:
                    yield Finding(
                        "note",
                        f"{category}/{folder.name}/{path.name}",
                        f"not read: {on_purpose[path.name]}",
                    )
                elif path.name not in feeds and not is_note(path):
                    yield Finding(
                        "problem",
                        f"{category}/{folder.name}/{path.name}",
                        "is no feed that is declared: nothing reads it",
                        f"Known: {', '.join(sorted(feeds)) or f'none in {category}'}.",
                    )


def _needs(project: Project) -> Iterator[Finding]:
    declared = declared_feeds(project)
    enabled = [feed for name in project.enabled_sources for feed in declared.get(name, [])]
    with_files = {(feed.vendor, feed.name) for feed in enabled if files_of(project.raw, feed).days}
    yield from needs.without_which_no_build(project, with_files)
    yield from needs.find(project, with_files)


def findings(project: Project) -> list[Finding]:
    """Everything looked at, in reading order."""
    return [
        *_setup(project),
        *_reference(project),
        _key(project),
        *_feeds(project),
        *_needs(project),
    ]
