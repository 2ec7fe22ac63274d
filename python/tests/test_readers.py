"""Who reads what: exposures name every table they read, and rows about people are private.

Reads the manifest of the build of `make test`.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from certgap.publish.audit import PERSONAL_COLUMNS

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def warehouse() -> Path:
    if not os.environ.get("CERTGAP_WAREHOUSE"):
        pytest.skip("run by make test, which builds the sample company first")
    return PROJECT / os.environ["CERTGAP_WAREHOUSE"]


@pytest.fixture(scope="module")
def manifest(warehouse: Path) -> dict[str, Any]:
    return json.loads((warehouse.parent / "dbt" / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    nodes = manifest["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


def read_by(manifest: dict[str, Any], exposure: str) -> set[str]:
    nodes = manifest["exposures"][f"exposure.certgap.{exposure}"]["depends_on"]["nodes"]
    return {node.split(".")[-1] for node in nodes}


def test_the_report_reads_what_its_exposure_says(manifest):
    text = (PROJECT / "python" / "certgap" / "report" / "reading.py").read_text("utf-8")
    tables = set(re.findall(r'reader\.(?:rows|first)\(\s*"(\w+)"', text))
    assert len(tables) > 10
    assert read_by(manifest, "executive_report") == {f"published__{table}" for table in tables}


def test_dashboards_may_read_every_published_table(manifest, models):
    published = {name for name, node in models.items() if node["fqn"][1] == "published"}
    assert read_by(manifest, "bi_dashboards") == published


def test_the_questions_read_what_their_exposure_says(manifest):
    analyses = (PROJECT / "analyses").glob("*.sql")
    tables = {
        table
        for path in analyses
        for table in re.findall(r"ref\('(\w+)'\)", path.read_text("utf-8"))
    }
    assert read_by(manifest, "questions_of_the_memo") == tables


def test_owners_are_roles(manifest):
    owned = [*manifest["exposures"].values(), *manifest["groups"].values()]
    assert len(owned) >= 6
    assert all(node["owner"]["name"] and not node["owner"].get("email") for node in owned)


def test_marts_about_people_are_private_to_the_restricted_group(models):
    about_people = {
        name
        for name, node in models.items()
        if node["fqn"][1] in ("marts", "semantic", "published")
        and PERSONAL_COLUMNS & node["columns"].keys()
    }
    assert {"fct_completions", "dim_employees", "unmatched_identities"} <= about_people
    private = {
        name
        for name, node in models.items()
        if (node["access"], node["group"]) == ("private", "restricted")
    }
    assert private == about_people


def test_published_tables_are_public(models):
    access = {
        (node["access"], node["group"]) for node in models.values() if node["fqn"][1] == "published"
    }
    assert access == {("public", "published")}
    assert not [
        name
        for name, node in models.items()
        if node["access"] == "public" and node["fqn"][1] != "published"
    ]


def test_what_a_published_column_refers_to_is_there(warehouse, models):
    """Keys of the dimensions, but for the values that the dimension itself names."""
    published = [node for node in models.values() if node["fqn"][1] == "published"]
    references = [
        (node, column, others)
        for node in published
        for column, others in node["config"]["meta"].get("referenced_by", {}).items()
    ]
    assert {column for _, column, _ in references} == {
        "program_id", "tool_id", "manager_key", "publication_id",
    }  # fmt: skip
    n_checked, unknown = 0, []
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for dimension, column, others in references:
            for node in published:
                if column not in node["columns"] or node is dimension:
                    continue
                n_checked += 1
                rows = connection.execute(
                    f"""
                    select distinct {column} from published.{node["alias"]}
                    where {column} not in (select {column} from published.{dimension["alias"]})
                    """
                ).fetchall()
                unknown += [(node["name"], column, v) for (v,) in rows if v not in others]
    assert n_checked > 30
    assert unknown == []
