"""Reference files that dbt cannot load in words a user would understand, and ids they lack.

DuckDB loads a CSV whose lines end in one way, LF, CRLF or CR. Of a file with two of them (a
spreadsheet's file to which `echo` added a line) it says that it cannot detect the CSV dialect.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A quoted field starts a field; line ends within it are text. Else: a line end.
QUOTED_OR_LINE_END = re.compile(rb'(?<![^,\r\n])"(?:[^"]|"")*"|\r\n|\n|\r')
NAMES = {b"\n": "LF", b"\r\n": "CRLF", b"\r": "CR"}


@dataclass(frozen=True)
class MixedLineEnds:
    """The first line of a reference file that ends otherwise than those before it."""

    path: Path
    line: int
    line_end: str
    line_end_before: str

    @property
    def problem(self) -> str:
        """What is wrong, and where."""
        return (
            f"Line {self.line} of the reference file {self.path} ends with {self.line_end}, the "
            f"lines before it with {self.line_end_before}. dbt cannot load a file with both."
        )

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return (
            "Save the file again with one kind of line end: open and save it in the spreadsheet "
            "it came from, choose one under line endings in an editor, or run "
            f"sed -i 's/\\r$//' {self.path}"
        )


def mixed_line_ends(path: Path) -> MixedLineEnds | None:
    """The first line that ends otherwise than those before it; None if all end alike."""
    content = path.read_bytes()
    first = None
    for match in QUOTED_OR_LINE_END.finditer(content):
        line_end = match[0]
        if line_end not in NAMES:
            continue
        first = first or line_end
        if line_end != first:
            line = len((content[: match.start()] + b".").splitlines())
            return MixedLineEnds(path, line, NAMES[line_end], NAMES[first])
    return None


@dataclass(frozen=True)
class OtherDelimiter:
    """A reference file whose columns are parted by something else than commas."""

    path: Path
    delimiter: str

    @property
    def problem(self) -> str:
        """What is wrong."""
        return (
            f"The columns of the reference file {self.path} are parted by "
            f"{DELIMITERS[self.delimiter]}, not by commas."
        )

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return "Save it as CSV with commas (in a spreadsheet: CSV UTF-8, delimiter comma)."


DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def other_delimiter(path: Path) -> OtherDelimiter | None:
    """What parts the columns, where the first line has it and no comma."""
    with path.open("rb") as file:
        header = file.readline().decode("utf-8", "replace")
    if "," in header:
        return None
    return next((OtherDelimiter(path, sign) for sign in DELIMITERS if sign in header), None)


def unreadable_files(folder: Path) -> Iterator[MixedLineEnds | OtherDelimiter]:
    """Every reference file of the folder that dbt would stumble over."""
    for path in sorted(folder.rglob("*.csv")):
        found = other_delimiter(path) or mixed_line_ends(path)
        if found:
            yield found


# Column of a file, and the file that must list what stands in it.
LISTED_IN = (
    ("course_tool_map.csv", "tool_id", "tools.csv"),
    ("program_courses.csv", "program_id", "programs.csv"),
)


def unlisted(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """File, the file that should list them, and the ids that it does not. A build only warns."""
    for name, column, listing in LISTED_IN:
        missing = _values(folder / name, column) - _values(folder / listing, column)
        if missing:
            yield name, listing, sorted(missing)


def _values(path: Path, column: str) -> set[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        found = {(row.get(column) or "").strip() for row in csv.DictReader(file)}
    return found - {""}
