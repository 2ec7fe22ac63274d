"""The comparison of two engines must see every kind of difference."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from certgap.engines_compare import main

TABLES = {"adoption_rates": ("marts", "main"), "published__dim_tools": ("published", "published")}


def manifest(schemas: dict[str, str]) -> dict:
    """dbt's manifest of two keyed tables and one in a layer that is not compared."""
    nodes = {
        f"model.certgap.{name}": {
            "resource_type": "model",
            "name": name,
            "alias": name,
            "fqn": ["certgap", layer, name],
            "schema": schemas[schema],
            "patch_path": f"certgap://models/{layer}.yml",
            "original_file_path": f"models/{layer}/{name}.sql",
        }
        for name, (layer, schema) in {
            **TABLES,
            "int_units": ("intermediate", "intermediate"),
        }.items()
    }
    for name in TABLES:
        nodes[f"test.certgap.{name}_key"] = {
            "resource_type": "test",
            "attached_node": f"model.certgap.{name}",
            "test_metadata": {
                "name": "unique_key",
                "kwargs": {"columns": ["build_id", "coalesce(k, '')"]},
            },
        }
    return {"nodes": nodes}


def write(folder: Path, changed: str = "*", where: str = "true", partition: str = "") -> list[str]:
    """A DuckDB file and a Spark warehouse of the same small tables; one of Spark's is changed."""
    schemas = {"main": "main", "published": "published", "intermediate": "intermediate"}
    file = folder / "w.duckdb"
    for engine in ("duckdb", "spark"):
        prefix = {name: f"certgap_{name}" for name in schemas} if engine == "spark" else schemas
        (folder / engine).mkdir()
        (folder / engine / "manifest.json").write_text(json.dumps(manifest(prefix)))
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema published")
        for table, (_, schema) in TABLES.items():
            connection.execute(
                f"create table {schema}.{table} as select 'k' || i as k, i as n, "
                "nullif(i / 3, 0) as rate, timestamp '2026-01-01' as seen_at, 'here' as build_id, "
                "cast(i % 2 as integer) as half from range(5) as r(i)"
            )
            target = folder / "warehouse" / f"certgap_{schema}.db" / table
            target.mkdir(parents=True)
            here = table == "adoption_rates"
            select, where_here = (changed, where) if here else ("*", "true")
            by = f", partition_by ({partition}), overwrite" if partition and here else ""
            connection.execute(
                f"copy (select {select} from (from {schema}.{table} select * replace"
                " ('there' as build_id, timezone('UTC', seen_at) as seen_at))"
                f" where {where_here})"
                f" to '{target if by else target / 'part-0.parquet'}' (format parquet{by})"
            )
    return [str(file), str(folder / "duckdb"), str(folder / "warehouse"), str(folder / "spark")]


def test_equal_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Doubles may differ in the last digits, and builds in the columns that name them."""
    assert main(write(tmp_path, "* replace (rate * (1 + 1e-12) as rate)")) == 0
    said = capsys.readouterr().out
    assert "adoption_rates: equal (5 rows, 25 cells compared)" in said
    assert "tables equal: 2 of 2 (10 rows, 50 cells)" in said


def test_partitioned_table(tmp_path: Path) -> None:
    """Spark keeps a partition column in folder names, without its type."""
    assert main(write(tmp_path, partition="half")) == 0


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
        ("* replace (seen_at + interval 1 second as seen_at)", "true", "seen_at: 5 cells differ"),
        ("*", "n > 1", "2 rows only on DuckDB"),
        ("* replace (k || 'x' as k)", "true", "5 rows only on Spark"),
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
    said = capsys.readouterr().out
    assert words in said
    assert "published__dim_tools: equal" in said


def test_published_tables_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not only the marts are compared."""
    paths = write(tmp_path)
    with duckdb.connect(paths[0]) as connection:
        connection.execute("update published.published__dim_tools set n = 7 where n = 4")
    assert main(paths) == 1
    assert "published__dim_tools: DIFFERENT" in capsys.readouterr().out


def test_repeated_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A doubled row joins twice and must not look equal."""
    paths = write(tmp_path)
    folder = tmp_path / "warehouse" / "certgap_main.db" / "adoption_rates"
    (folder / "part-1.parquet").write_bytes((folder / "part-0.parquet").read_bytes())
    assert main(paths) == 1
    assert "5 keys repeat on Spark" in capsys.readouterr().out


def test_files_of_lost_attempts_are_no_rows(tmp_path: Path) -> None:
    """A killed executor leaves files behind that nobody committed."""
    paths = write(tmp_path)
    folder = tmp_path / "warehouse" / "certgap_main.db" / "adoption_rates"
    (folder / "_temporary").mkdir()
    (folder / "_temporary" / "p.parquet").write_bytes((folder / "part-0.parquet").read_bytes())
    assert main(paths) == 0


def test_nothing_built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing table is no agreement."""
    paths = write(tmp_path)
    assert main([*paths[:2], str(tmp_path), paths[3]]) == 2
    assert "Build it first" in capsys.readouterr().err


def test_a_table_without_a_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows that cannot be paired are said to be so, not skipped."""
    paths = write(tmp_path)
    for folder in (paths[1], paths[3]):
        file = Path(folder) / "manifest.json"
        state = json.loads(file.read_text())
        del state["nodes"]["test.certgap.adoption_rates_key"]
        file.write_text(json.dumps(state))
    assert main(paths) == 2
    assert "no unique_key test" in capsys.readouterr().err
