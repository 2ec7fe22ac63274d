"""Everything that is measured at one size of company."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from certgap.bench import dashboard, equality, load, segments, yardstick
from certgap.bench.dbt_builds import RECORD, BuildMeasure, Warehouse
from certgap.bench.next_day import add_next_day
from certgap.bench.settings import EngineSettings
from certgap.errors import CheckFailed
from certgap.publish.publisher import publish

Results = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """The project, where the benchmark keeps its data, and whom it tells."""

    root: Path
    folder: Path
    engine: EngineSettings
    console: Console
    keep: Callable[[Results], None]
    variants: dict[str, bool]  # builds to measure, and whether they run the tests
    vivainsights: Path | None  # Python that has it; None: segments are not compared at this size
    person_weeks: int

    def say(self, words: str) -> None:
        """A line of progress."""
        self.console.print(words, highlight=False, soft_wrap=True)


def _told(run: Run, name: str, measure: BuildMeasure, yard: float) -> None:
    gib = measure.peak_memory_bytes / 2**30
    run.say(
        f"  {name}: {measure.seconds:.1f} s = {measure.seconds / yard:.1f} x the copy, "
        f"{gib:.1f} GiB, start-up {measure.startup_seconds:.1f} s"
    )


def measure_size(run: Run, employees: int) -> Results:
    """Yardstick, full builds, one more day, the day against a full refresh, dashboard queries."""
    folder = run.folder / f"{employees}"
    folder.mkdir(parents=True, exist_ok=True)
    run.say(f"{employees:,} employees: reference load")
    raw = load.simulated(employees, folder, run.console)
    results: Results = {"employees": employees}

    def keep(name: str, value: Any) -> None:
        results[name] = value
        run.keep(results)

    run.say(f"{employees:,} employees: the yardstick")
    took, n_rows = yardstick.copy(raw, folder / "yardstick.duckdb", run.engine)
    keep("yardstick", {**asdict(took), "n_rows": n_rows})
    yard = took.wall_seconds
    run.say(f"  {n_rows:,} rows copied in {yard:.1f} s = 1")

    deliveries = load.working_copy(raw, folder / "deliveries")
    try:
        _builds(run, folder, deliveries, keep, yard)
    finally:
        shutil.rmtree(deliveries)
    return results


def _builds(
    run: Run, folder: Path, deliveries: Path, keep: Callable[[str, Any], None], yard: float
) -> None:
    """The dbt builds of one size, all on the same path of deliveries: models may remember files."""
    names = run.variants
    (folder / RECORD).unlink(missing_ok=True)
    warehouses = {
        name: Warehouse.fresh(run.root, folder, deliveries, run.engine, name.replace(" ", "-"))
        for name in (*names, "full refresh")
    }
    for name, tests in names.items():
        run.say(f"Full build, {name}")
        measure = warehouses[name].build(run.console, tests=tests)
        keep(f"full build, {name}", measure.as_json())
        _told(run, f"full build, {name}", measure, yard)

    if "all tests" in warehouses:  # nothing else is published
        run.say("Dashboard queries on the published file")
        publish(warehouses["all tests"].project)
        answers = dashboard.ask(warehouses["all tests"].project.published)
        keep("queries", [answer.as_json() for answer in answers])

    added = add_next_day(deliveries)
    keep("next day", asdict(added))
    run.say(
        f"One more day: {added.n_usage_rows:,} usage rows of {added.day}, "
        f"{added.n_restated_rows:,} of {added.restated_day} once more, "
        f"{added.n_learning_events:,} learning events"
    )
    for name, tests in names.items():
        measure = warehouses[name].build(run.console, tests=tests)
        keep(f"one more day, {name}", measure.as_json())
        _told(run, f"one more day, {name}", measure, yard)

    run.say("The same files in a new warehouse, to compare")
    refreshed = warehouses["full refresh"]
    measure = refreshed.build(run.console, tests=False, also=["--full-refresh"])
    keep("full refresh", measure.as_json())
    manifest = refreshed.project.artifact("manifest.json")
    for name in names:
        tables = equality.compare_builds(
            warehouses[name].project.warehouse, refreshed.project.warehouse, manifest
        )
        keep(f"equality, {name}", [asdict(table) for table in tables])
        different = [f"{t.table}: {t.difference}" for t in tables if not t.agrees]
        if different:
            raise CheckFailed(
                "One more day and a full refresh of the same files differ:\n" + "\n".join(different)
            )
        n_rows = sum(table.n_rows for table in tables)
        run.say(f"  {len(tables)} tables, {n_rows:,} rows: equal ({name})")
    if run.vivainsights:
        run.say("Usage segments by vivainsights and by the project, on the same person-weeks")
        both = segments.measure(refreshed, folder, run.vivainsights, run.person_weeks)
        keep("segments", both.as_json())
        times = both.vivainsights_seconds / both.seconds
        run.say(
            f"  {both.n_person_weeks:,} rows: {both.vivainsights_seconds:.1f} s and "
            f"{both.seconds:.2f} s, {times:.0f} times; {both.n_compared_12w:,} compared, all equal"
        )
