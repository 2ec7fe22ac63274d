"""Every text below some paths: tables of databases cell by cell, other files as they are.

The kind of a file is told by its first bytes. PDF pages are read by their text, compressed files
unpacked. What cannot be opened is an error, not a file without hits.
"""

from __future__ import annotations

import codecs
import gzip
import html
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

import duckdb
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from certgap.database import relations
from certgap.errors import UserError
from certgap.privacy.marks import Mark, found_in, words
from certgap.publish.audit import quoted

# A file is read by pieces; a mark is looked for across the border of two.
PIECE = 1_000_000
BORDER = 200
ROWS_AT_ONCE = 5_000
NOT_READ = "Take it away or make it readable, then scan again: nothing is said of it."
UNREADABLE = (
    OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile,
    duckdb.Error, PyPdfError,
)  # fmt: skip
MAGIC = {
    "zip": b"PK\x03\x04",
    "gzip": b"\x1f\x8b",
    "pdf": b"%PDF",
    "parquet": b"PAR1",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ",
    "zstd": b"\x28\xb5\x2f\xfd",
}
# Escapes of JSON and of terminals, which would stick to a word or hide its letters.
UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
BREAKS = re.compile(r"\\+[nrtbf]|\x1b\[[0-9;]*m")

# Table names, column names, comments: one text a row.
NAMES = """
    select table_name || ' ' || coalesce(comment, '') from duckdb_tables()
    union all
    select view_name || ' ' || coalesce(comment, '') from duckdb_views() where not internal
    union all
    select column_name || ' ' || coalesce(comment, '') from duckdb_columns() where not internal
"""


@dataclass
class Scan:
    """What was read, and where people were found."""

    n_files: int = 0
    n_characters: int = 0
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)  # (place, kind): marks
    # Working databases, of tests or copied: full of people, told of and not read.
    restricted: list[Path] = field(default_factory=list)

    def as_lines(self) -> list[str]:
        """For people: a line per place, without telling who was found."""
        return [f"{place}: {n} of kind {kind}" for (place, kind), n in sorted(self.hits.items())]


@dataclass(frozen=True)
class Text:
    """A part of what a file says."""

    place: str
    text: str
    is_binary: bool = False


def files_below(paths: Iterable[Path], left_out: Iterable[Path] = ()) -> Iterator[Path]:
    """The files at and below some paths, in order; a link is followed where it is such a path."""
    out = {path.resolve() for path in left_out}
    for path in paths:
        if not path.exists():
            raise UserError(f"{path} is not there.", "Run make build first, or name what is there.")
        below = [path.resolve()] if path.is_file() else sorted(path.rglob("*"))
        for file in below:
            if file.is_file() and not file.is_symlink() and file.resolve() not in out:
                yield file


def scan(paths: Iterable[Path], marks: dict[Mark, str], left_out: Iterable[Path] = ()) -> Scan:
    """Look for marks in every file of some paths, its name included.

    Raises UserError for a path that is not there and a file that cannot be read.
    """
    done = Scan()
    lengths = sorted({len(mark) for mark in marks})
    for file in files_below(paths, left_out):
        found: dict[str, set[Mark]] = {}
        try:
            kind = _kind(file)
            if kind == "duckdb" and _is_working_database(file):
                done.restricted.append(file)
                continue
            for part in (Text(f"{file} (its name)", str(file)), *_texts(file, kind)):
                done.n_characters += len(part.text)
                # As it stands, too: what looks like an escape may be part of a name (ACME\\bsmith).
                for text in {part.text, _plain(part.text)}:
                    hits = found_in(words(text), marks, lengths, is_binary=part.is_binary)
                    found.setdefault(part.place, set()).update(hits)
        except UNREADABLE as error:
            raise UserError(f"{file} cannot be read: {error}", NOT_READ) from error
        done.n_files += 1
        for place, some in found.items():
            for mark in some:
                done.hits[(place, marks[mark])] += 1
    return done


def _plain(text: str) -> str:
    """Without the escapes of JSON, terminals, HTML and addresses."""
    letters = UNICODE.sub(lambda match: chr(int(match[1], 16)), BREAKS.sub(" ", text))
    return unquote(html.unescape(letters))


def _kind_by(head: bytes) -> str | None:
    """The kind of what begins with these bytes; None where they say nothing."""
    if head[8:12] == b"DUCK":
        return "duckdb"
    return next((kind for kind, magic in MAGIC.items() if head.startswith(magic)), None)


def _kind(file: Path) -> str:
    """By its first bytes, whatever it is called."""
    with file.open("rb") as stream:
        head = stream.read(16)
    # A file that says it is one of these, and is not, must not count as read.
    named = file.suffix.lower().removeprefix(".")
    is_said = named in {"duckdb", "parquet", "pdf", "zip"} and head
    return _kind_by(head) or (named if is_said else "text")


def _is_working_database(file: Path) -> bool:
    with duckdb.connect(str(file), read_only=True) as connection:
        query = "select 1 from information_schema.schemata where schema_name = 'canonical'"
        return connection.execute(query).fetchone() is not None


def _texts(file: Path, kind: str) -> Iterator[Text]:
    if kind == "duckdb":
        yield from _of_database(file)
    elif kind == "parquet":
        with duckdb.connect() as connection:
            query = "select * from read_parquet(?)"
            yield from _of_query(connection, str(file), query, [str(file)])
    elif kind == "pdf":
        reader = PdfReader(file)
        yield Text(f"{file} about itself", " | ".join(map(str, (reader.metadata or {}).values())))
        for number, page in enumerate(reader.pages, start=1):
            yield Text(f"{file} page {number}", page.extract_text())
    elif kind == "zip":
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                with archive.open(name) as stream:
                    yield Text(f"{file}/{name} (its name)", name)
                    yield from _pieces(f"{file}/{name}", stream)
    elif kind in {"bzip2", "xz", "zstd"}:
        raise OSError(f"it is compressed with {kind}, which is not unpacked here")
    else:
        with gzip.open(file) if kind == "gzip" else file.open("rb") as stream:
            yield from _pieces(str(file), stream)


def _pieces(place: str, stream: BinaryIO | Any) -> Iterator[Text]:
    """A stream of bytes by pieces. What is no UTF-8 parts words, as in a binary file."""
    border, is_binary, is_first = "", False, True
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while piece := stream.read(PIECE):
        if is_first and _kind_by(piece):
            raise OSError(f"{place} is packed twice or in an archive, and is not unpacked here")
        is_first = False
        decoded = decoder.decode(piece)
        is_binary = is_binary or "\0" in decoded or "\N{REPLACEMENT CHARACTER}" in decoded
        yield Text(place, border + decoded, is_binary)
        border = decoded[-BORDER:]


def _of_database(file: Path) -> Iterator[Text]:
    with duckdb.connect(str(file), read_only=True) as connection:
        for schema, table in sorted(relations(connection)):
            name = f"{quoted(schema)}.{quoted(table)}"
            yield from _of_query(connection, f"{file} {schema}.{table}", f"select * from {name}")
        yield from _of_query(connection, f"{file} names and comments", NAMES)


def _of_query(
    connection: duckdb.DuckDBPyConnection, place: str, query: str, values: list[str] | None = None
) -> Iterator[Text]:
    answer = connection.execute(query, values or [])
    while rows := answer.fetchmany(ROWS_AT_ONCE):
        # Two cells beside each other may read as one name: a false alarm, never a miss.
        yield Text(place, "\n".join(" | ".join(map(_cell, row)) for row in rows))


def _cell(value: Any) -> str:
    """A cell as text; of a nested one the texts in it, not Python's way to write them."""
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
