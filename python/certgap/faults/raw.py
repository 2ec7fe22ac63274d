"""The raw files of a company, to be changed and put back.

A change of rows goes through ``edit`` and ``add``. With ``leaves_out`` the same calls take out, or
do not add, the rows they would have broken: the company in which these rows were never delivered.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

Row = dict[str, str]
# A changed row, several in its place, or None for none.
Edit = Callable[[Row], Row | list[Row] | None]
DELIVERED = ("hris", "lms", "usage")


class RawFolder:
    """A raw folder, the reference files beside it, and healthy copies of both."""

    def __init__(self, raw: Path, reference: Path, healthy: Path) -> None:
        """``healthy`` is made by ``keep``."""
        self.raw, self.reference, self.healthy = raw, reference, healthy
        self.leaves_out = False
        self.touched: set[str] = set()
        self.broken = 0
        self.random = Random(7)

    def keep(self) -> None:
        """Remember all files as they are, with their times of change."""
        for name in DELIVERED:
            if (self.raw / name).is_dir():
                shutil.copytree(self.raw / name, self.healthy / "raw" / name)
        shutil.copytree(self.reference, self.healthy / "reference")

    def put_all_back(self) -> None:
        """Make both folders anew from the healthy copies."""
        for healthy, folder in (("raw", self.raw), ("reference", self.reference)):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.healthy / healthy, folder)

    def put_back(self) -> None:
        """Undo what was changed."""
        for name in self.touched:
            path, healthy = self._path(name), self.healthy / self._below(name)
            if healthy.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(healthy, path)
            else:
                path.unlink(missing_ok=True)
        self.touched, self.broken, self.random = set(), 0, Random(7)

    def _path(self, name: str) -> Path:
        if name.startswith("reference/"):
            return self.reference / name.removeprefix("reference/")
        return self.raw / name

    @staticmethod
    def _below(name: str) -> str:
        return name if name.startswith("reference/") else f"raw/{name}"

    def files(self, feed: str) -> list[str]:
        """Names of the files of a feed, by date (which the file's or its folder's name has)."""
        names = [p.relative_to(self.raw).as_posix() for p in (self.raw / feed).rglob("*")]
        return sorted(name for name in names if (self.raw / name).is_file())

    def newest(self, feed: str, back: int = 0) -> str:
        """The newest file of a feed, or one that is so many files older."""
        return self.files(feed)[-1 - back]

    def largest(self, feed: str, of_last: int = 60) -> str:
        """The largest of the newest files: a busy day."""
        return max(
            self.files(feed)[-of_last:], key=lambda name: ((self.raw / name).stat().st_size, name)
        )

    def read(self, name: str) -> bytes:
        """A file's bytes."""
        return self._path(name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Write a file, new or in place of another."""
        self.touched.add(name)
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def remove(self, name: str) -> None:
        """As if it had never come."""
        self.touched.add(name)
        self._path(name).unlink()

    def table(self, name: str) -> tuple[list[str], list[Row]]:
        """Header and rows of a CSV."""
        reader = csv.DictReader(io.StringIO(self.read(name).decode("utf-8-sig"), newline=""))
        rows = list(reader)
        return list(reader.fieldnames or []), rows

    def write_table(self, name: str, header: Sequence[str], rows: Iterable[Row]) -> None:
        """A CSV with these columns."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, header, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        self.write(name, text.getvalue().encode())

    def edit(
        self, names: str | Iterable[str], edit: Edit, where: Callable[[Row], bool] = lambda _: True
    ) -> int:
        """Change the rows of CSV files ``where`` something holds; the number of those."""
        found = 0
        for name in [names] if isinstance(names, str) else list(names):
            header, rows = self.table(name)
            result: list[Row] = []
            for row in rows:
                if not where(row):
                    result.append(row)
                    continue
                found += 1
                if not self.leaves_out:
                    edited = edit(dict(row))
                    result += edited if isinstance(edited, list) else [edited] if edited else []
            if result != rows:
                self.write_table(name, header, result)
        if not found:
            raise ValueError(f"no row of {names} is to be changed")
        self.broken += found
        return found

    def add(self, name: str, rows: Sequence[Row]) -> None:
        """Add rows at the end of a CSV."""
        header, old = self.table(name)
        if not self.leaves_out:
            self.write_table(name, header, [*old, *rows])
        self.broken += len(rows)

    def lines(self, name: str) -> list[Any]:
        """The records of a file of JSON lines."""
        return [json.loads(line) for line in self.read(name).decode().splitlines() if line.strip()]

    def write_lines(self, name: str, records: Iterable[Any]) -> None:
        """A file of JSON lines."""
        text = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)
        self.write(name, text.encode())

    def edit_lines(
        self,
        names: str | Iterable[str],
        edit: Callable[[Any], Any],
        where: Callable[[Any], bool] = lambda _: True,
    ) -> None:
        """Change the records of files of JSON lines ``where`` something holds."""
        found = 0
        for name in [names] if isinstance(names, str) else list(names):
            records, result = self.lines(name), []
            for record in records:
                if not where(record):
                    result.append(record)
                    continue
                found += 1
                if not self.leaves_out:
                    result.append(edit(json.loads(json.dumps(record))))
            self.write_lines(name, result)
        if not found:
            raise ValueError(f"no record of {names} is to be changed")
        self.broken += found

    def document(self, name: str) -> Any:
        """A JSON document."""
        return json.loads(self.read(name))

    def write_document(self, name: str, document: Any) -> None:
        """A JSON document."""
        self.write(name, json.dumps(document, separators=(",", ":")).encode())
