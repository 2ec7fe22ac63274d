"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from certgap.bench import machine, report
from certgap.bench.one_size import Results, Run, measure_size
from certgap.bench.settings import EngineSettings
from certgap.errors import UserError
from certgap.project import Project


def builds_of(employees: int, options: argparse.Namespace) -> dict[str, bool]:
    """Builds to measure at a size, and whether each runs the tests. Short: one build a size."""
    builds = {"without tests": False, "all tests": True}
    if options.short:
        kept = "all tests" if employees == max(options.employees) else "without tests"
        return {kept: builds[kept]}
    return builds


def measure(root: Path, folder: Path, options: argparse.Namespace, console: Console) -> Results:
    """Measure every size, largest last; what is done is kept in ``folder/results.json``."""
    engine = EngineSettings.read(root / "profiles.yml.example", options.memory_limit)
    results: Results = {
        "date": options.date,
        "machine": machine.describe() | {"memory limit of DuckDB": engine.memory_limit},
        "sizes": {},
    }

    def keep(size: Results) -> None:
        results["sizes"][size["employees"]] = size
        text = json.dumps(results, indent=2, default=str)
        (folder / "results.json").write_text(text + "\n", encoding="utf-8")

    for employees in sorted(options.employees):
        builds = builds_of(employees, options)
        python = options.vivainsights if employees == max(options.employees) else None
        run = Run(
            root, folder, engine, console, keep, builds,
            root / python if python else None, options.person_weeks,
        )  # fmt: skip
        measure_size(run, employees)
    return results


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 measured, 1 what must be equal is not, 2 nothing was measured."""
    parser = argparse.ArgumentParser(prog="python -m certgap.bench", description=__doc__)
    parser.add_argument("--employees", type=int, nargs="+", default=[160_000, 1_600_000])
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="for its data")
    parser.add_argument("--report", type=Path, default=Path("docs/benchmarks.md"))
    parser.add_argument("--date", default=f"{datetime.now(UTC):%Y-%m-%d}", help="in the report")
    parser.add_argument(
        "--vivainsights", type=Path, default=Path(".venv-bench/bin/python"), help="its Python"
    )
    parser.add_argument("--person-weeks", type=int, default=1_000_000, help="for the segments")
    parser.add_argument("--short", action="store_true", help="fewer builds: does it still run?")
    parser.add_argument("--memory-limit", help="of DuckDB, instead of the profile's: 10GB")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        root = Project.find().folder
        folder = (root / options.folder).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        results = measure(root, folder, options, console)
    except UserError as error:
        print(f"{error.problem}\n{error.remedy}".rstrip(), file=sys.stderr)
        return error.exit_code
    target = root / options.report
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(report.text(results), encoding="utf-8")
    console.print(f"Report: {target}", highlight=False, soft_wrap=True)
    return 0
