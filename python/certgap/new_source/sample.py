"""Reads a sample file and says what is in it: columns, how full they are, what they can be read as.

Nothing is said about what a column means, and no value of the sample is repeated: it may be
somebody's address.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from certgap.errors import UserError

# Files that go into the repository, and are read whole here.
LARGEST_SAMPLE = 5_000_000
FORMATS = {".csv": "csv", ".json": "document", ".ndjson": "lines", ".jsonl": "lines"}
# Names the project gives to columns of its own beside the raw ones.
OWN_COLUMNS = {"source_file", "extracted_at", "is_newest_delivery", "line_text", "document_text"}
# Keys that a JSON path can name in the same way on every engine.
PLAIN_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
NO_NAME = re.compile(r"^[-+]?[0-9][0-9.,:/ TZ+-]*$|@")


@dataclass(frozen=True)
class Column:
    """One raw column (or JSON path) and what its values in the sample can be read as."""

    name: str
    raw_name: str
    filled: int
    different: int
    reads_as: str

    def description(self, rows: int) -> str:
        """The column in one sentence, without any of its values."""
        if not self.filled:
            return f"As delivered. Empty in all {rows} rows of the sample."
        return (
            f"As delivered. In the sample: {self.filled} of {rows} rows have a value, "
            f"{self.different} different ones, {self.reads_as}."
        )


@dataclass(frozen=True)
class Sample:
    """A sample file: how it is read, its columns, and what was noticed."""

    feed_format: str
    extension: str
    content: bytes
    columns: tuple[Column, ...]
    rows: int
    elements: str
    notes: tuple[str, ...]


def read(path: Path, elements: str | None = None) -> Sample:
    """Read and profile a sample; a ``UserError`` names what is wrong with it."""
    content = _content(path)
    extension = Path(path.name.removesuffix(".gz")).suffix.lower()
    if extension not in FORMATS:
        raise UserError(
            f"{path} is none of .csv, .csv.gz, .json, .ndjson and .jsonl.",
            "Export it as CSV (UTF-8, comma-separated) or JSON.",
        )
    text = _text(path, content)
    if extension == ".csv":
        return _csv(path, content, text)
    documents = _json(path, text)
    if len(documents) > 1 or FORMATS[extension] == "lines":
        return _records("lines", ".ndjson", content, documents, "")
    where = elements or _elements_path(path, documents[0])
    found = _at(documents[0], where)
    if not isinstance(found, list) or not found:
        raise UserError(
            f"{path} has no list with elements at {where}.",
            "Name its path with --elements, such as $.data; an empty page shows nothing.",
        )
    return _records("document", ".json", content, found, where)


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise UserError(f"There is no file {path}.", "Name an export of the vendor with --sample.")
    content = path.read_bytes()
    if path.name.endswith(".gz"):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError):
            raise UserError(
                f"{path} is not packed with gzip.", "Unpack or export it again."
            ) from None
    if not content.strip():
        raise UserError(f"{path} is empty.", "Give a sample with a header and at least one row.")
    if len(content) > LARGEST_SAMPLE:
        raise UserError(
            f"{path} has {len(content):,} bytes; a sample goes into the repository and may have "
            f"{LARGEST_SAMPLE:,}.",
            "Cut it: a few hundred rows show the columns as well.",
        )
    return content


def _text(path: Path, content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:1000]:
        raise UserError(
            f"{path} is not UTF-8 but UTF-16.", "Export it again as 'CSV UTF-8 (comma-separated)'."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path} is not UTF-8 (byte {error.start}).",
            "Export it again as 'CSV UTF-8 (comma-separated)'.",
        ) from None


def _csv(path: Path, content: bytes, text: str) -> Sample:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [name.strip() for name in rows[0]]
    _check_header(path, header)
    body = [row for row in rows[1:] if row]
    whole = [row for row in body if len(row) == len(header)]
    if not whole:
        raise UserError(
            f"{path} has no row with as many fields as its header ({len(header)}).",
            "Give a sample with a header and at least one row.",
        )
    notes = []
    if len(whole) < len(body):
        notes.append(
            f"{len(body) - len(whole)} rows have another number of fields than the header; a build "
            "quarantines such rows as wrong_number_of_fields."
        )
    values = {name: [row[i] for row in whole] for i, name in enumerate(header)}
    return Sample(
        "csv", ".csv", content, _profile(values), len(whole), "", (*notes, *_addresses(text))
    )


def _check_header(path: Path, header: list[str]) -> None:
    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        found = next(mark for mark in ";\t|" if mark in header[0])
        raise UserError(
            f"{path} is delimited by {'a tab' if found == chr(9) else found!r}, not by commas.",
            "Export it again as 'CSV UTF-8 (comma-separated)'.",
        )
    like_data = [name for name in header if not name or NO_NAME.search(name)]
    if like_data:
        what = "a blank" if not like_data[0] else "a value that looks like data"
        raise UserError(
            f"{path} has no header in its first line: {what} stands where a column's name should "
            f"(field {header.index(like_data[0]) + 1}).",
            "The first line must hold the column names.",
        )
    lower = [name.lower() for name in header]
    twice = sorted({name for name in lower if lower.count(name) > 1})
    if twice:
        raise UserError(
            f"{path} has the column {twice[0]!r} twice.", "Remove one of them from the export."
        )
    odd = next((name for name in header if re.search(r'["{}\\\n]', name)), None)
    if odd:
        raise UserError(
            f"{path} has a column name with a quote, a brace, a backslash or a new line: {odd!r}.",
            "Rename the column in the export.",
        )
    own = sorted(OWN_COLUMNS & set(lower))
    if own:
        raise UserError(
            f"{path} has a column {own[0]!r}, a name the project gives to a column of its own.",
            "Rename the column in the export.",
        )


def _json(path: Path, text: str) -> list[Any]:
    """The documents of a file: one, or one per line."""
    try:
        return [json.loads(text)]
    except ValueError:
        pass
    documents = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            documents.append(json.loads(line))
        except ValueError:
            raise UserError(
                f"{path} is neither one JSON document nor one per line (line {number}).",
                "Export it again, or repair the line.",
            ) from None
    return documents


def _elements_path(path: Path, document: Any) -> str:
    """The one list of objects in a page. Several: a person says which."""
    if isinstance(document, list):
        return "$"
    found = []
    queue = [("$", document)]
    while queue:
        where, value = queue.pop(0)
        for key, child in value.items() if isinstance(value, dict) else ():
            if not PLAIN_KEY.match(key):
                continue
            if isinstance(child, list) and child and all(isinstance(row, dict) for row in child):
                found.append(f"{where}.{key}")
            elif isinstance(child, dict):
                queue.append((f"{where}.{key}", child))
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(
            f"{path} holds no list of objects.",
            "One row is one object: a page with a list of them, or one object per line (.ndjson).",
        )
    raise UserError(
        f"{path} holds several lists of objects: {', '.join(found)}.",
        "Say with --elements which of them has the rows.",
    )


def _at(document: Any, where: str) -> Any:
    for key in where.removeprefix("$").strip(".").split("."):
        if key:
            document = document.get(key) if isinstance(document, dict) else None
    return document


def _records(
    feed_format: str, extension: str, content: bytes, records: list[Any], where: str
) -> Sample:
    flat = [_flat(record) for record in records if isinstance(record, dict)]
    if not flat:
        raise UserError(
            "The sample's rows are no JSON objects.", "One row is one object with named values."
        )
    left_out = sorted({name for row in flat for name in row if not _is_plain(name)})
    names = [name for name in dict.fromkeys(n for row in flat for n in row) if _is_plain(name)]
    if not names:
        raise UserError("The sample's objects have no values with plain names.")
    notes = []
    if left_out:
        notes.append(
            f"{len(left_out)} keys are no plain names and are not read: {', '.join(left_out[:5])}."
        )
    values = {name: [row.get(name, "") for row in flat] for name in names}
    text = content.decode("utf-8-sig")
    return Sample(
        feed_format,
        extension,
        content,
        _profile(values),
        len(flat),
        where,
        (*notes, *_addresses(text)),
    )


def _flat(record: dict[str, Any], above: str = "") -> dict[str, str]:
    """Path → text of each value; lists stay JSON text."""
    row: dict[str, str] = {}
    for key, value in record.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            row |= _flat(value, f"{name}.")
        elif value is None:
            row[name] = ""
        else:
            row[name] = value if isinstance(value, str) else json.dumps(value)
    return row


def _is_plain(name: str) -> bool:
    return all(PLAIN_KEY.match(key) for key in name.split("."))


def _addresses(text: str) -> list[str]:
    count = len(set(re.findall(r"[^\s\",;:<>@]+@[^\s\",;:<>@]+\.[a-zA-Z]{2,}", text)))
    if not count:
        return []
    return [
        f"The sample holds {count} different mail addresses. It is copied into the repository: "
        "replace those of real people before you commit it."
    ]


def _profile(values: dict[str, list[str]]) -> tuple[Column, ...]:
    """Profile each column with DuckDB."""
    taken = {"raw_text"}
    columns = []
    with duckdb.connect() as connection:
        for raw_name, texts in values.items():
            column = pa.table({"value": pa.array(texts, type=pa.string())})
            connection.register("sample", column)
            filled, different, *readings = connection.execute(
                """
                with delivered as (
                    select nullif(trim(value), '') as value from sample
                )
                select
                    count(value),
                    count(distinct value),
                    count(try_cast(value as double)),
                    count(case when try_cast(value as double) = floor(try_cast(value as double))
                        then 1 end),
                    count(case when regexp_matches(value, '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$')
                        then try_cast(value as date) end),
                    count(case when regexp_matches(value, '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ]')
                        then try_cast(value as timestamptz) end),
                    count(case when lower(value) in
                        ('true', 'false', 't', 'f', 'yes', 'no', 'y', 'n') then 1 end),
                    count(case when regexp_matches(value, '^[^@ ]+@[^@ ]+[.][^@ ]+$') then 1 end)
                from delivered
                """
            ).fetchone()
            connection.unregister("sample")
            name = _alias(raw_name, taken)
            columns.append(Column(name, raw_name, filled, different, _reads_as(filled, readings)))
    return tuple(columns)


def _reads_as(filled: int, readings: list[int]) -> str:
    numbers, whole, dates, instants, flags, addresses = readings
    for count, words in (
        (dates, "all dates (YYYY-MM-DD)"),
        (instants, "all instants (YYYY-MM-DD and a time)"),
        (flags, "all true or false"),
        (whole, "all whole numbers"),
        (numbers, "all numbers"),
        (addresses, "all with the form of a mail address"),
    ):
        if filled and count == filled:
            return words
    return "text"


def _alias(raw_name: str, taken: set[str]) -> str:
    """A name in SQL that no keyword and no column of the contract can be."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", raw_name)
    plain = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "column"
    name, number = f"raw_{plain}", 1
    while name in taken:
        number += 1
        name = f"raw_{plain}_{number}"
    taken.add(name)
    return name
