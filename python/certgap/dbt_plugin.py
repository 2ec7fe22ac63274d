"""dbt-duckdb plugin: the pseudonym key as a bound variable, the record of publications attached,
plain words for a locked database, and ``certgap_file_flaw``, by which a build finds files that
cannot be read in full.

The key must not stand in compiled SQL, logs or artifacts. SQL only ever says
``getvariable('certgap_pseudonym_key')``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from certgap.database import check_can_be_opened
from certgap.deliveries.flaws import flaw_of
from certgap.errors import UserError
from certgap.lock import check_free
from certgap.publish import store

SAMPLE_RAW_FOLDER = "sample_data"
SAMPLE_KEY = "sample-company"


def pseudonym_key() -> str | None:
    """The key of this run: CERTGAP_PSEUDONYM_KEY, or the sample's own for the bundled sample.

    Returns None when raw data other than the sample is read and no key is set; the macro
    ``check_settings`` then stops the build before anything is written.
    """
    key = os.environ.get("CERTGAP_PSEUDONYM_KEY")
    if key:
        return key
    if os.environ.get("CERTGAP_RAW", SAMPLE_RAW_FOLDER) == SAMPLE_RAW_FOLDER:
        return SAMPLE_KEY
    return None


def publications() -> Path:
    """The record of publications: CERTGAP_PUBLICATIONS, or beside the working database."""
    named = os.environ.get("CERTGAP_PUBLICATIONS")
    warehouse = Path(os.environ.get("CERTGAP_WAREHOUSE") or "warehouse/certgap.duckdb")
    return Path(named) if named else warehouse.parent / "publications.duckdb"


class Plugin(BasePlugin):
    """Loaded by ``plugins: [{module: certgap.dbt_plugin}]`` in the profile."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Called before dbt opens the database: DuckDB's own error would become a traceback."""
        if creds.path == ":memory:" or "://" in creds.path:
            return
        try:
            check_free(Path(creds.path))
            check_can_be_opened(Path(creds.path))
        except UserError as error:
            raise DbtRuntimeError(f"{error.problem} {error.remedy}") from None

    def configure_connection(self, conn: Any) -> None:
        """Attach the record of publications, and make certgap_file_flaw(path, kind) known to SQL.

        The models of models/staging/publications read the record; the macro check_file_flaws
        asks the function.
        """
        try:
            store.attach(conn, publications())
        except UserError as error:
            raise DbtRuntimeError(f"{error.problem} {error.remedy}") from None
        conn.create_function(
            "certgap_file_flaw", flaw_of, ["VARCHAR", "VARCHAR"], "VARCHAR", null_handling="special"
        )

    def configure_cursor(self, cursor: Any) -> None:
        """Bind the key on every cursor dbt opens (variables belong to one connection)."""
        cursor.execute("set variable certgap_pseudonym_key = ?", [pseudonym_key()])
