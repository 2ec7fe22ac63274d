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
# published, to be compared with what was; row counts are of every vendor's files.
EXCEPTIONS = {"join_audit", "current_figures", "stg_intake__row_counts"}
PACKAGE = PROJECT / "python" / "certgap"


@pytest.fixture(scope="module")
def nodes() -> list[dict[str, Any]]:
    """Models and seeds of the project, those of vendors that are off by default included."""
    path = TEST_BUILD / "dbt" / "manifest.json"
    if not path.is_file():
        pytest.skip("run by make test, which parses the project first")
    manifest = json.loads(path.read_text("utf-8"))
    off = [node for versions in manifest["disabled"].values() for node in versions]
    every = [*manifest["nodes"].values(), *off]
    return [node for node in every if node["resource_type"] in {"model", "seed"}]


def wrong_ways(nodes: list[dict[str, Any]]) -> list[str]:
    """Models that read what is not below them, or another vendor."""
    by_name = {node["name"]: node for node in nodes}
    wrong = []
    for model in nodes:
        layer, *folders = model["fqn"][1:-1] or [""]
        vendor = folders[1] if len(folders) > 1 else ""
        for vendor_read, _ in model.get("sources", []):
            # What generic files hold is three sources, one a category.
            of_vendor = {vendor, f"generic_{folders[0]}" if vendor == "generic" else vendor}
            if layer != "staging" or vendor_read not in of_vendor | {"".join(folders[:1])}:
                wrong.append(f"{model['name']} reads source {vendor_read}")
        for reference in model.get("refs", []):
            read = by_name[reference["name"]]
            if read["resource_type"] == "seed":
                is_right = layer == "staging"
            else:
                below, *of = read["fqn"][1:-1]
                is_right = below == layer or below in MAY_READ[layer]
                if below == "staging" and layer not in {"staging", "canonical"}:
                    is_right = is_right and of[0] in OF_NO_VENDOR
                if below == layer == "staging":
                    is_right = of == folders or of[0] in OF_NO_VENDOR
            if not is_right:
                wrong.append(f"{model['name']} reads {read['name']}")
    return wrong


def test_layers_flow_one_way(nodes: list[dict[str, Any]]) -> None:
    assert len({node["fqn"][3] for node in nodes if node["fqn"][1] == "staging"}) > 30
    assert {found.split()[0] for found in wrong_ways(nodes)} == EXCEPTIONS


def test_a_model_that_reads_upwards_or_another_vendor_is_seen() -> None:
    def model(
        name: str, *folders: str, refs: tuple[str, ...] = (), source: str = ""
    ) -> dict[str, Any]:
        return {
            "name": name,
            "resource_type": "model",
            "fqn": ["certgap", *folders, name],
            "refs": [{"name": ref} for ref in refs],
            "sources": [[source, "feed"]] if source else [],
        }

    assert wrong_ways(
        [
            model("a", "staging", "lms", "moodle", source="moodle"),
            model("b", "staging", "lms", "docebo", refs=("a",), source="moodle"),
            model("c", "intermediate", "usage", refs=("a", "d")),
            model("d", "marts", "core", refs=("c",), source="moodle"),
            model("e", "staging", "hris", "generic", source="generic_hris"),
            model("f", "staging", "lms", "generic", source="generic_hris"),
        ]
    ) == [
        "b reads source moodle",
        "b reads a",
        "c reads a",
        "c reads d",
        "d reads source moodle",
        "f reads source generic_hris",
    ]


@pytest.mark.parametrize("layer", ["intermediate", "marts", "staging"])
def test_the_readme_of_a_layer_names_its_folders(layer: str) -> None:
    said = (PROJECT / "models" / layer / "README.md").read_text("utf-8")
    folders = [path.name for path in (PROJECT / "models" / layer).iterdir() if path.is_dir()]
    assert folders
    assert [name for name in folders if f"`{name}`" not in said and f"`{name}/`" not in said] == []


def _at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: all but the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _at_import(node)


def imports() -> dict[str, set[str]]:
    """Module → the modules of the package it imports when it is imported."""
    names = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        found[name] = set()
        for node in _at_import(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.level, f"{name} imports relatively"
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
