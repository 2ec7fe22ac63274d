"""What is in a file, by Python alone: the number of its rows, and whether it can be read at all.

A row is what the format's own rules make one:

- CSV (RFC 4180): a record after the header; lines without any character are none. A file whose
  meaning is destroyed need not be read, and must not be read in part: one that is not UTF-8, or
  ends within a quoted field (everything after the quote would be one field of it).
- Lines: a line that is not blank; lines end in LF, CRLF or CR, as they do for CSV.
- Document: an element of its array; a document that is no JSON, or has no array or an empty one,
  is one row. Where JSON's rules are disputed (lone surrogates, NaN, trailing commas, depth) both
  readings are right.
- Parquet: a row of the file.

Source: RFC 4180, RFC 8259, and the catalog's paths. Never the project's SQL.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from certgap.fuzz.catalog import FuzzedFeed

csv.field_size_limit(1 << 30)
# What a packed file may expand to before nobody needs to read it.
MOST_BYTES = 64 << 20
# Fields beyond the header's that a row may have before its file may be refused.
SURPLUS = 4
DEEP = 200
BLANK = " \t\r﻿"


@dataclass
class Contents:
    """A file as it was delivered. ``counts`` are the numbers of rows that are right."""

    counts: frozenset[int] = frozenset()
    must_refuse: str = ""
    must_read: bool = False
    text: str = ""


def squeezed(text: str) -> str:
    """Letters and digits only, so that quoting, escapes and case do not matter."""
    return "".join(filter(str.isalnum, text.casefold()))


def contents(fuzzed: FuzzedFeed, name: str, content: bytes) -> Contents:
    """What is in the file ``name`` of that feed."""
    if not content:
        return Contents(must_refuse="empty")
    if fuzzed.feed.format == "csv" and name.endswith(".parquet"):
        return _parquet(fuzzed, content)
    if fuzzed.feed.format == "csv" and not name.endswith((".csv", ".csv.gz")):
        return Contents(must_refuse="kind of file")
    is_usual = True
    if name.endswith(".gz") and fuzzed.feed.format != "document":
        packed = content
        try:
            content = unpacked(packed)
        except (OSError, EOFError, zlib.error, ValueError) as error:
            return Contents(must_refuse=f"gzip: {error}")
        if not content:
            return Contents(frozenset({0}))
        is_usual = packed.startswith(b"\x1f\x8b\x08\x00")
    try:
        text = content.decode("utf-8").removeprefix("﻿")
    except UnicodeDecodeError:
        return Contents(must_refuse="not UTF-8")
    read = {"csv": _csv, "lines": _lines, "document": _document}[fuzzed.feed.format]
    found = read(fuzzed, text)
    # Not every reader knows every flag of gzip's.
    found.must_read = found.must_read and is_usual
    return found


def unpacked(content: bytes) -> bytes:
    """Gunzipped; ValueError beyond MOST_BYTES."""
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise ValueError("expands beyond all measure")
    return found


def header_words(name: str) -> str:
    """A column name as headers are compared: case, blanks, underscores and hyphens aside."""
    return re.sub("[ _-]+", "_", name.lower().strip())


def lacks(fuzzed: FuzzedFeed, header: list[str]) -> bool:
    """Whether a declared column is missing or there twice."""
    words = [header_words(name) for name in header]
    return any(
        words.count(header_words(name)) > 1
        or (header_words(name) not in words and name not in fuzzed.feed.optional)
        for name in fuzzed.feed.columns
    )


# A record of the strict grammar, field by field; what is left of a text breaks it.
FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)')


def is_strict_csv(text: str) -> tuple[bool, bool]:
    """(by the rules, ends within a quoted field): quotes, and one kind of line end."""
    position, ends, strict = 0, set(), True
    while position < len(text):
        found = FIELD.match(text, position)
        if found is None:
            # A field that breaks the rules ends at the next separator outside quotes.
            strict = False
            is_quoted = text[position] == '"'
            closing = re.compile(r'"(?:[^"]|"")*"').match(text, position) if is_quoted else None
            if is_quoted and closing is None:
                return False, True
            after = re.compile(r"[,\r\n]").search(text, closing.end() if closing else position)
            position = after.end() if after else len(text)
            continue
        if found[3] not in (",", ""):
            ends.add(found[3])
        position = max(found.end(), position + (found[3] == ""))
    return strict and len(ends) < 2, False


def _csv(fuzzed: FuzzedFeed, text: str) -> Contents:
    strict, unclosed = is_strict_csv(text)
    if unclosed:
        return Contents(must_refuse="a quote is never closed", text=squeezed(text))
    records = list(csv.reader(io.StringIO(text, newline="")))
    if not any(records):
        return Contents(must_refuse="blank")
    first = records[0]
    if "\x00" in "".join(first):
        return Contents(must_refuse="NUL in its first line", text=squeezed(text))
    named = fuzzed.feed.has_header or not lacks(fuzzed, first)
    header = first if named else list(fuzzed.feed.columns)
    rows = [record for record in (records[1:] if named else records) if record]
    if named and not any(name.strip() for name in first):
        return Contents(must_refuse="no header", text=squeezed(text))
    if named and lacks(fuzzed, header):
        return Contents(must_refuse="columns", text=squeezed(text))
    most = max(map(len, rows), default=0)
    # DuckDB may take a bare CR within quotes for the end of a line, and then refuses the file.
    one_line = not any(set(name) & set('\r\n"') for name in header)
    one_line = one_line and not ("\n" in text and re.search("\r(?!\n)", text))
    return Contents(
        counts=frozenset({len(rows)}),
        must_read=strict and most <= len(header) + SURPLUS and one_line,
        text=squeezed(text),
    )


def _lines(fuzzed: FuzzedFeed, text: str) -> Contents:
    lines = [line for line in re.split("\r\n|\n|\r", text) if line.strip(BLANK)]
    ends = {end for end in re.findall("\r\n|\n|\r", text)}
    return Contents(
        counts=frozenset({len(lines)}),
        must_read=bool(lines) and len(ends) < 2,
        text=squeezed(_said(lines)),
    )


def _said(lines: list[str]) -> str:
    """All texts of JSON lines, escapes resolved; a line that is no JSON as it is."""
    said = []
    for line in lines:
        said.append(line)
        value, _ = _loaded(line.strip(BLANK))
        said.append(json.dumps(value, ensure_ascii=False))
    return " ".join(said)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _loaded(text: str) -> tuple[Any, bool]:
    """(value, strict): strict where every reader of JSON must agree on what the text is."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        try:
            return json.loads(re.sub(r",(\s*[\]}])", r"\1", text)), False
        except (ValueError, RecursionError):
            return None, False
    is_plain = not re.search(r"\\ud[89a-f]", text, re.IGNORECASE) and "\\u0000" not in text
    return value, is_plain and _depth(text) < DEEP


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest


