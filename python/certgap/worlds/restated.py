"""`restatements` of a random company: published at one time, then built from other deliveries.

The project's SQL builds both; its first build is recorded as `certgap publish` records one. The
truth is told the two Worlds alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from certgap.compare import Report, TableReport, compare_rows
from certgap.publish import store
from certgap.truth.restatements import Hashes, restatements
from certgap.worlds.drawing import Dice
from certgap.worlds.earlier import as_known_earlier
from certgap.worlds.random_company import RandomCompany, draw_company
from certgap.worlds.sql_models import CompiledModels

TABLE = "restatements"
# What the record says of the publication itself.
OF_PUBLICATION = (
    "publication_id", "published_at", "published_received_until", "published_rules_hash",
)  # fmt: skip
OTHER_RULES = "other"


@dataclass(frozen=True)
class Publication:
    """What was published of a company and what it is known as now; each World has its as-of date.

    `has_other_rules`: the record says that it was published under rules of another hash.
    """

    then: RandomCompany
    now: RandomCompany
    has_other_rules: bool = False


def with_news(company: RandomCompany) -> Publication:
    """Published before its later news, built with them."""
    return Publication(as_known_earlier(company, Dice(company.seed)), company)


def with_withdrawals(company: RandomCompany) -> Publication:
    """Published with everything, as of some days before a build from which much was withdrawn."""
    now = as_known_earlier(company, Dice(company.seed))
    return Publication(_as_of(company, now.world.settings.as_of_date - timedelta(days=9)), now)


def _as_of(company: RandomCompany, day: date) -> RandomCompany:
    world = company.world
    return replace(company, world=replace(world, settings=replace(world.settings, as_of_date=day)))


def restated(
    models: CompiledModels, publication: Publication
) -> tuple[TableReport, list[dict[str, Any]]]:
    """What differs between SQL and truth, and the rows of the truth."""
    then, now = publication.then, publication.now
    with models.run(then, then.world.settings.as_of_date, record={}) as connection:
        record = _record_of(connection, publication.has_other_rules)
    with models.run(now, now.world.settings.as_of_date, record=record) as connection:
        cursor = connection.execute(f"select * exclude {OF_PUBLICATION} from main.{TABLE}")
        columns = [column[0] for column in cursor.description]
        found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    hashes = Hashes(publication.has_other_rules, _files(then) == _files(now))
    expected = restatements(then.world, now.world, hashes)
    return compare_rows(TABLE, expected, found, columns), expected


def _record_of(connection: duckdb.DuckDBPyConnection, has_other_rules: bool) -> dict[str, pa.Table]:
    """The record after the build of the connection was published, as the first."""
    rules = f"'{OTHER_RULES}'" if has_other_rules else "rules_hash"
    published_at = datetime(2026, 1, 1)
    read = {
        store.LOG: f"select timestamp '{published_at}' as published_at,"
        f" * replace ({rules} as rules_hash) from intermediate.int_build_stamp",
        "published_watermarks": "select tool_id, watermark_date"
        " from intermediate.int_tool_coverage",
        "published_figures": "select * from main.current_figures",
    }
    return {
        table: connection.execute(f"select 1 as publication_id, * from ({sql})").to_arrow_table()
        for table, sql in read.items()
    }


def _files(company: RandomCompany) -> Counter[Any]:
    """Every file with its number of rows: what the hash of the deliveries is made of."""
    rows = company.feeds.rows.items()
    return Counter((feed, day) for feed, delivered in rows for day, _ in delivered)


def prove_restatements(
    compiled: list[CompiledModels], seeds: Iterable[int]
) -> Iterator[tuple[int, Report]]:
    """The companies of the seeds of which `restatements` differ, with news or withdrawals."""
    for seed in seeds:
        models = compiled[seed % len(compiled)]
        company = draw_company(seed, models.variables, models.key)
        told = [with_news(company), with_withdrawals(company)]
        report = Report([restated(models, publication)[0] for publication in told])
        if not report.agrees:
            yield seed, report
