"""The expected tables of a World, and how they are kept beside it.

`expected_tables(world)` gives rows as dicts under the names of the published tables;
`write_expected` saves world and tables, which is what the simulator puts into `truth/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from certgap.truth.activation_effects import manager_activation_effects
from certgap.truth.aggregates import (
    ALL,
    adoption_rates,
    certification_gaps,
    count_cells,
    manager_word,
)
from certgap.truth.board import board_summary
from certgap.truth.checkpoints import Checkpoint, Judge
from certgap.truth.cohorts import manager_cohorts
from certgap.truth.content import content_freshness
from certgap.truth.courses import Courses
from certgap.truth.coverage import Coverage
from certgap.truth.curves import adoption_curves
from certgap.truth.diagnostics import Diagnosis
from certgap.truth.effect_power import effect_power
from certgap.truth.employment import KNOWN, Employment, Manager, pseudonym
from certgap.truth.funnels import adoption_funnels
from certgap.truth.integrity import completion_integrity
from certgap.truth.kirkpatrick import kirkpatrick_levels
from certgap.truth.licences import licence_value
from certgap.truth.outcome_changes import outcome_changes
from certgap.truth.platforms import platform_portfolio
from certgap.truth.priorities import gap_priorities
from certgap.truth.readiness import rollout_readiness
from certgap.truth.segments import usage_segments
from certgap.truth.shadow import shadow_ai
from certgap.truth.surveys import read_answers
from certgap.truth.training_effects import training_effects
from certgap.truth.units import (
    Learner,
    Learning,
    Unit,
    build_units,
    first_enablement,
    read_learning,
)
from certgap.truth.usage import Usage
from certgap.truth.world import World

FACT = "fct_learner_tool_checkpoints"
TABLES = [
    FACT, "adoption_rates", "certification_gaps", "manager_cohorts",
    "adoption_funnels", "adoption_curves", "usage_segments", "gap_priorities",
    "training_effects", "effect_power", "manager_activation_effects", "rollout_readiness",
    "program_diagnostics", "board_summary", "licence_value", "platform_portfolio",
    "completion_integrity", "kirkpatrick_levels", "outcome_changes", "content_freshness",
    "shadow_ai",
]  # fmt: skip

Expected = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class JudgedUnits:
    """Every unit of a world, judged, and what it was judged by."""

    employment: Employment
    courses: Courses
    coverage: Coverage
    learning: dict[Learner, Learning]
    judge: Judge
    units: list[Unit]
    checkpoints: list[Checkpoint]


def judge_units(world: World) -> JudgedUnits:
    """What every table is counted from."""
    employment, courses, coverage = Employment(world), Courses(world), Coverage(world)
    learning = read_learning(world, employment, courses, coverage.as_of_day)
    window_days = world.settings.completion_window_days
    units = build_units(learning, courses, window_days, coverage.as_of_day)
    judge = Judge(employment, coverage, Usage(world, coverage), world.settings)
    checkpoints = [checkpoint for unit in units for checkpoint in judge.checkpoints(unit)]
    return JudgedUnits(employment, courses, coverage, learning, judge, units, checkpoints)


def expected_tables(world: World) -> Expected:
    """Every expected table of the world."""
    settings, key = world.settings, world.settings.key()
    judged = judge_units(world)
    employment, courses, learning = judged.employment, judged.courses, judged.learning
    units, checkpoints, judge = judged.units, judged.checkpoints, judged.judge
    answers = read_answers(world, employment, judged.coverage.as_of_day)

    programs = courses.programs
    targets = {ALL: settings.default_adoption_target}
    targets |= {program.program_id: program.target for program in programs.values()}
    enablement = {
        program.program_id: first_enablement(learning, program.enablement_groups)
        for program in programs.values()
    }
    every_group = {group for program in programs.values() for group in program.enablement_groups}
    enablement[ALL] = first_enablement(learning, every_group)

    ns = settings.checkpoint_days
    cells = count_cells(units, checkpoints, employment, key, ns)
    rates = adoption_rates(cells, targets, _benchmark(world, "adoption_typical"), settings)
    gaps = certification_gaps(rates)
    tools = [row["tool_id"] for row in world.reference["tools"]]
    effects = training_effects(tools, units, judge)
    tables = {
        FACT: [fact_row(checkpoint, key) for checkpoint in checkpoints],
        "adoption_rates": rates,
        "certification_gaps": gaps,
        "manager_cohorts": manager_cohorts(
            units, checkpoints, employment, enablement, key, ns, settings.min_cell
        ),
        "adoption_funnels": adoption_funnels(units, checkpoints, employment, key, ns),
        "adoption_curves": adoption_curves(units, judge, key),
        "usage_segments": usage_segments(tools, units, judge, key),
        "gap_priorities": gap_priorities(rates, gaps, settings.min_cell),
        "training_effects": effects,
        "board_summary": list(board_summary(rates, effects, max(ns))),
        "effect_power": list(effect_power(effects, judge)),
        "manager_activation_effects": manager_activation_effects(
            checkpoints, enablement, _benchmark(world, "manager_effect_points"), settings
        ),
        "rollout_readiness": rollout_readiness(
            world, courses, enablement, judge, judged.coverage.as_of_day
        ),
        "program_diagnostics": Diagnosis(
            world, courses, learning, enablement, judge, judged.coverage.as_of_day
        ).rows(units, checkpoints),
        "licence_value": licence_value(world, judge, learning, courses, checkpoints, key),
        "platform_portfolio": platform_portfolio(
            world, learning, checkpoints, judged.coverage.as_of_day
        ),
        "completion_integrity": completion_integrity(
            world, units, checkpoints, learning, courses, answers
        ),
        "kirkpatrick_levels": kirkpatrick_levels(world, checkpoints, learning, answers, judge),
        "outcome_changes": outcome_changes(
            world, units, learning, employment, judged.coverage.as_of_day
        ),
        "content_freshness": content_freshness(
            world, checkpoints, learning, courses, judged.coverage.as_of_day
        ),
        "shadow_ai": shadow_ai(world, judge, units),
    }
    as_of_date = date.fromordinal(judged.coverage.as_of_day)
    return {
        name: [row | {"as_of_date": as_of_date} for row in rows] for name, rows in tables.items()
    }


def _benchmark(world: World, metric_id: str) -> dict[str, Any]:
    """0002.29: the row of the benchmark."""
    rows = [r for r in world.reference["benchmarks"] if r["metric_id"] == metric_id]
    return rows[0] if rows else {}


def fact_row(checkpoint: Checkpoint, key: str) -> dict[str, Any]:
    """One row of the fact at the person's grain; an attribute not known is None (8.2)."""
    unit, use, attributes = checkpoint.unit, checkpoint.use, checkpoint.attributes
    at_completion, later = checkpoint.manager_at_completion, checkpoint.manager_at_checkpoint
    # 7: no manager and a manager not known are words that differ, too.
    words = [manager_word(manager, key) for manager in (at_completion, later)]
    return {
        "employee_id": unit.learner.employee_id,
        "employee_key": pseudonym(key, unit.learner.employee_id),
        "tool_id": unit.tool_id,
        "program_id": unit.program_id,
        "program_scope": unit.program_id or ALL,
        "completion_date": date.fromordinal(unit.completion_day),
        "checkpoint_day": checkpoint.checkpoint_day,
        "checkpoint_date": date.fromordinal(checkpoint.day),
        "status": checkpoint.status,
        "is_eligible": checkpoint.is_eligible,
        "is_adopted": use and use.is_adopted,
        "is_tried": use and use.is_tried,
        "is_habitual": use and use.is_habitual,
        "is_daily": use and use.is_daily,
        "active_days_last_7": use and use.active_days_last_7,
        "active_days_since_completion": use and use.active_days_since_completion,
        "interactions_last_7": use and use.interactions_last_7,
        "interactions_since_completion": use and use.interactions_since_completion,
        "n_uncovered_days": checkpoint.n_uncovered_days,
        "is_weekly_grain": checkpoint.is_weekly_grain,
        "baseline_status": checkpoint.baseline.status,
        "baseline_active_days": checkpoint.baseline.active_days,
        "manager_key_at_completion": _manager_key(at_completion, key),
        "manager_status_at_completion": at_completion.status,
        "manager_key_at_checkpoint": _manager_key(later, key),
        "manager_status_at_checkpoint": later.status,
        "is_manager_replaced": at_completion.was_passed_on,
        "is_manager_changed": words[0] != words[1],
        "role_group_at_completion": attributes.role_group,
        "track_at_completion": attributes.track,
        "audience_at_completion": attributes.audience,
        "department_at_completion": attributes.department,
        "location_at_completion": attributes.location,
        "platform": unit.completion_platform,
    }


def _manager_key(manager: Manager, key: str) -> str | None:
    return pseudonym(key, manager.employee_id) if manager.status == KNOWN else None


def write_expected(world: World, folder: Path | str) -> Expected:
    """Save the world and its expected tables (`expected_<table>.parquet`) into a folder."""
    folder = Path(folder)
    world.save(folder)
    tables = expected_tables(world)
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"expected_{name}.parquet")
    return tables


def read_expected(folder: Path | str) -> Expected:
    """The expected tables of a folder: the saved ones, else computed from its world.

    The world is in the folder itself or, where the simulator puts it, in `world` below it.
    """
    folder = Path(folder)
    files = {name: folder / f"expected_{name}.parquet" for name in TABLES}
    if all(file.exists() for file in files.values()):
        return {name: pq.read_table(file).to_pylist() for name, file in files.items()}
    below = folder / "world"
    return expected_tables(World.load(below if below.is_dir() else folder))
