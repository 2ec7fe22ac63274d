"""Rows of one CSV or Parquet file that are about somebody who is to be erased.

Other rows keep every byte. A CSV is read as Latin-1, which loses no byte whatever its encoding.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from certgap.deliveries.feeds import Feed
from certgap.deliveries.reading import csv_header, header_words
from certgap.erasure.found import Found, Row
from certgap.erasure.identifiers import MAIL, Marks, identifiers
from certgap.erasure.paths import ADDRESS, values
from certgap.erasure.people import People

csv.field_size_limit(2**31 - 1)
# U+FEFF in UTF-8, read as Latin-1.
BOM = "\xef\xbb\xbf"


def _text(field: str) -> str:
    return field.encode("latin-1").decode("utf-8", "replace")


def _positions(names: Sequence[str], columns: Sequence[str]) -> dict[str, int]:
    """Where a column is; of `AuditData.UserId`, if there is no such column, where AuditData is."""
    words = [header_words(name) for name in names]
    found = {}
    for name in columns:
        for word in (header_words(name), header_words(name.partition(".")[0])):
            if word in words:
                found[name] = words.index(word)
                break
    return found


def _cell(name: str, column: str, value: Any) -> Any:
    """A cell, or what a path says of the JSON in it; nothing where it is no JSON."""
    if header_words(name) == header_words(column) or not isinstance(value, str):
        return value
    try:
        return values(json.loads(value), name.split(".")[1:])
    except (ValueError, RecursionError):
        return [address[0] for address in ADDRESS.finditer(value)]


def _records(lines: Iterator[str]) -> Iterator[tuple[str, list[str]]]:
    """Each record as it stands, and its fields."""
    taken: list[str] = []

    def kept() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    for fields in csv.reader(kept()):
        yield "".join(taken), fields
        taken.clear()


def csv_rows(
    source: IO[str], out: IO[str] | None, people: People, marks: Marks,
    declared: Sequence[str] | None, header: Sequence[str] | None = None,
) -> Found:  # fmt: skip
    """Read a CSV and write it without their rows. ``declared``: the columns where no header is."""
    found = Found()
    names: list[str] = list(declared or header or ())
    positions = _positions(names, people.columns)
    is_header_read = declared is not None
    bom = source.read(3)
    if bom != BOM:
        source.seek(0)
    elif out is not None:
        out.write(bom)
    for text, fields in _records(iter(source)):
        if not is_header_read:
            is_header_read = True
            names = names or [_text(field).strip() for field in fields]
            positions = _positions(names, people.columns)
            if people.own and not {name for name, _ in people.own} & positions.keys():
                found.unclear = "it has none of the columns that name a person"
        elif fields:
            cells = {
                name: _cell(name, names[at], _text(fields[at]))
                for name, at in positions.items()
                if at < len(fields)
            }
            row = Row(people, cells.get, marks)
            if len(fields) != len(names):
                # Set aside by the build with its text: an address of theirs in it is enough.
                row.is_theirs = row.is_theirs or _has_address(fields, marks)
                row.links, row.claimed, row.named = set(), set(), []
            found.take(row)
            if row.is_theirs:
                found.n_rows += 1
                continue
            if row.named:
                found.n_emptied += len(row.named)
                for name in row.named:
                    fields[positions[name]] = ""
                text = _written(fields, text)
        if out is not None:
            out.write(text)
    return found


def _has_address(fields: Sequence[str], marks: Marks) -> bool:
    return any(
        marks.names(identifier)
        for field in fields
        for identifier in identifiers(MAIL, _text(field))
    )


def _written(fields: Sequence[str], before: str) -> str:
    ending = before[len(before.rstrip("\r\n")) :]
    quoted = (
        '"' + field.replace('"', '""') + '"' if re.search('[",\r\n]', field) else field
        for field in fields
    )
    return ",".join(quoted) + ending


def csv_file(
    path: Path, new: Path | None, feed: Feed | None, people: People, marks: Marks
) -> Found:
    """One .csv or .csv.gz, without a feed a reference file; None for ``new`` only looks.

    Raises UnreadableError where a feed's file has no header, csv.Error where it is no CSV.
    """
    declared = header = None
    if feed is not None:
        names, is_there = csv_header(path, feed)
        declared, header = (None, names) if is_there else (names, None)
    opened: Callable[..., Any] = gzip.open if path.name.lower().endswith(".gz") else open
    text = {"encoding": "latin-1", "newline": "\n"}
    with opened(path, "rt", **text) as source:
        if new is None:
            return csv_rows(source, None, people, marks, declared, header)
        with opened(new, "wt", **text) as out:
            return csv_rows(source, out, people, marks, declared, header)


def parquet_file(path: Path, new: Path | None, people: People, marks: Marks) -> Found:
    """One Parquet file, row group by row group, with its own types and compression."""
    found = Found()
    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        positions = _positions(schema.names, people.columns)
        columns = {name: schema.names[position] for name, position in positions.items()}
        codec = _codec(file)
        columns_read = None if new else list(dict.fromkeys(columns.values()))
        is_old = "INT96" in {column.physical_type for column in file.schema}
        writer = (
            pq.ParquetWriter(new, schema, compression=codec, use_deprecated_int96_timestamps=is_old)
            if new
            else None
        )
        try:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=columns_read)
                kept = _kept(table, columns, people, marks, found)
                if writer is not None:
                    writer.write_table(kept)
        finally:
            if writer is not None:
                writer.close()
    return found


def _codec(file: pq.ParquetFile) -> str:
    if not file.num_row_groups or not file.metadata.num_columns:
        return "snappy"
    codec = file.metadata.row_group(0).column(0).compression.lower()
    return "none" if codec == "uncompressed" else codec


def _kept(
    table: pa.Table, columns: dict[str, str], people: People, marks: Marks, found: Found
) -> pa.Table:
    """The rows that stay. Combinations of values are looked at once, not row by row."""
    if not columns or not table.num_rows:
        return table
    names = list(dict.fromkeys(columns.values()))
    numbered = table.select(names).append_column("row", pa.array(range(table.num_rows)))
    combinations = numbered.group_by(names, use_threads=False).aggregate([("row", "list")])
    gone: list[int] = []
    emptied: dict[str, list[int]] = {}
    for cells in combinations.to_pylist():
        row_cells = {name: _cell(name, column, cells[column]) for name, column in columns.items()}
        row = Row(people, row_cells.get, marks)
        found.take(row)
        if row.is_theirs:
            gone += cells["row_list"]
            continue
        for name in row.named:
            emptied.setdefault(columns[name], []).extend(cells["row_list"])
    for column, rows in emptied.items():
        found.n_emptied += len(rows)
        position = table.schema.get_field_index(column)
        is_hit = pc.is_in(pa.array(range(table.num_rows)), pa.array(rows))
        cells = table.column(position)
        empty = pa.scalar(None, cells.type)
        table = table.set_column(
            position, table.schema.field(position), pc.if_else(is_hit, empty, cells)
        )
    found.n_rows += len(gone)
    if not gone:
        return table
    stays = pc.invert(pc.is_in(pa.array(range(table.num_rows)), pa.array(gone)))
    return table.filter(stays)
