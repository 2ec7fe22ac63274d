"""`content_freshness`: how old the content of courses is, and who was trained on stale content.

Source: decision record 0019. What is not known is neither stale nor fresh.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from certgap.truth.aggregates import ALL
from certgap.truth.checkpoints import Checkpoint
from certgap.truth.courses import CourseNode, Courses, Group, Tie
from certgap.truth.statistics import with_interval
from certgap.truth.units import Learner, Learning, Unit
from certgap.truth.world import World

STALE, REST = "stale", "rest"
UNKNOWN_VERSION, NOT_MEASURED = "unknown_version", "not_measured"

# What a unit was trained on, and its last checkpoint.
Judged = tuple[str, Checkpoint]


@dataclass(frozen=True)
class Releases:
    """The days on which a tool was released, planned days not among them."""

    days: tuple[int, ...]
    makes_stale: int

    def between(self, content_day: int, judged_day: int) -> int:
        """Releases after the day of the content, up to the day it is judged."""
        return sum(content_day < day <= judged_day for day in self.days)

    def is_stale(self, content_day: int, judged_day: int) -> bool:
        """Whether so many lie between that the content is stale."""
        return self.between(content_day, judged_day) >= self.makes_stale

    def go_back_to(self, day: int) -> bool:
        """Whether the list begins by then: of what was before, nothing is known."""
        return bool(self.days) and min(self.days) <= day


class Contents:
    """The day each listed course's content is of, and the releases of the tools."""

    def __init__(self, world: World) -> None:
        """Read the catalogues and the seed."""
        self.day: dict[CourseNode, int | None] = {}
        for row in world.rows("courses"):
            told = row["last_updated_at"] or row["published_at"]
            node = (row["source_system"], row["course_id"])
            self.day[node] = told.date().toordinal() if told else None
        self._days: dict[str, list[int]] = defaultdict(list)
        for row in world.reference["tool_releases"]:
            if row["released_on"]:
                self._days[row["tool_id"]].append(row["released_on"].toordinal())
        self._makes_stale = world.settings.content_stale_releases

    def releases(self, tool_id: str) -> Releases:
        """The releases of a tool."""
        return Releases(tuple(self._days.get(tool_id, ())), self._makes_stale)

    def course_of(self, unit: Unit, record: Learning, courses: Courses) -> CourseNode:
        """The course that made the unit complete; of several at one instant the newest content."""
        completing = unit.completing
        at_once = {
            (event.source_system, event.course_id)
            for event in record.satisfying
            if (event.day, event.occurred_at, event.source_system)
            == (completing.day, completing.occurred_at, completing.source_system)
            and courses.is_tied(event.group, unit.tool_id, event.day)
        }
        newest = max(self.day.get(course) or 0 for course in at_once)
        return min(course for course in at_once if (self.day.get(course) or 0) == newest)

    def word(self, unit: Unit, course: CourseNode) -> str:
        """What a unit was trained on."""
        content_day, trained_on = self.day.get(course), unit.completion_day
        if content_day is None:
            return NOT_MEASURED
        if content_day > trained_on:
            return UNKNOWN_VERSION
        releases = self.releases(unit.tool_id)
        if releases.is_stale(content_day, trained_on):
            return STALE
        return REST if releases.go_back_to(content_day) else NOT_MEASURED

    def missing(self, course: CourseNode, tool_id: str, as_of_day: int) -> str | None:
        """What there is not, to tell the status of a course."""
        content_day, releases = self.day.get(course), self.releases(tool_id)
        if course not in self.day:
            return "course_not_listed"
        if content_day is None:
            return "no_date"
        if content_day > as_of_day:
            return "dated_after_as_of"
        if not releases.days:
            return "no_releases"
        if not releases.go_back_to(content_day) and not releases.is_stale(content_day, as_of_day):
            return "releases_begin_later"
        return None


