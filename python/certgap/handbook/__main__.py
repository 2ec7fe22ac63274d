"""``python -m certgap.handbook [--check]``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from certgap.handbook import commands, seeds, settings

PROJECT = Path(__file__).resolve().parents[3]
PAGES: dict[str, Callable[[Path], str]] = {
    "settings.md": settings.page,
    "seeds.md": seeds.page,
    "commands.md": commands.page,
}


def stale(folder: Path = PROJECT) -> list[Path]:
    """Pages that differ from what the code says."""
    reference = folder / "docs/reference"
    return [
        reference / name
        for name, page in PAGES.items()
        if not (reference / name).is_file()
        or (reference / name).read_text(encoding="utf-8") != page(folder)
    ]


def main() -> int:
    """Write the pages that are stale; with --check exit 1 instead."""
    pages = stale()
    for path in pages:
        if "--check" not in sys.argv[1:]:
            path.write_text(PAGES[path.name](PROJECT), encoding="utf-8")
        print(path.relative_to(PROJECT))
    return 1 if pages and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
