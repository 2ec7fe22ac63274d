"""dbt held open on a built database: nodes are rendered one by one, statements run beside them.

A dbt run per breakage would cost seconds; the rendered statements alone cost milliseconds. They
are rendered by dbt itself, so that what is proved is what a build would run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.factory import get_adapter, register_adapter, reset_adapters
from dbt.compilation import Compiler
from dbt.config.runtime import RuntimeConfig, load_profile, load_project
from dbt.context.providers import generate_runtime_macro_context
from dbt.context.query_header import generate_query_header_context
from dbt.contracts.graph.manifest import Manifest
from dbt.flags import get_flags
from dbt.mp_context import get_mp_context

from certgap.proofs.dbt_in_process import PROJECT, close_databases


class Database:
    """Statements on one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """``connection`` has no transaction open."""
        self._connection = connection

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """What a query yields."""
        return self._connection.execute(sql, parameters or []).fetchall()

    def row(self, sql: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
        """The one row of a query."""
        [row] = self.rows(sql, parameters)
        return row

    def execute(self, sql: str, parameters: list[Any] | None = None) -> None:
        """Run a statement."""
        self._connection.execute(sql, parameters or [])

    def columns(self, relation: str) -> dict[str, str]:
        """Lower-case names of a relation's columns, and their types."""
        return {row[0].lower(): row[1] for row in self.rows(f"describe select * from {relation}")}

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is done within is undone afterwards."""
        self.execute("begin")
        try:
            yield
        finally:
            self.execute("rollback")


class Session(Database):
    """The connection of dbt's own macros: they see what a transaction has changed."""

    def __init__(
        self, manifest: Manifest, connection: duckdb.DuckDBPyConnection, config: RuntimeConfig
    ) -> None:
        """Made by `opened`."""
        super().__init__(connection)
        self.manifest = manifest
        self._compiler = Compiler(config)
        self._compiled: dict[str, str] = {}

    def sql(self, unique_id: str) -> str:
        """The statement of a model or test; what macros ask of the database is asked once."""
        if unique_id not in self._compiled:
            self._compiled[unique_id] = self.sql_now(unique_id)
        return self._compiled[unique_id]

    def sql_of_guard(self, unique_id: str, join: str, *, rendered_now: bool = False) -> str:
        """A guard of joins that is asked of one of its joins only."""
        name = f"{unique_id} {join}"
        if rendered_now or name not in self._compiled:
            kwargs = self.manifest.nodes[unique_id].test_metadata.kwargs
            every = kwargs["joins"]
            kwargs["joins"] = [one for one in every if one["name"] == join]
            try:
                sql = self.sql_now(unique_id)
            finally:
                kwargs["joins"] = every
            if rendered_now:
                return sql
            self._compiled[name] = sql
        return self._compiled[name]

    def sql_now(self, unique_id: str) -> str:
        """The same, rendered on the database as it is now: column types may have changed."""
        node = self.manifest.nodes[unique_id]
        node.compiled = node.extra_ctes_injected = False
        node.compiled_code, node.extra_ctes = None, []
        compiled = self._compiler.compile_node(node, self.manifest, {}, write=False)
        if compiled.compiled_code is None:
            raise RuntimeError(f"dbt rendered nothing for {unique_id}")
        return compiled.compiled_code


@contextmanager
def opened(manifest: Manifest, variables: dict[str, Any], database: Path) -> Iterator[Session]:
    """dbt on a database, after a run in this process set its flags."""
    flags = get_flags()
    profile = load_profile(str(PROJECT), variables)
    # dbt goes by the environment as its last run found it, our plugin by the one of today.
    profile.credentials.path = os.environ["CERTGAP_WAREHOUSE"] = str(database)
    # dbt's own transactions would end ours.
    profile.credentials.disable_transactions = True
    project = load_project(str(PROJECT), True, profile, variables)
    config = RuntimeConfig.from_parts(project, profile, flags)
    reset_adapters()  # the one of the last run has other settings
    register_adapter(config, get_mp_context())
    adapter = get_adapter(config)
    adapter.set_macro_context_generator(generate_runtime_macro_context)
    adapter.set_macro_resolver(manifest)
    adapter.connections.set_query_header(generate_query_header_context(config, manifest))
    manifest.build_flat_graph()
    try:
        with adapter.connection_named("joinproof"):
            cursor = adapter.connections.get_thread_connection().handle.cursor()
            # dbt wraps it; transactions of ours are none of its business. Tables are small.
            cursor.execute("set threads = 1")
            yield Session(manifest, cursor._cursor, config)
    finally:
        reset_adapters()
        close_databases()
