"""`kirkpatrick_levels`: reaction, knowledge, behaviour and results of a program, side by side.

Source: decision record 0015.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from certgap.truth.aggregates import ALL
from certgap.truth.checkpoints import Checkpoint, Judge
from certgap.truth.integrity import attempt_of
from certgap.truth.outcomes import Outcomes
from certgap.truth.statistics import rate, with_interval
from certgap.truth.surveys import Answer
from certgap.truth.units import Learner, Learning
from certgap.truth.world import Settings, World

LEVELS = ["reaction", "knowledge", "behavior", "results"]


@dataclass
class Answers:
    """Answers of one kind that are evidence of one unit."""

    numbers: list[float] = field(default_factory=list)
    has_text: bool = False

    @property
    def mean(self) -> float | None:
        """Mean of the numbers; None without any."""
        return _mean(self.numbers)


@dataclass
class Evidence:
    """What is known of one unit, and what could be known by now."""

    checkpoint: Checkpoint
    answers: dict[str, Answers]
    exam_score: float | None
    has_outcomes: bool
    is_asked: bool
    is_asked_later: bool
    is_counted: bool

    def number(self, kind: str) -> float | None:
        """Mean answer of a kind."""
        return self.answers[kind].mean if kind in self.answers else None


def kirkpatrick_levels(
    world: World,
    checkpoints: list[Checkpoint],
    learning: dict[Learner, Learning],
    answers: list[Answer],
    judge: Judge,
) -> list[dict[str, Any]]:
    """One row per program × level."""
    settings, as_of_day = world.settings, judge.coverage.as_of_day
    n = max(settings.checkpoint_days)
    spans = _spans(n, settings)
    of_people: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.survey_kind in spans:
            of_people[answer.employee_id].append(answer)
    last = [checkpoint for checkpoint in checkpoints if checkpoint.checkpoint_day == n]
    outcomes = Outcomes(world, n, as_of_day)
    programs: dict[str, list[Evidence]] = defaultdict(list)
    for checkpoint in last:
        unit = checkpoint.unit
        employee_id, day = unit.learner.employee_id, unit.completion_day
        told: dict[str, Answers] = {}
        for answer in of_people[employee_id]:
            first, until = spans[answer.survey_kind]
            if first <= answer.day - day <= until:
                known = told.setdefault(answer.survey_kind, Answers())
                known.has_text |= bool((answer.text or "").strip(" "))
                if answer.number is not None:
                    known.numbers.append(answer.number)
        changes = outcomes.changes(employee_id, day)
        programs[unit.program_id or ALL].append(
            Evidence(
                checkpoint=checkpoint,
                answers=told,
                exam_score=attempt_of(unit, learning[unit.learner])[1],
                has_outcomes=any(None not in values for values in changes.values()),
                is_asked=day + settings.survey_days <= as_of_day,
                is_asked_later=day + n + settings.survey_days <= as_of_day
                and judge.employment.is_employed(employee_id, day + n),
                is_counted=day + n <= as_of_day,
            )
        )
    return [
        row
        for program, evidence in programs.items()
        for row in _levels(program, evidence, settings)
    ]


def _spans(n: int, settings: Settings) -> dict[str, tuple[int, int]]:
    """Kind of survey -> days from the completion to the first and the last answer that counts."""
    around = settings.survey_days
    return {
        "reaction": (0, around),
        "knowledge_pre": (-settings.survey_pre_days, 0),
        "knowledge_post": (0, around),
        "behavior_90d": (n - around, n + around),
        "manager_observation": (n - around, n + around),
    }


def _levels(program: str, evidence: list[Evidence], settings: Settings) -> list[dict[str, Any]]:
    """The four rows of a program."""
    asked = [e for e in evidence if e.is_asked]
    later = [e for e in evidence if e.is_asked_later]
    counted = [e for e in evidence if e.is_counted]
    figures = [
        _reaction(asked),
        _knowledge(asked),
        _behavior(later, evidence, settings),
        _results(counted),
    ]
    names = [name for part in figures for name in part[2]]
    rows = []
    for level, (could, answered, columns, sources) in enumerate(figures, start=1):
        missing = [name for name, count in sources.items() if not count]
        reason = "too_early" if not could else f"no_{LEVELS[level - 1]}_evidence"
        row = {
            "program_id": program,
            "level": level,
            "level_name": LEVELS[level - 1],
            "is_measured": answered > 0,
            "not_measured_reason": None if answered else reason,
            "missing_evidence": " ".join(missing) or None,
            "n_completed": len(evidence),
            "n_could_answer": could,
            "n_answered": answered,
        }
        row |= with_interval("coverage_rate", answered, could)
        rows.append(row | dict.fromkeys(names) | columns)
    return rows


# How many could answer, how many did, the figures, and what was counted of each source.
Level = tuple[int, int, dict[str, Any], dict[str, int]]


def _mean(numbers: list[float]) -> float | None:
    return fmean(numbers) if numbers else None


def _numbers(evidence: list[Evidence], kind: str) -> list[float]:
    numbers = [e.number(kind) for e in evidence]
    return [number for number in numbers if number is not None]


def _reaction(asked: list[Evidence]) -> Level:
    answered = sum("reaction" in e.answers for e in asked)
    numbers = _numbers(asked, "reaction")
    figures = {"n_reaction_rated": len(numbers), "reaction_mean": _mean(numbers)}
    return len(asked), answered, figures, {"reaction_surveys": answered}


def _knowledge(asked: list[Evidence]) -> Level:
    scores = [e.exam_score for e in asked if e.exam_score is not None]
    answered = sum("knowledge_post" in e.answers or e.exam_score is not None for e in asked)
    pairs = [
        e
        for e in asked
        if e.number("knowledge_pre") is not None and e.number("knowledge_post") is not None
    ]
    figures = {
        "n_knowledge_pairs": len(pairs),
        "knowledge_pre_mean": _mean(_numbers(pairs, "knowledge_pre")),
        "knowledge_post_mean": _mean(_numbers(pairs, "knowledge_post")),
        "n_exams": len(scores),
        "exam_score_mean": _mean(scores),
    }
    sources = {"knowledge_surveys": len(pairs), "exam_scores": len(scores)}
    return len(asked), answered, figures, sources


def _behavior(later: list[Evidence], everybody: list[Evidence], settings: Settings) -> Level:
    reported = [e for e in later if "behavior_90d" in e.answers]
    with_example = [e for e in reported if e.answers["behavior_90d"].has_text]
    observed = [e for e in later if "manager_observation" in e.answers]
    ratings = _numbers(later, "manager_observation")
    judged = [e for e in everybody if e.checkpoint.is_eligible]
    adopted = [e for e in judged if e.checkpoint.use.is_adopted]
    both = [e for e in reported if e.checkpoint.is_eligible]
    agreement = {
        (says, does): sum(
            (e.answers["behavior_90d"].has_text, e.checkpoint.use.is_adopted) == (says, does)
            for e in both
        )
        for says in (True, False)
        for does in (True, False)
    }
    without = len(reported) - len(with_example)
    share = rate(without, len(reported))
    answered = sum(
        e.checkpoint.is_eligible or bool({"behavior_90d", "manager_observation"} & e.answers.keys())
        for e in later
    )
    figures = {
        "n_self_reported": len(reported),
        "self_report_rate": rate(len(reported), len(later)),
        "n_with_example": len(with_example),
        **with_interval("without_example_rate", without, len(reported)),
        "example_verdict": None
        if share is None
        else "failing"
        if share > settings.example_failing_share
        else "passing",
        "n_eligible": len(judged),
        "n_adopted": len(adopted),
        **with_interval("adoption_rate", len(adopted), len(judged)),
        "n_reported_and_judged": len(both),
        "n_example_and_adopted": agreement[True, True],
        "n_example_not_adopted": agreement[True, False],
        "n_adopted_without_example": agreement[False, True],
        "n_neither": agreement[False, False],
        "disagreement_rate": rate(agreement[True, False] + agreement[False, True], len(both)),
        "n_observed": len(observed),
        "n_observed_rated": len(ratings),
        "observation_mean": _mean(ratings),
    }
    sources = {
        "usage": len(judged),
        "self_reports": len(reported),
        "manager_observations": len(observed),
    }
    return len(later), answered, figures, sources


def _results(counted: list[Evidence]) -> Level:
    answered = sum(e.has_outcomes for e in counted)
    return len(counted), answered, {}, {"outcomes": answered}
