"""Mutants of a seed: a few of its rows, spoilt in one or more ways, as the bytes of a file.

``untouched`` names the rows of the seed that a mutant has as they were: what is read of them must
be what is read of the row alone. A mutation that may change every row leaves none untouched.
"""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from certgap.fuzz.seeds import Seed

FORMULAS = [
    '=HYPERLINK("http://evil.example","x")', "+cmd|' /C calc'!A0", "@SUM(1+9)*cmd", "-2+3",
    "\t=1+1", "\r=1+1", "=1+1", "'=1+1",
]  # fmt: skip
NUMBERS = [
    "-1", "-0", "0", "1e400", "NaN", "Infinity", "9223372036854775808", "9" * 400, "1,234.5",
    "0x1F", "1e-400", "-99999999999", "٣", "1_000", "007",
]  # fmt: skip
DATES = [
    "2026-02-30", "30/02/2026", "02/30/26", "0000-00-00", "9999-12-31T23:59:59Z", "20260301",
    "2026-03-01T25:00:00", "1", "-infinity", "infinity", "epoch", "290000-01-01", "2026-3-1",
    "2026-03-01T10:00:00+99:00", "1 March 2026", "2026-W09-1", "-4712-01-01", "today",
]  # fmt: skip
FLAGS = ["true", "FALSE", "yes", "1", "on", "ja", "2"]
ODD_TEXTS = [
    "", " ", "null", "NULL", "\\N", "a\x00b", "a\x01b", "\x01", "\x1a", "\x07\x1b[2J",
    "a\u2028b", "a\x85b", "\ufeffa", "\u202eabc", "İ", "ß", "é", "𝄞", "e\u0301", "%s%n",
    "{{ 7*7 }}", "'; drop table x; --", "\\", "\\u0041", "$.a", "a|b", "|", "a/b",
    "../../etc/passwd", "<script>", "a\tb", "x'y", "[", "{", "[]", "{}", '"', '""', "[1]",
    '{"a": [1]}',
]  # fmt: skip
ENCODINGS = [
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "latin-1",
    "cp1252",
    "utf-8-sig",
    "utf-7",
    "utf-32",
]
ODD_BYTES = [
    b'"', b"\x00", b"\n", b"\r", b"\r\n", b"\xff", b"\xc3", b",", b"}", b"]", b"\x01", b"'", b"\\",
]  # fmt: skip
OTHER_FILES = [
    b"", b"\n", b" \n\n ", b"\xef\xbb\xbf", b"null", b"[]", b"{}", b'"x"', b"0",
    b"<html>Sign in</html>", b'{"error": {"code": "Unauthorized", "message": "x"}}',
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"PK\x03\x04" + bytes(100), b"\x1f\x8b\x08\x00",
]  # fmt: skip
BOMB_BYTES = 96 << 20


@dataclass
class Mutant:
    """One delivered file. ``special`` is what lies there instead of a file."""

    mutation: str
    suffix: str
    content: bytes
    untouched: list[int] = field(default_factory=list)
    special: str = ""


