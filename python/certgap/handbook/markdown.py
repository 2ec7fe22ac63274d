"""Tables, and what stands in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

DOCS_BLOCK = re.compile(r"\{%\s*docs\s+(\w+)\s*%\}(.*?)\{%\s*enddocs\s*%\}", re.DOTALL)
REFERENCE = re.compile(r"\{\{\s*doc\('(\w+)'\)\s*\}\}")


def made_by(command: str) -> str:
    """The line that says not to edit a page."""
    return f"<!-- Written by `{command}`; edit what it is made from. -->\n"


def cell(value: object) -> str:
    """One line, with the table's own sign, and what would be HTML, kept apart."""
    line = re.sub(r"\s+", " ", str(value)).strip().replace("|", "\\|")
    parts = line.split("`")
    parts[::2] = [part.replace("<", "\\<") for part in parts[::2]]
    return "`".join(parts)


def table(
    header: Iterable[str], rows: Iterable[Iterable[object]], *, has_numbers: bool = False
) -> str:
    """A Markdown table; with ``has_numbers`` all but the first column stand to the right."""
    header = list(header)
    rule = ["---", *["---:" if has_numbers else "---"] * (len(header) - 1)]
    lines = [header, rule, *([cell(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def docs_blocks(models: Path) -> dict[str, str]:
    """dbt's shared descriptions by name."""
    return {
        name: text.strip()
        for path in sorted(models.rglob("*.md"))
        for name, text in DOCS_BLOCK.findall(path.read_text(encoding="utf-8"))
    }


def resolved(description: str, blocks: dict[str, str]) -> str:
    """A description with its `doc()` in words."""
    return REFERENCE.sub(lambda match: blocks[match[1]], description)
