"""MetricFlow over a built database: the SQL it writes, run read-only, without its command line.

`mf` itself would open the database for writing, look for its manifest in one fixed folder, and ask
a registry for newer versions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow.validation.data_warehouse_model_validator import DataWarehouseModelValidator
from metricflow_semantic_interfaces.validations.semantic_manifest_validator import (
    SemanticManifestValidator,
)
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

# What `mf validate-configs` asks of the database, by the names of its steps.
STEPS = ("semantic_models", "dimensions", "entities", "simple_metrics", "metrics")


class ReadOnlyClient:
    """As much of MetricFlow's SqlClient as explaining and validating need."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def dry_run(self, stmt: str, sql_bind_parameter_set: Any = None) -> None:
        self.connection.execute(f"explain {stmt}")


class SemanticLayer:
    """The metrics of a semantic manifest over a built database."""

    def __init__(self, manifest: Path, warehouse: Path) -> None:
        self.manifest = parse_manifest_from_dbt_generated_manifest(manifest.read_text("utf-8"))
        self.connection = duckdb.connect(str(warehouse), read_only=True)
        self.client = ReadOnlyClient(self.connection)
        self.engine = MetricFlowEngine(
            semantic_manifest_lookup=SemanticManifestLookup(self.manifest), sql_client=self.client
        )

    def rows(self, metrics: list[str], group_by: tuple[str, ...] = (), where: str = "") -> Any:
        """{values of group_by: {metric: value}}, the columns in the order that was asked for."""
        request = MetricFlowQueryRequest.create(
            metric_names=metrics,
            group_by_names=list(group_by),
            where_constraints=[where] if where else None,
        )
        cursor = self.connection.execute(self.engine.explain(request).sql_statement.sql)
        names = [column[0] for column in cursor.description]
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            key = tuple(row[name] for name in group_by)
            assert key not in found, f"two rows of {key}"
            found[key] = {name: row[name] for name in metrics}
        return found

    def issues(self) -> list[str]:
        """What `mf validate-configs` would say, warnings included."""
        found = list(
            SemanticManifestValidator().validate_semantic_manifest(self.manifest).all_issues
        )
        of_the_database = DataWarehouseModelValidator(sql_client=self.client)
        for step in STEPS:
            validate = getattr(of_the_database, f"validate_{step}")
            found += validate(manifest=self.manifest).all_issues
        return [issue.message for issue in found]
