"""Surveys and outcomes: what people say of a training, and what comes of their work.

Both are generic feeds, drawn from streams of their own, so that every other file stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, SECONDS_A_DAY, as_date, date_array, timestamp_array
from certgap.simulate.delivery_calendar import learning_delivery_days
from certgap.simulate.generic_hris import texts
from certgap.simulate.learning_events import delivery_of
from certgap.simulate.names import join
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.writing import DeliveryFolder

TASKS = ["draft letters", "sum up meetings", "write tests", "sort requests", "check contracts"]
GAINS = ["saves me", "spares the team", "takes off my desk", "gives back"]
CHECKS = ["I read each line again.", "A colleague looks over it.", "I compare it with the source."]
# What went round by chat.
COPIED = [
    "The assistant supports knowledge work if its output is reviewed by a human.",
    "Prompts need a role, a task, a context and a format to give good results.",
]


@dataclass
class _Asked:
    """People, days and answers of one kind of survey."""

    kind: str
    question: str
    who: np.ndarray
    day: np.ndarray
    number: np.ndarray  # -1: none
    text: list[str | None]


def _trained(company: Company) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who completed anything, on which day first, and who took a tool up."""
    first = np.full(company.workforce.count, NEVER, dtype=np.int64)
    adopts = np.zeros(company.workforce.count, dtype=bool)
    for tool, days in company.training.first_completion.items():
        first = np.minimum(first, days)
        adopts |= company.behaviour[tool].is_adopter
    who = np.flatnonzero(first < NEVER)
    return who, first[who], adopts[who]


def _words(rng: np.random.Generator, size: int) -> list[str]:
    """Sentences, hardly two of them alike."""
    task, gain = rng.integers(0, len(TASKS), size), rng.integers(0, len(GAINS), size)
    check, minutes = rng.integers(0, len(CHECKS), size), rng.integers(5, 240, size)
    return [
        f"I let it {TASKS[t]}. That {GAINS[g]} {m} minutes a week. {CHECKS[c]}"
        for t, g, c, m in zip(task, gain, check, minutes, strict=True)
    ]


