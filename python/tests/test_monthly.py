"""Models built by month: a delivery rebuilds the months it touches, and the result is right.

What the usage days must be is worked out here from the files, not by a second dbt run.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from companies import PROJECT, Company, _use, small_company, write_csv

pytestmark = pytest.mark.long

MODELS = ("base_generic__tool_usage_daily", "int_usage_days")
JANUARY, MAY = "2026-01-01", "2026-05-01"
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def deliver(company: Company, date: str, *rows: dict[str, Any]) -> Path:
    """A file of daily usage."""
    return write_csv(company.delivery("usage", "tool_usage_daily", date), rows)


def use(person: str, day: str, interactions: int) -> dict[str, Any]:
    return _use(person, dt.date.fromisoformat(day)) | {"interactions": str(interactions)}


def expected_days(company: Company) -> dict[tuple[str, str], int]:
    """(employee, day) to interactions: the newest file of a key counts, then the alias's owner."""
    rows: dict[tuple[str, str], int] = {}
    for path in sorted((company.raw / "usage/generic/tool_usage_daily").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                rows[row["alias_value"], row["usage_date"]] = int(row["interactions"])
    aliases = company.feeds["hris", "identity_aliases"]
    days = {}
    for (alias, day), interactions in rows.items():
        owners = [
            claim["employee_id"]
            for claim in aliases
            if claim["alias_value"] == alias
            and claim["valid_from"] <= day
            and (not claim["valid_to"] or day < claim["valid_to"])
        ]
        if owners:
            days[owners[0], day] = interactions
    return days


def build(company: Company, *arguments: str) -> dict[str, set[str]]:
    """Run dbt; the months each monthly model has built in this run."""
    before = _built(company)
    run = company.dbt("build", "--select", "+int_usage_days", *WITHOUT_TESTS, *arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select employee_id, cast(usage_date as varchar), interactions"
            " from intermediate.int_usage_days"
        ).fetchall()
    assert {(who, day): n for who, day, n in found} == expected_days(company)
    assert len(found) == len(expected_days(company))
    return {
        model: {month for month, number in numbers.items() if before[model].get(month) != number}
        for model, numbers in _built(company).items()
    }


def _built(company: Company) -> dict[str, dict[str, int]]:
    """Model to month to the number of the run that built it last."""
    if not company.warehouse.exists():
        return {model: {} for model in MODELS}
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        return {
            model: dict(
                connection.execute(
                    "select cast(built_month as varchar), max(build_number)"
                    f" from {schema}.{model}__months group by built_month"
                    " having arg_max_null(fingerprint, build_number) is not null"
                ).fetchall()
            )
            for schema, model in zip(("staging", "intermediate"), MODELS, strict=True)
        }


@pytest.fixture(scope="module")
def company(company_folder: Path) -> Company:
    """Built once; the tests below deliver to it one after the other, in this order."""
    company = small_company(company_folder).write()
    months = {"2025-12-01", *(f"2026-{month:02}-01" for month in range(1, 6))}
    assert build(company) == {model: months for model in MODELS}
    return company


def test_nothing_new_builds_nothing(company: Company) -> None:
    assert build(company) == {model: set() for model in MODELS}


def test_a_new_day_builds_its_month(company: Company) -> None:
    deliver(company, "2026-06-02", use("cem", "2026-06-01", 2))
    assert build(company) == {model: {"2026-06-01"} for model in MODELS}


def test_a_restated_day_builds_its_month_again_and_the_newest_file_counts(company: Company) -> None:
    # 2026-01-13 was delivered with 4 interactions; a late row of another January day comes with it.
    rows = use("ada", "2026-01-13", 1), use("cem", "2026-01-31", 7), use("cem", "2026-06-02", 5)
    deliver(company, "2026-06-03", *rows)
    assert build(company) == {model: {JANUARY, "2026-06-01"} for model in MODELS}


def test_a_changed_file_builds_the_months_it_has_and_had(company: Company) -> None:
    deliver(company, "2026-06-03", use("ada", "2026-02-28", 3), use("cem", "2026-06-02", 6))
    assert build(company) == {model: {JANUARY, "2026-02-01", "2026-06-01"} for model in MODELS}


def test_a_withdrawn_file_takes_its_month_with_it(company: Company) -> None:
    for date in ("2026-06-02", "2026-06-03"):
        company.delivery("usage", "tool_usage_daily", date).unlink()
    assert build(company) == {model: {"2026-02-01"} for model in MODELS}


def test_a_new_owner_builds_the_months_in_which_the_alias_was_used(company: Company) -> None:
    aliases = company.feeds["hris", "identity_aliases"]
    [eve] = [claim for claim in aliases if claim["employee_id"] == "E5"]
    eve["valid_to"] = "2026-05-01"
    aliases.append({**eve, "employee_id": "E4", "valid_from": "2026-05-01", "valid_to": ""})
    write_csv(company.delivery("hris", "identity_aliases"), aliases)
    assert build(company) == {MODELS[0]: set(), MODELS[1]: {MAY}}


def test_a_full_refresh_builds_everything_and_gives_the_same(company: Company) -> None:
    build(company, "--full-refresh")
    # The record starts again: every month was built by the same, first run.
    for numbers in _built(company).values():
        assert len(numbers) == 6 and len(set(numbers.values())) == 1


@pytest.mark.parametrize("after", ["(1, 'y'), (2, 'y')", "(1, 'y'), (2, 'x')", "(1, 'x')"])
def test_rows_that_change_in_pairs_change_the_fingerprint(after: str) -> None:
    macro = (PROJECT / "macros/engine/monthly.sql").read_text(encoding="utf-8")
    [body] = re.findall(r"macro default__row_hash[^%]*%}(.*?){%", macro)
    row_hash = body.replace("{{ columns | join(', ') }}", "a, b")

    def fingerprint(rows: str) -> object:
        sql = f"select count(*), bit_xor({row_hash}) from (values {rows}) as t (a, b)"
        return duckdb.sql(sql).fetchone()

    assert fingerprint("(1, 'x'), (2, 'x')") != fingerprint(after)
    assert fingerprint("(1, 'x'), (2, 'y')") != fingerprint("(1, 'y'), (2, 'x')")


def test_a_model_is_not_built_from_months_its_input_does_not_have_yet(company: Company) -> None:
    deliver(company, "2026-06-05", use("ada", "2026-05-22", 2))
    months = ("--select", "+int_usage_months", *WITHOUT_TESTS)
    assert company.dbt("build", *months).returncode == 0
    run = company.dbt("run", "--select", "int_usage_days")
    assert run.returncode == 1
    assert "dbt build --select int_usage_rows_matched+" in run.stdout
    assert build(company)["int_usage_days"] == {MAY}


@pytest.mark.parametrize("none", ["9999-12-31", "0001-01-01"])
def test_a_date_that_stands_for_none_is_set_aside(company: Company, none: str) -> None:
    path = deliver(company, "2026-06-06", use("ada", "2026-05-23", 2) | {"usage_date": none})
    run = company.dbt("run", "--select", "+base_generic__tool_usage_daily")
    assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        assert connection.execute(
            "select status_reason from staging.base_generic__tool_usage_daily"
            " where row_status = 'quarantined'"
        ).fetchall() == [("bad_date_usage_date",)]
    path.unlink()


def test_unreadable_dates_are_kept_apart_from_every_month(company: Company) -> None:
    good = use("ada", "2026-05-20", 2)
    deliver(company, "2026-06-04", good)
    build(company)
    path = company.delivery("usage", "tool_usage_daily", "2026-06-04")
    write_csv(path, [good, use("ada", "2026-05-21", 2) | {"usage_date": "21.05.2026"}])
    run = company.dbt("run", "--select", "+base_generic__tool_usage_daily")
    assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        assert connection.execute(
            "select cast(usage_month as varchar), status_reason, raw_text like '%21.05.2026%'"
            " from staging.base_generic__tool_usage_daily where row_status = 'quarantined'"
        ).fetchall() == [("0001-01-01", "bad_date_usage_date", True)]
