"""The sample company as `make test` built it: equal to the truth, and to the README's picture.

Reads the database that CERTGAP_WAREHOUSE names; `make test` sets it and builds it first.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import pytest

from certgap.compare import compare
from certgap.simulate.simulation import SAMPLE_LEARNERS, SAMPLE_SEED, run

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE_KEY = "sample-company"


# Cells of tables that are small by their nature: one comparison, program, wave or platform a row.
SMALLEST = {
    **{"training_effects": 3_000, "completion_integrity": 4_000, "effect_power": 1_000},
    **{"kirkpatrick_levels": 700, "outcome_changes": 600, "board_summary": 500},
    **{"rollout_readiness": 500, "program_diagnostics": 400, "platform_portfolio": 100},
    **{"content_freshness": 600, "row_fates": 5},
}


@pytest.fixture(scope="module")
def warehouse() -> Path:
    path = Path(os.environ.get("CERTGAP_WAREHOUSE", ""))
    if not os.environ.get("CERTGAP_WAREHOUSE"):
        pytest.skip("run by make test, which builds the sample company first")
    return PROJECT / path


def test_every_cell_of_the_sample_equals_the_truth(warehouse, tmp_path, monkeypatch):
    monkeypatch.setenv("CERTGAP_PSEUDONYM_KEY", SAMPLE_KEY)
    run(SAMPLE_LEARNERS, SAMPLE_SEED, tmp_path, world="sample", truth=True)
    report = compare(tmp_path / "truth", warehouse)
    assert report.agrees, report.text()
    too_small = [t.table for t in report.tables if t.n_cells <= SMALLEST.get(t.table, 5_000)]
    assert not too_small, report.text()


def test_the_picture_in_the_readme_shows_the_sample(warehouse):
    picture = (PROJECT / "README.md").read_text().split("```")[1]
    shown = [float(number) for number in re.findall(r"([0-9.]+)(?:%| points)", picture)]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            """
            select 100 * completion_rate, 100 * adoption_rate
            from adoption_rates
            where program_id = 'all' and tool_id = 'all' and dimension = 'all'
            order by checkpoint_day
            """
        ).fetchall()
    completion, adoption = rows[0][0], [row[1] for row in rows]
    expected = [completion, *adoption, completion - adoption[-1]]
    assert sorted(shown) == pytest.approx(sorted(expected), abs=0.051)


def test_no_published_text_holds_an_address_or_a_number_of_a_person(warehouse):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        employees = {
            row[0]
            for row in connection.execute(
                "select employee_id from intermediate.int_employees"
            ).fetchall()
        }
        texts = connection.execute(
            """
            select table_name, column_name from information_schema.columns
            where table_schema = 'published' and data_type = 'VARCHAR'
            """
        ).fetchall()
        assert len(employees) > 500 and len(texts) > 100
        for table, column in texts:
            values = connection.execute(
                f'select distinct "{column}" from published.{table} where "{column}" is not null'
            ).fetchall()
            words = {word for (value,) in values for word in re.split(r"[^\w@.-]+", value)}
            assert not {word for word in words if "@" in word}, (table, column)
            assert not words & employees, (table, column)
