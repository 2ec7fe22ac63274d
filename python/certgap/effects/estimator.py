"""The estimator's SQL, compiled by dbt once and run in memory on any panel.

Only the models from `int_effect_means` on are compiled: they read a panel's sums per cluster,
group and period and know nothing of people and tools, so that public panels with published
results and simulated ones with a known truth run through the very statements of a build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from certgap.effects.panel import Panel
from certgap.worlds.sql_models import DATABASE, Statement, compile_models, statement_of

MODELS = [
    "int_effect_means",
    "int_effect_cells",
    "int_effect_weights",
    "int_effect_coefficients",
    "int_effect_covariances",
    "int_effect_pretests",
    "int_effect_control_clusters",
    "int_effect_treated_clusters",
    "int_effect_estimates",
]
KEY = "of no use here, but every dbt run asks for one"


class CompiledEstimator:
    """The statements, in order."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        """Pick the estimator's own of statements that were compiled together."""
        by_name = {statement.name: statement for statement in statements}
        self.statements = [by_name[name] for name in MODELS]

    @classmethod
    def compile(cls, folder: Path, variables: dict[str, Any] | None = None) -> CompiledEstimator:
        """Compile into `folder`; takes a dbt start."""
        manifest = compile_models(folder, variables or {}, KEY, MODELS)
        return cls(statement_of(manifest, f"model.certgap.{name}") for name in MODELS)

    @contextmanager
    def run(self, panels: Iterable[Panel]) -> Iterator[duckdb.DuckDBPyConnection]:
        """A database in memory with every model built for the panels."""
        with duckdb.connect(config={"threads": 2}) as connection:
            connection.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
            schema = self.statements[0].schema
            connection.execute(f'create schema "{schema}"; use {DATABASE}."{schema}"')
            for name, rows in input_tables(panels).items():
                connection.register("rows_of_panels", rows)
                connection.execute(f"create table {name} as select * from rows_of_panels")
                connection.unregister("rows_of_panels")
            for model in self.statements:
                connection.execute(f"create table {model.name} as {model.sql}")
            yield connection

    def estimates(self, panels: Iterable[Panel]) -> list[dict[str, Any]]:
        """The rows of int_effect_estimates."""
        with self.run(panels) as connection:
            cursor = connection.execute("select * from int_effect_estimates")
            columns = [column[0] for column in cursor.description]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def input_tables(panels: Iterable[Panel]) -> dict[str, pa.Table]:
    """What the first statement reads: panels, their periods, and sums per cluster and group."""
    kept = list(panels)
    names = pa.array([panel.panel_id for panel in kept], pa.string())
    controls = pa.array([panel.control_group for panel in kept], pa.string())
    periods = [(panel.panel_id, int(period)) for panel in kept for period in panel.periods]
    return {
        "int_effect_panels": pa.table({"panel_id": names, "control_group": controls}),
        "int_effect_periods": pa.table(
            {
                "panel_id": pa.array([name for name, _ in periods], pa.string()),
                "period": pa.array([period for _, period in periods], pa.int32()),
            }
        ),
        "int_effect_sums": pa.concat_tables([_sums(panel) for panel in kept]),
    }


def _sums(panel: Panel) -> pa.Table:
    """Sums of one panel; period 0 has the number of units."""
    cells = np.stack([panel.clusters, panel.treated_period, panel.entered_period])
    keys, place = np.unique(cells, axis=1, return_inverse=True)
    width = 1 + len(panel.periods)
    amounts = np.zeros((keys.shape[1], width))
    ones = np.ones((len(panel.clusters), 1))
    is_seen = panel.periods >= panel.entered_period[:, None]
    np.add.at(amounts, place.ravel(), np.hstack([ones, np.where(is_seen, panel.outcomes, 0.0)]))
    periods = np.concatenate([[0], panel.periods])
    return pa.table(
        {
            "panel_id": pa.array([panel.panel_id] * amounts.size, pa.string()),
            "cluster_id": pa.array(np.repeat(keys[0], width).astype(str), pa.string()),
            "treated_period": pa.array(np.repeat(keys[1], width), pa.int32()),
            "entered_period": pa.array(np.repeat(keys[2], width), pa.int32()),
            "period": pa.array(np.tile(periods, keys.shape[1]), pa.int32()),
            "amount": pa.array(amounts.ravel(), pa.float64()),
        }
    )
