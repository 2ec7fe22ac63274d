"""A person of a built company is erased: the next build has them nowhere, and their rows add up."""

from __future__ import annotations

import duckdb
import pytest

from certgap.privacy import scan as scanning
from certgap.privacy.marks import marks_of
from companies import small_company

# An address that the project's own unit tests do not have: they are in dbt's artifacts.
ADDRESS = "ada.zyxwomb@example.com"
WHO = [("employee_id", "E1"), ("alias", ADDRESS)]


@pytest.mark.long
def test_after_the_next_build_the_erased_are_in_no_table_and_no_file(tmp_path, monkeypatch):
    company = small_company(tmp_path / "company")
    for rows in company.feeds.values():
        for row in rows:
            row |= {name: ADDRESS for name, value in row.items() if value == "ada@example.com"}
    company.write()
    built = company.certgap("build", sources=("generic",))
    assert built.returncode == 0, built.stderr + built.stdout
    # Working databases are full of people, and are not read by `make privacy`.
    monkeypatch.setattr(scanning, "_is_working_database", lambda _: False)
    monkeypatch.setattr(scanning, "relations", tables_of)
    marks = marks_of(WHO)
    places = [company.folder]
    before = scanning.scan(places, marks)
    assert before.hits

    erased = company.certgap("erase", ADDRESS)
    assert erased.returncode == 0, erased.stderr + erased.stdout
    again = company.certgap("build", sources=("generic",))
    assert again.returncode == 0, again.stderr + again.stdout
    after = scanning.scan(places, marks)
    assert not after.hits, after.as_lines()
    assert after.n_files >= before.n_files

    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        counts = connection.execute(
            "select feed, n_rows_erased from canonical.feed_row_counts where n_rows_erased > 0"
        ).fetchall()
        n_unbalanced = connection.execute(
            "select count(*) from canonical.feed_row_counts where n_rows_in <> n_rows_kept"
            " + n_rows_quarantined + n_rows_superseded + n_rows_erased"
        ).fetchone()
        left = connection.execute(
            "select employee_id from canonical.employees"
            " union select employee_id from intermediate.int_employees"
        ).fetchall()
    assert ("E1",) not in left
    assert left
    assert {feed for feed, _ in counts} >= {"employees", "learning_events", "tool_usage_daily"}
    assert n_unbalanced == (0,)


def tables_of(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Tables only: views over the record of publications need it attached."""
    return connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
