"""`completion_integrity`: completions that a rule speaks against, beside the rest.

Source: decision record 0015. A signal is no proof; nothing here leaves with a person's name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from certgap.truth.aggregates import ALL
from certgap.truth.checkpoints import Checkpoint
from certgap.truth.courses import Courses, Group
from certgap.truth.statistics import with_interval
from certgap.truth.surveys import Answer
from certgap.truth.units import Event, Learner, Learning, Unit
from certgap.truth.world import Settings, World

SHORT, BURST = "implausibly_short", "perfect_score_burst"
COPIED, DEADLINE = "identical_answers", "deadline_spike"
RULES = (SHORT, BURST, COPIED, DEADLINE)
ANY, NONE = "any_rule", "no_rule"
EPOCH = datetime(1970, 1, 1)

# Of one unit: each rule's word, None where it cannot judge.
Signals = dict[str, bool | None]


def completion_integrity(
    world: World,
    units: list[Unit],
    checkpoints: list[Checkpoint],
    learning: dict[Learner, Learning],
    courses: Courses,
    answers: list[Answer],
) -> list[dict[str, Any]]:
    """One row per program × tool × N × rule."""
    settings = world.settings
    minutes = course_minutes(world, courses)
    bursts = perfect_bursts(learning, settings)
    copied = copied_days(answers, settings)
    spikes = deadline_spikes(units, settings)
    signals: dict[int, Signals] = {}
    attempts: dict[int, tuple[float | None, float | None, bool]] = {}
    for unit in units:
        if unit.completion_day is None or unit.learner.employee_id is None:
            continue
        attempt = attempt_of(unit, learning[unit.learner])
        attempts[id(unit)] = attempt
        signals[id(unit)] = {
            SHORT: _is_short(attempt[0], minutes.get(unit.completing.group), settings),
            BURST: _is_in_burst(unit, bursts) if attempt[2] else None,
            COPIED: _has_copy(unit, copied, settings),
            DEADLINE: _is_at_deadline(unit, spikes, settings),
        }
    cells: dict[tuple[str, str, int], list[Checkpoint]] = defaultdict(list)
    for checkpoint in checkpoints:
        unit = checkpoint.unit
        for tool in (unit.tool_id, ALL):
            cells[unit.program_id or ALL, tool, checkpoint.checkpoint_day].append(checkpoint)
    rows = []
    for (program, tool, n), judged in cells.items():
        told = [attempts[id(c.unit)] for c in judged]
        missing = _missing(any(a[0] for a in told), any(a[1] is not None for a in told))
        for rule in (*RULES, ANY, NONE):
            row = {"program_id": program, "tool_id": tool, "checkpoint_day": n, "rule_name": rule}
            rows.append(row | _figures(rule, judged, signals, missing))
    return rows


def _missing(has_durations: bool, has_scores: bool) -> dict[str, str]:
    """Why a rule that can judge nobody cannot."""
    return {
        SHORT: "no_course_durations" if has_durations else "no_durations",
        BURST: "no_times_of_day" if has_scores else "no_scores",
        COPIED: "no_answers_in_words",
        DEADLINE: "no_completions_before_a_deadline",
        ANY: "no_rule_can_judge",
        NONE: "no_rule_can_judge",
    }


def _figures(
    rule: str, checkpoints: list[Checkpoint], signals: dict[int, Signals], missing: dict[str, str]
) -> dict[str, Any]:
    """Who can be judged, who is flagged, and who of both adopted."""
    flagged, rest = [], []
    for checkpoint in checkpoints:
        word = _word(rule, signals[id(checkpoint.unit)])
        if word is not None:
            (flagged if word else rest).append(checkpoint)
    n_judged = len(rest) if rule == NONE else len(flagged) + len(rest)
    is_measured = bool(flagged or rest)
    if rule == NONE:
        flagged = []
    row: dict[str, Any] = {
        "is_measured": is_measured,
        "not_measured_reason": None if is_measured else missing[rule],
        "n_completed": len(checkpoints),
        "n_judged": n_judged,
        "n_suspicious": len(flagged) if is_measured else None,
    }
    row |= with_interval("suspicious_rate", len(flagged), n_judged)
    for side, group in (("suspicious", flagged), ("rest", rest)):
        n_eligible = sum(c.is_eligible for c in group)
        n_adopted = sum(c.is_eligible and c.use.is_adopted for c in group)
        row[f"n_eligible_{side}"] = n_eligible if is_measured else None
        row[f"n_adopted_{side}"] = n_adopted if is_measured else None
        interval = with_interval("rate", n_adopted, n_eligible)
        row |= {name.replace("rate", f"adoption_rate_{side}"): v for name, v in interval.items()}
    return row


def _word(rule: str, signals: Signals) -> bool | None:
    """What a rule, or all of them together, say of a unit."""
    if rule in RULES:
        return signals[rule]
    known = [word for word in signals.values() if word is not None]
    return any(known) if known else None


def attempt_of(unit: Unit, record: Learning) -> tuple[float | None, float | None, bool]:
    """Greatest duration above 0 and greatest score of the attempt, and whether a score has a time
    of day: what the source said of the course on the day."""
    completing = unit.completing
    told = [
        event
        for event in record.satisfying
        if (event.day, event.source_system, event.group)
        == (completing.day, completing.source_system, completing.group)
    ]
    durations = [e.duration_seconds for e in told if e.duration_seconds and e.duration_seconds > 0]
    scored = [event for event in told if event.score is not None]
    return (
        max(durations, default=None),
        max((event.score for event in scored), default=None),
        any(not event.is_date_only for event in scored),
    )


def course_minutes(world: World, courses: Courses) -> dict[Group, float]:
    """The shortest length listed of the courses that are one course."""
    shortest: dict[Group, float] = {}
    for row in world.rows("courses"):
        minutes = row["duration_minutes"]
        if minutes is not None and minutes > 0:
            group = courses.group(row["source_system"], row["course_id"])
            shortest[group] = min(minutes, shortest.get(group, minutes))
    return shortest


def _is_short(seconds: float | None, minutes: float | None, settings: Settings) -> bool | None:
    if seconds is None or minutes is None:
        return None
    return seconds < settings.integrity_short_share * minutes * 60


def perfect_bursts(
    learning: dict[Learner, Learning], settings: Settings
) -> set[tuple[Group, Learner, str, int]]:
    """First perfect scores that are part of a burst: course, learner, source and day."""
    first: dict[Group, list[tuple[int, Learner, Event]]] = defaultdict(list)
    for learner, record in learning.items():
        perfect: dict[Group, list[Event]] = defaultdict(list)
        for event in record.satisfying:
            if event.score is not None and event.score >= 1 and not event.is_date_only:
                perfect[event.group].append(event)
        for group, events in perfect.items():
            earliest = min(events, key=lambda e: (e.occurred_at, e.source_system, e.event_id))
            second = (earliest.occurred_at - EPOCH).total_seconds() // 1
            first[group].append((int(second), learner, earliest))
    width = 60 * settings.integrity_burst_minutes
    found = set()
    for group, scores in first.items():
        seconds = [second for second, _, _ in scores]
        full = [
            start
            for start in set(seconds)
            if sum(start <= s <= start + width for s in seconds) >= settings.integrity_burst_people
        ]
        for second, learner, event in scores:
            if any(start <= second <= start + width for start in full):
                found.add((group, learner, event.source_system, event.day))
    return found


def _is_in_burst(unit: Unit, bursts: set[tuple[Group, Learner, str, int]]) -> bool:
    completing = unit.completing
    key = (completing.group, unit.learner, completing.source_system, completing.day)
    return key in bursts


def copied_days(answers: list[Answer], settings: Settings) -> dict[str, list[tuple[int, bool]]]:
    """Days on which an employee gave answers in words after training, and whether one is copied."""
    people: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    told: list[tuple[Answer, tuple[str, str, str]]] = []
    for answer in answers:
        text = (answer.text or "").strip(" ")
        long_enough = len(text) >= settings.integrity_answer_characters
        if answer.survey_kind == "knowledge_post" and long_enough:
            key = (answer.source_system, answer.question_id, text.lower())
            people[key].add(answer.employee_id)
            told.append((answer, key))
    days: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for answer, key in told:
        is_copied = len(people[key]) >= settings.integrity_same_answers
        days[answer.employee_id].append((answer.day, is_copied))
    return days


def _has_copy(
    unit: Unit, days: dict[str, list[tuple[int, bool]]], settings: Settings
) -> bool | None:
    near = [
        is_copied
        for day, is_copied in days.get(unit.learner.employee_id, [])
        if abs(day - unit.completion_day) <= settings.integrity_answer_days
    ]
    return any(near) if near else None


def deadline_spikes(units: list[Unit], settings: Settings) -> dict[tuple[str, str], bool]:
    """Per program and tool: whether the last days of the window have far more completions."""
    last_days = settings.integrity_deadline_days
    counts: dict[tuple[str, str, int], Counter[str]] = defaultdict(Counter)
    for unit in units:
        if _is_judged_by_deadline(unit, last_days):
            window = unit.due_day - unit.assignment_day
            is_last = unit.due_day - unit.completion_day < last_days
            key = (unit.program_id or ALL, unit.tool_id, window)
            counts[key]["last" if is_last else "before"] += 1
    spikes = {}
    for (program, tool, window), count in counts.items():
        per_day = count["last"] / last_days
        usual = count["before"] / (window + 1 - last_days)
        spikes[program, tool] = (
            count["last"] >= settings.integrity_deadline_people
            and per_day >= settings.integrity_deadline_factor * usual - 1e-9
        )
    return spikes


def _is_judged_by_deadline(unit: Unit, last_days: int) -> bool:
    if unit.learner.employee_id is None or not unit.is_completed_in_window:
        return False
    is_after_assignment = unit.completion_day >= unit.assignment_day
    return is_after_assignment and unit.due_day - unit.assignment_day >= last_days


def _is_at_deadline(
    unit: Unit, spikes: dict[tuple[str, str], bool], settings: Settings
) -> bool | None:
    last_days = settings.integrity_deadline_days
    if not _is_judged_by_deadline(unit, last_days):
        return None
    is_last = unit.due_day - unit.completion_day < last_days
    return spikes[unit.program_id or ALL, unit.tool_id] and is_last
