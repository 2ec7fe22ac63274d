"""Which vendor writes what: any mix of vendors, and generic for every category without one.

A learning vendor gets its share of the courses, a usage vendor one tool of the seeds, an HRIS
vendor the employees; two HRIS vendors are a merger, and each employee is in exactly one of them.
Web gateways and sign-in logs come on top: they report no tool's use. Where a vendor's export has
several forms, ``vendor:feed`` is the one that is not usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from certgap.simulate.hris_exports import HRIS
from certgap.simulate.hris_systems import HrisSystem
from certgap.simulate.logs import LOGS, Log
from certgap.simulate.platforms import PLATFORMS, Platform
from certgap.simulate.usage_reports import USAGE
from certgap.simulate.usage_vendors import UsageVendor

GENERIC = "generic"
# The vendors whose ids the project's own seeds name.
OF_THE_SEEDS = (
    "workday",
    "cornerstone",
    "xapi",
    "linkedin_learning",
    "m365_copilot",
    "github_copilot",
    "netskope",
    GENERIC,
)
VENDORS = [GENERIC, *HRIS, *PLATFORMS, *USAGE, *LOGS]
MOST_HRIS = 2


@dataclass(frozen=True)
class Sources:
    """Who writes what; nobody in a category means generic."""

    hris: tuple[HrisSystem, ...]
    learning: tuple[Platform, ...]
    usage: dict[str, UsageVendor]  # tool of the seeds -> who reports it
    logs: tuple[Log, ...] = ()

    @property
    def enabled(self) -> list[str]:
        """The vendors to build with."""
        named = [*self.hris, *self.learning, *self.usage.values(), *self.logs]
        return [*(vendor.name for vendor in named), GENERIC]

    @property
    def are_of_the_seeds(self) -> bool:
        """Whether the project's own reference data fits the company."""
        return self.enabled == [GENERIC] or set(self.enabled) == set(OF_THE_SEEDS)


def choose_sources(names: Sequence[str] | None) -> Sources:
    """The vendors by name; None for those of the seeds. Raises ValueError with what is wrong."""
    chosen = list(dict.fromkeys(names or OF_THE_SEEDS))
    unknown = sorted(set(chosen) - set(VENDORS))
    if unknown:
        raise ValueError(f"unknown sources {', '.join(unknown)}; known: {', '.join(VENDORS)}")
    hris = tuple(HRIS[name] for name in HRIS if name in chosen)
    if len(hris) > MOST_HRIS:
        raise ValueError(f"at most {MOST_HRIS} HRIS vendors at once")
    learning = tuple(PLATFORMS[name] for name in PLATFORMS if name in chosen)
    if len({platform.name for platform in learning}) < len(learning):
        names = ", ".join(platform.choice for platform in learning)
        raise ValueError(f"two of these are the same platform: {names}")
    usage = _tools([USAGE[name] for name in USAGE if name in chosen])
    return Sources(hris, learning, usage, tuple(LOGS[name] for name in LOGS if name in chosen))


def _tools(vendors: list[UsageVendor]) -> dict[str, UsageVendor]:
    """A tool of the seeds for each vendor: its own kind first, else one that is left."""
    tools: dict[str, UsageVendor] = {}
    free = ["copilot_m365", "github_copilot", "assistant"]
    if len({vendor.tool_id for vendor in vendors}) < len(vendors):
        names = ", ".join(vendor.choice for vendor in vendors)
        raise ValueError(f"two of these report the same tool: {names}")
    later = []
    for vendor in vendors:
        if vendor.stands_for in free:
            free.remove(vendor.stands_for)
            tools[vendor.stands_for] = vendor
        else:
            later.append(vendor)
    if len(later) > len(free):
        raise ValueError("the company has three tools; name at most three usage vendors")
    tools |= dict(zip(free, later, strict=False))
    return tools


def adapted(
    settings: dict[str, Any], reference: dict[str, list[dict[str, Any]]], sources: Sources
) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Settings and reference data of a company with these sources: its course and tool ids."""
    if sources.are_of_the_seeds:
        return settings, reference
    ids = _course_ids(settings["courses"], sources.learning)
    tools = {tool: vendor.tool_id for tool, vendor in sources.usage.items()}
    courses = []
    for course in settings["courses"]:
        system, course_id = ids[course["source_system"], course["source_course_id"]]
        moved = {**course, "source_system": system, "source_course_id": course_id}
        if course.get("equivalent_to"):
            same = ids[tuple(course["equivalent_to"].split(":", 1))]
            moved["equivalent_to"] = ":".join(same)
        courses.append(moved)
    own = dict(reference)
    for seed in ("course_tool_map", "program_courses"):
        own[seed] = [_with_course(row, ids) for row in reference[seed]]
    for seed, column in (
        ("tools", "tool_id"),
        ("course_tool_map", "tool_id"),
        ("tool_domains", "approved_alternative_tool_id"),
        ("tool_releases", "tool_id"),
    ):
        own[seed] = [{**row, column: tools.get(row[column], row[column])} for row in own[seed]]
    for row in own["tools"]:
        row["tool_name"] = _tool_name(row, sources)
    for platform in sources.learning:
        own |= platform.reference()
    own["platform_contracts"] = _contracts(reference["platform_contracts"], sources)
    learning = {**settings["learning"], "successors_meet": True}
    addresses = {**settings["addresses"], "divisions_apart": len(sources.hris) > 1}
    return {**settings, "courses": courses, "learning": learning, "addresses": addresses}, own


def _course_ids(
    courses: list[dict[str, Any]], platforms: tuple[Platform, ...]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Old and new (platform, course id): the courses dealt out in turn over the platforms."""
    keys = [(course["source_system"], course["source_course_id"]) for course in courses]
    names = {platform.name for platform in platforms}
    if not platforms or names == {system for system, _ in keys}:
        return {key: key for key in keys}
    ids = {}
    for index, key in enumerate(keys):
        platform = platforms[index % len(platforms)]
        ids[key] = key if key[0] == platform.name else (platform.name, platform.course_id(index))
    return ids


def _with_course(
    row: dict[str, Any], ids: dict[tuple[str, str], tuple[str, str]]
) -> dict[str, Any]:
    """A seed row under the course's id in this company."""
    key = (row["source_system"], row["source_course_id"])
    system, course_id = ids.get(key, key)
    return {**row, "source_system": system, "source_course_id": course_id}


def _tool_name(row: dict[str, Any], sources: Sources) -> str:
    """The name of a tool: that of its vendor where it took the place of a tool of the seeds."""
    of_vendor = {v.tool_id: v.name for v in sources.usage.values() if v.tool_id != v.stands_for}
    return of_vendor.get(row["tool_id"], row["tool_name"]).replace("_", " ")


def _contracts(rows: list[dict[str, Any]], sources: Sources) -> list[dict[str, Any]]:
    """A contract for each learning vendor, in the terms of those of the seeds."""
    names = [platform.name for platform in sources.learning]
    return [{**rows[i % len(rows)], "platform": name} for i, name in enumerate(names)] or rows
