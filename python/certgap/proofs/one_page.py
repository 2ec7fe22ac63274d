"""docs/reference/proofs.md: a part per proof, written by its own run, with date and numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path("docs/reference/proofs.md")
PARTS = {
    "joins": "Every join broken",
    "faults": "Faults in deliveries",
    "mutants": "Mutants of the SQL",
    "kills": "`kill -9` at random moments",
    "readers": "Readers during builds",
    "schedules": "Incremental equals full refresh",
}
HEAD = """# What was proved, and when

Each part is written by the run it speaks of (`make joins`, `make faults`, `make mutants`,
`make kills`, `make readers`, `make schedules`), with the day and the numbers of that run. Every
case of the first three: [joins](joins.md), [faults](faults.md), [mutants](mutants.md). Mutated
files are tried by `make fuzz`. How a publication works:
[publish safely](../how-to/publish-safely.md).

What is listed here is not proved by these runs: a disk that lies about what it has flushed, a file
system without atomic renames, and warehouses other than DuckDB.
"""


def today() -> str:
    """The day of the run, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d")


def beside(report: Path) -> Path:
    """The one page, in the folder of a report of every case."""
    return report.with_name(PAGE.name)


def write(page: Path, part: str, text: str) -> None:
    """Replace one part of the page; the others stay as their last run left them."""
    old = page.read_text(encoding="utf-8") if page.is_file() else ""
    texts = {
        name: (found[1] if (found := _part(name).search(old)) else _worded(name, "Not run yet."))
        for name in PARTS
    }
    texts[part] = _worded(part, text)
    body = "".join(f"\n<!-- {name} -->{texts[name]}<!-- end of {name} -->\n" for name in PARTS)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(HEAD + body, encoding="utf-8")


def _worded(part: str, text: str) -> str:
    return f"\n## {PARTS[part]}\n\n{text.strip()}\n"


def _part(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {name} -->(.*?)<!-- end of {name} -->", re.S)
