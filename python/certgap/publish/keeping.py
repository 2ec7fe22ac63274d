"""Files of a publication: swapped in atomically, the earlier ones kept to be put back.

The file that is replaced stays beside the new one under its number
(``published.publication-4.duckdb``). It is a second name of the same file where the file system
has hard links, so keeping costs nothing and a reader is never without a file.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from certgap.errors import UserError
from certgap.publish import contents

SETTING = "CERTGAP_KEPT_PUBLICATIONS"
DEFAULT_KEPT = 2


def how_many(value: str | None) -> int:
    """The setting as a number."""
    if not value:
        return DEFAULT_KEPT
    if not value.strip().isdecimal():
        raise UserError(
            f"{SETTING} is '{value}'.",
            f"Set it to how many earlier publications to keep ({DEFAULT_KEPT} by default).",
        )
    return int(value)


def kept_file(target: Path, number: int) -> Path:
    """Where an earlier publication lies."""
    return target.with_name(f"{target.stem}.publication-{number}{target.suffix}")


def kept_files(target: Path) -> dict[int, Path]:
    """Number to file of every publication that is kept."""
    pattern = re.compile(
        re.escape(f"{target.stem}.publication-") + r"(\d+)" + re.escape(target.suffix) + "$"
    )
    if not target.parent.is_dir():
        return {}
    found = ((pattern.match(path.name), path) for path in target.parent.iterdir())
    return {int(match[1]): path for match, path in sorted(found, key=lambda x: x[1]) if match}


def number_of(path: Path) -> int | None:
    """The publication a file holds; None where it does not say (no file, damaged, another one)."""
    if not path.is_file():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return contents.read(connection)[0]
    except duckdb.Error:
        return None


def flush(path: Path) -> None:
    """Have the disk hold what was written: a file's bytes, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """A folder beside ``target`` for the new file; what killed publications left goes first."""
    prefix = f".{target.name}.new-"
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=prefix) as folder:
        yield Path(folder)


def _keep(target: Path, number: int, folder: Path) -> None:
    """Give the current file its second name; a copy where there are no hard links."""
    second = folder / "kept"
    try:
        os.link(target, second)
    except OSError:
        shutil.copyfile(target, second)
        flush(second)
    os.replace(second, kept_file(target, number))


def swap(new: Path, target: Path, number: int, keep: int) -> None:
    """Put the finished file ``new`` of publication ``number`` in the place of ``target``.

    Flushed before the rename, and the folder after it: after a power cut there is the old file or
    the new one. The replaced publication and the newest others, ``keep`` in all, stay.
    """
    flush(new)
    before = number_of(target)
    if keep and before not in (None, number):
        _keep(target, before, new.parent)
        # The second name first: whatever happens then, no publication is lost.
        flush(target.parent)
    os.replace(new, target)
    flush(target.parent)
    others = sorted(kept_files(target).keys() - {before, number}, reverse=True)
    room = keep if before in (None, number) else keep - 1
    for gone in [number, *others[max(room, 0) :]]:
        kept_file(target, gone).unlink(missing_ok=True)
    flush(target.parent)
