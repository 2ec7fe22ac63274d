"""The SQL statistics against named references: scipy's erfc and Wilson's interval as published."""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import pytest
from jinja2 import Environment
from scipy import stats

MACROS = Path(__file__).parents[2] / "macros" / "metrics" / "statistics.sql"


@pytest.fixture(scope="module")
def macros():
    return Environment().from_string(MACROS.read_text()).module


def value(sql: str) -> float | None:
    return duckdb.sql(f"select {sql}").fetchone()[0]


@pytest.mark.parametrize(
    "z", [0.0, 1e-9, 0.3, 0.66, 0.67, 1.0, 1.96, -2.5, 4.0, 5.65, 5.66, 8.0, 20.0]
)
def test_two_sided_p_equals_scipy(macros, z):
    # One value from each of Cody's three ranges and both sides of their borders.
    sql = f"(select {macros.two_sided_p('z')} from (select cast({z} as double) as z))"
    assert value(sql) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-12)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (10, 10), (1, 7), (180, 1000), (3, 4), (1, 1)])
def test_wilson_interval_equals_scipy(macros, k, n):
    low = value(f"(select {macros.wilson_low('k', 'n')} from (select {k} as k, {n} as n))")
    high = value(f"(select {macros.wilson_high('k', 'n')} from (select {k} as k, {n} as n))")
    reference = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert low == pytest.approx(reference.low, abs=1e-12)
    assert high == pytest.approx(reference.high, abs=1e-12)
    assert 0 <= low <= k / n <= high <= 1


def test_wilson_interval_of_nobody_is_null(macros):
    assert value(f"(select {macros.wilson_low('k', 'n')} from (select 0 as k, 0 as n))") is None


def test_wilson_does_not_overflow_at_millions(macros):
    sql = f"(select {macros.wilson_low('k', 'n')} from (select 2000000 as k, 3700000 as n))"
    assert math.isfinite(value(sql))


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_interval_equals_the_published_one(a, b, low, high):
    text = MACROS.read_text()
    macros = Environment().from_string(text).module
    counts = f"(select {a[0]} as a, {a[1]} as n, {b[0]} as b, {b[1]} as m)"
    for macro, expected in ((macros.newcombe_low, low), (macros.newcombe_high, high)):
        sql = f"(select {macro('a', 'n', 'b', 'm')} from {counts})"
        assert value(sql) == pytest.approx(expected, abs=5e-5)
