"""``python -m certgap.handbook [--check]``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from certgap.handbook import commands, decisions, personal_data, seeds, settings

PROJECT = Path(__file__).resolve().parents[3]
PAGES: dict[str, Callable[[Path], str]] = {
    "reference/settings.md": settings.page,
    "reference/seeds.md": seeds.page,
    "reference/commands.md": commands.page,
    "reference/personal-data.md": personal_data.page,
    "decisions/index.md": decisions.page,
}


def stale(folder: Path = PROJECT) -> dict[Path, str]:
    """Pages that differ from what the code says, as they should be."""
    wanted = {folder / "docs" / name: page(folder) for name, page in PAGES.items()}
    return {
        path: text
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }


def main() -> int:
    """Write the pages that are stale; with --check exit 1 instead."""
    is_check = "--check" in sys.argv[1:]
    pages = stale()
    for path, text in pages.items():
        if not is_check:
            path.write_text(text, encoding="utf-8")
        print(path.relative_to(PROJECT))
    return 1 if pages and is_check else 0


if __name__ == "__main__":
    sys.exit(main())
