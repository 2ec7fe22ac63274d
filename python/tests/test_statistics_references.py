"""The statistics of the truth and of the SQL against named references, on random tables.

statsmodels: Wilson and Newcombe intervals, Benjamini-Hochberg; lifelines: Kaplan-Meier. Both come
from requirements/test.txt, which `make test` installs.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from jinja2 import Environment
from lifelines import KaplanMeierFitter
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from certgap.truth.statistics import benjamini_hochberg, kaplan_meier, newcombe, wilson

MACROS = Path(__file__).parents[2] / "macros" / "metrics" / "statistics.sql"
TOLERANCE = 1e-6
# Two groups: successes and trials of each; the corners first, then 300 at random.
CORNERS = [(0, 1, 0, 1), (1, 1, 0, 1), (0, 5, 7, 7), (7, 7, 7, 7), (3, 10, 30, 100)]


@pytest.fixture(scope="module")
def tables():
    rng = np.random.default_rng(6)
    trials = np.concatenate([rng.integers(1, 40, (200, 2)), rng.integers(1, 500_000, (100, 2))])
    successes = rng.integers(0, trials + 1)
    random = [
        (int(k[0]), int(n[0]), int(k[1]), int(n[1])) for k, n in zip(successes, trials, strict=True)
    ]
    return CORNERS + random


@pytest.fixture(scope="module")
def by_sql(tables):
    """Both intervals of every table by the macros: Wilson low and high, Newcombe low and high."""
    macros = Environment().from_string(MACROS.read_text()).module
    expressions = [
        macros.wilson_low("k1", "n1"),
        macros.wilson_high("k1", "n1"),
        macros.newcombe_low("k1", "n1", "k2", "n2"),
        macros.newcombe_high("k1", "n1", "k2", "n2"),
    ]
    columns = dict(zip(("k1", "n1", "k2", "n2"), map(list, zip(*tables, strict=True)), strict=True))
    numbered = pa.table(columns | {"place": range(len(tables))})
    with duckdb.connect() as connection:
        connection.register("tables", numbered)
        return connection.sql(
            f"select {', '.join(expressions)} from tables order by place"
        ).fetchall()


def test_wilson_equals_statsmodels(tables, by_sql):
    for (k, n, _, _), found in zip(tables, by_sql, strict=True):
        expected = pytest.approx(proportion_confint(k, n, method="wilson"), abs=TOLERANCE)
        assert wilson(k, n) == expected, (k, n)
        assert found[:2] == expected, (k, n)


def test_newcombe_equals_statsmodels(tables, by_sql):
    for table, found in zip(tables, by_sql, strict=True):
        reference = confint_proportions_2indep(*table, method="newcomb", compare="diff")
        expected = pytest.approx(reference, abs=TOLERANCE)
        assert newcombe(*table) == expected, table
        assert found[2:] == expected, table


def test_newcombe_of_nobody_is_not_known():
    macros = Environment().from_string(MACROS.read_text()).module
    for k1, n1, k2, n2 in [(0, 0, 1, 2), (1, 2, 0, 0)]:
        assert newcombe(k1, n1, k2, n2) == (None, None)
        sql = f"select {macros.newcombe_low('k1', 'n1', 'k2', 'n2')}"
        sql += f" from (select {k1} as k1, {n1} as n1, {k2} as k2, {n2} as n2)"
        assert duckdb.sql(sql).fetchone()[0] is None


def test_benjamini_hochberg_equals_statsmodels():
    rng = np.random.default_rng(7)
    for size in (1, 2, 3, 10, 200):
        p_values = list(np.round(rng.random(size) ** 3, 2))  # rounded, so that some tie
        expected = multipletests(p_values, method="fdr_bh")[1]
        assert benjamini_hochberg(p_values) == pytest.approx(list(expected), abs=TOLERANCE)


def test_kaplan_meier_equals_lifelines():
    rng = np.random.default_rng(8)
    days = list(range(183))
    for size in (1, 2, 5, 30, 400):
        for share_of_events in (0.0, 0.3, 1.0):
            times = rng.integers(0, 183, size)
            events = rng.random(size) < share_of_events
            seen = times > 0  # lifelines would count a unit that is never at risk
            found = kaplan_meier(
                [(int(t), bool(e and t > 0)) for t, e in zip(times, events, strict=True)], 182
            )
            if not seen.any():
                continue
            fitter = KaplanMeierFitter().fit(times[seen], events[seen])
            expected = fitter.survival_function_at_times(days).to_list()
            assert found == pytest.approx(expected, abs=TOLERANCE)