def content_freshness(
    world: World,
    checkpoints: list[Checkpoint],
    learning: dict[Learner, Learning],
    courses: Courses,
    as_of_day: int,
) -> list[dict[str, Any]]:
    """One row per course × tool, and one of all courses per tool."""
    contents, last_n = Contents(world), max(world.settings.checkpoint_days)
    judged: dict[tuple[str, CourseNode], list[Judged]] = defaultdict(list)
    for checkpoint in checkpoints:
        unit = checkpoint.unit
        if unit.program_id is None and checkpoint.checkpoint_day == last_n:
            course = contents.course_of(unit, learning[unit.learner], courses)
            judged[unit.tool_id, course].append((contents.word(unit, course), checkpoint))
    listings: dict[Group, set[CourseNode]] = defaultdict(set)
    for node in contents.day:
        listings[courses.group(*node)].add(node)
    for learner, record in learning.items():
        for event in record.satisfying:
            if learner.employee_id and courses.tools_on(event.group, event.day):
                listings[event.group].add((event.source_system, event.course_id))
    rows, tools = [], set()
    for group, ties in courses.ties.items():
        for tool_id in {tie.tool_id for tie in ties if _has_begun(tie, as_of_day)}:
            tools.add(tool_id)
            for node in listings.get(group) or {group}:
                row = {"tool_id": tool_id, "course_id": ":".join(node), "platform": node[0]}
                row |= {"is_taught": courses.is_tied(group, tool_id, as_of_day)}
                row |= _age(contents, node, tool_id, as_of_day, world.settings.content_cadence_days)
                rows.append(row | _figures(judged.get((tool_id, node), [])))
    for tool_id in tools:
        of_tool = [c for (tool, _), some in judged.items() if tool == tool_id for c in some]
        row = {"tool_id": tool_id, "course_id": ALL} | dict.fromkeys(
            ("platform", "is_taught", "content_date", "n_days_since_update", "is_within_cadence")
        )
        row |= dict.fromkeys(("n_releases_since", "content_status", "not_measured_reason"))
        row |= _latest(contents, tool_id, as_of_day)
        rows.append(row | _figures(of_tool))
    return [{"program_id": ALL, "checkpoint_day": last_n} | row for row in rows]


def _has_begun(tie: Tie, as_of_day: int) -> bool:
    """Whether the tie has had a day by then; one that ends as it begins never has."""
    return tie.valid_from <= as_of_day and tie.valid_from < tie.valid_to


def _latest(contents: Contents, tool_id: str, as_of_day: int) -> dict[str, Any]:
    days = [day for day in contents.releases(tool_id).days if day <= as_of_day]
    return {"latest_release_date": date.fromordinal(max(days)) if days else None}


def _age(
    contents: Contents, course: CourseNode, tool_id: str, as_of_day: int, cadence_days: int
) -> dict[str, Any]:
    """How the content stands to the calendar and to the releases."""
    content_day = contents.day.get(course)
    is_past = content_day is not None and content_day <= as_of_day
    missing = contents.missing(course, tool_id, as_of_day)
    since, status = None, "not measured"
    if missing is None:
        releases = contents.releases(tool_id)
        since = releases.between(content_day, as_of_day)
        status = "behind" if since else "current"
        if releases.is_stale(content_day, as_of_day):
            status = "stale"
    return {
        "content_date": None if content_day is None else date.fromordinal(content_day),
        "n_days_since_update": as_of_day - content_day if is_past else None,
        "is_within_cadence": as_of_day - content_day <= cadence_days if is_past else None,
        **_latest(contents, tool_id, as_of_day),
        "n_releases_since": since,
        "content_status": status,
        "not_measured_reason": missing,
    }


def _figures(judged: list[Judged]) -> dict[str, Any]:
    """Units by what they were trained on, and who of them adopted."""
    of_word: dict[str, list[Checkpoint]] = defaultdict(list)
    for word, checkpoint in judged:
        of_word[word].append(checkpoint)
    checkpoints = [checkpoint for _, checkpoint in judged]
    n_judged = len(of_word[STALE]) + len(of_word[REST])
    row: dict[str, Any] = {
        "n_completed": len(checkpoints),
        "n_unknown_version": len(of_word[UNKNOWN_VERSION]),
        "n_not_measured": len(of_word[NOT_MEASURED]),
        "n_judged": n_judged,
    }
    row |= with_interval("stale_rate", len(of_word[STALE]), n_judged)
    sides = {"": checkpoints, f"_{STALE}": of_word[STALE], f"_{REST}": of_word[REST]}
    for suffix, group in sides.items():
        n_eligible = sum(c.is_eligible for c in group)
        n_adopted = sum(c.is_eligible and c.use.is_adopted for c in group)
        is_told = not suffix or n_judged > 0
        if suffix:
            row[f"n{suffix}"] = len(group) if is_told else None
        row[f"n_eligible{suffix}"] = n_eligible if is_told else None
        row[f"n_adopted{suffix}"] = n_adopted if is_told else None
        interval = with_interval("rate", n_adopted, n_eligible)
        row |= {name.replace("rate", f"adoption_rate{suffix}"): v for name, v in interval.items()}
    return row
