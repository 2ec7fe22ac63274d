"""What employees answered in surveys, on their local days.

Source: decision record 0015.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from certgap.truth.employment import Employment
from certgap.truth.world import World


@dataclass(frozen=True)
class Answer:
    """One answer of a known employee."""

    source_system: str
    response_id: str
    question_id: str
    employee_id: str
    survey_kind: str | None
    number: float | None
    text: str | None
    day: int


def read_answers(world: World, employment: Employment, as_of_day: int) -> list[Answer]:
    """Answers that somebody can be named for, up to the as-of date."""
    answers = []
    for row in world.rows("surveys"):
        employee_id, instant = row["employee_id"], row["responded_at"]
        if employee_id is None or instant is None:
            continue
        # Surveys have no precision: midnight stands for a day without a time.
        day = employment.local_day(employee_id, instant, instant.time() == time())
        if day <= as_of_day:
            answers.append(
                Answer(
                    source_system=row["source_system"],
                    response_id=row["response_id"],
                    question_id=row["question_id"],
                    employee_id=employee_id,
                    survey_kind=row["survey_kind"],
                    number=row["value_number"],
                    text=row["value_text"],
                    day=day,
                )
            )
    return answers