def _document(fuzzed: FuzzedFeed, text: str) -> Contents:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 10_000))
    try:
        value, strict = _loaded(text)
        said = squeezed(text + json.dumps(value, ensure_ascii=False))
    finally:
        sys.setrecursionlimit(limit)
    elements = elements_of(fuzzed, value)
    count = len(elements) or 1
    counts = {count} if strict else {count, 1}
    # Without its list a document is an error message, or nobody knows what.
    return Contents(frozenset(counts), must_read=strict and has_list(fuzzed, value), text=said)


def has_list(fuzzed: FuzzedFeed, value: Any) -> bool:
    """Whether a document has the list of its rows, be it empty."""
    if not fuzzed.counted.startswith("$"):
        return bool(COUNTS[fuzzed.counted](value))
    for name in fuzzed.counted.split(".")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return isinstance(value, list)


def elements_of(fuzzed: FuzzedFeed, value: Any) -> list[Any]:
    """The rows of a document; none where it has no array."""
    if not fuzzed.counted.startswith("$"):
        return COUNTS[fuzzed.counted](value)
    for name in fuzzed.counted.split(".")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def _bamboohr_job_rows(value: Any) -> list[Any]:
    """A table of rows, or employees each with a list of rows."""
    if isinstance(value, list):
        return value
    employees = value.get("employees") if isinstance(value, dict) else None
    members = employees.values() if isinstance(employees, dict) else []
    found: list[Any] = []
    for member in members:
        rows = member.get("rows") if isinstance(member, dict) else None
        found += rows if isinstance(rows, list) else []
    return found


# By the macro that counts a feed's rows where the catalog gives no path.
COUNTS: dict[str, Callable[[Any], list[Any]]] = {"count_bamboohr_job_rows": _bamboohr_job_rows}


def _parquet(fuzzed: FuzzedFeed, content: bytes) -> Contents:
    try:
        file = pq.ParquetFile(io.BytesIO(content))
    except Exception as error:
        return Contents(must_refuse=f"no Parquet: {type(error).__name__}")
    try:
        table = file.read()
    except Exception:
        # Damage within, which another reader may not come upon: all of its rows, or none.
        return Contents(frozenset({file.metadata.num_rows}))
    words = [header_words(name) for name in table.column_names]
    # DuckDB gives the second of two equal names another one.
    is_doubled = len(set(words)) < len(words)
    if lacks(fuzzed, table.column_names) and not is_doubled:
        return Contents(must_refuse="columns")
    # Values that are no texts are written in as many ways as there are readers.
    is_text = all(pa.types.is_string(kind) for kind in table.schema.types)
    values = [column.to_pylist() for column in table.columns] if is_text else []
    text = squeezed(json.dumps(values, ensure_ascii=False)) if is_text else ""
    # What is no plain value is refused where the column is declared.
    is_plain = not any(pa.types.is_nested(t) or pa.types.is_binary(t) for t in table.schema.types)
    must_read = is_plain and not is_doubled
    return Contents(frozenset({table.num_rows}), must_read=must_read, text=text)
