"""Who is invited to a course, takes it, finishes it, and how: registrations, then events.

A registration is one attempt of one person at one course. Days are local days of the person.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from certgap.simulate.addresses import Addresses
from certgap.simulate.days import NEVER, SECONDS_A_DAY, day_number
from certgap.simulate.randomness import Randomness, chosen
from certgap.simulate.reference_data import Catalogue, Program
from certgap.simulate.workforce import Workforce

# How an attempt ended.
OPEN, COMPLETED, PASSED, FAILED, WAIVED, NOT_A_SUCCESS = range(6)
OUTCOMES = ["open", "completed", "passed", "failed", "waived", "not_a_success"]


@dataclass
class Registrations:
    """One row per attempt; days NEVER where something did not happen."""

    employee: np.ndarray
    course: np.ndarray
    attempt: np.ndarray  # 1, 2 … of the person at the course
    assigned: np.ndarray
    started: np.ndarray
    ended: np.ndarray
    outcome: np.ndarray
    ended_second: np.ndarray  # second of the local day
    is_date_only: np.ndarray
    is_voided: np.ndarray
    is_duplicated: np.ndarray
    score: np.ndarray  # 0-100

    def __len__(self) -> int:
        """Number of attempts."""
        return len(self.employee)

    def take(self, rows: np.ndarray) -> Registrations:
        """The attempts at `rows` (indices or flags)."""
        return Registrations(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @property
    def is_satisfying(self) -> np.ndarray:
        """Whether the attempt counts as a completion."""
        return ((self.outcome == COMPLETED) | (self.outcome == PASSED)) & ~self.is_voided


@dataclass
class Training:
    """All attempts, and what behaviour needs to know of them."""

    registrations: Registrations
    first_completion: dict[str, np.ndarray]  # tool -> day per employee, NEVER
    first_invitation: dict[str, np.ndarray]  # tool -> day per employee, NEVER
    manager_enabled_on: np.ndarray  # day per employee (as a manager), NEVER


class _Attempts:
    """Attempts being collected; registrations in the end."""

    def __init__(self) -> None:
        """Start empty."""
        self.parts: list[dict[str, np.ndarray]] = []

    def add(self, employee: np.ndarray, **columns: Any) -> None:
        """Add attempts of `employee`; absent columns have their neutral value."""
        defaults = {
            "course": 0,
            "assigned": NEVER,
            "started": NEVER,
            "ended": NEVER,
            "outcome": OPEN,
            "is_voided": False,
        }
        size = len(employee)
        part = {"employee": employee.astype(np.int32)}
        for name, default in defaults.items():
            kind = bool if isinstance(default, bool) else np.int32
            part[name] = np.broadcast_to(np.asarray(columns.get(name, default), kind), size)
        self.parts.append(part)

    def registrations(
        self, rng: np.random.Generator, parameters: dict[str, Any], last_days: np.ndarray
    ) -> Registrations:
        """Everything by person, course and time; what would end after one's `last_days` is open."""
        columns = {
            name: np.concatenate([part[name] for part in self.parts]) for name in self.parts[0]
        }
        last_day = last_days[columns["employee"]]
        unfinished = columns["ended"] > last_day
        columns["outcome"] = np.where(unfinished, OPEN, columns["outcome"])
        columns["ended"] = np.where(unfinished, NEVER, columns["ended"])
        columns["started"] = np.where(columns["started"] > last_day, NEVER, columns["started"])
        columns["assigned"] = np.where(columns["assigned"] > last_day, NEVER, columns["assigned"])
        something = (columns["assigned"] < NEVER) | (columns["ended"] < NEVER)
        first_day = np.minimum(columns["assigned"], columns["ended"])
        order = np.lexsort((columns["ended"], first_day, columns["course"], columns["employee"]))
        order = order[something[order]]
        columns = {name: values[order] for name, values in columns.items()}
        size = len(order)
        new = np.ones(size, dtype=bool)
        new[1:] = (np.diff(columns["employee"]) != 0) | (np.diff(columns["course"]) != 0)
        begins = np.maximum.accumulate(np.where(new, np.arange(size), 0))
        office = rng.random(size) < parameters["share_event_in_office_hours"]
        second = np.where(
            office, rng.integers(8 * 3600, 18 * 3600, size), rng.integers(0, SECONDS_A_DAY, size)
        )
        # The last minute of the day, Sundays included: a whole-second clock turns over right after.
        second[rng.random(size) < 0.01] = SECONDS_A_DAY - 1
        done = columns["outcome"] != OPEN
        return Registrations(
            attempt=(np.arange(size) - begins + 1).astype(np.int32),
            ended_second=second.astype(np.int32),
            is_date_only=chosen(rng, size, parameters["share_date_only"]) & done,
            is_duplicated=chosen(rng, size, parameters["share_duplicates"]) & done,
            score=np.where(
                columns["outcome"] == FAILED,
                rng.integers(20, 60, size),
                rng.integers(70, 101, size),
            ).astype(np.int32),
            **columns,
        )


