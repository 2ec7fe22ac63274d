"""The reference seeds as the simulator reads them: programs, course ties, tools, overrides."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from certgap.simulate.days import NEVER, day_number

PROJECT_FOLDER = Path(__file__).resolve().parents[3]


def seed_folder() -> Path:
    """The project's own seeds: the sample company's reference data."""
    return PROJECT_FOLDER / "seeds"


def read_reference(folder: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every seed file as rows of text; an empty field is None."""
    folder = folder or seed_folder()
    reference = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [{k: (v or None) for k, v in row.items()} for row in csv.DictReader(file)]
        reference[path.stem] = rows
    return reference


def as_day(text: str | None, otherwise: int) -> int:
    """Day number of an ISO date, `otherwise` for an empty one."""
    return day_number(date.fromisoformat(text)) if text else otherwise


@dataclass
class Course:
    """One course of one platform."""

    index: int
    source_system: str
    source_course_id: str
    title: str
    duration_minutes: int
    published_day: int
    equivalent_to: str | None
    ties: list[tuple[str, int, int]]  # tool, first day, day after the last


@dataclass
class Program:
    """A training program with its courses (indices into the catalogue)."""

    program_id: str
    starts_on: int
    ends_on: int
    rule: str
    learner_courses: list[int]
    required_courses: list[int]
    enablement_courses: list[int]


@dataclass
class Catalogue:
    """Courses and programs, consistent with the seeds."""

    courses: list[Course]
    programs: list[Program]
    tools: list[dict[str, Any]]

    def tools_of_course(self, index: int) -> list[tuple[str, int, int]]:
        """Ties of a course, its own and those of the course it is equivalent to."""
        course = self.courses[index]
        ties = list(course.ties)
        for other in self.courses:
            if course.equivalent_to == f"{other.source_system}:{other.source_course_id}":
                ties += other.ties
        return ties


def build_catalogue(
    settings: dict[str, Any], reference: dict[str, list[dict[str, Any]]]
) -> Catalogue:
    """Courses of the settings tied to tools and programs by the seeds."""
    courses = []
    for index, entry in enumerate(settings["courses"]):
        key = (entry["source_system"], entry["source_course_id"])
        ties = [
            (row["tool_id"], as_day(row["valid_from"], -1), as_day(row["valid_to"], int(NEVER)))
            for row in reference["course_tool_map"]
            if (row["source_system"], row["source_course_id"]) == key
        ]
        courses.append(
            Course(
                index,
                *key,
                entry["title"],
                entry["duration_minutes"],
                day_number(entry["published_on"]),
                entry.get("equivalent_to"),
                ties,
            )
        )
    number = {(c.source_system, c.source_course_id): c.index for c in courses}
    programs = []
    for row in reference["programs"]:
        listed = [r for r in reference["program_courses"] if r["program_id"] == row["program_id"]]
        known = [
            (number[r["source_system"], r["source_course_id"]], r["course_role"], r["is_required"])
            for r in listed
            if (r["source_system"], r["source_course_id"]) in number
        ]
        programs.append(
            Program(
                row["program_id"],
                as_day(row["starts_on"], -1),
                as_day(row["ends_on"], int(NEVER)),
                row["completion_rule"],
                [course for course, role, _ in known if role == "learner"],
                [course for course, role, must in known if role == "learner" and must == "true"],
                [course for course, role, _ in known if role == "manager_enablement"],
            )
        )
    return Catalogue(courses, programs, reference["tools"])


def write_reference(folder: Path, reference: dict[str, list[dict[str, Any]]]) -> None:
    """Every seed file of the project with the rows of `reference`."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(seed_folder().glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(reference[path.stem])
