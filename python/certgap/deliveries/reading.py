"""Files of one feed as one relation of DuckDB, whatever their format.

Columns: ``file``, ``row_number`` (rows of data, from 1), ``is_ragged`` (a CSV line with too many or
too few fields), ``is_unreadable`` (a line that is no JSON) and c0, c1, … in the suite's order, text
or a Parquet file's own type. The options are those of macros/sources/raw_relations_duckdb.sql.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from certgap.deliveries.feeds import Delivery
from certgap.deliveries.flaws import flaw_of
from certgap.deliveries.suites import Suite

HEAD_BYTES = 1 << 20
# Files up to this size are read once into memory, several together; larger ones where they lie.
BATCH_BYTES, BATCH_FILES = 16 << 20, 40
DELIMITERS = {";": "';'", "\t": "tab", "|": "'|'"}


class UnreadableError(Exception):
    """A file that cannot be read, in words without any of its content."""


@dataclass(frozen=True)
class Header:
    """Column names of a table file, and where the declared ones are (from 1).

    ``is_there`` is False for a CSV without a header line: its columns are the declared ones.
    """

    names: tuple[str, ...]
    positions: dict[str, int]
    types: dict[str, str]
    is_there: bool = True


def quoted(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def header_of(
    delivery: Delivery, suite: Suite, connection: duckdb.DuckDBPyConnection
) -> Header | None:
    """The header of a CSV or Parquet file; None for JSON. Raises where there is none."""
    if delivery.day is None:
        raise UnreadableError("has no valid date (YYYY-MM-DD) in its path")
    if delivery.size == 0:
        raise UnreadableError("is empty (0 bytes)")
    if delivery.kind is None:
        raise UnreadableError("is neither .csv, .csv.gz nor .parquet")
    flaw = flaw_of(
        str(delivery.path), delivery.kind if delivery.kind != "text" else suite.feed.format
    )
    if flaw:
        raise UnreadableError(flaw)
    if delivery.kind == "text":
        return None
    if delivery.kind == "parquet":
        names, types = _parquet_columns(delivery, connection)
    else:
        names, types = _csv_names(delivery), {}
    words = [header_words(name) for name in names]
    has_header = True
    if delivery.kind == "csv" and not suite.feed.has_header:
        # A first line that names all columns is a header all the same (delivery_headers.sql).
        has_header = all(header_words(name) in words for name in suite.feed.columns)
        if not has_header:
            names = list(suite.feed.columns)
            words = [header_words(name) for name in names]
    repeated = [name for name in suite.columns if words.count(header_words(name)) > 1]
    if repeated:
        raise UnreadableError(f"has the column '{repeated[0]}' twice")
    positions = {
        name: words.index(header_words(name)) + 1
        for name in suite.columns
        if header_words(name) in words
    }
    for name, position in positions.items():
        kind = types.get(names[position - 1].lower(), "")
        if kind == "BLOB" or (re.search(r"[\[(]", kind) and not kind.startswith("DECIMAL")):
            raise UnreadableError(f"has the column '{name}' as {kind}, which is no plain value")
    return Header(tuple(names), positions, types, has_header)


# The fields of a header, as the macro `csv_fields` takes them apart.
FIELD = re.compile(r'(?:^|,)(?:[ ]*"((?:[^"]|"")*)"[ ]*|([^,]*))')


def header_fields(line: str) -> list[str]:
    """The names in the first line of a CSV file."""
    names = [match[2] if match[1] is None else match[1] for match in FIELD.finditer(line)]
    return [name.replace('""', '"').strip() for name in names]


def header_words(name: str) -> str:
    """A column name as the build compares it (macro header_words)."""
    return re.sub("[ _-]+", "_", name.lower().strip())


def _csv_names(delivery: Delivery) -> list[str]:
    opener = gzip.open if delivery.name.lower().endswith(".gz") else open
    with opener(delivery.path, "rb") as file:
        head = file.read(HEAD_BYTES)
    line = re.split(rb"\r\n|\n|\r", head.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0]
    if b"\x00" in line:
        raise UnreadableError("is not UTF-8 but UTF-16, or no text at all")
    text = line.decode("utf-8", "replace")
    if not text.strip():
        if delivery.feed.has_header:
            raise UnreadableError("has no header in its first line")
        return []
    return header_fields(text)


def _parquet_columns(
    delivery: Delivery, connection: duckdb.DuckDBPyConnection
) -> tuple[list[str], dict[str, str]]:
    try:
        rows = connection.execute(
            f"describe select * from read_parquet({quoted(str(delivery.path))})"
        ).fetchall()
    except duckdb.Error:
        raise UnreadableError("is not a Parquet file, or is cut short") from None
    return [row[0] for row in rows], {row[0].lower(): row[1] for row in rows}


def missing_columns(header: Header | None, suite: Suite) -> list[str]:
    """Declared columns the file lacks, optional ones left out."""
    if header is None:
        return []
    return [
        name
        for name in suite.feed.columns
        if name not in header.positions and name not in suite.feed.optional
    ]


def header_hint(header: Header) -> str:
    """What the header says about why columns are missing."""
    if len(header.names) == 1:
        for sign, words in DELIMITERS.items():
            if sign in header.names[0]:
                return f"the delimiter seems to be {words}: export it with commas"
    if not header.positions:
        return "no declared column is there: is the header missing, or is it another export"
    return f"its header has: {', '.join(header.names[:40])}"


def batches(
    files: Iterable[tuple[Delivery, Header | None]],
) -> Iterable[list[tuple[Delivery, Header | None]]]:
    """Files that can be read by one query: small ones of one header together, others alone."""
    groups: dict[object, list[tuple[Delivery, Header | None]]] = {}
    for delivery, header in files:
        if delivery.size > BATCH_BYTES or delivery.kind == "parquet":
            yield [(delivery, header)]
            continue
        key = (header.names, header.is_there) if header else ()
        group = groups.setdefault(key, [])
        group.append((delivery, header))
        if len(group) == BATCH_FILES or sum(file.size for file, _ in group) > BATCH_BYTES:
            yield groups.pop(key)
    yield from groups.values()


def is_small(batch: Sequence[tuple[Delivery, Header | None]]) -> bool:
    """Whether the batch is worth a table in memory: 2 MB of Parquet may be five million rows."""
    return batch[0][0].kind != "parquet" and batch[0][0].size <= BATCH_BYTES


def rows_sql(suite: Suite, batch: Sequence[tuple[Delivery, Header | None]]) -> str:
    """The select over a batch; see the module."""
    paths = "[" + ", ".join(quoted(str(delivery.path)) for delivery, _ in batch) + "]"
    delivery, header = batch[0]
    if delivery.kind == "parquet" and header is not None:
        return _parquet_sql(suite, header, paths)
    if delivery.kind == "csv" and header is not None:
        return _csv_sql(suite, header, paths)
    if suite.feed.format == "lines":
        return _lines_sql(suite, paths)
    return _documents_sql(suite, paths)


def _columns(suite: Suite, values: dict[str, str]) -> str:
    return ", ".join(
        f"{values.get(name, 'cast(null as varchar)')} as c{number}"
        for number, name in enumerate(suite.columns)
    )


def _csv_sql(suite: Suite, header: Header, paths: str) -> str:
    names = [f"field_{n}" for n in range(1, len(header.names) + 1)]
    fields = ", ".join(f"'{name}': 'varchar'" for name in names)
    last = f"field_{len(header.names)}"
    # As many surplus fields as the build allows (raw_relations_duckdb.sql).
    surplus = ", ".join(f"'extra_{n}': 'varchar'" for n in range(1, 5 if header.is_there else 33))
    values = {
        name: f"nullif(trim(field_{position}), '')" for name, position in header.positions.items()
    }
    return f"""
        select filename as file, row_number() over () as row_number,
            extra_1 is not null or {last} is null as is_ragged, false as is_unreadable,
            {_columns(suite, values)}
        from read_csv({paths}, auto_detect = false,
            header = {str(header.is_there).lower()}, delim = ',', quote = '"', escape = '"',
            columns = {{{fields}, {surplus}}}, nullstr = '\x01', null_padding = true,
            parallel = false, max_line_size = 33554432, buffer_size = 67108864, filename = true)
    """


def _parquet_sql(suite: Suite, header: Header, paths: str) -> str:
    values = {}
    for name, position in header.positions.items():
        column = _name(header.names[position - 1])
        is_text = header.types[header.names[position - 1].lower()] == "VARCHAR"
        values[name] = f"nullif(trim({column}), '')" if is_text else column
    return f"""
        select filename as file, file_row_number + 1 as row_number, false as is_ragged,
            false as is_unreadable, {_columns(suite, values)}
        from read_parquet({paths}, filename = true, file_row_number = true)
    """


def _fields(suite: Suite, record: str) -> str:
    values = {}
    for name, paths in suite.fields.items():
        found = [f"nullif(trim(json_extract_string({record}, {quoted(p)})), '')" for p in paths]
        values[name] = f"coalesce({', '.join(found)})" if len(found) > 1 else found[0]
    return _columns(suite, values)


NO_OBJECT = "record is null or json_type(record) != 'OBJECT'"


def _lines_sql(suite: Suite, paths: str) -> str:
    line = "trim(line_text, ' ' || chr(9) || chr(13) || chr(65279))"
    return f"""
        with lines as materialized (
            select filename as file, {line} as line,
                case when json_valid({line}) then cast({line} as json) end as record
            from read_csv({paths}, auto_detect = false, header = false,
                delim = '\x01\x02\x03\x04', quote = '', escape = '', strict_mode = false,
                columns = {{'line_text': 'varchar'}}, parallel = false,
                max_line_size = 33554432, buffer_size = 67108864, filename = true)
            where {line} != ''
        )
        select file, row_number() over () as row_number, false as is_ragged,
            {NO_OBJECT} as is_unreadable, {_fields(suite, "record")}
        from lines
    """


def _documents(paths: str) -> str:
    content = "ltrim(content, chr(65279))"
    return f"""
        documents as materialized (
            select filename as file, cast({content} as json) as document from read_text({paths})
        )"""


def _documents_sql(suite: Suite, paths: str) -> str:
    # A path with a wildcard gives a list, another one value: `[*]` makes a list of both.
    lists = ", ".join(f"json_extract(document, {quoted(p + '[*]')})" for p in suite.elements)
    return f"""
        with {_documents(paths)},
        records as (
            select file, unnest(list_concat({lists})) as record from documents
        )
        select file, row_number() over () as row_number, false as is_ragged,
            {NO_OBJECT} as is_unreadable, {_fields(suite, "record")}
        from records
    """


def files_without_records_sql(suite: Suite, batch: Sequence[tuple[Delivery, Header | None]]) -> str:
    """Files in which no list of records is, nor what tells an empty page: an error message, say."""
    paths = "[" + ", ".join(quoted(str(delivery.path)) for delivery, _ in batch) + "]"
    kinds = [f"json_type(document, {quoted(p)})" for p in suite.elements]
    is_there = [f"list_contains({k}, 'ARRAY')" if "*" in p else f"{k} = 'ARRAY'"
                for k, p in zip(kinds, suite.elements, strict=True)]  # fmt: skip
    if suite.marker:
        is_there.append(f"json_exists(document, {quoted(suite.marker)})")
    conditions = " or ".join(f"coalesce({condition}, false)" for condition in is_there)
    return f"with {_documents(paths)} select file from documents where not ({conditions})"


def reason_of(error: duckdb.Error, delivery: Delivery) -> str:
    """DuckDB's error in words; its own text quotes the file, and its line may be another one."""
    if delivery.kind == "parquet":
        return "is not a Parquet file, or is cut short"
    text = str(error).partition("Possible")[0].lower()
    if "maximum line size" in text:
        return "has a line longer than 32 MiB (is a quote never closed?)"
    if delivery.feed.format == "document":
        return "is not JSON, or is cut short"
    return f"cannot be read as {'CSV' if delivery.kind == 'csv' else 'lines of text'}"
