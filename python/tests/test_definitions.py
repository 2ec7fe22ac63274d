"""docs/definitions.md is complete: every id has a row, and every home and test it names exists."""

from __future__ import annotations

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = PROJECT / "docs" / "definitions.md"
RULES = PROJECT / "models" / "intermediate" / "settings" / "int_metric_rules.sql"

# How each section of the metric definitions is numbered: first and last. The document must know
# them all, as an id or as not built yet.
NUMBERS = {
    **{"1": (1, 8), "2": (1, 8), "3": (1, 9), "4": (0, 4), "5": (0, 10), "6": (1, 4), "7": (1, 7)},
    **{"8": (1, 7), "9": (1, 4), "10": (1, 4), "S": (1, 7), "E": (1, 14), "W": (1, 1)},
    **{"B": (1, 2), "P": (1, 8)},
    **{"V": (1, 10)},
    **{"K": (1, 12), "F": (1, 6), "U": (1, 7)},
}

# id, home, tests: of each table row
Row = tuple[str, list[str], list[str]]


def rows_of(text: str) -> list[Row]:
    """The rows of all tables; names are what stands in backticks."""
    rows = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"\w+\.\d+", cells[0]):
            assert len(cells) == 4, line
            rows.append((cells[0], *(re.findall(r"`([^`]+)`", cell) for cell in cells[2:])))
    return rows


def ids_of(text: str) -> set[str]:
    """The ids the document promises: 1.1-1.8 stands for all between."""
    (promised,) = re.findall(r"^Ids: (.+)$", text, re.MULTILINE)
    ids = set()
    for part in promised.split(", "):
        section, first, last = re.fullmatch(r"(\w+)\.(\d+)(?:-\1\.(\d+))?", part).groups()
        ids |= {f"{section}.{number}" for number in range(int(first), int(last or first) + 1)}
    return ids


def not_built(text: str) -> set[str]:
    """The ids the document says are not built, or only in part, each with what is missing."""
    (said,) = re.findall(r"^Not built yet: ([^.]+(?:\.\d[^.]*)*)\.", text, re.MULTILINE)
    return {re.fullmatch(r"(\w+\.\d+) \([^()]+\)", part)[1] for part in re.split(r",\s+", said)}


@cache
def documents() -> list[dict]:
    """Every YAML file of the models."""
    paths = sorted((PROJECT / "models").rglob("*.yml"))
    return [yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or {} for path in paths]


@cache
def known_tests() -> set[str]:
    """Unit tests, data tests with a name, singular tests and Python tests."""
    names = {test["name"] for document in documents() for test in document.get("unit_tests", [])}
    for document in documents():
        for model in document.get("models", []):
            for owner in (model, *model.get("columns", [])):
                for test in owner.get("data_tests", []):
                    if isinstance(test, dict):
                        (arguments,) = test.values()
                        names.add((arguments or {}).get("name"))
    names |= {path.stem for path in (PROJECT / "tests").glob("[iv]*/*.sql")}
    for path in (PROJECT / "python" / "tests").glob("test_*.py"):
        functions = ast.walk(ast.parse(path.read_text("utf-8")))
        names |= {node.name for node in functions if isinstance(node, ast.FunctionDef)}
    return names


@cache
def known_homes() -> set[str]:
    """Vars, seed columns, macros and models, each as the document writes it."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))
    names = {f"var {name}" for name in project["vars"]}
    for path in (PROJECT / "seeds").glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            names |= {f"{path.stem}.{column}" for column in next(csv.reader(file))}
    for path in (PROJECT / "macros").rglob("*.sql"):
        found = re.findall(r"\{%-?\s*macro\s+(\w+)\s*\(", path.read_text("utf-8"))
        names |= {f"{name}()" for name in found}
    names |= {path.stem for path in (PROJECT / "analyses").glob("*.sql")}
    return names | {path.stem for path in (PROJECT / "models").rglob("*.sql")}


def tables_of_figures() -> set[str]:
    """The marts that hold figures: each is the home of a definition."""
    marts = PROJECT / "models" / "marts"
    return {
        path.stem
        for folder in (
            *("adoption", "effects", "evidence", "managers", "money", "programs"),
            "publications",
        )
        for path in (marts / folder).glob("*.sql")
    }


def rule_vars() -> set[str]:
    """The vars that enter rules_hash."""
    (text,) = re.findall(r"set rule_vars = \[(.*?)\]", RULES.read_text("utf-8"), re.DOTALL)
    return set(re.findall(r"'(\w+)'", text))


def faults(text: str) -> list[str]:
    """What the document lacks or names in vain."""
    rows = rows_of(text)
    found = {row[0] for row in rows}
    named_homes = {home for row in rows for home in row[1]}
    named_tests = {test for row in rows for test in row[2]}
    numbered = {
        f"{section}.{number}"
        for section, (first, last) in NUMBERS.items()
        for number in range(first, last + 1)
    }
    known = ids_of(text) | not_built(text)
    said = [f"{missing} has no row" for missing in ids_of(text) - found]
    said += [f"{missing} is neither an id nor not built" for missing in numbered - known]
    said += [f"{extra} is no number of the definitions" for extra in known - numbered]
    said += [f"{extra} is not among the ids" for extra in found - ids_of(text)]
    said += [f"a row of {row[0]} names no home or no test" for row in rows if not all(row[1:])]
    said += [f"there is no home {home}" for home in named_homes - known_homes()]
    said += [f"there is no test {test}" for test in named_tests - known_tests()]
    said += [f"no row has var {v} as home" for v in rule_vars() if f"var {v}" not in named_homes]
    said += [f"no row has {table} as home" for table in tables_of_figures() - named_homes]
    return sorted(said)


def test_every_definition_has_a_home_and_a_test() -> None:
    assert rows_of(DOCUMENT.read_text("utf-8"))
    assert faults(DOCUMENT.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("pattern", "instead", "fault"),
    [
        (r"(?m)^\| 5\.3 .*\n", "", "5.3 has no row"),
        (",\\s+10.4 [(]erasure[)]", "", "10.4 is neither an id nor not built"),
        ("10.3 [(]complementary", "10.9 (complementary", "10.9 is no number of the definitions"),
        ("`test_gaps`", "`test_gaps_of_old`", "there is no test test_gaps_of_old"),
        ("`var leave_days`", "", "no row has var leave_days as home"),
        ("`usage_segments`", "", "no row has usage_segments as home"),
        ("`int_baselines`", "`int_baseline`", "there is no home int_baseline"),
        ("`tools.licence_model`", "`tools.model`", "there is no home tools.model"),
        ("`safe_rate[(][)]`", "", "a row of 5.10 names no home or no test"),
    ],
)
def test_what_is_missing_is_named(pattern: str, instead: str, fault: str) -> None:
    text = re.sub(pattern, instead, DOCUMENT.read_text("utf-8"))
    assert faults(text) == [fault]


def test_a_number_that_is_left_out_of_the_ids_is_named() -> None:
    text = DOCUMENT.read_text("utf-8").replace("Ids: 1.1-1.8", "Ids: 1.1-1.7")
    assert faults(text) == ["1.8 is neither an id nor not built", "1.8 is not among the ids"]
