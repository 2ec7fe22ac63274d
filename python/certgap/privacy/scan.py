"""Every text below some paths: tables of databases cell by cell, files as they are.

PDF pages are read by their text, compressed files unpacked. What cannot be opened is a fault, not a
file without hits.
"""

from __future__ import annotations

import gzip
import html
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import duckdb
from pypdf import PdfReader

from certgap.errors import UserError
from certgap.privacy.marks import Mark, found_in
from certgap.publish.audit import quoted

# A file is read by pieces; a mark is looked for across the border of two.
PIECE = 1_000_000
BORDER = 200
ROWS_AT_ONCE = 5_000
NOT_READ = "Take it away or make it readable, then scan again: nothing is said of it."
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


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


def files_below(paths: Iterable[Path], left_out: Iterable[Path] = ()) -> Iterator[Path]:
    """The files at and below some paths, in order; links are not followed."""
    out = {path.resolve() for path in left_out}
    for path in paths:
        if not path.exists():
            raise UserError(f"{path} is not there.", "Run make build first, or name what is there.")
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and not file.is_symlink() and file.resolve() not in out:
                yield file


def scan(paths: Iterable[Path], marks: dict[Mark, str], left_out: Iterable[Path] = ()) -> Scan:
    """Look for marks in every file of some paths.

    Raises UserError for a path that is not there and a file that cannot be read.
    """
    done = Scan()
    lengths = sorted({len(mark) for mark in marks})
    for file in files_below(paths, left_out):
        if _is_working_database(file):
            done.restricted.append(file)
            continue
        done.n_files += 1
        found: dict[str, set[Mark]] = {}
        try:
            for place, text in _texts(file):
                done.n_characters += len(text)
                found.setdefault(place, set()).update(found_in(_plain(text), marks, lengths))
        except (OSError, duckdb.Error, zipfile.BadZipFile, EOFError) as error:
            raise UserError(f"{file} cannot be read: {error}", NOT_READ) from error
        found.setdefault(f"{file} (its name)", set()).update(found_in(file.name, marks, lengths))
        for place, some in found.items():
            for mark in some:
                done.hits[(place, marks[mark])] += 1
    return done


def _is_working_database(file: Path) -> bool:
    if file.suffix.lower() != ".duckdb":
        return False
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            query = "select 1 from information_schema.schemata where schema_name = 'canonical'"
            return connection.execute(query).fetchone() is not None
    except duckdb.Error as error:
        raise UserError(f"{file} cannot be read: {error}", NOT_READ) from error


def _plain(text: str) -> str:
    """Without the escapes of JSON, HTML and addresses, which would hide letters."""
    return unquote(html.unescape(ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)))


def _texts(file: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of all that a file says."""
    kind = file.suffix.lower()
    if kind == ".duckdb":
        yield from _of_database(file)
    elif kind == ".parquet":
        with duckdb.connect() as connection:
            yield from _of_query(
                connection, str(file), "select * from read_parquet(?)", [str(file)]
            )
    elif kind == ".pdf":
        for number, page in enumerate(PdfReader(file).pages, start=1):
            yield f"{file} page {number}", page.extract_text()
    elif kind == ".zip":
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                with archive.open(name) as stream:
                    yield from _pieces(f"{file}/{name}", stream)
    else:
        opened = gzip.open if kind == ".gz" else open
        with opened(file, "rb") as stream:
            yield from _pieces(str(file), stream)


def _pieces(place: str, stream) -> Iterator[tuple[str, str]]:
    """A stream of bytes by pieces; what is no UTF-8 is left out, as in a binary file."""
    border = ""
    while piece := stream.read(PIECE):
        text = border + piece.decode("utf-8", "ignore")
        yield place, text
        border = text[-BORDER:]


def _of_database(file: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = current_catalog() order by all"
        ).fetchall()
        for schema, table in tables:
            name = f"{quoted(schema)}.{quoted(table)}"
            yield from _of_query(connection, f"{file} {schema}.{table}", f"select * from {name}")
        comments = "select comment from duckdb_columns() where comment is not null"
        yield from _of_query(connection, f"{file} comments", comments)


def _of_query(
    connection: duckdb.DuckDBPyConnection, place: str, query: str, values: list[str] | None = None
) -> Iterator[tuple[str, str]]:
    answer = connection.execute(query, values or [])
    while rows := answer.fetchmany(ROWS_AT_ONCE):
        # Two cells beside each other may read as one name: a false alarm, never a miss.
        yield place, "\n".join(" | ".join(map(str, row)) for row in rows)