def _surveys(company: Company) -> list[_Asked]:
    """Everything anybody answered."""
    parameters = company.settings["surveys"]
    rng = company.randomness.stream("surveys")
    people, completed, adopts = _trained(company)
    before = rng.normal(52, 12, len(people))

    def asked(kind: str, question: str, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        answers = rng.random(len(people)) < parameters[f"share_{kind}"]
        day = completed + rng.integers(first, last + 1, len(people))
        force = company.workforce
        answers &= (day >= force.start) & (day <= force.end)
        answers &= (day >= force.hire[people]) & (day < force.exit[people])
        return np.flatnonzero(answers), day

    told = []
    rows, day = asked("reaction", "useful", 0, 6)
    number = np.clip(np.rint(rng.normal(4.2, 0.8, len(rows))), 1, 5)
    told.append(_Asked("reaction", "useful", people[rows], day[rows], number, [None] * len(rows)))
    rows, day = asked("knowledge_pre", "score", -30, -1)
    number = np.clip(np.rint(before[rows]), 0, 100)
    told.append(
        _Asked("knowledge_pre", "score", people[rows], day[rows], number, [None] * len(rows))
    )
    rows, day = asked("knowledge_post", "score", 0, 7)
    number = np.clip(np.rint(before[rows] + rng.normal(18, 8, len(rows))), 0, 100)
    nothing = np.full(len(rows), -1.0)
    told.append(
        _Asked("knowledge_post", "score", people[rows], day[rows], number, [None] * len(rows))
    )
    words = _words(rng, len(rows))
    copied = rng.random(len(rows)) < parameters["share_copied"]
    which = rng.integers(0, len(COPIED), len(rows))
    words = [
        COPIED[n] if is_copied else w for w, n, is_copied in zip(words, which, copied, strict=True)
    ]
    told.append(_Asked("knowledge_post", "in_your_words", people[rows], day[rows], nothing, words))
    rows, day = asked("behavior_90d", "one_concrete_example", 85, 100)
    share = np.where(
        adopts[rows], parameters["share_example_adopters"], parameters["share_example_others"]
    )
    has_one = rng.random(len(rows)) < share
    words = [w if has else None for w, has in zip(_words(rng, len(rows)), has_one, strict=True)]
    told.append(
        _Asked(
            "behavior_90d", "one_concrete_example", people[rows], day[rows],
            np.full(len(rows), -1.0), words,
        )
    )  # fmt: skip
    rows, day = asked("manager_observation", "works_with_it", 80, 110)
    number = np.clip(np.rint(rng.normal(2.2 + 1.5 * adopts[rows], 0.9)), 1, 5)
    told.append(
        _Asked(
            "manager_observation", "works_with_it", people[rows], day[rows], number,
            [None] * len(rows),
        )
    )  # fmt: skip
    return told


def write_surveys(
    out: Path, company: Company, truth: TruthTables, fmt: str, mail_is_listed: bool
) -> None:
    """Answers under the mail address of the day; observations under that of the person seen."""
    told = _surveys(company)
    force, addresses = company.workforce, company.addresses
    who = np.concatenate([part.who for part in told])
    day = np.concatenate([part.day for part in told])
    number = np.concatenate([part.number for part in told])
    kinds = [part.kind for part in told for _ in range(len(part.who))]
    if not len(who):
        return
    rng = company.randomness.stream("times of surveys")
    instants = day * SECONDS_A_DAY + rng.integers(7 * 3600, 19 * 3600, len(who))
    mail, by = addresses.used_mail("work_email", who, day)
    owned = addresses.owns_used(who, day, day, by)
    owned &= mail_is_listed | ~addresses.is_unclaimed[who] | (by >= 0)
    ids = force.ids.take(pa.array(who))
    table = pa.table(
        {
            "response_id": join(pa.array(kinds), "-", ids),
            "alias_type": texts(["work_email"], np.zeros(len(who), np.int8)),
            "alias_value": mail,
            "survey_kind": pa.array(kinds),
            "question_id": pa.array([p.question for p in told for _ in range(len(p.who))]),
            "value_number": pa.array(number, mask=number < 0),
            "value_text": pa.array([text for part in told for text in part.text], pa.string()),
            "responded_at": timestamp_array(instants),
        }
    )
    newest = _write_by_delivery(out, company, "surveys", table, day, fmt)
    truth.add_file("generic", "lms", "surveys", newest)
    same = [name for name in table.column_names if not name.startswith("alias")]
    truth.add(
        "surveys",
        pa.table(
            {name: table.column(name) for name in same}
            | {
                "source_system": texts(["generic"], np.zeros(len(who), np.int8)),
                "employee_id": force.ids.take(pa.array(who, mask=~owned)),
            }
        ),
    )


def _write_by_delivery(
    out: Path, company: Company, feed: str, table: pa.Table, day: np.ndarray, fmt: str
) -> int:
    """A file for each delivery of learning data that has rows; returns the day of the last one."""
    force = company.workforce
    every = company.settings["deliveries"]["learning_delivery_days"]
    days = learning_delivery_days(force.start, force.end, every)
    delivery = delivery_of(day, days)
    folder = DeliveryFolder(out, "lms", "generic", feed)
    newest = int(days[0])
    for number, delivered_on in enumerate(days.tolist()):
        rows = np.flatnonzero(delivery == number)
        if len(rows):
            folder.table(delivered_on, table.take(rows), fmt)
            newest = delivered_on
    return newest


def _months(company: Company) -> list[tuple[int, int]]:
    """First and last day of each whole calendar month of the period."""
    force = company.workforce
    starts = [day for day in range(force.start, force.end + 2) if as_date(day).day == 1]
    return [(first, after - 1) for first, after in pairwise(starts)]


def write_outcomes(out: Path, company: Company, truth: TruthTables, fmt: str) -> None:
    """A value a month for the metric of a person's job family, of some of the people."""
    rng = company.randomness.stream("outcomes")
    force, parameters = company.workforce, company.settings["outcomes"]
    counted = rng.random(force.count) < parameters["share_counted"]
    people, completed, adopts = _trained(company)
    turn = np.full(force.count, NEVER, dtype=np.int64)
    turn[people[adopts]] = completed[adopts]
    level = np.exp(rng.normal(0, 0.25, force.count))
    parts: list[dict[str, Any]] = []
    for metric in parameters["metrics"]:
        families = [force.families.index(f) for f in metric["families"] if f in force.families]
        works = counted & np.isin(force.first_family, families)
        for first, last in _months(company):
            here = works & (force.hire <= first) & (force.exit > last)
            who = np.flatnonzero(here)
            exposure = np.maximum(1, np.rint(rng.normal(metric["exposure"], 3, len(who))))
            mean = metric["level"] * level[who] * exposure
            mean = mean * np.where(turn[who] < first, 1 + metric["change"], 1.0)
            value = rng.poisson(mean)
            parts.append({"metric": metric["metric_id"], "who": who, "value": value}
                         | {"exposure": exposure, "first": first, "last": last})  # fmt: skip
    parts = [part for part in parts if len(part["who"])]
    if not parts:
        return

    def column(name: str) -> np.ndarray:
        return np.concatenate([np.broadcast_to(p[name], len(p["who"])) for p in parts])

    last = column("last").astype(np.int64)
    table = pa.table(
        {
            "subject_type": pa.array(["employee"] * len(last)),
            "subject_id": force.ids.take(pa.array(column("who"))),
            "metric_id": pa.array([p["metric"] for p in parts for _ in range(len(p["who"]))]),
            "period_start": date_array(column("first")),
            "period_end": date_array(last),
            "value": pa.array(column("value").astype(float)),
            "exposure": pa.array(column("exposure").astype(float)),
        }
    )
    newest = _write_by_delivery(out, company, "outcomes", table, last, fmt)
    truth.add_file("generic", "lms", "outcomes", newest)
    source = pa.array(["generic"] * len(table))
    truth.add("outcomes", table.append_column("source_system", source))
