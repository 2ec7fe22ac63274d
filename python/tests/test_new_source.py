"""``certgap new-source``: from an unseen file to a green build, as the how-to says.

Rule: before anything is mapped the build is green and every row is quarantined as not_mapped;
after the mapping of the how-to, rows are kept or refused by name. Rows in = rows out all along. The
blocks of docs/how-to/read-a-csv-nobody-has-seen.md are run as they stand there, in a copy of the
project.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

from certgap.errors import UserError
from certgap.new_source import scaffold
from certgap.new_source.contract import RELATIONS
from certgap.new_source.sample import read
from certgap.project import Project
from companies import PROJECT, Company, small_company

HOW_TO = PROJECT / "docs/how-to/read-a-csv-nobody-has-seen.md"
COPIED = ("models", "macros", "tests", "analyses", "seeds", "python/tests")
FILES = ("dbt_project.yml", "profiles.yml.example", "pyproject.toml")
OTHERS = {
    # A page of seats, one without any, and one that ends in the middle.
    "seats": '{"data": [{"user": {"mail": "ada@example.com"}, "since": "2026-01-01"},'
    ' {"user": {"mail": "ben@example.com"}, "since": null}], "next": null}',
    "statements": '{"id": "1", "who": "ada@example.com", "when": "2026-01-12"}\n'
    '{"id": "2", "who": "ben@example.com", "when": "2026-01-13T10:00:00Z"}\n{"id": \n',
}


def blocks(language: str) -> list[str]:
    """The how-to's fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", HOW_TO.read_text(), re.DOTALL | re.MULTILINE)


def tables() -> list[list[tuple[str, ...]]]:
    """The tables right below the how-to's SQL blocks, without their header."""
    found = re.findall(
        r"^```sql\n(?:[^`\n]*\n)*```\n\n((?:\|[^\n]*\n)+)", HOW_TO.read_text(), re.MULTILINE
    )
    return [
        [
            tuple(cell.strip() for cell in row.strip("|").split("|"))
            for row in table.split("\n")[2:-1]
        ]
        for table in found
    ]


def copy_project(folder: Path) -> Path:
    for name in COPIED:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(PROJECT / name, folder / name)
    return folder