@dataclass
class Table:
    """Rows with where each came from; None for one that is touched."""

    header: list[str]
    rows: list[list[str]]
    origins: list[int | None]
    line_end: str = "\n"

    def written(self) -> bytes:
        """As a CSV file."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator=self.line_end)
        if self.header:
            writer.writerow(self.header)
        writer.writerows(self.rows)
        return out.getvalue().encode("utf-8", "surrogatepass")

    def untouched(self) -> list[int]:
        """Rows that are as they were."""
        return [origin for origin in self.origins if origin is not None]

    def touch(self, rng: random.Random) -> list[str]:
        """A row to spoil."""
        number = rng.randrange(len(self.rows))
        self.origins[number] = None
        return self.rows[number]

    def touch_all(self) -> None:
        """From here on no row is as it was."""
        self.origins = [None] * len(self.rows)


def odd_value(rng: random.Random, value: str) -> str:
    """Another text in place of a value."""
    choice = rng.randrange(9)
    if choice == 0:
        return rng.choice(FORMULAS)
    if choice == 1:
        return rng.choice(NUMBERS)
    if choice == 2:
        return rng.choice(DATES)
    if choice == 3:
        return rng.choice(FLAGS)
    if choice == 4:
        return rng.choice(ODD_TEXTS)
    if choice == 5:
        return (value or "x")[:2000] * rng.choice([10, 1000])
    if choice == 6:
        return value + rng.choice(['"', "\n", "\r\n", ",", ";", '","', "\n\n", "\x00", "\r"])
    if choice == 7:
        return rng.choice(FORMULAS) + value
    return value.upper() if rng.random() < 0.5 else f"  {value}\t"


# ---- CSV ----------------------------------------------------------------------------------------


def _cells(rng: random.Random, table: Table) -> None:
    row = table.touch(rng)
    for _ in range(rng.choice([1, 1, 2, len(row)])):
        at = rng.randrange(len(row)) if row else 0
        if row:
            row[at] = odd_value(rng, row[at])


def _empty_row(rng: random.Random, table: Table) -> None:
    row = table.touch(rng)
    row[:] = [""] * len(row)


def _short_row(rng: random.Random, table: Table) -> None:
    row = table.touch(rng)
    del row[rng.randrange(len(row) or 1) :]


def _long_row(rng: random.Random, table: Table) -> None:
    table.touch(rng).extend(odd_value(rng, "x") for _ in range(rng.choice([1, 2, 4, 9])))


def _doubled_row(rng: random.Random, table: Table) -> None:
    at = rng.randrange(len(table.rows))
    table.rows.insert(at, list(table.rows[at]))
    table.origins.insert(at, table.origins[at])


def _header_again(rng: random.Random, table: Table) -> None:
    at = rng.randrange(len(table.rows) + 1)
    table.rows.insert(at, list(table.header or table.rows[0]))
    table.origins.insert(at, None)


def _blank_lines(rng: random.Random, table: Table) -> None:
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(table.rows) + 1)
        table.rows.insert(at, [])
        table.origins.insert(at, None)


def _columns(table: Table) -> list[int]:
    """Positions of the columns, in an order to be changed."""
    return list(range(len(table.header or max(table.rows, key=len))))


def _by_position(table: Table, order: list[int]) -> None:
    if table.header:
        table.header = [table.header[at] for at in order]
    table.rows = [[row[at] if at < len(row) else "" for at in order] for row in table.rows]


def _moved_columns(rng: random.Random, table: Table) -> None:
    order = _columns(table)
    rng.shuffle(order)
    _by_position(table, order)
    if not table.header:
        table.touch_all()


def _dropped_column(rng: random.Random, table: Table) -> None:
    order = _columns(table)
    order.remove(rng.choice(order))
    _by_position(table, order or [0])
    table.touch_all()


def _doubled_column(rng: random.Random, table: Table) -> None:
    order = _columns(table)
    order.insert(rng.randrange(len(order) + 1), rng.choice(order))
    _by_position(table, order)
    table.touch_all()


def _renamed_column(rng: random.Random, table: Table) -> None:
    table.touch_all()
    if table.header:
        table.header[rng.randrange(len(table.header))] = odd_value(rng, "a column")


def _header_case(rng: random.Random, table: Table) -> None:
    table.header = [f" {name.upper()} ".replace("_", rng.choice("_ -")) for name in table.header]


def _added_column(rng: random.Random, table: Table) -> None:
    at = rng.randrange(len(table.header or table.rows[0]) + 1)
    if table.header:
        table.header.insert(at, "a new column")
    else:
        table.touch_all()
    for row in table.rows:
        row.insert(min(at, len(row)), odd_value(rng, "new").replace("\x01", ""))


def _line_ends(rng: random.Random, table: Table) -> None:
    table.line_end = rng.choice(["\r\n", "\r"])


TABLE_MUTATIONS: list[tuple[int, Callable[[random.Random, Table], None]]] = [
    (12, _cells), (1, _empty_row), (1, _short_row), (1, _long_row), (1, _doubled_row),
    (1, _header_again), (1, _blank_lines), (1, _moved_columns), (1, _dropped_column),
    (1, _doubled_column), (1, _renamed_column), (1, _header_case), (1, _added_column),
    (1, _line_ends),
]  # fmt: skip


# ---- JSON ---------------------------------------------------------------------------------------

Place = tuple[Any, Any]


def places(value: Any) -> list[Place]:
    """(container, key) of every value within."""
    found: list[Place] = []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += places(inner)
    return found


def _deep(rng: random.Random) -> Any:
    value: Any = rng.choice([1, "x", None])
    for _ in range(rng.choice([5, 50, 400])):
        value = [value] if rng.random() < 0.5 else {"a": value}
    return value


def _other_json(rng: random.Random, value: Any) -> Any:
    """Another value in place of one."""
    choice = rng.randrange(12)
    if choice == 0:
        return None
    if choice == 1:
        return [value]
    if choice == 2:
        return {"value": value}
    if choice == 3:
        return _deep(rng)
    if choice == 4:
        return rng.choice([-1, 0, 1e308, 10**30, -(10**18), 1.5, True, False, 1e-320])
    if choice == 5:
        return rng.choice(["true", "1", str(value), "2026-02-30", "", " "])
    if choice == 6:
        return []
    if choice == 7:
        return {}
    if choice == 8 and isinstance(value, int | float):
        return value * -(10**12)
    if choice == 9:
        return [value, value, None]
    return odd_value(rng, value if isinstance(value, str) else json.dumps(value))


def spoil_json(rng: random.Random, element: Any) -> Any:
    """An element with some of its values changed, missing or more."""
    if not isinstance(element, dict | list) or not element or rng.random() < 0.08:
        return _other_json(rng, element)
    element = copy.deepcopy(element)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        found = places(element)
        if not found:
            break
        container, key = rng.choice(found)
        choice = rng.randrange(6)
        if choice == 0:
            del container[key]
        elif choice == 1 and isinstance(container, dict):
            container[odd_value(rng, str(key))] = container.pop(key)
        elif choice == 2 and isinstance(container, dict):
            container[odd_value(rng, "new")] = _other_json(rng, container[key])
        else:
            container[key] = _other_json(rng, container[key])
    return element


def as_json(rng: random.Random, value: Any) -> str:
    """JSON text, escaped or not, on one line."""
    return json.dumps(value, ensure_ascii=rng.random() < 0.5)


# ---- bytes --------------------------------------------------------------------------------------


def _at(rng: random.Random, content: bytes) -> int:
    return rng.randrange(len(content) + 1)


def _truncated(rng: random.Random, content: bytes) -> bytes:
    return content[: _at(rng, content)]


def _inserted(rng: random.Random, content: bytes) -> bytes:
    at = _at(rng, content)
    odd = [
        b'"',
        b"\x00",
        b"\n",
        b"\r",
        b"\r\n",
        b"\xff",
        b"\xc3",
        b",",
        b"}",
        b"]",
        b"\x01",
        b"'",
        b"\\",
    ]
    return content[:at] + rng.choice(odd) + content[at:]


def _flipped(rng: random.Random, content: bytes) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]


def _cut_out(rng: random.Random, content: bytes) -> bytes:
    start, end = sorted((_at(rng, content), _at(rng, content)))
    return content[:start] + content[end:]


def _encoded(rng: random.Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    text = text.replace("e", "é", 1) if rng.random() < 0.7 else text
    return text.encode(rng.choice(ENCODINGS), "replace")


def _mixed_ends(rng: random.Random, content: bytes) -> bytes:
    lines = content.splitlines()
    return b"".join(line + rng.choice([b"\n", b"\r\n", b"\r"]) for line in lines)


def _replaced(rng: random.Random, content: bytes) -> bytes:
    return rng.choice(
        [
            rng.choice(OTHER_FILES),
            content + content,
            b"\n\n" + content,
            content.replace(b",", b";"),
            content.replace(b",", b"\t"),
            content.replace(b'"', b"'"),
        ]
    )


def _first_part(rng: random.Random, content: bytes) -> bytes:
    """The first line only (of a CSV: its header)."""
    return content.splitlines(keepends=True)[0] if content else content


BYTE_MUTATIONS: list[tuple[int, Callable[[random.Random, bytes], bytes]]] = [
    (3, _truncated), (3, _inserted), (2, _flipped), (1, _cut_out), (2, _encoded), (1, _mixed_ends),
    (2, _replaced), (1, _first_part),
]  # fmt: skip
SPECIALS = ["empty folder", "folder of a file", "link", "broken link", "link to a folder", "loop"]


def _packed(rng: random.Random, content: bytes) -> tuple[str, bytes]:
    """Gzipped: whole, cut short, in two members, with a foreign tail."""
    packed = gzip.compress(content, mtime=0)
    choice = rng.randrange(8)
    if choice == 0:
        return "gz cut short", packed[: rng.randrange(len(packed))]
    if choice == 1:
        half = len(content) // 2
        parts = (content[:half], content[half:])
        return "gz of two members", b"".join(gzip.compress(part, mtime=0) for part in parts)
    if choice == 2:
        return "gz flipped", _flipped(rng, packed)
    if choice == 3:
        return "plain named gz", content
    return "gz", packed


def bomb(content: bytes) -> bytes:
    """A packed file whose lines repeat until it is 96 MiB: small where it lies, large when read."""
    line = content.splitlines(keepends=True)[-1] or b"\n"
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as file:
        file.write(content)
        block = line * max(1, (1 << 20) // len(line))
        for _ in range(BOMB_BYTES // len(block)):
            file.write(block)
    return out.getvalue()


# ---- whole --------------------------------------------------------------------------------------


def _weighted(rng: random.Random, choices: list[tuple[int, Any]]) -> Any:
    return rng.choices([what for _, what in choices], [weight for weight, _ in choices])[0]


def suffix_of(seed: Seed) -> str:
    """Of a plain file of the feed."""
    return {"csv": ".csv", "lines": ".ndjson", "document": ".json"}[seed.fuzzed.feed.format]


def single(seed: Seed, number: int) -> bytes:
    """One row of the seed alone."""
    return _plain(seed, [number])


def whole(seed: Seed) -> bytes:
    """All rows of the seed."""
    return _plain(seed, list(range(len(seed.rows))))


def _plain(seed: Seed, numbers: list[int]) -> bytes:
    rows = [seed.rows[number] for number in numbers]
    if seed.fuzzed.feed.format == "csv":
        return Table(list(seed.header), rows, []).written()
    if seed.fuzzed.feed.format == "lines":
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    return json.dumps(seed.document(rows)).encode()


def mutant(rng: random.Random, seed: Seed) -> Mutant:
    """One mutant of the seed."""
    if rng.random() < 0.02:
        content = single(seed, rng.randrange(len(seed.rows)))
        return Mutant("special", suffix_of(seed), content, special=rng.choice(SPECIALS))
    is_table = seed.fuzzed.feed.format == "csv"
    made = _mutant_table(rng, seed) if is_table else _mutant_json(rng, seed)
    if rng.random() < 0.25:
        change = _weighted(rng, BYTE_MUTATIONS)
        made = Mutant(f"{made.mutation} {change.__name__.strip('_')}", made.suffix,
                      change(rng, made.content))  # fmt: skip
    if seed.fuzzed.feed.format != "document" and rng.random() < 0.08:
        how, packed = _packed(rng, made.content)
        untouched = made.untouched if how in ("gz", "gz of two members") else []
        made = Mutant(f"{made.mutation} {how}", made.suffix + ".gz", packed, untouched)
    return made


def _chosen(rng: random.Random, seed: Seed) -> list[int]:
    return rng.sample(range(len(seed.rows)), min(len(seed.rows), rng.randrange(1, 9)))


def _mutant_table(rng: random.Random, seed: Seed) -> Mutant:
    chosen = _chosen(rng, seed)
    table = Table(list(seed.header), [list(seed.rows[n]) for n in chosen], list(chosen))
    names = []
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        change = _weighted(rng, TABLE_MUTATIONS)
        change(rng, table)
        names.append(change.__name__.strip("_"))
    return Mutant(" ".join(names), ".csv", table.written(), table.untouched())


def _mutant_json(rng: random.Random, seed: Seed) -> Mutant:
    chosen = _chosen(rng, seed)
    elements: list[Any] = [seed.rows[n] for n in chosen]
    origins: list[int | None] = list(chosen)
    names = []
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        at = rng.randrange(len(elements))
        if rng.random() < 0.1:
            elements.insert(at, elements[at])
            origins.insert(at, origins[at])
            names.append("doubled")
        else:
            elements[at], origins[at] = spoil_json(rng, elements[at]), None
            names.append("values")
    untouched = [origin for origin in origins if origin is not None]
    if seed.fuzzed.feed.format == "lines":
        end = rng.choice(["\n", "\n", "\n", "\r\n", "\n\n", "\n \t\n"])
        text = end.join(as_json(rng, element) for element in elements) + rng.choice(["", end])
        return Mutant(" ".join(names), ".ndjson", text.encode("utf-8", "surrogatepass"), untouched)
    document = seed.document(elements)
    if rng.random() < 0.12:
        document, untouched = spoil_json(rng, document), []
        names.append("page")
    indent = rng.choice([None, None, 2])
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=indent)
    return Mutant(" ".join(names), ".json", text.encode("utf-8", "surrogatepass"), untouched)


# ---- Parquet ------------------------------------------------------------------------------------


def parquet_bytes(header: list[str], columns: list[pa.Array]) -> bytes:
    """A Parquet file."""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=header), out)
    return out.getvalue()


def parquet_single(seed: Seed, number: int) -> bytes:
    """One row of the seed alone, all of it text."""
    return _plain_parquet(seed, [seed.rows[number]])


def parquet_whole(seed: Seed) -> bytes:
    """All rows of the seed, all of it text."""
    return _plain_parquet(seed, list(seed.rows))


def _plain_parquet(seed: Seed, rows: list[Any]) -> bytes:
    header = list(seed.header or seed.fuzzed.feed.columns)
    columns = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(header))]
    return parquet_bytes(header, columns)


def _typed(rng: random.Random, values: list[Any]) -> pa.Array:
    """A column as another type, its values of no matter."""
    n = len(values)
    return rng.choice([
        lambda: pa.array(range(n), pa.int64()),
        lambda: pa.array([1.5] * n, pa.float64()),
        lambda: pa.array([None] * n, pa.null()),
        lambda: pa.array([True] * n, pa.bool_()),
        lambda: pa.array([20_000] * n, pa.int32()).cast(pa.date32()),
        lambda: pa.array([1_700_000_000_000_000] * n, pa.timestamp("us", "UTC")),
        lambda: pa.array([-(2**62)] * n, pa.timestamp("us")),
        lambda: pa.array([[v] for v in values], pa.list_(pa.string())),
        lambda: pa.array([{"a": v} for v in values], pa.struct([("a", pa.string())])),
        lambda: pa.array([str(v).encode() + b"\xff" for v in values], pa.binary()),
        lambda: pa.array([1] * n, pa.decimal128(20, 3)),
        lambda: pa.array(values, pa.string()).dictionary_encode(),
        lambda: pa.array([[("a", "b")]] * n, pa.map_(pa.string(), pa.string())),
        lambda: pa.array([3600] * n, pa.time32("s")),
    ])()  # fmt: skip


def parquet_mutant(rng: random.Random, seed: Seed) -> Mutant:
    """A mutant as Parquet: values, columns, types, bytes."""
    chosen = _chosen(rng, seed)
    header = list(seed.header or seed.fuzzed.feed.columns)
    table = Table(header, [list(seed.rows[n]) for n in chosen], list(chosen))
    changes = [_cells, _cells, _doubled_row, _moved_columns, _dropped_column, _doubled_column,
               _renamed_column, _header_case, _added_column]  # fmt: skip
    names = []
    for _ in range(rng.choice([0, 1, 1, 2])):
        change = rng.choice(changes)
        change(rng, table)
        names.append(change.__name__.strip("_"))
    texts = [[row[at] for row in table.rows] for at in range(len(table.header))]
    arrays = [
        pa.array([None if v == "" and rng.random() < 0.5 else v for v in column], pa.string())
        for column in texts
    ]
    untouched = table.untouched()
    for _ in range(rng.choice([0, 0, 1, 2])):
        at = rng.randrange(len(arrays))
        arrays[at] = _typed(rng, texts[at])
        names.append("type")
        untouched = []
    content = parquet_bytes(table.header, arrays)
    if rng.random() < 0.15:
        # Of a flipped bit, Parquet's own checks tell one reader and not another.
        change = rng.choice([_truncated, _cut_out])
        content, untouched = change(rng, content), []
        names.append(change.__name__.strip("_"))
    return Mutant(" ".join(names), ".parquet", content, untouched)
