"""Random delivery schedules: the last of several incremental builds equals a full refresh.

All tables that are built by month and all published ones are compared, every row and column.
Whatever is not built by month is made anew by every build: a run in haste may compare the published
tables of each so many-th schedule only, and says of how many.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from certgap.bench.equality import TableEquality, compare_table
from certgap.in_processes import each_finished
from certgap.proofs.dbt_in_process import PROJECT, DbtInProcess
from certgap.proofs.schedule import Schedule, Step, csv_bytes, draw_schedule

# Models built by month, with all they are made of: what an incremental build can get wrong.
MONTHLY = ["+config.materialized:monthly"]
PUBLISHED = ["+path:models/published", "+config.materialized:monthly"]
INCREMENTAL, FULL = "incremental", "full"
# So that a file that is written again has another time of change, as it would have.
FIRST_WRITTEN, STEP_SECONDS = 1_767_225_600, 3600


@dataclass
class Outcome:
    """What the schedules showed."""

    n_schedules: int = 0
    n_whole: int = 0  # of which the published tables were compared, too
    n_rows: int = 0
    n_tables: int = 0  # of a whole one
    events: Counter[str] = field(default_factory=Counter)
    different: dict[int, list[TableEquality]] = field(default_factory=dict)

    def add(self, schedule: Schedule, tables: list[TableEquality], is_whole: bool) -> None:
        """One more schedule, of which these tables were compared."""
        self.n_schedules += 1
        self.n_whole += is_whole
        self.n_tables = max(self.n_tables, len(tables))
        self.n_rows += sum(table.n_rows for table in tables)
        self.events += schedule.events
        different = [table for table in tables if not table.agrees]
        if different:
            self.different[schedule.seed] = different


def kept_models(folder: Path = PROJECT / "models") -> set[str]:
    """Models that keep rows of an earlier build, by their own config; a test asks dbt the same."""
    own = re.compile(r"materialized='(?!table'|view'|ephemeral')\w+'")
    return {path.stem for path in folder.rglob("*.sql") if own.search(path.read_text())}


class Runner:
    """Runs schedules one after the other in the same folder."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made; what a schedule before left in it is deleted."""
        self.dbt = DbtInProcess(folder)

    def run(self, schedule: Schedule, is_whole: bool) -> list[TableEquality]:
        """Both ways; the tables of both, compared: those built by month, or all."""
        for left in (self.dbt.raw, *(self.dbt.database(n).parent for n in (INCREMENTAL, FULL))):
            shutil.rmtree(left, ignore_errors=True)
            left.mkdir(parents=True)
        for number, step in enumerate(schedule.steps):
            self._apply(step, number)
            if number < len(schedule.steps) - 1:
                until = step.breaks_off_after
                self._build(INCREMENTAL, step, [f"+{until}"] if until else MONTHLY)
        last = schedule.steps[-1]
        selected = PUBLISHED if is_whole else MONTHLY
        self._build(INCREMENTAL, last, selected)
        self._build(FULL, last, selected, "--full-refresh")
        return self._compare(last, is_whole)

    def _apply(self, step: Step, number: int) -> None:
        written = FIRST_WRITTEN + number * STEP_SECONDS
        for path, content in step.written.items():
            target = self.dbt.raw / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            os.utime(target, (written, written))
        for path in step.deleted:
            (self.dbt.raw / path).unlink(missing_ok=True)
        for name, rows in step.reference.items():
            columns = (PROJECT / "seeds" / f"{name}.csv").read_text(encoding="utf-8")
            header = columns.splitlines()[0].split(",")
            full = [{column: row.get(column) for column in header} for row in rows]
            content = csv_bytes(full) if full else f"{','.join(header)}\n".encode()
            (self.dbt.reference / f"{name}.csv").write_bytes(content)

    def _build(self, name: str, step: Step, select: list[str], *more: str) -> None:
        self.dbt.build(name, step.sources, step.variables, select, *more)

    def _compare(self, step: Step, is_whole: bool) -> list[TableEquality]:
        manifest = self.dbt.manifest(step.sources).to_dict()
        nodes = [
            node
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model"
            and (
                node["config"]["materialized"] == "monthly"
                or (is_whole and node["fqn"][1] == "published")
            )
        ]
        with duckdb.connect() as connection:
            for name, alias in ((INCREMENTAL, "ours"), (FULL, "theirs")):
                path = self.dbt.database(name)
                connection.execute(f"attach '{path}' as {alias} (read_only)")
            return [compare_table(connection, node) for node in nodes]


_runner: Runner | None = None


def _in_process(folder: Path, seed: int, is_whole: bool) -> tuple[Schedule, list[TableEquality]]:
    """One schedule; dbt's parsed project stays in the process for the next one."""
    global _runner
    if _runner is None:
        _runner = Runner(folder / str(os.getpid()))
    schedule = draw_schedule(seed)
    try:
        return schedule, _runner.run(schedule, is_whole)
    except Exception as error:
        raise RuntimeError(f"schedule {seed}: {error}") from error


def prove_schedules(
    folder: Path,
    count: int,
    first: int = 1,
    say: Callable[[str], None] = print,
    *,
    whole_every: int = 1,
    processes: int = 1,
) -> Outcome:
    """Schedules of seeds ``first`` and on, each ``whole_every``-th with the published tables.

    A build that fails is told with its seed. For many schedules in little time: two processes, and
    the published tables of each tenth, which depend on nothing that is kept but the monthly ones.
    """
    outcome = Outcome()
    arguments = [(folder, first + n, n % whole_every == 0) for n in range(count)]
    with closing(each_finished(_in_process, arguments, processes)) as finished:
        for number, future in finished:
            schedule, tables = future.result()
            outcome.add(schedule, tables, arguments[number][-1])
            for table in outcome.different.get(schedule.seed, []):
                say(f"schedule {schedule.seed}, {table.table}: {table.difference}")
            say(f"{outcome.n_schedules} of {count} schedules, {len(outcome.different)} different")
    return outcome
