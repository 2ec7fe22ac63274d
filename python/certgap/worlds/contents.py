"""Random days of what courses say, and releases of tools around them and around completions."""

from __future__ import annotations

from datetime import date, datetime, time

from certgap.worlds.drawing import Dice, Row, after
from certgap.worlds.learning import FINISHES, SOURCE, Learning

TIMES = [time(0), time(0), time(12), time(23, 59, 59)]  # a catalogue's days are UTC
CADENCES = [92, 30, 91]  # those of the sets of rules


def draw_contents(
    dice: Dice, learning: Learning, tools: list[str], start: date, end: date
) -> list[Row]:
    """Courses are told when they are of, one is mapped that nobody lists; releases come back.

    Rows that are delivered are those of `learning`, so both learn of it.
    """
    finished = [e["occurred_at"].date() for e in learning.events if e["event_type"] in FINISHES]
    # Before, on and after a day on which somebody finished a course.
    near = [after(day, distance) for day in finished or [start] for distance in (-1, 0, 0, 1)]
    says_anything = dice.happens(0.85)
    told = []
    for course in learning.courses:
        long_ago = after(start, -dice.randint(30, 400))
        due = after(end, dice.choice([-1, 0, 0, 1]) - dice.choice(CADENCES))
        published = dice.choice([None, long_ago, long_ago, dice.choice(near)])
        updated = dice.choice([None, None, long_ago, dice.choice(near), due, after(end, 2)])
        for name, day in (("published_at", published), ("last_updated_at", updated)):
            is_told = day is not None and says_anything
            course[name] = datetime.combine(day, dice.choice(TIMES)) if is_told else None
        told += [day for day in (published, updated) if day]
    if dice.happens(0.3):
        gone = {"source_system": SOURCE, "source_course_id": "gone", "tool_id": dice.choice(tools)}
        first = dice.choice([None, start, after(end, 5)])
        learning.course_tool_map.append(gone | {"valid_from": first, "valid_to": None})
    releases = []
    for tool_id in tools:
        days: list[date | None] = [after(start, -500)] if dice.happens(0.6) else []
        for _ in range(dice.choice([0, 1, 2, 2, 3, 5])):
            around = after(dice.choice(told or near), dice.choice([-1, 0, 1, 20]))
            days.append(dice.choice([dice.choice(near), around, around, after(end, 9), None]))
        releases += [
            {"tool_id": tool_id, "release_name": f"{number}.0", "released_on": day}
            for number, day in enumerate(days)
        ]
    return releases
