"""The companies whose joins are broken: simulated, built by dbt, published once in between.

Between them every declared join has rows that meet. The first has a publication to compare with,
and use that was late for it, so that restatements are there, too.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.contracts.graph.manifest import Manifest

from certgap.proofs.dbt_in_process import DbtInProcess
from certgap.publish import store
from certgap.simulate.simulation import run as simulate
from certgap.simulate.sources import choose_sources

LEARNERS, SEED = 150, 7
TAGGED = 5


@dataclass(frozen=True)
class Company:
    """Vendors whose exports it has, whether it published before, and what is built of it."""

    name: str
    sources: tuple[str, ...]
    is_published: bool
    built: str  # the models, as dbt selects them


COMPANIES = (
    Company(
        "first",
        (
            "workday", "successfactors_ec", "cornerstone", "xapi", "linkedin_learning",
            "workday_learning", "m365_copilot", "github_copilot",
        ),
        True,
        "resource_type:model",
    ),
    # Weekly use, and another HRIS.
    Company("second", ("bamboohr", "chatgpt_enterprise"), False, "resource_type:model"),
)  # fmt: skip


def build(company: Company, folder: Path) -> tuple[DbtInProcess, list[str]]:
    """Simulate and build below ``folder``; what is there from an earlier call is used again."""
    sources = choose_sources(company.sources).enabled
    is_there = (folder / "built").is_file()
    if not is_there:
        shutil.rmtree(folder, ignore_errors=True)
        simulate(LEARNERS, SEED, folder / "raw", sources=company.sources, truth=False)
        _tag_addresses(folder / "raw" / "usage" / "generic" / "tool_usage_daily")
    dbt = DbtInProcess(folder)
    if is_there:
        return dbt, sources
    for seed in (folder / "raw" / "reference").iterdir():
        shutil.copy(seed, dbt.reference / seed.name)
    selected = [company.built, "resource_type:seed"]
    if company.is_published:
        late = _hold_back(folder)
        dbt.build("company", sources, {}, selected)
        _record(dbt.database("company"))
        for path, place in late.items():
            shutil.move(path, place)
    dbt.build("company", sources, {}, selected)
    (folder / "built").touch()
    return dbt, sources


def taken_over(database: Path, sources: tuple[str, ...], folder: Path) -> Company:
    """A company that somebody else has built: a copy of its working database below ``folder``."""
    company = Company("taken", sources, False, "")
    place = folder / company.name / "company"
    place.mkdir(parents=True)
    for path in (database, database.parent / "publications.duckdb"):
        if path.is_file():
            shutil.copy(path, place / path.name)
    (folder / company.name / "built").touch()
    return company


def _tag_addresses(folder: Path) -> None:
    """Some use comes from tagged addresses, ann+ai@example.com, whose owner is suggested."""
    for path in sorted(folder.glob("*.csv"))[-TAGGED:]:
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        tagged = [row.replace("@", "+ai@") for row in rows if row.count("@") == 1][:TAGGED]
        path.write_text("\n".join([header, *rows, *tagged]) + "\n", encoding="utf-8")


def _hold_back(folder: Path) -> dict[Path, Path]:
    """Every fifth file of use comes after the publication: where it lies now, where it belongs."""
    late = {}
    files: dict[Path, list[Path]] = {}
    for path in sorted(path for path in (folder / "raw" / "usage").rglob("*") if path.is_file()):
        files.setdefault(path.parent.parent, []).append(path)
    for paths in files.values():
        for number, path in enumerate(paths):
            if number % 5 == 2:
                aside = folder / "late" / path.relative_to(folder / "raw")
                aside.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(path, aside)
                late[aside] = path
    return late


def _record(database: Path) -> None:
    """What `certgap publish` does to the record of publications."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {store.text(str(database))} as working (read_only)")
        store.attach(connection, database.parent / "publications.duckdb", read_only=False)
        store.record(connection, store.draft(connection, "first build", "joinproof", 0))


@dataclass(frozen=True)
class Built:
    """A company that is built, and the project as dbt parsed it for its vendors."""

    database: Path
    manifest: Manifest
    variables: dict[str, Any]


def built(company: Company, folder: Path) -> Built:
    """The company below ``folder``, built where it is not there yet."""
    key = os.environ.get("CERTGAP_PSEUDONYM_KEY")
    dbt, sources = build(company, folder)
    if key and not company.built:
        os.environ["CERTGAP_PSEUDONYM_KEY"] = key  # that its tables were built with
    dbt.point_at("company")
    return Built(dbt.database("company"), dbt.manifest(sources), {"enabled_sources": sources})
