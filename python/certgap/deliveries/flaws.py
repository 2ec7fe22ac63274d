"""Flaws of a file that its reader would pass over in silence, or tell in its own words only.

DuckDB reads a packed file up to where it is cut short, and a CSV up to a quote that is never
closed; what follows is lost without an error. Both `certgap check-deliveries` and, for files that
did not pass it, the build ask here first (macro check_file_flaws). One pass over the bytes.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

BLOCK = 1 << 20
# A packed file that is larger than this when unpacked, and more than so many times its size, is no
# export: what vendors write packs to a fifth or a twentieth.
BOMB_BYTES, BOMB_RATIO = 64 << 20, 100
LINE_ENDS = {b"\r\n": "CRLF", b"\n": "LF", b"\r": "CR"}
# A quote within a bare field, as in 5" pipe: then counting quotes does not tell what is quoted.
# It begins with the quote, which is what makes it fast.
STRAY_QUOTE = re.compile(rb'"(?<=[^,\r\n"]")(?=[^,\r\n"])')
csv.field_size_limit(1 << 30)


def flaw_of(path: str, kind: str) -> str | None:
    """What is wrong with a file of this kind (csv, lines, document), without any of its content."""
    if kind == "parquet":
        return None
    try:
        return _flaw(Path(path), kind)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return "cannot be unpacked: it is damaged or cut short"
    except OSError:
        return "cannot be opened"


class _BombError(Exception):
    """The file expands beyond all measure."""


def _flaw(path: Path, kind: str) -> str | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    table = _Table() if kind == "csv" else None
    lines, first, block = 0, True, b""
    try:
        for block in _blocks(path, kind):
            if first and block[:2] in (b"\xff\xfe", b"\xfe\xff"):
                return "is not UTF-8 but UTF-16"
            first = False
            decoder.decode(block)
            lines += block.count(b"\n")
            if table:
                table.feed(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if b"\x00" in block[:4096]:
            return "is not UTF-8 but UTF-16, or no text at all"
        return f"is not UTF-8 (line {lines + block[: error.start].count(bytes([10])) + 1})"
    except _BombError:
        return f"is packed and expands to more than {BOMB_RATIO} times its size (a zip bomb?)"
    return table.flaw(path) if table else None


def _blocks(path: Path, kind: str) -> Iterator[bytes]:
    """The bytes as DuckDB reads them: it unpacks all but documents."""
    if kind == "document" or not path.name.lower().endswith(".gz"):
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
        return
    most, total = max(BOMB_BYTES, BOMB_RATIO * path.stat().st_size), 0
    with gzip.open(path, "rb") as file:
        while block := file.read(BLOCK):
            total += len(block)
            if total > most:
                raise _BombError
            yield block


class _Table:
    """Quotes and line ends of a CSV, counted on the way."""

    def __init__(self) -> None:
        self.is_quoted = self.has_stray = False
        self.ends: dict[bytes, int] = dict.fromkeys(LINE_ENDS, 0)
        self.rest = b""

    def feed(self, block: bytes) -> None:
        """Count what is outside quotes; a CR waits for what follows it."""
        block = self.rest + block
        cut = len(block) - block.endswith(b"\r")
        block, self.rest = block[:cut], block[cut:]
        self.has_stray = self.has_stray or STRAY_QUOTE.search(block) is not None
        self._count(block)

    def _count(self, block: bytes) -> None:
        if b'"' not in block:
            if not self.is_quoted:
                self._count_ends(block)
            return
        parts = block.split(b'"')
        outside = b'"'.join(parts[1::2] if self.is_quoted else parts[::2])
        self._count_ends(outside)
        self.is_quoted ^= len(parts) % 2 == 0

    def _count_ends(self, outside: bytes) -> None:
        pairs = outside.count(b"\r\n")
        self.ends[b"\r\n"] += pairs
        self.ends[b"\n"] += outside.count(b"\n") - pairs
        self.ends[b"\r"] += outside.count(b"\r") - pairs

    def flaw(self, path: Path) -> str | None:
        """After the last block."""
        self._count(self.rest)
        if self.is_quoted or self.has_stray:
            line = unclosed_quote(path)
            return f"has a quote that is never closed (line {line})" if line else None
        ends = [name for end, name in LINE_ENDS.items() if self.ends[end]]
        return f"ends its lines in different ways ({', '.join(ends)})" if len(ends) > 1 else None


def unclosed_quote(path: Path) -> int | None:
    """Line of the record in which a quoted field is never closed."""
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader, line = csv.reader(file, strict=True), 1
        try:
            for _ in reader:
                line = reader.line_num + 1
        except csv.Error as error:
            return line if "unexpected end of data" in str(error) else None
    return None
