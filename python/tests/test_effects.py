"""Training effects: the SQL on the public county panel, against R's `did` and against matrices.

And on simulated panels: coverage, false alarms, and the world in which two-way fixed effects err.
`make effects-proof` takes a thousand panels of each world.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from jinja2 import Environment
from scipy import stats

from certgap.effects.estimator import CompiledEstimator
from certgap.effects.panel import NEVER, NEVER_ONLY, NOT_YET, Panel
from certgap.effects.proof import Tally, holds, try_world
from certgap.effects.simulated import WORLDS, draw_panel, two_way_fixed_effects
from certgap.truth.effects import Estimator

MPDTA = Path(__file__).parent / "fixtures" / "samples" / "mpdta"
MACROS = Path(__file__).parents[2] / "macros" / "metrics"
SAMPLE = 40
COUNTS = (
    "n_treated", "n_controls", "n_treated_clusters", "n_control_clusters", "n_cells",
    "n_dropped_cells",
)  # fmt: skip


@pytest.fixture(scope="module")
def estimator(compiled_models):
    return CompiledEstimator(compiled_models.statements)


def county_panel(control_group: str) -> Panel:
    with (MPDTA / "mpdta.csv").open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (int(row["county"]), int(row["year"])))
    years = np.arange(2003, 2008)
    outcomes = np.array([float(row["log_teen_employment"]) for row in rows]).reshape(-1, 5)
    first = np.array([int(row["first_treated"]) for row in rows[::5]])
    counties = np.array([int(row["county"]) for row in rows[::5]])
    treated = np.where(first == 0, NEVER, first)
    return Panel(control_group, years, treated, counties, outcomes, control_group)


def published() -> list[dict[str, str]]:
    with (MPDTA / "published.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def of_panel(rows, panel_id):
    """Aggregation and value → row."""
    return {
        (row["aggregation"], row["value_number"]): row
        for row in rows
        if row["panel_id"] == panel_id
    }


def by_matrices(panel: Panel, **settings) -> Estimator:
    treated = np.where(panel.treated_period == NEVER, np.inf, panel.treated_period)
    never_only = panel.control_group == NEVER_ONLY
    periods = [int(period) for period in panel.periods]
    entered = panel.entered_period.astype(float)
    return Estimator(
        periods, treated, panel.clusters, panel.outcomes, never_only, entered=entered, **settings
    )


def single_cell(panel: Panel, group: int, period: int) -> Panel:
    """The group and its controls alone, so that each event time is one group-time effect."""
    later = panel.treated_period > period
    controls = (panel.treated_period == NEVER) | (later & (panel.control_group == NOT_YET))
    kept = (panel.treated_period == group) | controls
    treated = np.where(panel.treated_period == group, group, NEVER)[kept]
    name = f"{panel.panel_id} {group} {period}"
    units = panel.clusters[kept], panel.outcomes[kept]
    return replace(
        panel, panel_id=name, treated_period=treated, clusters=units[0], outcomes=units[1]
    )


@pytest.fixture(scope="module")
def county_results(estimator):
    """Cells, and estimates of the whole panels and of the cells alone."""
    panels = [county_panel(NOT_YET), county_panel(NEVER_ONLY)]
    alone = [
        single_cell(panel, int(row["group"]), int(row["value"]))
        for panel in panels
        for row in published()
        if row["aggregation"] == "cell" and row["control_group"] == panel.panel_id
    ]
    with estimator.run([*panels, *alone]) as connection:
        cells = connection.execute(
            "select panel_id, treated_period, period, effect from int_effect_cells"
        ).fetchall()
        cursor = connection.execute("select * from int_effect_estimates")
        columns = [column[0] for column in cursor.description]
        estimates = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return {cell[:3]: cell[3] for cell in cells}, estimates


def test_the_sql_gives_the_published_group_time_effects(county_results):
    cells, estimates = county_results
    rows = [row for row in published() if row["aggregation"] == "cell"]
    assert len(rows) == 24
    for row in rows:
        group, period = int(row["group"]), int(row["value"])
        effect = cells[row["control_group"], group, period]
        assert effect == pytest.approx(float(row["estimate"]), abs=1e-6), row
        alone = of_panel(estimates, f"{row['control_group']} {group} {period}")
        single = alone["event_time", period - group]
        assert single["estimate"] == pytest.approx(float(row["estimate"]), abs=1e-6), row
        assert single["standard_error"] == pytest.approx(float(row["standard_error"]), rel=0.01)


def test_the_sql_gives_the_published_aggregations(county_results):
    _, estimates = county_results
    rows = [row for row in published() if row["aggregation"] not in ("cell", "wald")]
    for row in rows:
        found = of_panel(estimates, row["control_group"])
        value = int(row["value"]) if row["value"] else None
        figure = found[row["aggregation"], value]
        assert figure["estimate"] == pytest.approx(float(row["estimate"]), abs=1e-6), row
        error = float(row["standard_error"])
        assert figure["standard_error"] == pytest.approx(error, rel=0.01), row
    for control_group in (NOT_YET, NEVER_ONLY):
        n_published = sum(row["control_group"] == control_group for row in rows)
        assert len(of_panel(estimates, control_group)) == n_published


def test_the_matrices_give_the_published_test_of_the_pre_periods():
    # R divides by the number of units, here it is one less.
    for row in published():
        if row["aggregation"] == "wald":
            estimator = by_matrices(county_panel(row["control_group"]))
            leads = [cell for cell in estimator.estimate().cells if cell.event_time < 0]
            statistic, freedom = estimator.wald([(c.effect, c.influence) for c in leads])
            assert freedom == int(row["value"])
            assert statistic * 500 / 499 == pytest.approx(float(row["estimate"]), rel=1e-6)


def assert_equal(rows, effects):
    assert set(rows) == set(effects.figures)
    statistic, freedom = effects.pretest
    for name, row in rows.items():
        figure = effects.figures[name]
        if figure.estimate is None:
            assert row["estimate"] is row["standard_error"] is None, name
        else:
            assert row["estimate"] == pytest.approx(figure.estimate, abs=1e-10), name
            assert row["standard_error"] == pytest.approx(figure.standard_error, rel=1e-8), name
        for column in COUNTS:
            assert row[column] == getattr(figure, column), (name, column)
        assert row["n_clusters"] == effects.n_clusters
        assert row["pretrend_degrees_of_freedom"] == freedom
        if freedom:
            assert row["pretrend_statistic"] == pytest.approx(statistic, rel=1e-6)
            p_value = stats.chi2.sf(statistic, freedom)
            assert row["pretrend_p_value"] == pytest.approx(p_value, rel=1e-6)
        else:
            assert row["pretrend_p_value"] is None


@pytest.mark.parametrize("control_group", [NOT_YET, NEVER_ONLY])
def test_the_sql_equals_the_matrices_on_the_county_panel(county_results, control_group):
    effects = by_matrices(county_panel(control_group)).estimate()
    assert_equal(of_panel(county_results[1], control_group), effects)


def odd_panels() -> list[Panel]:
    """Clusters across groups, gaps, tiny groups, nobody untreated, one group, nobody treated."""
    dice = np.random.default_rng(8)

    def panel(name, periods, groups, chances, n_units=240, n_clusters=30):
        treated = dice.choice(groups, n_units, p=chances)
        clusters = dice.integers(0, n_clusters, n_units)
        outcomes = (
            dice.normal(size=(n_units, len(periods))) + dice.normal(size=n_clusters)[clusters, None]
        )
        return Panel(name, np.array(periods), treated, clusters, outcomes)

    six = [1, 2, 3, 4, 5, 6]
    late = panel("late entries", six, [3, 4, 6, NEVER], [0.3, 0.2, 0.2, 0.3])
    late = replace(late, entered=dice.choice([1, 2, 3, 5], 240, p=[0.5, 0.2, 0.2, 0.1]))
    return [
        late,
        replace(late, panel_id="nobody at first", entered=np.maximum(late.entered, 2)),
        panel("clusters", six, [3, 4, 6, NEVER], [0.3, 0.2, 0.2, 0.3]),
        panel("gaps", [1, 2, 4, 5, 8, 9], [3, 4, 6, NEVER], [0.3, 0.2, 0.2, 0.3]),
        panel("tiny", six, [2, 4, 5, NEVER], [0.02, 0.3, 0.3, 0.38]),
        panel("all treated", six, [3, 5], [0.5, 0.5]),
        panel("treated at once", six, [1, 3, NEVER], [0.3, 0.3, 0.4]),
        panel("one group", six, [4, NEVER], [0.5, 0.5]),
        panel("one group without controls", six, [4], [1.0]),
        panel("two periods", [1, 2], [2, NEVER], [0.5, 0.5]),
    ]


def test_the_sql_equals_the_matrices_on_odd_panels(estimator):
    panels = odd_panels()
    panels += [
        replace(p, panel_id=f"{p.panel_id}, never", control_group=NEVER_ONLY) for p in panels
    ]
    nobody = replace(panels[0], panel_id="nobody", treated_period=np.full(240, NEVER))
    rows = estimator.estimates([*panels, nobody])
    for panel in panels:
        assert_equal(of_panel(rows, panel.panel_id), by_matrices(panel).estimate())
    assert of_panel(rows, "nobody") == {}


def test_a_month_of_two_managers_has_two_whatever_the_others_have(estimator):
    # The spread of two managers says little about chance: an interval of theirs is far too short.
    clusters = np.repeat(np.arange(60), 8)
    dice = np.random.default_rng(3)
    treated = np.where(clusters < 2, 4, np.tile([6, NEVER], 240))
    outcomes = dice.normal(size=(clusters.size, 6))
    panel = Panel("two managers", np.arange(1, 7), treated, clusters, outcomes)
    rows = of_panel(estimator.estimates([panel]), "two managers")
    assert rows["group", 4]["n_treated_clusters"] == 2
    assert rows["event_time", 2]["n_treated_clusters"] == 2
    assert rows["group", 6]["n_treated_clusters"] == 58
    assert rows["overall", None]["n_treated_clusters"] == 60


def test_one_unit_may_be_many_rows_of_a_cluster(estimator):
    # Sums are all that is read: units of one cluster and group in any order and packing.
    panel = odd_panels()[2]
    order = np.random.default_rng(1).permutation(panel.clusters.size)
    mixed = replace(
        panel,
        panel_id="mixed",
        treated_period=panel.treated_period[order],
        clusters=panel.clusters[order],
        outcomes=panel.outcomes[order],
    )
    rows = estimator.estimates([panel, mixed])
    first, second = of_panel(rows, panel.panel_id), of_panel(rows, "mixed")
    for name, row in first.items():
        assert second[name]["estimate"] == pytest.approx(row["estimate"], abs=1e-12)
        assert second[name]["standard_error"] == pytest.approx(row["standard_error"], rel=1e-9)


@pytest.fixture(scope="module")
def tallies(estimator):
    return {world.name: try_world(estimator, world, SAMPLE) for world in WORLDS.values()}


@pytest.mark.parametrize("name", WORLDS)
def test_intervals_and_false_alarms_are_as_promised(tallies, name):
    assert tallies[name].judge() == []
    assert tallies[name].n_panels == SAMPLE


def test_growing_effects_have_the_right_sign_where_two_way_effects_are_wrong(tallies):
    tally = tallies["growing effect"]
    assert tally.n_right_signs == SAMPLE
    assert tally.n_two_way_wrong == SAMPLE


def test_early_adopters_use_the_tool_more_without_any_effect():
    # What a comparison of trained and untrained people would call an effect.
    panel = draw_panel(WORLDS["selection only"], 1)
    last = panel.outcomes[:, -1]
    trained = panel.treated_period != NEVER
    assert last[trained].mean() - last[~trained].mean() > 0.04


def test_two_way_effects_are_right_where_effects_are_steady():
    panel = draw_panel(WORLDS["steady effect"], 1)
    assert two_way_fixed_effects(panel) == pytest.approx(0.10, abs=0.05)


def test_a_tally_says_what_is_not_as_promised():
    tally = Tally(WORLDS["zero effect"])
    for _ in range(200):
        tally.add({"estimate": 0.1, "standard_error": 0.01, "pretrend_p_value": 0.5}, 0.0)
    assert [problem.split(":")[0] for problem in tally.judge()] == [
        "interval holds the truth",
        "false alarm",
        "bias",
    ]
    tally = Tally(WORLDS["steady effect"])
    tally.add({"estimate": -0.1, "standard_error": 1.0, "pretrend_p_value": 0.5}, 0.0)
    assert tally.judge() == ["bias: -20.00 points", "right sign: 0 of 1 panels"]


def test_a_share_fails_only_outside_its_99_percent_interval():
    assert holds(933, 1000, 0.95)
    assert not holds(930, 1000, 0.95)


@pytest.mark.parametrize("freedom", range(1, 8))
@pytest.mark.parametrize("statistic", [0.0, 0.3, 4.0, 30.0])
def test_chi_square_p_equals_scipy(freedom, statistic):
    text = "".join((MACROS / f"{name}.sql").read_text() for name in ("statistics", "effects"))
    macros = Environment(extensions=["jinja2.ext.do"]).from_string(text).module
    sql = macros.chi_square_p("root", "freedom", 7)
    found = duckdb.sql(
        f"select {sql} from (select sqrt({statistic}e0) as root, {freedom} as freedom)"
    ).fetchone()[0]
    assert found == pytest.approx(stats.chi2.sf(statistic, freedom), rel=1e-12)
