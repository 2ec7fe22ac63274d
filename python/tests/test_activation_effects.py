"""Effects of manager activation: the SQL against statsmodels, and how often it errs by chance."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm
from jinja2 import Environment
from scipy.stats import binom
from scipy.stats import t as student

from certgap.truth.statistics import t_95, t_test
from certgap.worlds.sql_models import DATABASE

MACROS = Path(__file__).parents[2] / "macros" / "metrics" / "statistics.sql"
MODELS = (
    "int_activation_sums",
    "int_activation_strata",
    "int_activation_clusters",
    "int_activation_estimates",
)
BINS = ("not_activated", "after_report", "0-27", "28-42", "43+")
COMPARED = {"activated": BINS[2:], **{name: (name,) for name in BINS[1:]}}
TOLERANCE = 1e-6
COLUMNS = ("program_id", "tool_id", "manager_group", "activation_lead_bin", "role_group",
           "baseline_status", "is_adopted")  # fmt: skip


@pytest.fixture(scope="module")
def estimates(compiled_models):
    """Reports, one array a column → (comparison, program, tool, value) → row of the estimates."""
    statements = {s.name: s for s in compiled_models.statements}

    def run(reports):
        with duckdb.connect(config={"threads": 2}) as connection:
            connection.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
            schema = statements[MODELS[0]].schema
            connection.execute(f'create schema "{schema}"; use {DATABASE}."{schema}"')
            connection.register("reports", pa.table(dict(zip(COLUMNS, reports, strict=True))))
            connection.execute(
                f"create table int_activation_cells as select {', '.join(COLUMNS[:-1])}, "
                "30 as checkpoint_day, count(*) as n_eligible, "
                "cast(sum(is_adopted) as bigint) as n_adopted from reports group by all"
            )
            for name in MODELS:
                connection.execute(f"create table {name} as {statements[name].sql}")
            cursor = connection.execute("select * from int_activation_estimates")
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        keys = ("comparison", "program_id", "tool_id", "dimension_value")
        return {tuple(row[key] for key in keys): row for row in rows}

    return run


def draw_reports(dice, program, n_managers, sizes, spread=1.0, effect=0.0, chances=None):
    """Teams with a bent of their own; a team that was activated has up to three bins."""
    size = dice.choice(sizes, n_managers)
    team = np.repeat(np.arange(n_managers), size)
    enabled = dice.random(n_managers) < 0.5
    bins = np.where(enabled[team], dice.choice(BINS[1:], len(team), p=chances), BINS[0])
    roles = dice.choice(["sales", "legal", "people", "rare"], len(team), p=[0.5, 0.3, 0.15, 0.05])
    baseline = dice.choice(["new", "existing", "unknown"], len(team), p=[0.6, 0.35, 0.05])
    tools = dice.choice(["t", "u"], len(team), p=[0.7, 0.3])
    bent = dice.normal(size=n_managers) * spread
    lean = bent[team] + (roles == "sales") + (baseline == "existing") - (tools == "u") - 0.7
    chance = 1 / (1 + np.exp(-lean)) + effect * enabled[team]
    adopted = (dice.random(len(team)) < chance).astype(int)
    managers = np.array([f"{program} {number}" for number in team])
    return [np.full(len(team), program), tools, managers, bins, roles, baseline, adopted]


def by_statsmodels(reports, tool, bins, is_adjusted):
    """The regression itself: its coefficient, its error, its numbers; None without both sides."""
    _, tools, managers, leads, roles, baseline, adopted = reports
    kept = np.isin(leads, (*bins, BINS[0])) & ((tools == tool) | (tool == "all"))
    x = np.isin(leads, bins).astype(float)
    parts = zip(tools, roles, baseline, strict=True) if is_adjusted else [("all",)] * len(x)
    strata = np.array(["|".join(part) for part in parts])
    shared = [name for name in np.unique(strata[kept]) if 0 < x[kept & (strata == name)].mean() < 1]
    kept &= np.isin(strata, shared)
    if not kept.any():
        return None
    constants = (strata[kept][:, None] == np.array(shared)[None, :]).astype(float)
    groups = np.unique(managers[kept], return_inverse=True)[1]
    model = sm.OLS(adopted[kept], np.column_stack([x[kept], constants]))
    error = None
    if kept.sum() > 1 + len(shared):
        error = model.fit(cov_type="cluster", cov_kwds={"groups": groups}).bse[0]
    return model.fit().params[0], error, int(kept.sum()), len(shared), groups.max() + 1


def test_differences_and_errors_equal_statsmodels(estimates):
    dice = np.random.default_rng(18)
    cases = {
        "even": draw_reports(dice, "even", 60, [8]),
        "uneven": draw_reports(dice, "uneven", 45, [1, 2, 5, 40]),
        "tiny": draw_reports(dice, "tiny", 14, [1, 2, 3]),
        "large": draw_reports(dice, "large", 200, [3, 12, 30], effect=0.1),
    }
    found = estimates([np.concatenate(columns) for columns in zip(*cases.values(), strict=True)])
    n_compared = 0
    for program, reports in cases.items():
        for comparison in ("crude", "adjusted"):
            for tool in ("t", "u", "all"):
                for value, bins in COMPARED.items():
                    row = found[comparison, program, tool, value]
                    expected = by_statsmodels(reports, tool, bins, comparison == "adjusted")
                    if expected is None:
                        assert row["difference"] is row["standard_error"] is None
                        assert row["n_treated"] == row["n_controls"] == row["n_strata"] == 0
                        continue
                    difference, error, n, n_strata, n_clusters = expected
                    assert row["difference"] == pytest.approx(difference, abs=TOLERANCE)
                    assert row["n_treated"] + row["n_controls"] == n
                    assert row["n_strata"] == n_strata
                    assert row["n_treated_clusters"] + row["n_control_clusters"] == n_clusters
                    if error is None:
                        assert row["standard_error"] is None
                    else:
                        assert row["standard_error"] == pytest.approx(error, abs=TOLERANCE)
                        n_compared += 1
    assert n_compared > 100


def drawn_programs(dice, n_programs, n_managers, spread, effect=0.0):
    programs = [
        draw_reports(dice, f"p{number}", n_managers, [4, 8, 12], spread, effect, [0, 0, 0, 1])
        for number in range(n_programs)
    ]
    return [np.concatenate(columns) for columns in zip(*programs, strict=True)]


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_of_twenty_programs_without_an_effect_about_one_shows_one(estimates, spread):
    """At the smallest number of managers that is told of; teams differ a lot, or not at all."""
    found = estimates(drawn_programs(np.random.default_rng(4), 400, 50, spread))
    for comparison in ("crude", "adjusted"):
        rows = [
            row
            for (name, _, tool, value), row in found.items()
            if (name, tool, value) == (comparison, "t", "activated")
            and min(row["n_treated_clusters"], row["n_control_clusters"]) >= 20
        ]
        alarms = 0
        for row in rows:
            freedom = min(row["n_treated_clusters"], row["n_control_clusters"]) - 1
            alarms += abs(row["difference"]) > t_95(freedom) * row["standard_error"]
        low, high = binom.interval(0.99, len(rows), 0.05)
        assert low <= alarms <= high, (comparison, alarms, len(rows))


def test_student_t_equals_scipy():
    macros = Environment().from_string(MACROS.read_text()).module
    freedoms = [*range(1, 60), 100, 1000, 50_000]
    tested = [(freedom, t / 8) for freedom in freedoms for t in range(49)]
    with duckdb.connect() as connection:
        table = {"freedom": [f for f, _ in tested], "t": [t for _, t in tested]}
        connection.register("tested", pa.table(table))
        found = connection.sql(
            f"with roots as (select *, {macros.t_root('t', 'freedom')} as root from tested), "
            f"deviates as (select *, {macros.normal_of_t_root('root', 'freedom')} as z from roots) "
            f"select freedom, t, {macros.t_95('freedom')}, {macros.student_p('t', 'freedom', 'z')} "
            "from deviates"
        ).fetchall()
    assert len(found) == len(tested)
    for freedom, t, quantile, p_value in found:
        assert quantile == pytest.approx(student.ppf(0.975, freedom), abs=TOLERANCE)
        within = 4e-5 if 3 <= freedom < 9 else 3e-9
        assert p_value == pytest.approx(2 * student.sf(t, freedom), abs=within)
        assert t_95(freedom) == pytest.approx(quantile, abs=1e-12)
        assert t_test(t, freedom) == pytest.approx(p_value, abs=1e-12)
