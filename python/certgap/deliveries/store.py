"""What is kept between runs, in CERTGAP_DELIVERY_CHECKS (default: beside the working database).

- `profiles.parquet`: one row per judged delivery, the history that others are compared with;
- `verdicts.csv`: one row per delivery that is there, for the dbt build
  (macros/sources/delivery_verdicts.sql).
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from certgap.deliveries.profile import Profile
from certgap.errors import UserError
from certgap.project import Project

VERDICT_COLUMNS = (
    "source_file", "file_version", "file_date", "source_system", "category", "feed", "relation",
    "verdict", "reason", "n_rows", "first_day", "last_day", "tool_ids",
)  # fmt: skip
PASSED, FAILED, ACCEPTED, NOT_CHECKED = "passed", "failed", "accepted", "not_checked"


@dataclass
class Record:
    """One delivery as it was judged."""

    source_file: str
    file_version: str
    file_day: date | None
    category: str
    vendor: str
    feed: str
    relation: str
    suite: str
    verdict: str
    reason: str
    notes: str
    first_day: str
    last_day: str
    profile: Profile

    @property
    def folder(self) -> str:
        """The feed's folder."""
        return f"{self.category}/{self.vendor}/{self.feed}"


def folder_of(project: Project) -> Path:
    """Where profiles, verdicts and pages are kept."""
    named = project.environment.get("CERTGAP_DELIVERY_CHECKS")
    return project.folder / named if named else project.warehouse.parent / "delivery_checks"


class Store:
    """The records of one raw folder; those of other raw folders are kept untouched."""

    def __init__(self, folder: Path, raw: Path) -> None:
        """Read what is there."""
        self.folder, self.raw = folder, str(raw.resolve())
        self.records: dict[str, Record] = {}
        self.others: list[dict[str, str]] = []
        path = folder / "profiles.parquet"
        if not path.is_file():
            return
        try:
            rows = pq.read_table(path).to_pylist()
        except (OSError, pa.ArrowException):
            raise UserError(
                f"{path} is not readable.", "Delete it: all deliveries are then checked again."
            ) from None
        for row in rows:
            if row["raw_folder"] == self.raw:
                self.records[row["source_file"]] = _record(row)
            else:
                self.others.append(row)

    def of_feed(self, folder: str) -> list[Record]:
        """Records of a feed, oldest first, also of files that are no longer there."""
        found = [record for record in self.records.values() if record.folder == folder]
        return sorted(found, key=lambda record: (record.file_day or date.min, record.source_file))

    def keep(self, record: Record) -> None:
        """Add a record or replace that of an older version."""
        self.records[record.source_file] = record

    def write(self, present: Iterable[str]) -> None:
        """Write both files; verdicts only of the files that are there now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        rows = [*self.others, *(self._row(record) for record in self.records.values())]
        temporary = self.folder / "profiles.parquet.new"
        schema = pa.schema([(name, pa.string()) for name in _COLUMNS])
        pq.write_table(pa.Table.from_pylist(rows, schema), temporary, compression="zstd")
        os.replace(temporary, self.folder / "profiles.parquet")
        temporary = self.folder / "verdicts.csv.new"
        with temporary.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, VERDICT_COLUMNS, lineterminator="\n")
            writer.writeheader()
            for name in sorted(present):
                if name in self.records:
                    writer.writerow(_verdict(self.records[name]))
        os.replace(temporary, self.folder / "verdicts.csv")

    def _row(self, record: Record) -> dict[str, str]:
        return {
            "raw_folder": self.raw,
            "source_file": record.source_file,
            "file_version": record.file_version,
            "file_day": record.file_day.isoformat() if record.file_day else "",
            "category": record.category,
            "vendor": record.vendor,
            "feed": record.feed,
            "relation": record.relation,
            "suite": record.suite,
            "verdict": record.verdict,
            "reason": record.reason,
            "notes": record.notes,
            "first_day": record.first_day,
            "last_day": record.last_day,
            "profile": json.dumps(record.profile.as_json(), separators=(",", ":")),
        }


_COLUMNS = (
    "raw_folder", "source_file", "file_version", "file_day", "category", "vendor", "feed",
    "relation", "suite", "verdict", "reason", "notes", "first_day", "last_day", "profile",
)  # fmt: skip


def _record(row: dict[str, str]) -> Record:
    values = {
        name: row[name] for name in _COLUMNS if name not in ("raw_folder", "file_day", "profile")
    }
    return Record(
        **values,
        file_day=date.fromisoformat(row["file_day"]) if row["file_day"] else None,
        profile=_profile(row["profile"]),
    )


def _profile(text: str) -> Profile:
    """A kept profile; what an earlier version measured and this one does not is left out."""
    known = {field.name for field in fields(Profile)}
    return Profile(**{name: v for name, v in json.loads(text).items() if name in known})


def _verdict(record: Record) -> dict[str, str | int]:
    return {
        "source_file": record.source_file,
        "file_version": record.file_version,
        "file_date": record.file_day.isoformat() if record.file_day else "",
        "source_system": record.vendor,
        "category": record.category,
        "feed": record.feed,
        "relation": record.relation,
        "verdict": record.verdict,
        "reason": record.reason,
        "n_rows": record.profile.rows,
        "first_day": record.first_day,
        "last_day": record.last_day,
        "tool_ids": "|".join(record.profile.tools),
    }
