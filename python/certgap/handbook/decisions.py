"""docs/decisions/index.md: the records by number and title."""

from __future__ import annotations

import re
from pathlib import Path

from certgap.handbook.markdown import made_by

# "# 0017 — What it is about", with any sign between.
TITLE = re.compile(r"^# *(\d{4})\W+(.+)$", re.MULTILINE)


def records(folder: Path) -> list[tuple[str, str, str]]:
    """Number, file and title of each record; one without them is an error."""
    found = []
    for path in sorted((folder / "docs/decisions").glob("[0-9]*.md")):
        title = TITLE.search(path.read_text(encoding="utf-8"))
        if title is None or not path.name.startswith(title[1]):
            raise ValueError(f"{path.name} must begin with '# {path.name[:4]} — title'")
        found.append((title[1], path.name, title[2]))
    return found


def page(folder: Path) -> str:
    """The page."""
    lines = [f"- [{number}]({file}): {title}" for number, file, title in records(folder)]
    return "\n".join(
        [
            made_by("python -m certgap.handbook"),
            "# Decisions\n",
            "What was decided, and what follows.\n",
            *lines,
            "",
        ]
    )
