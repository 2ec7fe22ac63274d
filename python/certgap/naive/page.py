"""The figures as tables in docs/explanation/what-naive-definitions-get-wrong.md."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path

from certgap.handbook import markdown
from certgap.naive import figures
from certgap.naive.company import Company, simulate
from certgap.naive.figures import OnDay, Ranking, Rate, Ratios

PROJECT = Path(__file__).resolve().parents[3]
PAGE = PROJECT / "docs/explanation/what-naive-definitions-get-wrong.md"
EMPLOYEES, SEED = 3000, 11
REPORT_DAYS = tuple(date(2026, month, day) for month, day in (
    (1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30), (9, 20)
))  # fmt: skip
# As the published tables do: a rate over fewer is not shown.
FLOOR = 10
BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def percent(rate: Rate) -> str:
    """A rate as a reader sees it."""
    return "too few" if rate.of < FLOOR else f"{100 * rate.value:.1f}%"


table = partial(markdown.table, has_numbers=True)


def rates(found: Iterable[Rate]) -> str:
    """Rates with what they are of."""
    rows = [(r.says, percent(r), f"{r.part:,}", f"{r.of:,}") for r in found]
    return table(("what is counted", "rate", "people × tools", "of"), rows)


def by_day(found: Iterable[OnDay]) -> str:
    """Both figures on each day of a report."""
    return table(
        ("report of", *(f"{words}" for words in (
            "used it in the last 30 days, of all completers",
            "completers",
            "of these, trained in the last 30 days",
            "adopted at day 90, of those judged",
            "judged",
        ))),
        (
            (row.day, percent(row.naive), f"{row.naive.of:,}", percent(row.youngest),
             percent(row.right), f"{row.right.of:,}")
            for row in found
        ),
    )  # fmt: skip


def means(found: Iterable[Ratios]) -> str:
    """Means of group rates."""
    return table(
        ("groups", "how many", "mean of their rates", "rate of all"),
        (
            (r.groups, r.number, f"{100 * r.mean:.1f}%", f"{100 * r.whole:.1f}%")
            for r in found
        ),
    )  # fmt: skip


def league(found: Ranking) -> str:
    """A league table's first and last, and how many of them are small."""
    return table(
        ("teams", "number", f"with fewer than {figures.SMALL_TEAM} people × tools judged"),
        (
            ("all", found.teams, found.teams_below_floor),
            (f"the first {found.first} by adoption", found.first, found.first_below_floor),
            ("at 0%", found.at_zero, found.at_zero_below_floor),
        ),
    )


def blocks(company: Company, null: Company) -> dict[str, str]:
    """Each block of the page by name; ``null`` is a world in which training changes nothing."""
    return {
        "censoring": by_day(figures.censoring(company, REPORT_DAYS)),
        "survivors": rates(figures.survivors(company)),
        "unknown": rates(figures.unknown_as_zero(company)),
        "existing": rates(figures.existing_users(company)),
        "null": rates(figures.existing_users(null)),
        "signins": rates(figures.sign_ins(company)),
        "ratios": means(figures.average_of_ratios(company)),
        "ranking": league(figures.ranking(company)),
    }


def written(text: str, tables: dict[str, str]) -> str:
    """The page with its blocks written again; a block that is missing or unknown is an error."""
    names = [name for _, name, _ in BLOCK.findall(text)]
    if sorted(names) != sorted(tables):
        raise ValueError(f"the page has the blocks {names}, the figures are {list(tables)}")
    return BLOCK.sub(lambda block: f"{block[1]}\n{tables[block[2]]}\n{block[3]}", text)


def compute(employees: int = EMPLOYEES, seed: int = SEED) -> dict[str, str]:
    """Invent both companies in a temporary folder and count."""
    with tempfile.TemporaryDirectory(prefix="certgap-naive-") as folder:
        return blocks(
            simulate(Path(folder, "default"), employees, seed, world="default", sign_ins=True),
            simulate(Path(folder, "null"), employees, seed, world="null", sign_ins=False),
        )


def write() -> None:
    """Write the page's tables again."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(text, compute()), encoding="utf-8")
