"""Random evidence beside completions: scores, times spent, bursts, and answers to surveys.

Drawn from dice of its own, so that the rest of a company is what it was without.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from certgap.worlds.drawing import Dice, Feeds, Row, after
from certgap.worlds.people import People, instant

SOURCE = "generic"
MINUTES = [None, None, 0, 30, 30, 60]
# Around a quarter and a half of 30 minutes, and of an hour.
SECONDS = [None, None, 0, 60, 449, 450, 451, 899, 900, 901, 1799, 1800, 3600]
SCORES = [None, None, 0.4, 0.99, 1.0, 1.0]
# Around the edges of spans of an hour and of ten minutes.
BURST_SECONDS = [0, 0, 1, 599, 600, 601, 1800, 3599, 3600, 3601, 7200]
TEXTS = [
    "ok",
    "I use it for drafts of letters",
    "It summarises the minutes for me today.",  # 39 characters
    "It summarises the minutes for me, daily.",  # 40
    " IT SUMMARISES the minutes for me, daily. ",
    "It drafts my weekly report, and I check every number in it.",
    "  ",
    None,
]
# Days from a completion to an answer, around the edges of what counts.
SOON = [-15, -14, -7, -1, 0, 0, 1, 7, 14, 15, 30, 31]
BEFORE = [-121, -120, -21, -20, -3, 0, 1]
LATER = [n + days for n in (60, 90, 120) for days in (-31, -30, -15, -14, 0, 0, 14, 15, 30, 31)]
DISTANCES = {
    "knowledge_post": SOON,
    "reaction": SOON,
    "knowledge_pre": BEFORE,
    "behavior_90d": LATER,
    "manager_observation": LATER,
    "tool_friction": SOON,
}
TOLD_SOON = {"knowledge_post", "reaction", "knowledge_pre", "tool_friction"}
METRICS = ["production_contributions", "first_submission_error_rate"]


@dataclass
class Evidence:
    """What is drawn here, and the dice."""

    dice: Dice
    surveys: list[Row] = field(default_factory=list)
    outcomes: list[Row] = field(default_factory=list)

    def of_event(self, kind: str) -> Row:
        """Score and time spent that an event tells."""
        if kind == "assigned":
            return {}
        return {
            "score_scaled": self.dice.choice(SCORES),
            "duration_seconds": self.dice.choice(SECONDS),
        }

    def draw_courses(self, courses: list[Row]) -> None:
        """How long courses are."""
        for row in courses:
            row["duration_minutes"] = self.dice.choice(MINUTES)


def draw_bursts(
    evidence: Evidence, feeds: Feeds, people: People, events: list[Row], start: date, end: date
) -> None:
    """Some people finish one course with a perfect score in a short time, more or less together."""
    dice = evidence.dice
    for burst in range(dice.randint(0, 3)):
        begins = instant(dice, dice.day(start, after(start, (end - start).days * 2 // 3)))
        course = dice.choice(["basics", "basics-2", "lab", "safety"])
        for employee_id in dice.sample(people.ids, dice.randint(2, 6)):
            alias = people.alias_of[employee_id, "work_email"]
            when = begins + timedelta(seconds=dice.choice(BURST_SECONDS))
            row = {
                "event_id": f"B{burst}-{employee_id}",
                "alias_type": alias[0],
                "alias_value": alias[1],
                "event_type": dice.choice(["passed", "completed"]),
                "occurred_at": when,
                "success": True,
                "is_voided": False,
                "score_scaled": dice.choice([1.0, 1.0, 1.0, 0.99]),
                "duration_seconds": dice.choice(SECONDS),
            }
            feeds.deliver("lms", "learning_events", end, row | {"course_id": course})
            events.append(
                row
                | {
                    "employee_id": people.owner(alias, when.date()),
                    "source_system": SOURCE,
                    "source_course_id": course,
                    "is_date_only": False,
                }
            )


def draw_surveys(
    evidence: Evidence, feeds: Feeds, people: People, events: list[Row], end: date
) -> None:
    """Answers around completions, some delivered again with another text; some companies ask
    nobody."""
    dice = evidence.dice
    if dice.happens(0.2):
        return
    finished = [event for event in events if event["event_type"] in ("completed", "passed")]
    asked = [kind for kind in DISTANCES if dice.happens(0.8)] or ["reaction"]
    for number, event in enumerate(dice.some(finished * 5, 0.6)):
        survey_kind = dice.choice([*asked, *asked, "knowledge_post"])
        day = after(event["occurred_at"].date(), dice.choice(DISTANCES[survey_kind]))
        kind = dice.choice(["work_email", "upn"])
        # The alias an event came under is the one of a person, whoever holds it now.
        person = "E" + event["alias_value"].split("@")[0][1:].zfill(3)
        alias = people.alias_of[person, kind]
        for question in dice.some(["why", "how"], 0.7):
            when = datetime.combine(day, datetime.min.time())
            when = when if dice.happens(0.2) else instant(dice, day)
            row = {
                "response_id": f"R{number}",
                "question_id": question,
                "alias_type": alias[0],
                "alias_value": alias[1],
                "survey_kind": survey_kind,
                "value_number": dice.choice([None, 0, 3, 5]),
                "value_text": dice.choice(
                    [None, *TEXTS] if survey_kind in TOLD_SOON else [None, *TEXTS[-4:]]
                ),
                "responded_at": when,
            }
            told = [row]
            if dice.happens(0.1):
                told.append(row | {"value_text": dice.choice(TEXTS)})
            if dice.happens(0.03):
                told[-1] = told[-1] | {"responded_at": None}
            for copy, delivered_on in zip(told, (end, after(end, 1)), strict=False):
                feeds.deliver("lms", "surveys", delivered_on, copy)
            last = told[-1]
            when = last["responded_at"]
            evidence.surveys.append(
                {name: last[name] for name in row if not name.startswith("alias")}
                | {
                    "source_system": SOURCE,
                    "employee_id": people.owner(alias, when.date()) if when else None,
                    "value_text": (last["value_text"] or "").strip() or None,
                }
            )


def draw_outcomes(
    evidence: Evidence, feeds: Feeds, people: People, events: list[Row], end: date
) -> None:
    """What people achieved in periods around completions; some values are restated."""
    dice = evidence.dice
    if dice.happens(0.25):
        return
    finished = [event for event in events if event["event_type"] in ("completed", "passed")]
    told: dict[tuple, Row] = {}
    for event in dice.some(finished, 0.7):
        person = "E" + event["alias_value"].split("@")[0][1:].zfill(3)
        for _ in range(dice.randint(2, 9)):
            edge = dice.choice([-120, -91, -90, -60, -31, -30, -1, 0, 1, 1, 2, 30, 60, 61, 91])
            first = after(event["occurred_at"].date(), edge)
            row = {
                "subject_type": dice.choice(["employee", "employee", "employee", "team"]),
                "subject_id": dice.choice([person, person, person, "stranger"]),
                "metric_id": dice.choice(METRICS),
                "period_start": first,
                "period_end": after(first, dice.choice([0, 0, 28, 29, 30, 59, 89])),
                "value": dice.choice([None, 0, 1, 2.5, 4]),
                "exposure": dice.choice([None, None, 0, 1, 8]),
            }
            for copy, delivered_on in ((row, end), (row | {"value": 7}, after(end, 1))):
                if copy is row or dice.happens(0.1):
                    key = tuple(list(row.values())[:5])
                    if copy is row and key in told:
                        continue
                    feeds.deliver("lms", "outcomes", delivered_on, copy)
                    told[key] = copy
    evidence.outcomes += [row | {"source_system": SOURCE} for row in told.values()]