def _by_family(company: Workforce, shares: dict[str, float]) -> np.ndarray:
    """A share per employee by first job family."""
    table = np.array([shares.get(family, shares["default"]) for family in company.families])
    return table[company.first_family]


def _invited(
    rng: np.random.Generator,
    company: Workforce,
    addresses: Addresses,
    program: Program,
    audience: dict[str, Any],
) -> tuple[np.ndarray, np.ndarray]:
    """People invited to a program and the day: whole teams, in waves; new hires when they come."""
    families = [company.families.index(f) for f in audience["families"] if f in company.families]
    teams = rng.random(company.manager_count) < audience["share_of_teams"]
    waves = np.array([day_number(day) for day in audience["waves"]])
    wave = waves[rng.integers(0, len(waves), company.manager_count)]
    fits = np.isin(company.first_family, families) & teams[company.first_org]
    day = wave[company.first_org] + rng.integers(0, 4, company.count)
    arrival = np.where(addresses.is_reused, addresses.claim_from, company.hire)
    day = np.where(arrival > day, arrival + rng.integers(5, 20, company.count), day)
    fits &= (day <= program.ends_on) & (day < company.exit)
    people = np.flatnonzero(fits)
    return people, day[people].astype(np.int32)


def _delay(rng: np.random.Generator, parameters: dict[str, Any], size: int) -> np.ndarray:
    """Days from invitation to completion."""
    days = rng.gamma(2.0, parameters["mean_days_to_complete"] / 2.0, size)
    late = rng.random(size) < parameters["share_late_completions"]
    days = np.where(late, rng.uniform(95, 140, size), days)
    return np.maximum(days, 1).astype(np.int32)


def _add_program(
    rng: np.random.Generator,
    settings: dict[str, Any],
    company: Workforce,
    addresses: Addresses,
    catalogue: Catalogue,
    program: Program,
    attempts: _Attempts,
) -> tuple[np.ndarray, np.ndarray]:
    """Invitations and attempts of one program; returns who was invited and when."""
    parameters = settings["learning"]
    audience = settings["audiences"].get(program.program_id)
    if not audience or not program.learner_courses:
        return np.empty(0, np.int64), np.empty(0, np.int32)
    people, day = _invited(rng, company, addresses, program, audience)
    size = len(people)
    team_bonus = rng.normal(0, parameters["completion_spread"], company.manager_count)
    chance = _by_family(company, settings["completion"]) + team_bonus[company.first_org]
    finishes = rng.random(size) < chance[people]
    ended = day + _delay(rng, parameters, size)
    early = chosen(rng, size, parameters["share_completed_before_assigned"], 1)
    ended = np.where(early, np.maximum(day - rng.integers(1, 15, size), program.starts_on), ended)
    ended = np.where(finishes, ended, NEVER).astype(np.int32)
    if program.rule == "all":
        previous = ended
        for place, course in enumerate(program.required_courses):
            assigned = day + (1 if place else 0)
            _add_attempts(rng, parameters, attempts, people, course, assigned, previous)
            pause = rng.integers(2, 30, size)
            gives_up = rng.random(size) < 0.05
            previous = np.where((previous < NEVER) & ~gives_up, previous + pause, NEVER)
        extra = people[rng.random(size) < 0.1]
        optional = [c for c in program.learner_courses if c not in program.required_courses]
        for course in optional:
            attempts.add(
                extra,
                course=course,
                started=day_of(people, day, extra) + 20,
                ended=day_of(people, day, extra) + 22,
                outcome=COMPLETED,
            )
    else:
        main = (program.required_courses or program.learner_courses)[0]
        choices = np.array(_courses_to_choose(catalogue, program, main))
        taken = choices[rng.integers(0, len(choices), size)]
        same = (taken == main) | (ended == NEVER)
        _add_attempts(rng, parameters, attempts, people[same], main, day[same], ended[same])
        # Invited to one course, completes another that counts as well: the invitation stays open.
        attempts.add(people[~same], course=main, assigned=day[~same])
        for course in np.unique(taken[~same]):
            rows = ~same & (taken == course)
            nobody = np.full(int(rows.sum()), NEVER)
            _add_attempts(rng, parameters, attempts, people[rows], course, nobody, ended[rows])
    return people, day


