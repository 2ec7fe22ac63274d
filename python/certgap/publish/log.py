"""The table ``publication_log`` of a published file: every publication, and which one this is.

The table of the build ends with the publication before; here it is written from the record, with
three columns more, so that it also tells the truth after an earlier publication was put back.
"""

from __future__ import annotations

import duckdb

from certgap.publish import contents, store
from certgap.publish.audit import LOG

MORE = {
    "is_current": ("boolean", "Whether this is the publication that the file holds."),
    "restored_at": ("timestamp", "When it was last put back in place of another, UTC."),
    "withdrawn_at": ("timestamp", "When another was last put back in its place, UTC."),
}
KEY = ["publication_id"]


def write(
    connection: duckdb.DuckDBPyConnection, past: store.History, current: int
) -> contents.Contents:
    """Fill the table of the current database, made where it is missing; what it now holds."""
    columns = store.TABLES[LOG]
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create table if not exists {LOG} ({listed})")
    for name, (kind, words) in MORE.items():
        connection.execute(f"alter table {LOG} add column if not exists {name} {kind}")
        connection.execute(f"comment on column {LOG}.{name} is {store.text(words)}")
    connection.execute(f"delete from {LOG}")
    names = ", ".join([*columns, *MORE])
    marks = ", ".join("?" for _ in [*columns, *MORE])
    for number, row in past.log.items():
        back, out = past.put_back(number), past.withdrawn(number)
        more = [number == current, back and back.restored_at, out and out.restored_at]
        connection.execute(f"insert into {LOG} ({names}) values ({marks})", [*row, *more])
    return contents.Contents(LOG, *contents.summed(connection, LOG), KEY)
