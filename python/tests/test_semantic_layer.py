"""The metrics of models/semantic give the figures of the marts, asked for by any dimension.

Reads the sample company as `make test` built it: marts and metrics start from the same units and
count them by different ways, the marts in SQL of their own, the metrics by what MetricFlow writes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from semantic_layer import SemanticLayer

PROJECT = Path(__file__).resolve().parents[2]
N = (30, 60, 90)
# metric of units → its column in adoption_rates (a) or certification_gaps (g)
WITHOUT_N = {
    "n_assigned": "a.n_assigned",
    "n_assigned_completed": "a.n_assigned_completed",
    "completion_rate": "a.completion_rate",
    "n_completed": "a.n_completed",
}
AT_N = {
    **{name: f"a.{name}" for name in ("n_eligible", "n_adopted", "adoption_rate")},
    **{name: f"a.{name}" for name in ("n_new", "n_new_adopted", "conversion_rate")},
    **{name: f"a.{name}" for name in ("n_existing", "n_existing_adopted", "retention_rate")},
    "n_target": "a.n_eligible * a.target_rate",
    **{name: f"g.{name}" for name in ("certification_gap", "gap_to_target", "missing_adopters")},
    "net_missing_adopters": "g.net_missing_adopters",
}
SPANS = ("30_60", "60_90")
REVERSION = {
    f"{name}_{span}": f"c.{name}_{span}"
    for name in ("n_at_risk", "n_reverted", "reversion_rate")
    for span in SPANS
}
# dimension of the marts → what is grouped by, and the mart's value of it
DIMENSIONS: dict[str, tuple[str, ...]] = {
    "all": (),
    **{
        name: (name,)
        for name in ("track", "audience", "role_group", "department", "location", "platform")
    },
    "manager": ("manager",),
    "tool": ("tool",),
    "completion_month": ("metric_time__month",),
    "role_group_tool": ("role_group", "tool"),
    "manager_tool": ("manager", "tool"),
}
SEATS = {
    "n_seats": "n_seats",
    "n_seats_without_cost": "n_seats_without_cost",
    "monthly_cost": "monthly_cost",
    "n_seat_adopters": "n_adopters",
    "n_seat_holders_not_judged": "n_adopters_not_judged",
    "cost_per_adopter_low": "cost_per_adopter_low",
    "cost_per_adopter_high": "cost_per_adopter_high",
}
SEAT_DIMENSIONS = (
    *("all", "track", "audience", "role_group", "department", "manager"),
    *("tool", "role_group_tool"),
)

Figures = dict[tuple[str, ...], dict[str, Any]]


@pytest.fixture(scope="module")
def warehouse() -> Path:
    if not os.environ.get("CERTGAP_WAREHOUSE"):
        pytest.skip("run by make test, which builds the sample company first")
    return PROJECT / os.environ["CERTGAP_WAREHOUSE"]


@pytest.fixture(scope="module")
def layer(warehouse: Path) -> SemanticLayer:
    return SemanticLayer(warehouse.parent / "dbt" / "semantic_manifest.json", warehouse)


@pytest.fixture(scope="module")
def manifest(warehouse: Path) -> dict[str, Any]:
    return json.loads((warehouse.parent / "dbt" / "manifest.json").read_text("utf-8"))


def of_marts(layer: SemanticLayer, columns: dict[str, str], sql: str) -> dict[str, Figures]:
    """Program → figures; the query's first columns are program, dimension_value and N."""
    cursor = layer.connection.execute(sql.format(columns=", ".join(columns.values())))
    programs: dict[str, Figures] = {}
    for program, value, n, *figures in cursor.fetchall():
        row = programs.setdefault(program, {}).setdefault((value,), {})
        for name, figure in zip(columns, figures, strict=True):
            row[name if name in WITHOUT_N or n is None else f"{name}_{n}"] = figure
    return programs


def of_metrics(
    layer: SemanticLayer, names: list[str], dimension: str, program: bool, where: str = ""
) -> dict[str, Figures]:
    """The same, as the metrics give it: program `all`, or each program."""
    prefix = "program_" if program else ""
    group_by = (*(("program",) if program else ()), *DIMENSIONS[dimension])
    asked = [prefix + name for name in names]
    programs: dict[str, Figures] = {}
    for key, row in layer.rows(asked, group_by, where).items():
        values = [f"{v:%Y-%m}" if "month" in g else v for g, v in zip(group_by, key, strict=True)]
        owner = values.pop(0) if program else "all"
        value = "|".join(values) or "all"
        programs.setdefault(owner, {})[(value,)] = {
            name.removeprefix(prefix): figure for name, figure in row.items()
        }
    return programs


