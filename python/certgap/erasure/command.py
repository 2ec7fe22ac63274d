"""`certgap erase` on a terminal: progress, and what was done. Nothing printed says who."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from certgap.dbt_plugin import SAMPLE_RAW_FOLDER, pseudonym_key
from certgap.erasure.erase import Report, erase
from certgap.errors import UserError
from certgap.project import Project


def run(project: Project, people: list[str], console: Console, *, is_written: bool) -> Report:
    """Erase; UserError for the bundled sample, and without the key."""
    if project.raw.resolve() == (project.folder / SAMPLE_RAW_FOLDER).resolve():
        raise UserError(
            "CERTGAP_RAW is the bundled sample: invented people, part of the project's own files.",
            "Set CERTGAP_RAW to your deliveries; `certgap simulate` makes a company to try it on.",
        )
    key = pseudonym_key()
    if not key:
        raise UserError(
            "CERTGAP_PSEUDONYM_KEY is not set.",
            "Set it to the key of your builds: the record of erased people is kept under it.",
        )
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=None)

        def tell(feed: str, done: int, total: int) -> None:
            progress.update(task, description=feed, completed=done, total=total)

        return erase(project, key, people, is_written=is_written, progress=tell)


def render(report: Report, console: Console, *, is_written: bool) -> None:
    """Per feed what was taken out, then what is left to do."""
    table = Table("feed", "rows", "cells of others", box=None)
    for feed, found in sorted(report.erased.items()):
        table.add_row(escape(feed), f"{found.n_rows:,}", f"{found.n_emptied:,}")
    if report.erased:
        console.print(table)

    def say(words: str) -> None:
        console.print(escape(words), highlight=False, soft_wrap=True)

    done = "" if is_written else "would be "
    say(
        f"{report.n_rows:,} rows {done}erased, {report.n_emptied:,} cells in rows of others "
        f"{done}emptied."
    )
    if report.n_shared:
        say(
            f"{report.n_shared} aliases are somebody else's, too (a shared or reused address): "
            "rows that have nothing else stay. Give them an owner in alias_overrides.csv first."
        )
    for place, why in report.unclear.items():
        say(f"Not searched: {place}: {why}")
    for folder in report.not_looked_at:
        say(f"No feed declares {folder}: look yourself whether it names them.")
    for path in report.databases:
        say(f"{path} {done}deleted: it held them.")
    if is_written and report.n_people:
        say("Next: `certgap build`, which makes every table anew and publishes.")
