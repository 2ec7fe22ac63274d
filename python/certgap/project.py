"""Where things are: the project folder, the settings of this run, dbt's artifacts.

Relative paths in settings count from the project folder, as they do for dbt, so that
``certgap`` means the same wherever in the project it is called.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from certgap.errors import UserError

# The generic vendor is one entry in enabled_sources and a folder in each category.
CATEGORIES = ("hris", "lms", "usage")
# Reference files of one vendor: a folder may lack them while the vendor is not enabled.
VENDOR_REFERENCE_FILES = {"workday_learning_columns.csv": "workday_learning"}


@dataclass(frozen=True)
class Project:
    """One checkout of the dbt project and the settings it runs with."""

    folder: Path
    environment: Mapping[str, str]

    @classmethod
    def find(
        cls, start: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> Project:
        """The project that holds ``start`` (default: the current folder)."""
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / "dbt_project.yml").is_file():
                return cls(folder, os.environ if environment is None else environment)
        raise UserError(
            f"There is no dbt_project.yml in {start} or above it.",
            "Run the command inside the certgap project folder.",
        )

    def _path(self, setting: str, default: str) -> Path:
        return self.folder / (self.environment.get(setting) or default)

    @property
    def raw(self) -> Path:
        """Folder of raw deliveries."""
        return self._path("CERTGAP_RAW", "sample_data")

    @property
    def reference(self) -> Path:
        """Folder of the reference CSVs."""
        return self._path("CERTGAP_REFERENCE", "seeds")

    @property
    def warehouse(self) -> Path:
        """The working database."""
        return self._path("CERTGAP_WAREHOUSE", "warehouse/certgap.duckdb")

    @property
    def published(self) -> Path:
        """The published database, which BI reads."""
        return self._path("CERTGAP_PUBLISHED", "warehouse/published.duckdb")

    @property
    def publications(self) -> Path:
        """The record of what was published."""
        return self._path(
            "CERTGAP_PUBLICATIONS", str(self.warehouse.parent / "publications.duckdb")
        )

    @property
    def report(self) -> Path:
        """Folder of the executive report."""
        return self._path("CERTGAP_REPORT", str(self.published.parent / "report"))

    @property
    def target(self) -> Path:
        """Folder of dbt's artifacts."""
        return self._path("DBT_TARGET_PATH", "target")

    @property
    def log(self) -> Path:
        """dbt's log file."""
        return self._path("DBT_LOG_PATH", "logs") / "dbt.log"

    @property
    def profile(self) -> Path | None:
        """The profiles.yml dbt will use, searched where dbt searches; None if there is none."""
        named = self.environment.get("DBT_PROFILES_DIR")
        folders = [Path(named)] if named else [self.folder, Path.home() / ".dbt"]
        for folder in folders:
            if (self.folder / folder / "profiles.yml").is_file():
                return self.folder / folder / "profiles.yml"
        return None

    @cached_property
    def settings(self) -> dict[str, Any]:
        """dbt_project.yml as it is written."""
        return yaml.safe_load((self.folder / "dbt_project.yml").read_text())

    @property
    def enabled_sources(self) -> list[str]:
        """The vendors that dbt_project.yml switches on (an entry may be a mapping)."""
        entries = self.settings.get("vars", {}).get("enabled_sources") or []
        return [entry["vendor"] if isinstance(entry, dict) else entry for entry in entries]

    @property
    def shipped_reference_files(self) -> list[str]:
        """Every reference file of the project itself."""
        return sorted(path.name for path in (self.folder / "seeds").glob("*.csv"))

    @property
    def reference_files(self) -> list[str]:
        """Reference files a reference folder must hold; a vendor's own while it is enabled."""
        return [
            name
            for name in self.shipped_reference_files
            if VENDOR_REFERENCE_FILES.get(name) in {None, *self.enabled_sources}
        ]

    def artifact(self, name: str) -> dict[str, Any]:
        """One of dbt's JSON artifacts, e.g. ``run_results.json``."""
        path = self.target / name
        try:
            return json.loads(path.read_text())
        except FileNotFoundError:
            raise UserError(
                f"There is no {path}: dbt has not run here yet.", "Run `certgap build` first."
            ) from None
        except json.JSONDecodeError:
            raise UserError(
                f"{path} is not readable: the dbt run that wrote it was cut short.",
                "Run `certgap build` again.",
            ) from None
