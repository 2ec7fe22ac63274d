"""Reference files with two kinds of line ends are named before dbt meets them.

The cases are judged by DuckDB itself, too: what it loads is no finding, and what it refuses is one.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from certgap.reference import mixed_line_ends, other_delimiter, unlisted, unreadable_files
from companies import Company, small_company

LOADED = {
    "lf": b"a,b\n1,x\n2,y\n",
    "crlf": b"a,b\r\n1,x\r\n2,y\r\n",
    "cr": b"a,b\r1,x\r2,y\r",
    "no_end_of_last_line": b"a,b\r\n1,x\r\n2,y",
    "lf_within_quotes": b'a,b\r\n1,"x\nz"\r\n2,y\r\n',
    "crlf_within_quotes": b'a,b\n1,"x\r\n""z"\n2,y\n',
    "quote_within_a_field": b'a,b\n1,5" disk\n2,y\n',
    "header_only": b"a,b\r\n",
}
REFUSED = {
    "header_of_a_spreadsheet": (b"a,b\r\n1,x\n2,y\n", 2, "LF", "CRLF"),
    "line_added_by_echo": (b"a,b\r\n1,x\r\n2,y\n", 3, "LF", "CRLF"),
    "row_pasted_from_a_spreadsheet": (b"a,b\n1,x\r\n2,y\n", 2, "CRLF", "LF"),
    "cr_then_lf": (b"a,b\r1,x\n2,y\n", 2, "LF", "CR"),
    "blank_line": (b"a,b\r\n\n", 2, "LF", "CRLF"),
    "after_a_field_of_two_lines": (b'a,b\r\n1,"x\nz"\r\n2,y\n', 4, "LF", "CRLF"),
}


def loads(path: Path) -> bool:
    """Whether DuckDB loads the file as dbt has it load a seed."""
    with duckdb.connect() as connection:
        connection.execute("create table seed (a integer, b varchar)")
        try:
            connection.execute(f"copy seed from '{path}' (format csv, header true, delimiter ',')")
        except duckdb.Error:
            return False
    return True


@pytest.mark.parametrize("content", LOADED.values(), ids=LOADED)
def test_what_duckdb_loads_is_no_finding(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seed.csv"
    path.write_bytes(content)
    assert loads(path)
    assert mixed_line_ends(path) is None


@pytest.mark.parametrize(("content", "line", "end", "before"), REFUSED.values(), ids=REFUSED)
def test_what_duckdb_refuses_is_named_with_its_line(
    tmp_path: Path, content: bytes, line: int, end: str, before: str
) -> None:
    path = tmp_path / "seed.csv"
    path.write_bytes(content)
    assert not loads(path)
    found = mixed_line_ends(path)
    assert found is not None
    assert (found.line, found.line_end, found.line_end_before) == (line, end, before)


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_a_file_without_commas_is_named_with_what_parts_its_columns(
    tmp_path: Path, sign: str
) -> None:
    path = tmp_path / "tools.csv"
    path.write_text(f"tool_id{sign}tool_name\nhelper{sign}Helper, the\n")
    (found,) = unreadable_files(tmp_path)
    assert "not by commas" in found.problem and str(path) in found.problem
    path.write_text(f"tool_id,tool_name\nhelper,Help{sign}er\n")
    assert other_delimiter(path) is None


def test_ids_that_no_file_lists_are_told(tmp_path: Path) -> None:
    (tmp_path / "tools.csv").write_text("tool_id,tool_name\nhelper,Helper\n")
    (tmp_path / "programs.csv").write_text("program_id,program_name\n")
    mapped = "source_system,source_course_id,tool_id\ngeneric,a,helper\ngeneric,b, writer \n"
    (tmp_path / "course_tool_map.csv").write_text(mapped)
    (tmp_path / "program_courses.csv").write_text("program_id,source_system\n")
    assert list(unlisted(tmp_path)) == [("course_tool_map.csv", "tools.csv", ["writer"])]


def test_the_doctor_notes_a_tool_that_is_not_listed(company: Company) -> None:
    company.write()
    (company.reference / "tools.csv").write_text(
        (company.reference / "tools.csv").read_text().splitlines()[0] + "\n"
    )
    said = json.loads(company.certgap("doctor", "--json").stdout)
    (finding,) = [row for row in said if row["subject"] == "course_tool_map.csv"]
    assert finding["level"] == "note" and "assistant" in finding["detail"]


@pytest.fixture
def mixed(company: Company) -> Path:
    """tools.csv of a company, saved by a spreadsheet, with a line of another kind."""
    company.write()
    path = company.reference / "tools.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"other,Other,,open,0,true\n")
    return path


def test_build_and_doctor_name_file_line_and_remedy(company: Company, mixed: Path) -> None:
    build = company.certgap("build", sources=("generic",))
    words = " ".join((build.stdout + build.stderr).split())
    assert build.returncode == 2, words
    doctor = company.certgap("doctor", "--json")
    assert doctor.returncode != 0
    (finding,) = [row for row in json.loads(doctor.stdout) if row["subject"] == "reference files"]
    assert finding["level"] == "problem"
    for said in (words, f"{finding['detail']} {finding['remedy']}"):
        assert f"Line 3 of the reference file {mixed} ends with LF" in said
        assert "Save the file again with one kind of line end" in said
    assert not company.warehouse.exists()


def test_the_projects_own_reference_files_end_their_lines_alike(tmp_path: Path) -> None:
    company = small_company(tmp_path).write()
    doctor = company.certgap("doctor", "--json", CERTGAP_REFERENCE=None)
    levels = {row["subject"]: row["level"] for row in json.loads(doctor.stdout)}
    assert levels["reference files"] == "ok"
