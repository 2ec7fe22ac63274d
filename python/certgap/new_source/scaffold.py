"""Plans the files of a new vendor, refuses what is in the way, and writes them all or none."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from certgap.errors import UserError
from certgap.new_source import documents, models
from certgap.new_source.contract import RELATIONS, USUAL_RELATION, Relation
from certgap.new_source.sample import Sample, read
from certgap.project import CATEGORIES, Project

IDENTIFIER = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
LONGEST_NAME = 40
# Folders of staging and words of the project that a vendor called so would be taken for.
RESERVED = {"generic", "intake", "reference", "all", "raw", *CATEGORIES}
CATALOG = Path("macros/sources/source_catalog.sql")
SETTINGS = Path("dbt_project.yml")


@dataclass(frozen=True)
class NewSource:
    """What was made: every file, what to map, and what was noticed."""

    category: str
    vendor: str
    feed: str
    relation: Relation
    sample: Sample
    written: tuple[Path, ...]
    changed: tuple[Path, ...]

    @property
    def mapping_file(self) -> Path:
        """Where the mapping is filled in."""
        return Path(
            f"models/staging/{self.category}/{self.vendor}/base_{self.vendor}__{self.feed}.sql"
        )

    def as_json(self) -> dict[str, Any]:
        """For ``certgap new-source --json``."""
        return {
            "category": self.category,
            "vendor": self.vendor,
            "feed": self.feed,
            "relation": self.relation.name,
            "format": self.sample.feed_format,
            "rows": self.sample.rows,
            "elements": self.sample.elements or None,
            "needed": list(self.relation.required),
            "columns": [
                {
                    "name": column.name,
                    "raw_name": column.raw_name,
                    "filled": column.filled,
                    "different": column.different,
                    "reads_as": column.reads_as,
                }
                for column in self.sample.columns
            ],
            "notes": list(self.sample.notes),
            "mapping_file": self.mapping_file.as_posix(),
            "written": [path.as_posix() for path in self.written],
            "changed": [path.as_posix() for path in self.changed],
        }


def make(
    project: Project,
    category: str,
    vendor: str,
    feed: str,
    sample_path: Path,
    relation_name: str | None = None,
    elements: str | None = None,
) -> NewSource:
    """Make the vendor; a ``UserError`` leaves the project as it was."""
    relation = _relation(category, relation_name)
    for what, name in (("vendor", vendor), ("feed", feed)):
        _check_name(what, name)
    if vendor in RESERVED:
        raise UserError(f"{vendor} is a word of the project and no name for a vendor.")
    sample = read(sample_path, elements)
    folder = project.folder
    new_files = _files(category, vendor, feed, relation, sample)
    _check_free(folder, vendor, new_files)
    edits = {
        CATALOG: _registered_in_catalog(folder, category, vendor, feed, relation, sample),
        SETTINGS: _registered_in_settings(folder, category, vendor),
    }
    for path, text in (new_files | edits).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        content = text if isinstance(text, bytes) else text.encode("utf-8")
        (folder / path).write_bytes(content)
    return NewSource(category, vendor, feed, relation, sample, tuple(new_files), tuple(edits))


def _relation(category: str, name: str | None) -> Relation:
    if category not in CATEGORIES:
        raise UserError(f"There is no category {category!r}.", f"Known: {', '.join(CATEGORIES)}.")
    fitting = [relation.name for relation in RELATIONS.values() if category in relation.categories]
    name = name or USUAL_RELATION[category]
    if name not in RELATIONS:
        raise UserError(
            f"There is no relation {name!r} in the contract.",
            f"Relations of {category}: {', '.join(fitting)}.",
        )
    if name not in fitting:
        raise UserError(
            f"A feed of {category} cannot fill {name}.",
            f"Relations of {category}: {', '.join(fitting)}.",
        )
    return RELATIONS[name]


def _check_name(what: str, name: str) -> None:
    if not IDENTIFIER.match(name) or len(name) > LONGEST_NAME or keyword.iskeyword(name):
        raise UserError(
            f"The {what} name {name!r} is no snake_case identifier.",
            "Lower-case letters, digits and single underscores, beginning with a letter, at most "
            f"{LONGEST_NAME} characters: acme_ai.",
        )


def _files(
    category: str, vendor: str, feed: str, relation: Relation, sample: Sample
) -> dict[Path, str | bytes]:
    folder = Path("models/staging") / category / vendor
    fixture = f"{feed}{sample.extension}"
    fixtures = Path("python/tests/fixtures/samples") / vendor
    return {
        folder / f"_{vendor}__sources.yml": documents.sources_yaml(category, vendor, feed, sample),
        folder / f"base_{vendor}__{feed}.sql": models.base_model(vendor, feed, relation, sample),
        folder / f"stg_{vendor}__{relation.name}.sql": models.staging_model(vendor, feed, relation),
        folder / f"_{vendor}__models.yml": documents.models_yaml(vendor, feed, relation),
        folder / f"_{vendor}__unit_tests.yml": documents.unit_tests_yaml(
            vendor, feed, relation, sample
        ),
        fixtures / fixture: sample.content,
        fixtures / "SOURCES.md": documents.samples_note(vendor, fixture),
        Path("python/tests") / f"test_{vendor}_sample.py": documents.sample_test(
            category, vendor, feed, fixture, sample
        ),
    }


def _check_free(folder: Path, vendor: str, files: Mapping[Path, str | bytes]) -> None:
    for other in CATEGORIES:
        taken = Path("models/staging") / other / vendor
        if (folder / taken).exists():
            raise UserError(
                f"{taken} is there already; nothing is overwritten.",
                "Add a second feed to it by hand, as docs/how-to/add-a-model.md says, or choose "
                "another name.",
            )
    in_the_way = [path.as_posix() for path in files if (folder / path).exists()]
    if in_the_way:
        raise UserError(
            f"{', '.join(in_the_way)} is there already; nothing is overwritten.",
            "Move it away, or choose another name.",
        )


def _registered_in_catalog(
    folder: Path, category: str, vendor: str, feed: str, relation: Relation, sample: Sample
) -> str:
    text = (folder / CATALOG).read_text(encoding="utf-8")
    if f"'vendor': '{vendor}'" in text:
        raise UserError(
            f"{CATALOG} has a vendor {vendor} already; nothing is overwritten.",
            "Choose another name.",
        )
    before = "        {\n            'vendor': 'generic'"
    if before not in text:
        raise UserError(
            f"{CATALOG} has no entry of the vendor generic to put {vendor} before.",
            "Restore the file, or add the vendor by hand.",
        )
    counted = ""
    if sample.feed_format == "document":
        rows = f"count_json_elements('document_text', '{sample.elements}')"
        counted = (
            f"            'count_rows': {{\n                '{feed}': {rows},\n            }},\n"
        )
    entry = (
        "        {\n"
        f"            'vendor': '{vendor}', 'category': '{category}',\n"
        f"            'feeds': ['{feed}'],\n"
        f"            'relations': ['{relation.name}'],\n"
        f"{counted}"
        "        },\n"
    )
    return text.replace(before, entry + before, 1)


def _registered_in_settings(folder: Path, category: str, vendor: str) -> str:
    text = (folder / SETTINGS).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    staging = next((n for n, line in enumerate(lines) if line == "    staging:\n"), None)
    where = None
    if staging is not None:
        where = next(
            (n for n in range(staging, len(lines)) if lines[n] == f"      {category}:\n"), None
        )
    if where is not None:
        lines.insert(where + 1, f"        {vendor}:\n          +materialized: table\n")
    changed = "".join(lines)
    try:
        settings = yaml.safe_load(changed)["models"]["certgap"]["staging"][category][vendor]
    except (KeyError, TypeError, yaml.YAMLError):
        settings = None
    if settings != {"+materialized": "table"}:
        raise UserError(
            f"{SETTINGS} has no place for {vendor}: models, certgap, staging, {category} is not "
            "laid out as expected.",
            f"Add `{vendor}: {{+materialized: table}}` there and what else by hand.",
        )
    return changed
