"""The feeds that are fuzzed: those of the source catalog, so that a new vendor needs no entry here."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from certgap.deliveries.feeds import Feed, declared_feeds
from certgap.errors import UserError
from certgap.project import Project

CATALOG = "macros/sources/source_catalog.sql"


@dataclass(frozen=True)
class FuzzedFeed:
    """A feed of the catalog; ``counted`` is its array's path or the macro that counts its rows."""

    feed: Feed
    counted: str

    @property
    def base_model(self) -> str:
        """The model that says of each row what became of it."""
        return f"base_{self.feed.vendor}__{self.feed.name}"


def source_catalog(project: Project) -> list[dict]:
    """The list that the macro of this name returns."""
    text = (project.folder / CATALOG).read_text(encoding="utf-8")
    found = re.search(r"do return\((\[.*?\n    \])\) %}", text, re.DOTALL)
    if found is None:
        raise UserError(f"{CATALOG} returns no list.", "Keep the macro source_catalog() first.")
    literal = re.sub(r"count_json_elements\('document_text', ('[^']*')\)", r"\1", found[1])
    literal = re.sub(r"(count_\w+)\('document_text'\)", r"'\1'", literal)
    return ast.literal_eval(literal)


def fuzzed_feeds(project: Project) -> list[FuzzedFeed]:
    """Every feed of every vendor, by category, vendor and name."""
    declared = {feed.folder: feed for feed in declared_feeds(project)}
    found = []
    for entry in source_catalog(project):
        for name in entry["feeds"]:
            feed = declared[f"{entry['category']}/{entry['vendor']}/{name}"]
            counted = entry.get("count_rows", {}).get(name, "")
            found.append(FuzzedFeed(feed, counted))
    return sorted(found, key=lambda fuzzed: fuzzed.feed.folder)

