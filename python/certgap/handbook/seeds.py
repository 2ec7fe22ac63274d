"""docs/reference/seeds.md: every reference file and its columns, from the YAML of the seeds."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from certgap.handbook.markdown import docs_blocks, made_by, resolved, table
from certgap.project import VENDOR_REFERENCE_FILES

RULE_SEEDS = re.compile(r"set rule_seeds = \{(.*?)\n\} %\}", re.DOTALL)
RULE_SEED = re.compile(r"'(\w+)': \[(.*?)\]", re.DOTALL)


def described(folder: Path) -> list[dict[str, Any]]:
    """The seeds as their YAML describes them; one of a vendor has its header only."""
    document = (folder / "models/staging/reference/_reference__seeds.yml").read_text("utf-8")
    seeds = {seed["name"]: seed for seed in yaml.safe_load(document)["seeds"]}
    for file in sorted((folder / "seeds").glob("*.csv")):
        if file.stem not in seeds:
            vendor = VENDOR_REFERENCE_FILES[file.name]
            seeds[file.stem] = {
                "name": file.stem,
                "description": f"Only for the vendor `{vendor}`; [its fields](adapters.md).",
                "columns": [{"name": name, "description": ""} for name in header(file)],
            }
    return [seeds[name] for name in sorted(seeds)]


def header(file: Path) -> list[str]:
    """The columns of a CSV file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines))


def hashed(folder: Path) -> dict[str, set[str]]:
    """Seed to its columns that are part of rules_hash."""
    model = folder / "models/intermediate/settings/int_metric_rules.sql"
    (text,) = RULE_SEEDS.findall(model.read_text("utf-8"))
    return {seed: set(re.findall(r"'(\w+)#?'", names)) for seed, names in RULE_SEED.findall(text)}


def _sections(folder: Path) -> Iterator[str]:
    project = yaml.safe_load((folder / "dbt_project.yml").read_text("utf-8"))
    types = {
        name: seed.get("+column_types", {})
        for name, seed in project["seeds"]["certgap"].items()
        if isinstance(seed, dict)
    }
    in_hash, blocks = hashed(folder), docs_blocks(folder / "models")
    for seed in described(folder):
        name = seed["name"]
        yield f"## {name}\n"
        yield " ".join(resolved(seed["description"], blocks).split()) + "\n"
        yield table(
            ("column", "type", "meaning", "in rules_hash"),
            (
                (
                    f"`{column['name']}`",
                    types.get(name, {}).get(column["name"], "string"),
                    resolved(column["description"], blocks),
                    "yes" if column["name"] in in_hash.get(name, ()) else "",
                )
                for column in seed["columns"]
            ),
        )


def page(folder: Path) -> str:
    """The page."""
    return "\n".join(
        [
            made_by("python -m certgap.handbook"),
            "# Reference files (seeds)\n",
            "CSV files in the folder `CERTGAP_REFERENCE` (default `seeds/`): what no export says. "
            "Every file must be there; one that is not used holds its header line only. Files are "
            "UTF-8 with commas. A column that is part of **rules_hash** changes it, as a var does "
            "([settings](settings.md)).\n",
            *_sections(folder),
        ]
    )
