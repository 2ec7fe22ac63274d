"""docs/reference/tables.md is what the project says of its published tables, and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from certgap.dictionary import PAGE, kind, main, page
from certgap.errors import CheckFailed

PROJECT = Path(__file__).resolve().parents[2]


def model(name: str, folder: str, description: str, columns: dict, **meta: Any) -> dict[str, Any]:
    return {
        "unique_id": f"model.certgap.{name}",
        "resource_type": "model",
        "name": name,
        "alias": name,
        "fqn": ["certgap", folder, name],
        "original_file_path": f"models/{folder}/{name}.sql",
        "description": description,
        "config": {"meta": meta},
        "columns": {
            column: {"name": column, "data_type": data_type, "description": words}
            for column, (data_type, words) in columns.items()
        },
    }


def key_test(name: str, columns: list[str]) -> dict[str, Any]:
    return {
        "resource_type": "test",
        "attached_node": f"model.certgap.{name}",
        "test_metadata": {"name": "unique_key", "kwargs": {"columns": columns}},
    }


@pytest.fixture
def manifest() -> dict[str, Any]:
    rates = {
        "tool_id": ("string", "The tool,\nor `all`."),
        "n_used": ("bigint", "Users | units."),
        "use_rate": ("double", "n_used / n."),
        "is_suppressed": ("boolean", "Hidden?"),
    }
    nodes = {
        "published__rates": model(
            "published__rates", "published",
            "One row per tool, as BI may read it. Key: tool_id. Few are hidden. Observational.",
            rates, shown_from={"n_used": ["use_rate"]},
        ),
        "rates": model(
            "rates", "marts",
            "One row per tool. Key: tool_id. Never sum. Observational: who trains may differ.", {},
        ),
        "published__dim_tools": model(
            "published__dim_tools", "published",
            "What BI reads of dim_tools. One row per tool. Key: tool_id.",
            {"tool_id": ("string", "Its id.")}, referenced_by={"tool_id": ["all"]},
        ),
        "key_of_rates": key_test("published__rates", ["tool_id"]),
        "key_of_tools": key_test("published__dim_tools", ["tool_id"]),
    }  # fmt: skip
    return {"nodes": nodes}


def test_the_page_is_current():
    if not os.environ.get("CERTGAP_WAREHOUSE"):
        pytest.skip("run by make test, which builds the sample company first")
    folder = (PROJECT / os.environ["CERTGAP_WAREHOUSE"]).parent / "dbt"
    written = page(json.loads((folder / "manifest.json").read_text("utf-8")))
    assert (PROJECT / PAGE).read_text("utf-8") == written, "run: make dictionary"


def test_a_table_is_said_with_its_key_references_and_traps(manifest):
    section = page(manifest).split("\n## ")[1]
    assert section.splitlines() == [
        "rates",
        "",
        "One row per tool.",
        "",
        "- Key: `tool_id`",
        "- Refers: `tool_id` to [dim_tools](#dim_tools) (or `all`)",
        "- Hidden by `n_used`: `use_rate`",
        "- Note: Never sum. Observational: who trains may differ. Few are hidden.",
        "",
        "| column | holds | |",
        "|---|---|---|",
        "| `tool_id` | text | The tool, or `all`. |",
        "| `n_used` | count | Users \\| units. |",
        "| `use_rate` | share, 0 to 1 | n_used / n. |",
        "| `is_suppressed` | yes or no | Hidden? |",
    ]


def test_dimensions_come_after_the_tables_and_refer_to_nothing(manifest):
    sections = page(manifest).split("\n## ")[1:]
    assert [section.split("\n")[0] for section in sections] == [
        "rates", "dim_tools", "published_contents",
    ]  # fmt: skip
    assert "Refers" not in sections[1]


@pytest.mark.parametrize(
    ("column", "data_type", "words"),
    [
        ("n_days_observed", "bigint", "count"),
        ("adoption_rate_low", "double", "share, 0 to 1"),
        ("certification_gap", "double", "difference of shares"),
        ("p_value_adjusted", "double", "probability"),
        ("benchmark_low_points", "double", "percentage points"),
        ("benchmark_low", "double", "share, 0 to 1"),
        ("cost_per_adopter_high", "double", "money"),
        ("activation_lead_days", "double", "days"),
        ("active_days_per_week", "double", "days a week"),
        ("gap_rank", "bigint", "rank"),
        ("e_value", "double", "number"),
        ("rate_name", "string", "text"),
        ("starts_on", "date", "day"),
        ("published_at", "timestamp", "instant, UTC"),
    ],
)
def test_what_a_column_holds_is_read_off_its_name_and_type(column, data_type, words):
    assert kind(column, data_type) == words


def test_what_is_not_said_is_refused(manifest):
    with pytest.raises(CheckFailed, match="no words for the type blob"):
        kind("x", "blob")
    nodes = manifest["nodes"]
    nodes["published__rates"]["columns"]["n_used"]["description"] = " "
    with pytest.raises(CheckFailed, match="n_used of rates has no description"):
        page(manifest)
    del nodes["key_of_rates"]
    with pytest.raises(CheckFailed, match="published__rates has no key"):
        page(manifest)


def test_the_command_writes_the_page(manifest, tmp_path, monkeypatch, capsys):
    (tmp_path / "dbt_project.yml").write_text("name: certgap")
    (tmp_path / "target").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DBT_TARGET_PATH", raising=False)
    assert main(["--page", "tables.md"]) == 2
    assert "dbt has not run here yet" in capsys.readouterr().err
    (tmp_path / "target" / "manifest.json").write_text(json.dumps(manifest))
    assert main(["--page", "tables.md"]) == 0
    assert (tmp_path / "tables.md").read_text("utf-8") == page(manifest)
