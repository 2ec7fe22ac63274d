"""Which courses are one course, what they are tied to, and which programs they belong to.

Sources: metrics.md 2.3 and 2.5; decision record 0002, lines 10, 11 and 15.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from certgap.truth.days import ALWAYS, STILL, ordinal
from certgap.truth.world import World

# (source_system, id): a course's own id, or its id over all versions.
CourseNode = tuple[str, str]
# The smallest node of a group stands for the whole group.
Group = CourseNode


@dataclass(frozen=True)
class Tie:
    """A course group is about a tool, first day included, last day excluded."""

    tool_id: str
    valid_from: int
    valid_to: int

    def holds_on(self, day: int) -> bool:
        """Whether the tie is in force on a day."""
        return self.valid_from <= day < self.valid_to


@dataclass
class Program:
    """One program; both of its days are included."""

    program_id: str
    first_day: int
    last_day: int
    needs_all: bool
    window_days: int
    target: float
    learner_groups: set[Group] = field(default_factory=set)
    required_groups: set[Group] = field(default_factory=set)
    enablement_groups: set[Group] = field(default_factory=set)

    def covers(self, day: int) -> bool:
        """Whether the day is one of the program's."""
        return self.first_day <= day <= self.last_day


class Courses:
    """Course groups with their ties and programs."""

    def __init__(self, world: World) -> None:
        """Close the equivalences and hang ties and programs on the groups."""
        self._group = _groups(world)
        self.ties: dict[Group, list[Tie]] = defaultdict(list)
        for row in world.reference["course_tool_map"]:
            group = self.group(row["source_system"], row["source_course_id"])
            first = ordinal(row.get("valid_from"), ALWAYS)
            last = ordinal(row.get("valid_to"), STILL)
            self.ties[group].append(Tie(row["tool_id"], first, last))
        self.programs = self._programs(world)

    def group(self, source_system: str, course: str) -> Group:
        """The group of a course; an unlisted course is a group of its own."""
        node = (source_system, course)
        return self._group.get(node, node)

    def is_tied(self, group: Group, tool_id: str, day: int) -> bool:
        """2.3: whether the group is tied to the tool on that day."""
        return any(t.tool_id == tool_id and t.holds_on(day) for t in self.ties.get(group, ()))

    def tools_on(self, group: Group, day: int) -> set[str]:
        """Every tool the group is tied to on that day."""
        return {tie.tool_id for tie in self.ties.get(group, ()) if tie.holds_on(day)}

    def tools_of(self, program: Program) -> set[str]:
        """Every tool some learner course of the program is ever tied to."""
        return {tie.tool_id for group in program.learner_groups for tie in self.ties.get(group, ())}

    def required_for(self, program: Program, tool_id: str) -> set[Group]:
        """2.5: required learner courses whose tie to the tool overlaps the program."""
        return {
            group
            for group in program.required_groups
            for tie in self.ties.get(group, ())
            if tie.tool_id == tool_id
            and tie.valid_from <= program.last_day
            and tie.valid_to > program.first_day
        }

    def _programs(self, world: World) -> dict[str, Program]:
        programs = {}
        for row in world.reference["programs"]:
            window, target = row.get("completion_window_days"), row.get("adoption_target")
            settings = world.settings
            programs[row["program_id"]] = Program(
                program_id=row["program_id"],
                first_day=ordinal(row.get("starts_on"), ALWAYS),
                last_day=ordinal(row.get("ends_on"), STILL),
                needs_all=(row.get("completion_rule") or "any") == "all",
                window_days=settings.completion_window_days if window is None else window,
                target=settings.default_adoption_target if target is None else target,
            )
        for row in world.reference["program_courses"]:
            program = programs.get(row["program_id"])
            if program is None:
                continue
            group = self.group(row["source_system"], row["source_course_id"])
            if row["course_role"] == "learner":
                program.learner_groups.add(group)
                if row.get("is_required") is not False:
                    program.required_groups.add(group)
            elif row["course_role"] == "manager_enablement":
                program.enablement_groups.add(group)
        return programs


def _groups(world: World) -> dict[CourseNode, Group]:
    """0002.10: own id, id over versions and equivalents, closed symmetrically and transitively."""
    neighbours: dict[CourseNode, set[CourseNode]] = defaultdict(set)
    rows: list[dict[str, Any]] = world.rows("courses")
    listed = {(r["source_system"], r["course_id"]) for r in rows}
    listed |= {(r["source_system"], r["source_course_id"]) for r in rows if r["source_course_id"]}

    def link(one: CourseNode, other: CourseNode) -> None:
        neighbours[one].add(other)
        neighbours[other].add(one)

    for row in rows:
        own = (row["source_system"], row["course_id"])
        link(own, own)
        if row["source_course_id"]:
            link(own, (row["source_system"], row["source_course_id"]))
        equivalent = (row["equivalent_to"] or "").strip()
        if equivalent:
            same_source = (row["source_system"], equivalent)
            source, colon, course = equivalent.partition(":")
            link(own, same_source if same_source in listed or not colon else (source, course))
    group_of: dict[CourseNode, Group] = {}
    for start in sorted(neighbours):
        if start in group_of:
            continue
        reached, frontier = {start}, [start]
        while frontier:
            new = neighbours[frontier.pop()] - reached
            reached |= new
            frontier.extend(new)
        for node in reached:
            group_of[node] = start
    return group_of