def differences(expected: dict[str, Figures], found: dict[str, Figures]) -> Iterator[str]:
    """What differs. A count of nobody is 0 in a mart; a cell of nobody is no cell of a metric."""
    sides = (expected, found)
    cells = [(program, key) for side in sides for program in side for key in side[program]]
    for program, key in dict.fromkeys(cells):
        left, right = (side.get(program, {}).get(key, {}) for side in sides)
        for name in left.keys() | right.keys():
            a, b = left.get(name), right.get(name)
            is_count = name.startswith(("n_", "missing_", "net_missing_"))
            if is_count:
                a, b = a or 0, b or 0
            if (a is None) != (b is None) or (a is not None and b != pytest.approx(a, abs=1e-8)):
                yield f"{program}, {key[0]}: {name} is {b} instead of {a}"


RATES = """
    select a.program_id, a.dimension_value, a.checkpoint_day, {{columns}}
    from adoption_rates as a join certification_gaps as g using
        (program_id, tool_id, checkpoint_day, dimension, dimension_value)
    where a.tool_id = '{tool}' and a.dimension = '{dimension}' and a.program_id {program} 'all'
"""


@pytest.mark.parametrize("program", [False, True], ids=["units", "programs"])
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_metric_by_every_dimension_is_the_figure_of_the_marts(layer, dimension, program):
    sql = RATES.format(tool="all", dimension=dimension, program="<>" if program else "=")
    expected = of_marts(layer, WITHOUT_N | AT_N, sql)
    names = [*WITHOUT_N, *(f"{name}_{n}" for name in AT_N for n in N)]
    found = of_metrics(layer, names, dimension, program)
    assert len(expected) == (4 if program else 1)
    assert {len(row) for cells in expected.values() for row in cells.values()} == {len(names)}
    assert list(differences(expected, found)) == []


@pytest.mark.parametrize("dimension", ["all", "role_group", "manager", "completion_month"])
@pytest.mark.parametrize("program", [False, True], ids=["units", "programs"])
def test_a_filter_by_tool_gives_the_rows_of_the_tool(layer, dimension, program):
    sql = RATES.format(tool="copilot_m365", dimension=dimension, program="<>" if program else "=")
    expected = of_marts(layer, WITHOUT_N | AT_N, sql)
    names = [*WITHOUT_N, *(f"{name}_{n}" for name in AT_N for n in N)]
    where = "{{ Entity('tool') }} = 'copilot_m365'"
    assert list(differences(expected, of_metrics(layer, names, dimension, program, where))) == []


@pytest.mark.parametrize("program", [False, True], ids=["units", "programs"])
@pytest.mark.parametrize("tool", ["all", "copilot_m365"])
def test_reversion_by_manager_is_that_of_the_cohorts(layer, tool, program):
    expected = of_marts(
        layer,
        REVERSION,
        f"""
        select c.program_id, c.manager_key, null, {{columns}} from manager_cohorts as c
        where c.tool_id = '{tool}' and c.program_id {"<>" if program else "="} 'all'
            and c.checkpoint_day = 90
        """,
    )
    where = "" if tool == "all" else f"{{{{ Entity('tool') }}}} = '{tool}'"
    found = of_metrics(layer, [*REVERSION], "manager", program, where)
    assert sum(row["n_reverted_30_60"] for cells in expected.values() for row in cells.values())
    assert list(differences(expected, found)) == []


@pytest.mark.parametrize("dimension", ["all", "department", "completion_month"])
def test_reversion_by_other_dimensions_is_counted_by_person(layer, dimension):
    value = {
        "all": "'all'",
        "department": "coalesce(early.department_at_completion, 'unknown')",
        "completion_month": "strftime(early.completion_date, '%Y-%m')",
    }[dimension]
    counted = [
        f"""
        select {value} as cell, count(*) as at_risk,
            count(*) filter (where not late.is_adopted) as reverted
        from fct_learner_tool_checkpoints as early
        join fct_learner_tool_checkpoints as late using (employee_key, tool_id, program_scope)
        where program_scope = 'all' and early.is_adopted and late.status = 'eligible'
            and (early.checkpoint_day, late.checkpoint_day) = ({a}, {b})
        group by 1
        """
        for a, b in ((30, 60), (60, 90))
    ]
    expected: Figures = {}
    for span, sql in zip(SPANS, counted, strict=True):
        for cell, at_risk, reverted in layer.connection.execute(sql).fetchall():
            row = expected.setdefault((cell,), dict.fromkeys(REVERSION))
            row |= {f"n_at_risk_{span}": at_risk, f"n_reverted_{span}": reverted}
            row[f"reversion_rate_{span}"] = reverted / at_risk
    assert expected
    found = of_metrics(layer, [*REVERSION], dimension, program=False)
    assert list(differences({"all": expected}, found)) == []