def day_of(people: np.ndarray, day: np.ndarray, some: np.ndarray) -> np.ndarray:
    """The day of each of `some` out of the sorted `people`."""
    return day[np.searchsorted(people, some)]


def _courses_to_choose(catalogue: Catalogue, program: Program, main: int) -> list[int]:
    """Courses a learner may take, the main one most often."""
    own = catalogue.courses[main]
    name = f"{own.source_system}:{own.source_course_id}"
    equivalents = [c.index for c in catalogue.courses if c.equivalent_to == name]
    others = [course for course in program.learner_courses if course != main]
    return [main] * 5 + equivalents * 2 + others


def _add_attempts(
    rng: np.random.Generator,
    parameters: dict[str, Any],
    attempts: _Attempts,
    people: np.ndarray,
    course: int,
    assigned: np.ndarray,
    ended: np.ndarray,
) -> None:
    """Attempts at one course: some fail first, are waived or voided, or repeated months later."""
    size = len(people)
    finished = ended < NEVER
    outcome = np.where(rng.random(size) < 0.35, PASSED, COMPLETED)
    outcome = np.where(chosen(rng, size, parameters["share_waived"], 1), WAIVED, outcome)
    odd = chosen(rng, size, parameters["share_success_false"], 1)
    outcome = np.where(odd, NOT_A_SUCCESS, outcome)
    voided = chosen(rng, size, parameters["share_voided"], 1) & finished
    started = np.where(finished, ended - rng.integers(0, 6, size), NEVER)
    failed = finished & chosen(rng, size, parameters["share_failed_first"], 1)
    failed &= (outcome == COMPLETED) | (outcome == PASSED)
    first = np.where(failed, ended - 3, ended)
    attempts.add(
        people,
        course=course,
        assigned=assigned,
        started=np.where(failed, first - 1, started),
        ended=first,
        outcome=np.where(failed, FAILED, np.where(finished, outcome, OPEN)),
        is_voided=voided & ~failed,
    )
    again = np.flatnonzero(failed)
    attempts.add(
        people[again], course=course, started=ended[again] - 1, ended=ended[again], outcome=PASSED
    )
    renew = np.flatnonzero(finished & chosen(rng, size, parameters["share_recertified"], 1))
    later = ended[renew] + rng.integers(60, 240, len(renew))
    attempts.add(people[renew], course=course, started=later - 1, ended=later, outcome=COMPLETED)


def _add_self_enrolled(
    rng: np.random.Generator,
    settings: dict[str, Any],
    company: Workforce,
    addresses: Addresses,
    catalogue: Catalogue,
    attempts: _Attempts,
) -> None:
    """People who take a course nobody asked them to take, and new hires trained before day one."""
    parameters = settings["learning"]
    start, end = company.start, company.end
    people = np.flatnonzero(chosen(rng, company.count, parameters["share_self_enrolled"], 2))
    course = rng.integers(0, len(catalogue.courses), len(people))
    arrival = np.where(addresses.is_reused, addresses.claim_from, company.hire)
    day = np.maximum(rng.integers(start + 30, end - 60, len(people)), arrival[people] + 3)
    employed = day < company.exit[people]
    attempts.add(
        people[employed],
        course=course[employed],
        started=day[employed] - 1,
        ended=day[employed],
        outcome=COMPLETED,
    )
    new = np.flatnonzero((company.hire > start + 10) & ~addresses.is_reused)
    new = new[chosen(rng, len(new), parameters["share_before_hire"], 1)]
    before = company.hire[new] - rng.integers(2, 9, len(new))
    attempts.add(new, course=0, started=before, ended=before, outcome=COMPLETED)


