"""Read the nodes, their compiled SQL and their declared joins from dbt's target folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

JOINING_TYPES = ("model", "snapshot", "analysis", "test")


@dataclass
class JoiningNode:
    """A model, snapshot, analysis or singular test: what it declares, what dbt made of it."""

    unique_id: str
    name: str
    resource_type: str
    path: str
    sql: str | None
    joins: list[dict] = field(default_factory=list)
    tested_joins: list[dict] | None = None
    tested_checks: set[str] = field(default_factory=set)
    depends_on: list[str] = field(default_factory=list)


def read_project(project_dir: Path, target_dir: Path) -> list[JoiningNode]:
    """Read manifest.json and the compiled files. Raises FileNotFoundError with the remedy."""
    manifest_path = target_dir / "manifest.json"
    if not manifest_path.exists():
        raise FileNotFoundError(f"{manifest_path} is not there: run `dbt compile` first.")
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    own = manifest["metadata"]["project_name"]
    raw_nodes = [n for n in manifest["nodes"].values() if n["package_name"] == own]
    nodes = {
        n["unique_id"]: _joining_node(n, target_dir, own)
        for n in raw_nodes
        if n["resource_type"] in JOINING_TYPES
        and n.get("language", "sql") == "sql"
        and not n.get("test_metadata")
    }
    for test in raw_nodes:
        metadata = test.get("test_metadata") or {}
        node = nodes.get(test.get("attached_node") or "")
        if metadata.get("name") == "guarded_joins" and node is not None:
            node.tested_joins = metadata["kwargs"].get("joins")
            checks = metadata["kwargs"].get("checks") or ["structure", "match_rate"]
            node.tested_checks |= set(checks)
    return sorted(nodes.values(), key=lambda node: node.unique_id)


def _joining_node(node: dict, target_dir: Path, project_name: str) -> JoiningNode:
    meta = {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}
    return JoiningNode(
        unique_id=node["unique_id"],
        name=node["name"],
        resource_type=node["resource_type"],
        path=node["original_file_path"],
        sql=_compiled_sql(node, target_dir, project_name),
        joins=list(meta.get("joins") or []),
        depends_on=list(node["depends_on"]["nodes"]),
    )


def _compiled_sql(node: dict, target_dir: Path, project_name: str) -> str | None:
    """Return the compiled text: of this run, else the file an earlier run left behind."""
    if node.get("compiled_code"):
        return node["compiled_code"]
    compiled = target_dir / "compiled" / project_name / node["original_file_path"]
    return compiled.read_text(encoding="utf-8") if compiled.exists() else None