@pytest.mark.parametrize("dimension", SEAT_DIMENSIONS)
def test_the_cost_per_adopter_is_that_of_licence_value(layer, dimension):
    expected = of_marts(
        layer,
        SEATS,
        f"""
        select program_id, dimension_value, null, {{columns}} from licence_value
        where tool_id = 'all' and dimension = '{dimension}' and n_seats > 0
        """,
    )
    if dimension != "all":  # of all seats together, some have no reported cost
        assert any(row["cost_per_adopter_high"] for row in expected["all"].values())
    found = of_metrics(layer, [*SEATS], dimension, program=False)
    assert list(differences(expected, found)) == []


def test_a_quarter_is_that_of_the_board_summary(layer):
    names = ["n_assigned", "completion_rate", *(f"adoption_rate_{n}" for n in N)]
    expected = {
        quarter: figures
        for quarter, *figures in layer.connection.execute(
            f"""
            select completion_quarter, nullif(n_assigned, 0), {", ".join(names[1:])}
            from board_summary
            where program_id = 'all' and completion_quarter not in ('all', 'unknown')
            """
        ).fetchall()
    }
    found = {
        f"{day:%Y}-Q{(day.month + 2) // 3}": [row[name] for name in names]
        for (day,), row in layer.rows(names, ("metric_time__quarter",)).items()
    }
    assert len(expected) > 1
    assert found == {
        quarter: [pytest.approx(figure) if figure is not None else None for figure in figures]
        for quarter, figures in expected.items()
    }


@pytest.mark.parametrize("grain", ["day", "week", "year"])
def test_the_cells_of_every_other_grain_add_up(layer, grain):
    names = ["n_assigned", "n_completed", "n_adopted_90", "net_missing_adopters_90"]
    total = layer.rows(names)[()]
    cells = layer.rows(names, (f"metric_time__{grain}",)).values()
    for name in names:
        assert sum(row[name] or 0 for row in cells) == pytest.approx(total[name]), name


def test_tools_and_programs_can_be_asked_for_by_what_they_are(layer):
    by_vendor = layer.rows(["n_completed"], ("tool__vendor",))
    by_tool = layer.rows(["n_completed"], ("tool", "tool__vendor"))
    summed: dict[str, int] = {}
    for (_, vendor), row in by_tool.items():
        summed[vendor] = summed.get(vendor, 0) + row["n_completed"]
    assert {vendor: row["n_completed"] for (vendor,), row in by_vendor.items()} == summed
    names = layer.rows(["program_n_completed"], ("program", "program__program_name"))
    assert len(names) == 4 and all(name for _, name in names)


def test_units_cannot_be_asked_for_by_program(layer):
    with pytest.raises(Exception, match="does not match any of the available"):
        layer.rows(["adoption_rate_90"], ("program",))


def test_mf_validate_configs_finds_nothing(layer):
    assert layer.issues() == []


def test_metrics_of_programs_are_those_of_units(layer):
    """Two families of one definition: a change of one must be made in the other."""
    families: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for metric in layer.manifest.metrics:
        name = metric.name.removeprefix("program_")
        if "seat" in name or "cost" in name:
            continue
        said = metric.type_params.json() + metric.description
        families[metric.name != name][name] = said.replace("program_", "")
    assert families[True] == families[False]
    assert len(families[True]) > 45


def test_metrics_are_for_the_restricted_group(manifest):
    metrics = list(manifest["metrics"].values())
    assert len(metrics) > 100
    assert {metric["config"]["group"] for metric in metrics} == {"restricted"}
    assert {metric["config"]["meta"].get("suppressed") for metric in metrics} == {False}
    assert all(len(metric["description"]) > 10 for metric in metrics)
    models = [node for node in manifest["nodes"].values() if node["fqn"][1] == "semantic"]
    views = [node for node in models if node["resource_type"] == "model"]
    assert {(node["access"], node["group"]) for node in views} == {("private", "restricted")}


def test_what_differs_is_named():
    expected: dict[str, Figures] = {"all": {("a",): {"n_x": 2, "rate": 0.5}, ("b",): {"n_x": 0}}}
    found: dict[str, Figures] = {"all": {("a",): {"n_x": 2, "rate": None}, ("c",): {"n_x": 1}}}
    assert sorted(differences(expected, found)) == [
        "all, a: rate is None instead of 0.5",
        "all, c: n_x is 1 instead of 0",
    ]


def test_a_database_is_only_read(layer):
    with pytest.raises(duckdb.Error, match="read-only"):
        layer.connection.execute("create table x (y integer)")
