"""Writes deliveries: the same rows always give the same bytes (no clock, no writer's name)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from certgap.simulate.days import as_date


def _csv_ready(table: pa.Table) -> pa.Table:
    """Times as `YYYY-MM-DD hh:mm:ss`, the rest as Arrow writes it."""
    for index, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            text = pc.strftime(table.column(index), format="%Y-%m-%d %H:%M:%S")
            table = table.set_column(index, field.name, text)
    return table


class DeliveryFolder:
    """One feed's folder `<out>/<category>/<vendor>/<feed>`; a file or folder per delivery date."""

    def __init__(self, out: Path, category: str, vendor: str, feed: str) -> None:
        """Remember where the feed lives."""
        self.path = out / category / vendor / feed

    def table(self, day: int, table: pa.Table, fmt: str = "csv") -> None:
        """A plain CSV or Parquet file named by the date."""
        self.path.mkdir(parents=True, exist_ok=True)
        target = self.path / f"{as_date(day)}.{fmt}"
        if fmt == "parquet":
            pq.write_table(table, target, compression="zstd", store_schema=False)
        else:
            write_csv(table, target)

    def file(self, day: int, name: str, content: bytes) -> None:
        """A file in the vendor's own format, in a folder named by the date."""
        folder = self.path / str(as_date(day))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _write_rows(table: pa.Table, file: IO[bytes], end: str) -> None:
    """Rows without quotes; only where a text needs them, every text of the file is quoted.

    Arrow's style `needed` quotes each text, needed or not, which makes large files a third larger.
    """
    # An empty chunk makes Arrow (26.0.1) write memory it never filled: one chunk, or nothing.
    table = _csv_ready(table).combine_chunks()
    if not len(table):
        return
    begin = file.tell()
    for style in ("none", "needed"):
        file.seek(begin)
        file.truncate()
        options = pa_csv.WriteOptions(
            include_header=False, quoting_style=style, eol=end, batch_size=65_536
        )
        try:
            pa_csv.write_csv(table, file, options)
            return
        except pa.ArrowInvalid:
            if style == "needed":
                raise


def write_csv(table: pa.Table, target: Path) -> None:
    """CSV with a header and LF."""
    with target.open("wb+") as file:
        file.write((",".join(table.column_names) + "\n").encode())
        _write_rows(table, file, "\n")


def vendor_csv(table: pa.Table, bom: bool = False, crlf: bool = False) -> bytes:
    """A vendor's CSV as bytes: optionally with a byte order mark and CRLF line ends."""
    buffer = io.BytesIO()
    end = "\r\n" if crlf else "\n"
    buffer.write((b"\xef\xbb\xbf" if bom else b"") + (",".join(table.column_names) + end).encode())
    _write_rows(table, buffer, end)
    return buffer.getvalue()


def json_lines(rows: Iterable[dict]) -> bytes:
    """NDJSON: one document a line."""
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows).encode()


def json_document(value: dict | list) -> bytes:
    """One JSON document."""
    return (json.dumps(value, separators=(",", ":")) + "\n").encode()
