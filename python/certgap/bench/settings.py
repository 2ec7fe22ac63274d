"""The DuckDB settings of the build, which the yardstick must share to be one."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml


def _rendered(value: Any) -> Any:
    """A setting as dbt reads it: it may name environment variables."""
    if not isinstance(value, str):
        return value
    return jinja2.Template(value).render(env_var=os.environ.get)


@dataclass(frozen=True)
class EngineSettings:
    """Target `duckdb` of profiles.yml.example, with the memory limit of this benchmark."""

    profile: dict[str, Any]
    threads: int
    settings: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, example: Path, memory_limit: str | None = None) -> EngineSettings:
        """From the example; ``memory_limit`` replaces the one it names."""
        profile = yaml.safe_load(example.read_text(encoding="utf-8"))
        output = profile["certgap"]["outputs"]["duckdb"]
        settings = output.setdefault("settings", {})
        if memory_limit:
            settings["memory_limit"] = memory_limit
        for name, value in settings.items():
            settings[name] = _rendered(value)
        return cls(profile, output["threads"], dict(settings))

    @property
    def memory_limit(self) -> str:
        """For the report."""
        return str(self.settings.get("memory_limit", "DuckDB's default"))

    def write_profile(self, folder: Path) -> None:
        """A profiles.yml that dbt reads from ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(self.profile, width=1000)
        (folder / "profiles.yml").write_text(text, encoding="utf-8")

    def spill_folder(self, database: Path) -> Path:
        """Where DuckDB puts what does not fit into memory."""
        named = self.settings.get("temp_directory")
        return Path(named) if named else database.with_name(database.name + ".tmp")

    def connect(self, database: Path) -> duckdb.DuckDBPyConnection:
        """A connection as dbt opens it."""
        connection = duckdb.connect(str(database))
        # Not as the connection's config: TimeZone is known only once the file is open.
        for name, value in {"threads": self.threads, **self.settings}.items():
            connection.execute(f"set {name} = '{value}'")
        return connection
