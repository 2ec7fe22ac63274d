"""The comparison of two engines must see every kind of difference."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from certgap.compare import KEYS
from certgap.engines_compare import main


def write(folder: Path, changed: str = "*", where: str = "true") -> list[str]:
    """A DuckDB file and a Spark warehouse of the same small tables; Spark's are changed."""
    file = folder / "w.duckdb"
    with duckdb.connect(str(file)) as connection:
        for table, keys in KEYS.items():
            columns = ", ".join(f"'k' || i as {key}" for key in keys)
            connection.execute(
                f"create table {table} as select {columns}, i as n, nullif(i / 3, 0) as rate"
                " from range(5) as r(i)"
            )
            target = folder / "spark" / "certgap.db" / table
            target.mkdir(parents=True)
            connection.execute(
                f"copy (select {changed} from {table} where {where})"
                f" to '{target / 'part-0.parquet'}' (format parquet)"
            )
    return [str(file), str(folder / "spark")]


def test_equal_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also doubles that differ in the last digits."""
    assert main(write(tmp_path, "* replace (rate * (1 + 1e-12) as rate)")) == 0
    assert "adoption_rates: equal (5 rows, 10 cells compared)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "where", "words"),
    [
        (
            "* replace (case when n = 2 then rate * (1 + 1e-8) else rate end as rate)",
            "true",
            "rate: 1 ",
        ),
        ("* replace (coalesce(rate, 0) as rate)", "true", "rate: 1 cells differ"),
        ("* replace (case when n = 2 then null else n end as n)", "true", "n: 1 cells differ"),
        ("*", "n > 1", "2 rows only on DuckDB"),
        ("* replace (cast(n as integer) as n)", "true", "column n: BIGINT and INTEGER"),
        ("* exclude (rate)", "true", "column rate: DOUBLE and absent"),
        ("*", "false", "5 rows only on DuckDB"),
        ("*, n as n_more", "true", "column n_more: absent and BIGINT"),
    ],
)
def test_differences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: str, where: str, words: str
) -> None:
    """One changed cell, NULL, row, type or column is enough."""
    assert main(write(tmp_path, changed, where)) == 1
    assert words in capsys.readouterr().out


def test_repeated_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A doubled row joins twice and must not look equal."""
    paths = write(tmp_path)
    folder = tmp_path / "spark" / "certgap.db" / "manager_cohorts"
    (folder / "part-1.parquet").write_bytes((folder / "part-0.parquet").read_bytes())
    assert main(paths) == 1
    assert "5 keys repeat" in capsys.readouterr().out


def test_nothing_built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing table is no agreement."""
    paths = write(tmp_path)
    assert main([paths[0], str(tmp_path)]) == 2
    assert "Build it first" in capsys.readouterr().err
