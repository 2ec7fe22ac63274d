"""A company of five people as generic exports: small enough to know every figure by heart.

Assistant is an open tool. Ada, Ben and Cem completed its course on 2026-01-12: Ada uses it every
Tuesday, Ben only on day 3, Cem never. Dee was assigned and did not complete. Eve is their manager;
her use on the first and the last day makes the (inferred) coverage of the usage feed.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[2]
KEY = "a-test-secret-that-must-not-leak"
DELIVERED = "2026-05-31"

PEOPLE = {"E1": "ada", "E2": "ben", "E3": "cem", "E4": "dee", "E5": "eve"}
COMPLETED_ON = dt.date(2026, 1, 12)


def _hris() -> dict[str, list[dict[str, Any]]]:
    return {
        "employees": [
            {
                "employee_id": employee,
                "hire_date": "2024-01-01",
                "original_hire_date": "2024-01-01",
                "termination_date": "",
                "country": "DE",
                "timezone": "Europe/Berlin",
                "is_contingent": "false",
            }
            for employee in PEOPLE
        ],
        "employment_history": [
            {
                "employee_id": employee,
                "valid_from": "2024-01-01",
                "valid_to": "",
                "seq": "0",
                "manager_employee_id": "" if employee == "E5" else "E5",
                "job_title": "Analyst",
                "job_family": "Analysis",
                "role_group": "",
                "department": "Finance",
                "division": "Operations",
                "location": "Berlin",
                "cost_center": "CC1",
                "employment_status": "active",
                "is_primary": "true",
                "valid_basis": "business_effective",
                "recorded_at": "2024-01-01 08:00:00",
            }
            for employee in PEOPLE
        ],
        "identity_aliases": [
            {
                "employee_id": employee,
                "alias_type": "work_email",
                "alias_value": f"{name}@example.com",
                "valid_from": "2024-01-01",
                "valid_to": "",
                "method": "hris",
                "confidence": "1.0",
            }
            for employee, name in PEOPLE.items()
        ],
    }


def _event(
    number: int, person: str, event_type: str, occurred_at: str, precision: str = "instant"
) -> dict[str, Any]:
    return {
        "event_id": f"L{number}",
        "alias_type": "work_email",
        "alias_value": f"{person}@example.com",
        "course_id": "assistant-101",
        "attempt_id": "",
        "event_type": event_type,
        "occurred_at": occurred_at,
        "time_precision": precision,
        "received_at": "",
        "score_scaled": "",
        "success": "",
        "duration_seconds": "",
        "is_required": "true",
        "is_voided": "false",
        "raw_status": event_type,
    }


def _lms() -> dict[str, list[dict[str, Any]]]:
    columns = (
        "version title provider kind delivery_format is_role_specific duration_minutes "
        "published_at last_updated_at parent_course_id equivalent_to"
    )
    course = dict.fromkeys(columns.split(), "")
    course |= {
        "course_id": "assistant-101",
        "source_course_id": "assistant-101",
        "version": "1",
        "title": "Working with Assistant",
        "kind": "course",
        "is_role_specific": "false",
        "duration_minutes": "45",
        "published_at": "2025-10-01",
    }
    events = [
        _event(number, person, "assigned", "2026-01-05T08:00:00Z")
        for number, person in enumerate(["ada", "ben", "cem", "dee"], start=1)
    ]
    events += [
        _event(number, person, "completed", f"{COMPLETED_ON}T10:00:00Z")
        for number, person in enumerate(["ada", "ben", "cem"], start=5)
    ]
    return {"courses": [course], "learning_events": events}


def _use(person: str, day: dt.date) -> dict[str, Any]:
    return {
        "tool_id": "assistant",
        "alias_type": "work_email",
        "alias_value": f"{person}@example.com",
        "usage_date": day.isoformat(),
        "surface": "all",
        "interactions": "4",
        "sessions": "1",
        "is_active": "true",
        "is_final": "true",
    }


def _usage() -> dict[str, list[dict[str, Any]]]:
    days = [_use("eve", dt.date(2025, 12, 1)), _use("eve", dt.date(2026, 5, 30))]
    days += [_use("ada", COMPLETED_ON + dt.timedelta(days=day)) for day in range(1, 130, 7)]
    days.append(_use("ben", COMPLETED_ON + dt.timedelta(days=3)))
    return {"tool_usage_daily": days}


REFERENCE = {
    "tools": [
        {
            "tool_id": "assistant",
            "tool_name": "Assistant",
            "vendor": "Example",
            "licence_model": "open",
            "restatement_lag_days": "0",
            "is_approved": "true",
        }
    ],
    "course_tool_map": [
        {
            "source_system": "generic",
            "source_course_id": "assistant-101",
            "tool_id": "assistant",
            "valid_from": "2025-01-01",
            "valid_to": "",
        }
    ],
    "role_groups": [
        {"job_family": "Analysis", "role_group": "analysts", "track": "consumers", "audience": ""}
    ],
}


def write_csv(
    path: Path, rows: Iterable[dict[str, Any]], *, delimiter: str = ",", fields: Any = None
) -> Path:
    """Write rows of one shape with a header line.

    Deliveries end their lines as spreadsheets do, reference files as an editor or `echo` does: dbt
    cannot load a file with both.
    """
    rows = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        line_end = "\n" if path.parent.name == "reference" else "\r\n"
        writer = csv.DictWriter(
            file, fields or list(rows[0]), delimiter=delimiter, lineterminator=line_end
        )
        writer.writeheader()
        writer.writerows(rows)
    return path


@dataclass
class Company:
    """Raw deliveries, reference files and the databases of one test, all below ``folder``."""

    folder: Path
    feeds: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def reference(self) -> Path:
        return self.folder / "reference"

    @property
    def warehouse(self) -> Path:
        return self.folder / "working.duckdb"

    @property
    def published(self) -> Path:
        return self.folder / "published.duckdb"

    @property
    def target(self) -> Path:
        return self.folder / "target"

    def delivery(self, category: str, relation: str, date: str = DELIVERED) -> Path:
        return self.raw / category / "generic" / relation / f"{date}.csv"

    def write(self) -> Company:
        """Write every feed and the reference folder (header-only where unused)."""
        for (category, relation), rows in self.feeds.items():
            write_csv(self.delivery(category, relation), rows)
        for seed in sorted((PROJECT / "seeds").glob("*.csv")):
            header = seed.read_text(encoding="utf-8").splitlines()[0].split(",")
            write_csv(self.reference / seed.name, REFERENCE.get(seed.stem, []), fields=header)
        profiles = self.folder / "profiles"
        profiles.mkdir(parents=True, exist_ok=True)
        (profiles / "profiles.yml").write_bytes((PROJECT / "profiles.yml.example").read_bytes())
        return self

    def environment(self, **changes: str | None) -> dict[str, str]:
        """The settings of a run on this company; None removes a variable."""
        settings: dict[str, str | None] = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("CERTGAP_", "DBT_"))
            },
            "CERTGAP_RAW": str(self.raw),
            "CERTGAP_REFERENCE": str(self.reference),
            "CERTGAP_WAREHOUSE": str(self.warehouse),
            "CERTGAP_PUBLISHED": str(self.published),
            "CERTGAP_PSEUDONYM_KEY": KEY,
            "DBT_PROFILES_DIR": str(self.folder / "profiles"),
            "DBT_TARGET_PATH": str(self.target),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DBT_USE_COLORS": "false",
            "COLUMNS": "200",
            **changes,
        }
        return {name: value for name, value in settings.items() if value is not None}

    dbt_command = (sys.executable, "-c", "from dbt.cli.main import cli; cli()")

    def dbt(
        self,
        *arguments: str,
        sources: tuple[str, ...] = ("generic",),
        settings: dict[str, Any] | None = None,
        **environment: str | None,
    ) -> subprocess.CompletedProcess[str]:
        """Plain dbt, as an analyst would call it; ``settings`` are vars."""
        command = [*self.dbt_command, *arguments]
        return self._run([*command, "--vars", variables(sources, **(settings or {}))], environment)

    def certgap(
        self,
        *arguments: str,
        sources: tuple[str, ...] | None = None,
        **environment: str | None,
    ) -> subprocess.CompletedProcess[str]:
        """The certgap command; ``sources`` only for `build`, then without dbt's unit tests.

        `make test` has run them, and they take a third of a build of a few people.
        """
        command = [sys.executable, "-m", "certgap.cli", *arguments]
        if sources is not None:
            command += ["--", "--exclude-resource-type", "unit_test", "--vars", variables(sources)]
        return self._run(command, environment)

    def _run(
        self, command: list[str], environment: dict[str, str | None]
    ) -> subprocess.CompletedProcess[str]:
        settings = self.environment(**environment)
        given = command[command.index("--vars") + 1] if "--vars" in command else ""
        with self._parsed(Path(settings["DBT_TARGET_PATH"]), given):
            return subprocess.run(
                command, cwd=PROJECT, env=settings, capture_output=True, text=True, check=False
            )

    @contextmanager
    def _parsed(self, target: Path, given: str) -> Iterator[None]:
        """The project as dbt parsed it under the same vars lies in ``target`` before the run.

        dbt itself keeps the last one only. It reads the whole project again (some 20 seconds of a
        core) where vars, folders or database are others than those it was kept with.
        """
        name = hashlib.sha256(given.encode()).hexdigest()[:16]
        kept = self.folder.with_name(f"{self.folder.name}.parsed") / f"{name}.msgpack"
        at = target / "partial_parse.msgpack"
        if kept.exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(kept, at)
        try:
            yield
        finally:
            if at.exists():
                kept.parent.mkdir(exist_ok=True)
                shutil.copy(at, kept)


def variables(sources: Iterable[str], **more: Any) -> str:
    """dbt's --vars."""
    return yaml.safe_dump({"enabled_sources": list(sources), **more}, default_flow_style=True)


def small_company(folder: Path) -> Company:
    """The company of the module's docstring; change its feeds before ``write()``."""
    feeds = {
        (category, relation): rows
        for category, relations in (("hris", _hris()), ("lms", _lms()), ("usage", _usage()))
        for relation, rows in relations.items()
    }
    return Company(folder, feeds)
