"""Layers flow one way, vendors do not know each other, folders say what belongs in them.

Of dbt's manifest as `make test` wrote it, and of the package's own imports.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pytest

from companies import PROJECT
from conftest import TEST_BUILD

# What a layer may read, itself apart.
MAY_READ = {
    "staging": set(),
    "canonical": {"staging"},
    "intermediate": {"canonical", "staging"},
    "marts": {"intermediate", "canonical", "staging"},
    "published": {"marts"},
    "semantic": {"intermediate", "marts"},
}
# Behind canonical nobody knows vendors: only what is of no vendor is read from staging.
OF_NO_VENDOR = {"intake", "publications", "reference"}
# join_audit counts the joins of every model, so it waits for all; current_figures are what is being
# published, to be compared with what was.
EXCEPTIONS = {"join_audit", "current_figures"}
PACKAGE = PROJECT / "python" / "certgap"


@pytest.fixture(scope="module")
def nodes() -> dict[str, dict[str, Any]]:
    path = TEST_BUILD / "dbt" / "manifest.json"
    if not path.is_file():
        pytest.skip("run by make test, which parses the project first")
    manifest = json.loads(path.read_text("utf-8"))
    return manifest["nodes"] | manifest["sources"]


def reads(nodes: dict[str, dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(model, what it reads)."""
    for node in nodes.values():
        if node["resource_type"] == "model":
            for name in node["depends_on"]["nodes"]:
                if name in nodes:
                    yield node, nodes[name]


def wrong_ways(nodes: dict[str, dict[str, Any]]) -> list[str]:
    """Models that read what is not below them."""
    wrong = []
    for model, read in reads(nodes):
        layer = model["fqn"][1]
        if read["resource_type"] != "model":
            is_right = layer == "staging"
        else:
            below = read["fqn"][1]
            is_right = below == layer or below in MAY_READ[layer]
            if below == "staging" and layer not in {"staging", "canonical"}:
                is_right = is_right and read["fqn"][2] in OF_NO_VENDOR
            if below == layer == "staging":
                is_right = model["fqn"][2:4] == read["fqn"][2:4] or read["fqn"][2] in OF_NO_VENDOR
        if not is_right:
            wrong.append(f"{model['name']} reads {read['name']}")
    return wrong


def test_layers_flow_one_way(nodes: dict[str, dict[str, Any]]) -> None:
    assert {found.split()[0] for found in wrong_ways(nodes)} == EXCEPTIONS


def test_a_model_that_reads_upwards_or_another_vendor_is_seen() -> None:
    def model(name: str, *folders: str, read: tuple[str, ...] = ()) -> dict[str, Any]:
        fqn = ["certgap", *folders, name]
        depends_on = {"nodes": list(read)}
        return {"name": name, "resource_type": "model", "fqn": fqn, "depends_on": depends_on}

    source = {"name": "raw", "resource_type": "source", "fqn": []}
    assert wrong_ways(
        {
            "s": source,
            "a": model("a", "staging", "lms", "moodle", read=("s",)),
            "b": model("b", "staging", "lms", "docebo", read=("a",)),
            "c": model("c", "intermediate", "usage", read=("a", "d")),
            "d": model("d", "marts", "core", read=("s", "c")),
        }
    ) == ["b reads a", "c reads a", "c reads d", "d reads raw"]


@pytest.mark.parametrize("layer", ["intermediate", "marts", "staging"])
def test_the_readme_of_a_layer_names_its_folders(layer: str) -> None:
    said = (PROJECT / "models" / layer / "README.md").read_text("utf-8")
    folders = [path.name for path in (PROJECT / "models" / layer).iterdir() if path.is_dir()]
    assert folders
    assert [name for name in folders if f"`{name}`" not in said and f"`{name}/`" not in said] == []


def imports() -> dict[str, set[str]]:
    """Module → the modules of the package it imports when it is imported."""
    names = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        found[name] = set()
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    found[name].add(inner if inner in names else node.module)
            elif isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names}
        found[name] = {other for other in found[name] if other in names and other != name}
    return found


def test_no_module_imports_itself_in_a_circle() -> None:
    try:
        order = list(TopologicalSorter(imports()).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))
    assert "certgap.cli" in order
