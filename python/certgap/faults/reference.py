"""Faults of reference files and of seats."""

from __future__ import annotations

from certgap.faults.fault import CAUGHT, HARMLESS, Subject
from certgap.faults.raw import RawFolder

REFERENCE = Subject("Seats and reference")
LICENCES = "usage/generic/tool_licences"
TOOLS, TIES = "reference/tools.csv", "reference/course_tool_map.csv"
PROGRAMS, PROGRAM_COURSES = "reference/programs.csv", "reference/program_courses.csv"


@REFERENCE.fault(LICENCES, CAUGHT, "times the usual number")
def half_of_the_seats(raw: RawFolder) -> None:
    """Half of the seats are missing."""
    keep = iter(range(10**6))
    raw.edit(raw.newest(LICENCES), lambda row: row if next(keep) % 2 else None)


@REFERENCE.fault(LICENCES, CAUGHT, "distribution of 'tool_id'")
def all_seats_of_one_tool(raw: RawFolder) -> None:
    """All seats are of one tool."""
    raw.edit(raw.newest(LICENCES), lambda row: {**row, "tool_id": "copilot_m365"})


@REFERENCE.fault(LICENCES, CAUGHT)
def seats_end_before_they_begin(raw: RawFolder) -> None:
    """Seats end before they begin."""
    raw.edit(
        raw.newest(LICENCES),
        lambda row: {**row, "valid_to": "2020-01-01"},
        lambda r: not r["valid_to"],
    )


@REFERENCE.fault(LICENCES, CAUGHT)
def all_seats_suspended(raw: RawFolder) -> None:
    """All seats are suspended."""
    raw.edit(raw.newest(LICENCES), lambda row: {**row, "status": "suspended"})


@REFERENCE.fault(LICENCES, CAUGHT, "'alias_value' has")
def seats_twice(raw: RawFolder) -> None:
    """Every seat is there twice, with another price."""
    raw.edit(raw.newest(LICENCES), lambda row: [row, {**row, "monthly_cost": "31"}])


@REFERENCE.fault(LICENCES, CAUGHT)
def holders_unknown(raw: RawFolder) -> None:
    """Holders of seats are not known."""
    raw.edit(raw.newest(LICENCES), lambda row: {**row, "alias_value": "x." + row["alias_value"]})


@REFERENCE.fault(TOOLS, CAUGHT, "every_mapped_tool_is_in_the_tools_seed")
def tool_not_listed(raw: RawFolder) -> None:
    """A tool is missing from the list of tools."""
    raw.edit(TOOLS, lambda _: None, lambda row: row["tool_id"] == "assistant")


@REFERENCE.fault(TOOLS, CAUGHT, "stg_reference__tools_has_one_row_per_key")
def tool_listed_twice(raw: RawFolder) -> None:
    """A tool is listed twice."""
    raw.edit(TOOLS, lambda row: [row, row], lambda row: row["tool_id"] == "assistant")


@REFERENCE.fault(TOOLS, CAUGHT, "licence_model_of_every_tool")
def unknown_licence_model(raw: RawFolder) -> None:
    """An unknown licence model."""
    raw.edit(TOOLS, lambda row: {**row, "licence_model": "per month"})


@REFERENCE.fault(TIES, CAUGHT, "every_mapped_tool_is_in_the_tools_seed")
def tied_to_no_tool(raw: RawFolder) -> None:
    """Courses tied to a tool nobody lists."""
    raw.edit(
        TIES,
        lambda row: {**row, "tool_id": row["tool_id"] + "-2"},
        lambda r: r["tool_id"] == "assistant",
    )


@REFERENCE.fault(TIES, HARMLESS)
def blank_after_the_tool(raw: RawFolder) -> None:
    """A blank after the id of the tool that courses are tied to."""
    raw.edit(
        TIES,
        lambda row: {**row, "tool_id": row["tool_id"] + " "},
        lambda r: r["tool_id"] == "assistant",
    )


@REFERENCE.fault(PROGRAMS, CAUGHT, "every_program_starts_before_it_ends")
def program_ends_before_it_starts(raw: RawFolder) -> None:
    """A program ends before it starts."""
    raw.edit(
        PROGRAMS,
        lambda row: {**row, "ends_on": "2020-01-01"},
        lambda r: r["program_id"] == "office_copilot",
    )


@REFERENCE.fault(PROGRAM_COURSES, CAUGHT, "every_program_course_names_a_program")
def courses_of_no_program(raw: RawFolder) -> None:
    """Courses of a program nobody lists."""
    raw.edit(
        PROGRAM_COURSES,
        lambda row: {**row, "program_id": "office-copilot"},
        lambda r: r["program_id"] == "office_copilot",
    )


@REFERENCE.fault(PROGRAMS, CAUGHT)
def dates_of_a_spreadsheet(raw: RawFolder) -> None:
    """Dates as the spreadsheet of another country writes them."""
    raw.edit(PROGRAMS, lambda row: {**row, "starts_on": "01.12.2025"})


@REFERENCE.fault(TIES, CAUGHT)
def reference_with_semicolons(raw: RawFolder) -> None:
    """Semicolons between the columns."""
    raw.write(TIES, raw.read(TIES).replace(b",", b";"))
