"""Files that would be read in part, or not at all, are told from those that can be read.

Rule: a flaw is named in words that hold nothing of the file; what every reader can read has none.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from certgap.deliveries.flaws import BLOCK, BOMB_BYTES, flaw_of

GOOD = b'a,b,c\n1,"x, ""y""\nz",3\n4,5,6\n'
PACKED = gzip.compress(GOOD * 2000, mtime=0)

FLAWS = {
    "a quote is never closed": (".csv", b'a,b\n1,2\n3,"4\n5,6\n', "never closed (line 3)"),
    "cut short within quotes": (".csv", GOOD[:15], "never closed (line 2)"),
    "an unclosed quote beside a stray one": (".csv", b'a,b\n5" pipe,2\n3,"4\n', "(line 3)"),
    "line ends mixed": (".csv", b"a,b\r\n1,2\n3,4\r\n", "different ways (CRLF, LF)"),
    "UTF-16": (".csv", "a,b\n1,2\n".encode("utf-16"), "not UTF-8 but UTF-16"),
    "Latin-1": (".csv", "a,b\n1,Å\n".encode("latin-1"), "not UTF-8 (line 2)"),
    "a letter cut in two": (".json", '{"a": "Å'.encode()[:-1], "not UTF-8 (line 1)"),
    "packed and cut short": (".csv.gz", PACKED[:-20], "damaged or cut short"),
    "packed and damaged": (".csv.gz", PACKED[:50] + b"\x00" + PACKED[51:], "damaged"),
    "a tail that is not packed": (".csv.gz", PACKED + b"tail", "damaged"),
    "not packed at all": (".csv.gz", GOOD, "damaged"),
    "a packed document": (".json.gz", PACKED, "not UTF-8"),
}
GOOD_FILES = {
    "quotes within quotes": (".csv", GOOD),
    "a line end within quotes": (".csv", b'a,b\r\n1,"2\n3"\r\n'),
    "CRLF at the edge of a block": (".csv", b"a," + b"b" * (BLOCK - 3) + b"\r\n1,2\r\n"),
    "a stray quote": (".csv", b'a,b\n5" pipe,2\n'),
    "a stray quote and a line end within quotes": (".csv", b'a,b\r\n5" pipe,"2\n3"\r\n'),
    "a byte order mark": (".csv", b'\xef\xbb\xbf"a",b\n1,2\n'),
    "packed in two parts": (".csv.gz", PACKED + PACKED),
    "lines with mixed ends": (".ndjson", b'{"a": "1}\r\n{}\n'),
}
KINDS = {".csv": "csv", ".ndjson": "lines", ".json": "document"}


def flaw(tmp_path: Path, suffix: str, content: bytes) -> str | None:
    path = tmp_path / f"2026-01-01{suffix}"
    path.write_bytes(content)
    return flaw_of(str(path), KINDS[suffix.removesuffix(".gz")])


@pytest.mark.parametrize("name", FLAWS)
def test_a_file_that_cannot_be_read_in_full_has_a_flaw(tmp_path: Path, name: str) -> None:
    suffix, content, words = FLAWS[name]
    assert words in (flaw(tmp_path, suffix, content) or "")


@pytest.mark.parametrize("name", GOOD_FILES)
def test_a_file_that_can_be_read_has_none(tmp_path: Path, name: str) -> None:
    assert flaw(tmp_path, *GOOD_FILES[name]) is None


def test_a_packed_file_that_expands_beyond_measure_is_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(b"1,2\n" * (BOMB_BYTES // 4 + 1000), mtime=0)
    assert "expands to more than 100 times" in (flaw(tmp_path, ".csv.gz", bomb) or "")


def test_a_file_that_is_not_there_is_named() -> None:
    assert flaw_of("/nowhere/2026-01-01.csv", "csv") == "cannot be opened"
