"""Writes deliveries: the same rows always give the same bytes (no clock, no writer's name)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path

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


def write_csv(table: pa.Table, target: Path) -> None:
    """CSV with a header, LF, quotes only where needed."""
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed", batch_size=65_536)
    header = ",".join(table.column_names) + "\n"
    with target.open("wb") as file:
        file.write(header.encode())
        pa_csv.write_csv(_csv_ready(table), file, options)


def vendor_csv(table: pa.Table, bom: bool = False, crlf: bool = False) -> bytes:
    """A vendor's CSV as bytes: optionally with a byte order mark and CRLF line ends."""
    buffer = io.BytesIO()
    end = "\r\n" if crlf else "\n"
    header = (",".join(table.column_names) + end).encode()
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed", eol=end, batch_size=65_536)
    pa_csv.write_csv(_csv_ready(table), buffer, options)
    return (b"\xef\xbb\xbf" if bom else b"") + header + buffer.getvalue()


def json_lines(rows: Iterable[dict]) -> bytes:
    """NDJSON: one document a line."""
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows).encode()


def json_document(value: dict) -> bytes:
    """One JSON document."""
    return (json.dumps(value, separators=(",", ":")) + "\n").encode()
