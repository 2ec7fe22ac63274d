"""The companies whose joins are broken: simulated, built by dbt, published once in between.

Between them every declared join has rows that meet. The first has a publication to compare with,
and use that was late for it, so that restatements are there, too.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from dbt.contracts.graph.manifest import Manifest

from certgap.deliveries.feeds import listed
from certgap.deliveries.store import FAILED, VERDICT_COLUMNS
from certgap.proofs.dbt_in_process import DbtInProcess
from certgap.publish import store
from certgap.simulate.simulation import run as simulate
from certgap.simulate.sources import choose_sources

LEARNERS, SEED = 150, 7
CORNERS = 5


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
    # Weekly use, another HRIS, and web logs.
    Company(
        "second",
        ("bamboohr", "chatgpt_enterprise", "zscaler", "netskope"),
        False,
        "resource_type:model",
    ),
)  # fmt: skip


def build(company: Company, folder: Path) -> tuple[DbtInProcess, list[str]]:
    """Simulate and build below ``folder``; what is there from an earlier call is used again."""
    sources = choose_sources(company.sources).enabled
    is_there = (folder / "built").is_file()
    if not is_there:
        shutil.rmtree(folder, ignore_errors=True)
        simulate(LEARNERS, SEED, folder / "raw", sources=company.sources, truth=False)
        _add_corners(folder / "raw")
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
    _fail_a_web_log(dbt)
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


def _add_corners(raw: Path) -> None:
    """What the simulator never draws, so that every join has rows that meet.

    Use comes from tagged addresses (ann+ai@example.com), whose owner is suggested; a delivery names
    no tool; a course names its equivalent without the system; a manager is named by worker id; a
    completion says how much in words.
    """
    usage = sorted((raw / "usage" / "generic" / "tool_usage_daily").glob("*.csv"))
    for path in usage[-CORNERS:]:
        rows = _lines(path)
        tagged = [row.replace("@", "+ai@") for row in rows if row.count("@") == 1]
        _append(path, tagged[:CORNERS])
    for path in sorted((raw / "usage" / "generic" / "deliveries").glob("*.csv"))[-CORNERS:]:
        feed, _, number, *rest = _lines(path)[-1].split(",")
        _append(path, [",".join([feed, "", f"{number}-all", *rest])])
    for path in (raw / "lms" / "generic" / "courses").glob("*.csv"):
        named = [row for row in _lines(path) if not row.endswith(",")]
        for row in named[:1]:
            number = row.split(",")[1]
            copy = ["same-as-before", "same-as-before", *row.split(",")[2:-1], number]
            _append(path, [",".join(copy)])
    workers = {
        row.split(",")[-1]: row.split(",")[0]
        for path in (raw / "hris" / "workday" / "worker_history").glob("*/*.csv")
        for row in _lines(path)
    }
    for path in (raw / "hris" / "workday" / "organization_role_worker").glob("*/*.csv"):
        text = path.read_text(encoding="utf-8")
        for row in _lines(path)[1::2]:
            who = row.split(",")[0]
            text = text.replace(f"\n{who},", f"\n{workers.get(who, who)},")
        path.write_text(text, encoding="utf-8")

    reports = sorted((raw / "lms" / "linkedin_learning").rglob("*.json"))
    for path in reports:
        page = json.loads(path.read_text(encoding="utf-8"))
        activities = [a for element in page["elements"] for a in element["activities"]]
        for activity in [a for a in activities if a["engagementType"] == "COMPLETIONS"][:1]:
            activity["engagementValue"] = "one"
        path.write_text(json.dumps(page), encoding="utf-8")


def _fail_a_web_log(dbt: DbtInProcess) -> None:
    """A check refused a file that speaks for the days around it, too, which other files hold."""
    category, vendor, feed = log = ("usage", "netskope", "web_transactions")
    with duckdb.connect() as connection:
        files = [file for file in listed(dbt.raw, connection) if file[1].startswith("/".join(log))]
    if not files:
        return
    path, name, _, version = files[len(files) // 2]
    received = date.fromisoformat(path.parent.name)
    verdict = {
        "source_file": name,
        "file_version": version,
        "file_date": received,
        "source_system": vendor,
        "category": category,
        "feed": feed,
        "relation": "web_use_daily",
        "verdict": FAILED,
        "reason": "refused on purpose",
        "first_day": received - timedelta(days=3),
        "last_day": received,
    }
    folder = dbt.database("company").parent / "delivery_checks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "verdicts.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, VERDICT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerow(verdict)


def _lines(path: Path) -> list[str]:
    """The rows of a CSV file without quoted line ends."""
    return path.read_text(encoding="utf-8").splitlines()[1:]


def _append(path: Path, rows: list[str]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)


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