@dataclass
class Walk:
    """The how-to, walked in a copy of the project by the company of five."""

    project: Path
    company: Company
    home: Path

    def run(self, command: str) -> str:
        environment = self.company.environment(HOME=str(self.home))
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        result = subprocess.run(
            ["bash", "-eu", "-c", command],
            cwd=self.project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stdout[-6000:]}{result.stderr[-4000:]}"
        return result.stdout

    def rows(self, sql: str) -> list[tuple[str, ...]]:
        with duckdb.connect(str(self.company.warehouse), read_only=True) as connection:
            return [tuple(map(str, row)) for row in connection.execute(sql).fetchall()]

    def replace(self, file: str, pattern: str, new: str) -> None:
        path = self.project / "models/staging/usage/acme_ai" / file
        text, count = re.subn(pattern, lambda _: new, path.read_text(), flags=re.DOTALL)
        assert count == 1, file
        path.write_text(text)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Steps 1 to 3: made, delivered, built; with a vendor of JSON lines and one of pages beside."""
    folder = tmp_path_factory.mktemp("new_source")
    walk = Walk(
        copy_project(folder / "project"), small_company(folder / "company"), folder / "home"
    )
    walk.company.write()
    walk.home.mkdir()
    make, deliver, build, *_ = blocks("bash")
    (walk.home / "acme.csv").write_text(blocks("csv")[0])
    assert "raw_user_email" in walk.run(make)
    walk.run(deliver)
    for vendor, category, feed, relation, name in (
        ("acme_seats", "usage", "pages", "tool_licences", "seats.json"),
        ("acme_lrs", "lms", "statements", "learning_events", "statements.ndjson"),
    ):
        content = OTHERS[name.split(".")[0]]
        raw = walk.company.raw / category / vendor / feed
        raw.mkdir(parents=True)
        if name.endswith(".json"):
            (raw / "2026-03-05.json").write_text('{"data": []}')
            (raw / "2026-03-06.json").write_text(content[:30])
            (raw / "2026-03-04.json").write_text(content)
        else:
            (raw / "2026-03-04.ndjson").write_text(content)
            # A sample must be readable whole; a delivery need not be.
            content = content.removesuffix('{"id": \n')
        (walk.home / name).write_text(content)
        walk.run(
            f"certgap new-source --category {category} --vendor {vendor} --feed {feed}"
            f" --relation {relation} --sample ~/{name} --json"
        )
    settings = walk.project / "dbt_project.yml"
    enabled = "  enabled_sources: [generic, acme_ai, acme_seats, acme_lrs]"
    settings.write_text(
        re.sub(r"^  enabled_sources: .*$", enabled, settings.read_text(), flags=re.MULTILINE)
    )
    walk.run(build)
    return walk


@pytest.mark.long
def test_before_anything_is_mapped_the_build_is_green_and_every_row_waits(walk: Walk) -> None:
    assert walk.rows(blocks("sql")[0]) == tables()[0]


@pytest.mark.long
def test_json_lines_and_pages_wait_too_and_broken_ones_are_named(walk: Walk) -> None:
    found = walk.rows(
        "select source_system, reason, count(*) from canonical.quarantined_rows"
        " where source_system in ('acme_seats', 'acme_lrs') group by all order by all"
    )
    assert found == [
        ("acme_lrs", "not_mapped", "2"),
        ("acme_lrs", "unreadable_json", "1"),
        ("acme_seats", "not_mapped", "2"),
        ("acme_seats", "unreadable_page", "1"),
    ]
    assert walk.rows(
        "select n_rows_in, n_rows_quarantined, n_rows_superseded from canonical.feed_row_counts"
        " where source_system = 'acme_seats'"
    ) == [("4", "3", "1")]


@pytest.mark.long
def test_the_rest_of_the_how_to_ends_in_a_green_build_with_figures(walk: Walk) -> None:
    """Steps 4 to 6. The last test of the walk, because it changes the copy."""
    *_, build, sample_test = blocks("bash")
    walk.replace(
        "base_acme_ai__daily_usage.sql",
        r"\{% set mapping = \{.*?\n\} %\}\n",
        blocks("jinja")[0],
    )
    walk.replace(
        "_acme_ai__unit_tests.yml",
        r"  # Replace this one.*?\n\n(?=  - name: .*reach_no_figure)",
        blocks("yaml")[0] + "\n",
    )
    with (walk.company.reference / "tools.csv").open("a", newline="") as file:
        file.write(blocks("text")[0].strip() + "\n")
    walk.run(build)
    _, refused, answers = blocks("sql")
    assert walk.rows(refused) == tables()[1]
    assert walk.rows(answers) == tables()[2]
    assert walk.rows(
        "select alias_value, usage_date, surface, interactions, sessions"
        " from canonical.tool_usage_daily where source_system = 'acme_ai' order by 2, 1"
    ) == [
        ("ada@example.com", "2026-03-02", "Design", "4", "None"),
        ("ben@example.com", "2026-03-02", "Design", "0", "None"),
        ("ada@example.com", "2026-03-03", "Design", "7", "None"),
    ]
    walk.run(sample_test)


@pytest.mark.long
def test_what_is_made_passes_the_style_checks(walk: Walk) -> None:
    made = sorted(walk.project.glob("models/staging/*/acme_*/*.sql"))
    assert len(made) == 6
    for path in made:
        assert all(len(line) <= 100 for line in path.read_text().splitlines()), path
        assert path.read_text().endswith("\n") and "\n\n\n" not in path.read_text()
    tests = sorted(walk.project.glob("python/tests/test_acme_*.py"))
    ruff = [sys.executable, "-m", "ruff"]
    for arguments in (["check"], ["format", "--check"]):
        result = subprocess.run(
            [*ruff, *arguments, *map(str, tests)], cwd=PROJECT, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stdout


# ---- without dbt -------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with only what `new-source` reads and changes."""
    for name in ("dbt_project.yml", "macros/sources/source_catalog.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    (tmp_path / "sample.csv").write_text("day,user\n2026-03-02,ada\n")
    return Project.find(tmp_path, {})


def make(project: Project, **changes: object) -> scaffold.NewSource:
    arguments = {
        "category": "usage",
        "vendor": "acme_ai",
        "feed": "daily_usage",
        "sample_path": project.folder / "sample.csv",
    }
    return scaffold.make(project, **(arguments | changes))


def files(project: Project) -> dict[str, bytes]:
    return {
        str(path.relative_to(project.folder)): path.read_bytes()
        for path in project.folder.rglob("*")
        if path.is_file()
    }


def test_the_vendor_is_registered_and_what_was_there_stays(project: Project) -> None:
    before = (project.folder / "dbt_project.yml").read_text()
    made = make(project)
    after = (project.folder / "dbt_project.yml").read_text()
    staging = yaml.safe_load(after)["models"]["certgap"]["staging"]
    assert staging["usage"]["acme_ai"] == {"+materialized": "table"}
    assert set(before.splitlines()) <= set(after.splitlines())
    # Opt-in: nobody's build changes by a new folder.
    assert yaml.safe_load(after)["vars"] == yaml.safe_load(before)["vars"]
    catalog = (project.folder / "macros/sources/source_catalog.sql").read_text()
    assert catalog.index("'vendor': 'acme_ai'") < catalog.index("'vendor': 'generic'")
    assert made.relation.name == "tool_usage_daily"
    sample = project.folder / "python/tests/fixtures/samples/acme_ai/daily_usage.csv"
    assert sample.read_bytes() == (project.folder / "sample.csv").read_bytes()


def test_no_value_of_the_sample_stands_in_what_is_made(project: Project) -> None:
    secret = "grace.hopper@example.com"
    (project.folder / "sample.csv").write_text(f"day,user\n2026-03-02,{secret}\n")
    made = make(project)
    assert "1 different mail addresses" in " ".join(made.sample.notes)
    for name, content in files(project).items():
        assert secret.encode() not in content or "fixtures" in name or name == "sample.csv", name


def test_every_relation_of_every_category_can_be_made(project: Project) -> None:
    for number, (name, relation) in enumerate(RELATIONS.items()):
        for category in relation.categories:
            made = make(
                project, category=category, vendor=f"v{number}_{category}", relation_name=name
            )
            for path in made.written:
                if path.suffix == ".yml":
                    assert yaml.safe_load((project.folder / path).read_text())["version"] == 2
            sql = (project.folder / made.mapping_file).read_text()
            assert all(f"'{column}': none," in sql for column in relation.columns)


@pytest.mark.parametrize("name", sorted(RELATIONS))
def test_the_columns_are_those_of_the_canonical_model(name: str) -> None:
    sql = (PROJECT / f"models/canonical/{name}.sql").read_text()
    types = dict(re.findall(r"^    '(\w+)': '(\w+)',$", sql, re.MULTILINE))
    kinds = RELATIONS[name].columns
    text = ("text", "code", "alias")
    assert {c: "string" if kind in text else kind for c, kind in kinds.items()} == types
    assert set(RELATIONS[name].required) | set(RELATIONS[name].key) <= set(types)


def test_it_refuses_to_overwrite_and_changes_nothing(project: Project) -> None:
    make(project)
    before = files(project)
    with pytest.raises(UserError, match="is there already; nothing is overwritten"):
        make(project, category="lms")
    with pytest.raises(UserError, match="is there already; nothing is overwritten"):
        make(project)
    assert files(project) == before


def test_a_fixture_in_the_way_is_named_before_anything_is_written(project: Project) -> None:
    stray = project.folder / "python/tests/fixtures/samples/acme_ai/SOURCES.md"
    stray.parent.mkdir(parents=True)
    stray.write_text("mine")
    before = files(project)
    with pytest.raises(UserError, match=r"SOURCES\.md is there already"):
        make(project)
    assert files(project) == before


WRONG_ARGUMENTS = {
    "unknown_category": ({"category": "crm"}, "no category 'crm'", "hris, lms, usage"),
    "unknown_relation": ({"relation_name": "logins"}, "no relation 'logins'", "tool_usage_daily"),
    "relation_of_another_category": (
        {"relation_name": "courses"},
        "cannot fill courses",
        "tool_usage_daily",
    ),
    "vendor_with_capitals": ({"vendor": "AcmeAI"}, "no snake_case identifier", "acme_ai"),
    "vendor_with_two_underscores": ({"vendor": "acme__ai"}, "no snake_case identifier", "acme_ai"),
    "vendor_that_climbs": ({"vendor": "../acme"}, "no snake_case identifier", "acme_ai"),
    "feed_with_a_blank": ({"feed": "daily usage"}, "no snake_case identifier", "acme_ai"),
    "vendor_of_the_project": ({"vendor": "generic"}, "a word of the project", ""),
    "vendor_that_exists": ({"vendor": "workday"}, "has a vendor workday already", "another name"),
}


@pytest.mark.parametrize("case", WRONG_ARGUMENTS)
def test_wrong_arguments_are_named_with_a_remedy(project: Project, case: str) -> None:
    arguments, problem, remedy = WRONG_ARGUMENTS[case]
    before = files(project)
    with pytest.raises(UserError) as error:
        make(project, **arguments)
    assert problem in error.value.problem
    assert remedy in error.value.remedy
    assert files(project) == before


WRONG_SAMPLES = {
    "empty": ("a.csv", b"", "is empty"),
    "blank": ("a.csv", b"\n\n", "is empty"),
    "header_only": ("a.csv", b"day,user\n", "no row with as many fields"),
    "no_header": ("a.csv", b"2026-03-02,ada\n2026-03-03,ben\n", "no header in its first line"),
    "header_of_addresses": ("a.csv", b"ada@example.com,x\nben@example.com,y\n", "no header"),
    "blank_name": ("a.csv", b"day,,user\n1,2,3\n", "a blank stands"),
    "semicolons": ("a.csv", b"day;user\n2026-03-02;ada\n", "delimited by ';'"),
    "same_name_twice": ("a.csv", b"day,Day\n1,2\n", "has the column 'day' twice"),
    "own_name": ("a.csv", b"day,source_file\n1,2\n", "a name the project gives"),
    "brace_in_name": ("a.csv", b"day,{{user}}\n1,2\n", "a brace"),
    "quote_in_name": ("a.csv", b'day,"us""er"\n1,2\n', "a quote"),
    "utf_16": ("a.csv", "day,user\n1,2\n".encode("utf-16"), "UTF-16"),
    "latin_1": ("a.csv", "day,user\n1,Åsa\n".encode("latin-1"), "is not UTF-8"),
    "spreadsheet": ("a.xlsx", b"PK", "is none of .csv"),
    "broken_json": ("a.json", b'{"data": [', "neither one JSON document nor one per line"),
    "json_without_rows": ("a.json", b'{"data": []}', "holds no list of objects"),
    "json_with_two_lists": ("a.json", b'{"a": [{"x": 1}], "b": [{"y": 1}]}', "$.a, $.b"),
    "lines_of_numbers": ("a.ndjson", b"1\n2\n", "are no JSON objects"),
    "no_gzip": ("a.csv.gz", b"day,user\n", "not packed with gzip"),
}


@pytest.mark.parametrize("case", WRONG_SAMPLES)
def test_a_wrong_sample_is_named(tmp_path: Path, case: str) -> None:
    name, content, problem = WRONG_SAMPLES[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        read(path)
    assert problem in error.value.problem
    assert error.value.remedy or "JSON objects" in problem


def test_a_missing_sample_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no file"):
        read(tmp_path / "nowhere.csv")


def test_the_profile_says_what_values_read_as_and_how_many_there_are(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(
        "Day,At,Count,Rate,Flag,userEmail,Note,Nothing\n"
        "2026-03-02,2026-03-02T10:00:00Z,4,0.5,true,a@example.com,x,\n"
        "2026-03-03,2026-03-03 11:00:00,4,1,no,b@example.com,7,\n"
        "2026-03-03,too,short\n"
    )
    sample = read(path)
    assert sample.rows == 2
    assert "1 rows have another number of fields" in sample.notes[0]
    assert {column.name: column.reads_as for column in sample.columns} == {
        "raw_day": "all dates (YYYY-MM-DD)",
        "raw_at": "all instants (YYYY-MM-DD and a time)",
        "raw_count": "all whole numbers",
        "raw_rate": "all numbers",
        "raw_flag": "all true or false",
        "raw_user_email": "all with the form of a mail address",
        "raw_note": "text",
        "raw_nothing": "text",
    }
    assert [(column.filled, column.different) for column in sample.columns][-2:] == [(2, 2), (0, 0)]


def test_raw_names_are_told_apart_whatever_the_header_says(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("User ID,user-id,text,select,Größe\n1,2,3,4,5\n")
    assert [column.name for column in read(path).columns] == [
        "raw_user_id",
        "raw_user_id_2",
        "raw_text_2",
        "raw_select",
        "raw_gr_e",
    ]


def test_json_is_read_by_path_and_keys_no_path_can_name_are_told(tmp_path: Path) -> None:
    path = tmp_path / "sample.json"
    path.write_text(
        json.dumps({"meta": {"n": 1}, "result": {"rows": [{"user": {"id": 7}, "odd key": 1}]}})
    )
    sample = read(path)
    assert sample.elements == "$.result.rows"
    assert [(column.name, column.raw_name) for column in sample.columns] == [
        ("raw_user_id", "user.id")
    ]
    assert "odd key" in sample.notes[0]
    assert read(path, "$.result.rows").columns == sample.columns
