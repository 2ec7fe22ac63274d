"""An invented company, its units judged by the definitions, and what the shortcuts look at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from certgap.simulate.simulation import run
from certgap.truth.checkpoints import Checkpoint
from certgap.truth.expected import JudgedUnits, judge_units
from certgap.truth.units import Unit
from certgap.truth.world import World

SIGN_INS = "entra"


@dataclass(frozen=True)
class Company:
    """Truth and units of one company; all units are those without program, learner x tool."""

    folder: Path
    world: World
    judged: JudgedUnits

    @cached_property
    def completed(self) -> list[Unit]:
        """Completed units of people HR knows."""
        return [
            unit
            for unit in self.judged.units
            if unit.program_id is None and unit.completion_day and unit.learner.employee_id
        ]

    def at(self, n: int) -> list[Checkpoint]:
        """The completed units at day N."""
        return [
            checkpoint
            for checkpoint in self.judged.checkpoints
            if checkpoint.unit.program_id is None and checkpoint.checkpoint_day == n
        ]

    def eligible(self, n: int) -> list[Checkpoint]:
        """Those whose day N can be judged."""
        return [checkpoint for checkpoint in self.at(n) if checkpoint.is_eligible]

    def is_used(self, unit: Unit, first: int, last: int) -> bool:
        """Whether use of the unit's tool was observed on one of the days."""
        days = self.judged.judge.usage.of(unit.learner.employee_id, unit.tool_id).days
        return any(day in days for day in range(first, last + 1))

    @property
    def last_day(self) -> int:
        """The last judged day."""
        return self.judged.coverage.as_of_day

    @cached_property
    def sign_ins(self) -> dict[tuple[str, str], set[int]]:
        """Days on which a person signed in to a tool, by (employee, tool); empty without a log."""
        tools = {row["tool_name"]: row["tool_id"] for row in self.world.reference["tools"]}
        days: dict[tuple[str, str], set[int]] = defaultdict(set)
        owners = self._owners()
        for row in self._log("sign_ins_daily"):
            tool_id, employee = tools.get(row["app_name"]), owners.get(row["alias_value"])
            if tool_id and employee:
                days[employee, tool_id].add(row["sign_in_date"].toordinal())
        return days

    def _owners(self) -> dict[str, str]:
        """Account of the sign-in log to employee, by the name HR knows; of two people nobody's."""
        employees: dict[str, set[str]] = defaultdict(set)
        for file in sorted(self.folder.glob("hris/generic/identity_aliases/*.parquet")):
            for row in pq.read_table(file).to_pylist():
                employees[row["alias_value"].lower()].add(row["employee_id"])
        accounts: dict[str, set[str]] = defaultdict(set)
        for row in self._log("account_names"):
            accounts[row["account_value"]] |= employees.get(row["name_value"].lower(), set())
        return {account: min(names) for account, names in accounts.items() if len(names) == 1}

    def _log(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / "truth" / "logs" / f"{SIGN_INS}_{name}.parquet"
        return pq.read_table(path).to_pylist() if path.is_file() else []


def simulate(folder: Path, employees: int, seed: int, *, world: str, sign_ins: bool) -> Company:
    """Invent a company in ``folder`` and judge it. With sign-ins it takes ten times as long."""
    sources = [SIGN_INS] if sign_ins else ["generic"]
    run(employees, seed, folder, world=world, sources=sources, fmt="parquet", monthly=True)
    truth = World.load(folder / "truth" / "world")
    return Company(folder, truth, judge_units(truth))