def _add_successors(company: Workforce, addresses: Addresses, attempts: _Attempts) -> None:
    """Holders of one address, one after the other, who complete the same course."""
    mails = addresses.mail.to_pylist()
    givers = {mails[person]: person for person in np.flatnonzero(addresses.claim_to < NEVER)}
    takers = np.flatnonzero(addresses.is_reused)
    before = np.array([givers[mails[person]] for person in takers], dtype=np.int64)
    people = np.concatenate([before, takers])
    day = np.concatenate([company.exit[before] - 3, addresses.claim_from[takers] + 5])
    inside = (day > company.start) & (day <= company.end) & (day < company.exit[people])
    attempts.add(
        people[inside],
        course=0,
        started=day[inside] - 1,
        ended=day[inside],
        outcome=COMPLETED,
    )


def _add_enablement(
    rng: np.random.Generator,
    settings: dict[str, Any],
    company: Workforce,
    catalogue: Catalogue,
    attempts: _Attempts,
) -> np.ndarray:
    """Managers who take the enablement course, most of them before their team; day per employee."""
    parameters = settings["learning"]
    managers = np.arange(company.manager_count)
    enabled = rng.random(len(managers)) < parameters["share_manager_enabled"]
    late = rng.random(len(managers)) < parameters["share_enabled_late"]
    first_wave = min(day_number(d) for a in settings["audiences"].values() for d in a["waves"])
    day = np.where(
        late,
        first_wave + rng.integers(120, 170, len(managers)),
        first_wave - rng.integers(0, 50, len(managers)),
    )
    day = np.maximum(day, company.start + 3).astype(np.int32)
    enabled &= day < company.exit[managers]
    offered = sorted({c for p in catalogue.programs for c in p.enablement_courses})
    pick = rng.integers(0, 10, len(managers))
    day_enabled = np.full(company.count, NEVER, dtype=np.int32)
    day_enabled[managers[enabled]] = day[enabled]
    for place, course in enumerate(offered):
        taking = managers[enabled & ((pick % len(offered) == place) | (pick > 5))]
        attempts.add(
            taking,
            course=course,
            assigned=day_enabled[taking] - 10,
            started=day_enabled[taking],
            ended=day_enabled[taking],
            outcome=COMPLETED,
        )
    return day_enabled


def build_training(
    company: Workforce,
    addresses: Addresses,
    catalogue: Catalogue,
    settings: dict[str, Any],
    randomness: Randomness,
) -> Training:
    """All attempts of the company, with the first completion and invitation per tool."""
    attempts = _Attempts()
    tools = [tool["tool_id"] for tool in catalogue.tools]
    invitation = {tool: np.full(company.count, NEVER, dtype=np.int32) for tool in tools}
    for program in catalogue.programs:
        rng = randomness.stream(f"program {program.program_id}")
        people, day = _add_program(rng, settings, company, addresses, catalogue, program, attempts)
        for tool in {t for c in program.learner_courses for t, _, _ in catalogue.courses[c].ties}:
            if tool in invitation:
                np.minimum.at(invitation[tool], people, day)
    rng = randomness.stream("other training")
    enabled = _add_enablement(rng, settings, company, catalogue, attempts)
    _add_self_enrolled(rng, settings, company, addresses, catalogue, attempts)
    if settings["learning"].get("successors_meet"):
        _add_successors(company, addresses, attempts)
    # A few finish in the days after their exit; nobody does whose address went to somebody else.
    grace = np.where(addresses.claim_to < NEVER, -1, 10)
    last_days = np.where(company.rehire < NEVER, company.end, company.exit + grace)
    last_days = np.minimum(last_days, company.end)
    registrations = attempts.registrations(rng, settings["learning"], last_days)
    completion = {tool: np.full(company.count, NEVER, dtype=np.int32) for tool in tools}
    done = registrations.is_satisfying
    for course in catalogue.courses:
        for tool, first, last in catalogue.tools_of_course(course.index):
            rows = done & (registrations.course == course.index)
            rows &= (registrations.ended >= first) & (registrations.ended < last)
            np.minimum.at(completion[tool], registrations.employee[rows], registrations.ended[rows])
    return Training(registrations, completion, invitation, enabled)
