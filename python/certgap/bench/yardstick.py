"""The yardstick: every raw Parquet file copied into tables of a fresh DuckDB file."""

from __future__ import annotations

from pathlib import Path

from certgap.bench.resources import Resources, Watch
from certgap.bench.settings import EngineSettings


def feeds(raw: Path) -> dict[str, Path]:
    """Table name → folder, of every feed with Parquet files."""
    folders = sorted({path.parent for path in raw.rglob("*.parquet")})
    return {"_".join(folder.relative_to(raw).parts): folder for folder in folders}


def copy(raw: Path, database: Path, engine: EngineSettings) -> tuple[Resources, int]:
    """What the copy takes, and how many rows it copied. The file is removed again."""
    database.unlink(missing_ok=True)
    n_rows = 0
    watch = Watch([engine.spill_folder(database)], own_process=True)
    with watch, engine.connect(database) as connection:
        for table, folder in feeds(raw).items():
            connection.execute(
                f"create table {table} as select * from read_parquet('{folder}/*.parquet')"
            )
            n_rows += connection.execute(f"select count(*) from {table}").fetchone()[0]
        connection.execute("checkpoint")
    database.unlink()
    return watch.result, n_rows
