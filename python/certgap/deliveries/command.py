"""The words of ``certgap check-deliveries``."""

from __future__ import annotations

from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from certgap.deliveries import check as checks
from certgap.deliveries import new_suites
from certgap.deliveries.feeds import declared_feeds
from certgap.deliveries.store import ACCEPTED, FAILED, NOT_CHECKED, PASSED
from certgap.errors import UserError
from certgap.project import Project

SHOWN = 20


def check(
    project: Project, console: Console, *, as_of: str | None, judge_all: bool, write_docs: bool
) -> checks.Report:
    """Judge what is new, with a progress bar on a terminal."""
    try:
        day = date.fromisoformat(as_of) if as_of else None
    except ValueError:
        raise UserError(f"'{as_of}' is no day.", "Write --as-of YYYY-MM-DD.") from None
    options = checks.Options(judge_all, day, write_docs)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("checking", total=1)

        def report(feed: str, number: int, total: int) -> None:
            progress.update(task, description=feed, completed=number, total=total)

        return checks.run(project, options, report)


def exit_code(report: checks.Report) -> int:
    """2 where something could not be judged, 1 where a delivery failed or a feed is late."""
    if report.errors:
        return 2
    return 1 if report.late or report.with_verdict(FAILED) else 0


def accept(project: Project, name: str, because: str, console: Console) -> None:
    """Accept one failed delivery."""
    record = checks.accept(project, name, because)
    console.print(
        f"Accepted {escape(record.source_file)}: {escape(record.reason)}. The next build reads it.",
        highlight=False,
        soft_wrap=True,
    )


def write_suites(project: Project, console: Console) -> None:
    """Write the suites that are missing."""
    written = new_suites.write_missing(project.folder, declared_feeds(project))
    for path in written:
        console.print(f"Wrote {escape(str(path))}", highlight=False, soft_wrap=True)
    console.print(
        "Read them and set what your vendor promises; they are part of the repository."
        if written
        else "Every declared feed has a suite."
    )


def render(report: checks.Report, console: Console) -> None:
    """Print the verdicts by feed, then each failure with its remedy."""
    verdicts = (PASSED, ACCEPTED, FAILED, NOT_CHECKED)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("feed", no_wrap=True)
    for verdict in verdicts:
        table.add_column(verdict.replace("_", " "), justify="right")
    for name, records in sorted(report.feeds.items()):
        counts = [sum(record.verdict == verdict for record in records) for verdict in verdicts]
        table.add_row(escape(name), *(f"{count:,}" if count else "–" for count in counts))
    console.print(table)
    _list(console, "Failed (the build does not read them)", report, FAILED)
    _list(console, "Not checked", report, NOT_CHECKED)
    if report.unread:
        console.print("\n[bold]Not read (no adapter reads them)[/bold]")
    for one in report.unread:
        files = "1 file" if one.n_files == 1 else f"{one.n_files:,} files"
        console.print(
            f"  {escape(one.place)} ({files}): {escape(one.reason)}",
            highlight=False,
            soft_wrap=True,
        )
    for text in report.late:
        console.print(f"[red]Late[/red] {escape(text)}", highlight=False, soft_wrap=True)
    for text in report.errors:
        console.print(f"[red]Not judged[/red] {escape(text)}", highlight=False, soft_wrap=True)
    n_notes = sum(bool(r.notes) for records in report.feeds.values() for r in records)
    console.print(
        f"\n{report.n_judged:,} judged now; {len(report.with_verdict(FAILED)):,} failed, "
        f"{len(report.with_verdict(NOT_CHECKED)):,} not checked"
        + (f"; {n_notes:,} with notes" if n_notes else "")
        + (f"; {sum(one.n_files for one in report.unread):,} not read" if report.unread else "")
        + (f". Pages: {escape(str(report.docs))}" if report.docs else "."),
        highlight=False,
        soft_wrap=True,
    )


def _list(console: Console, title: str, report: checks.Report, verdict: str) -> None:
    records = report.with_verdict(verdict)
    if not records:
        return
    console.print(f"\n[bold]{title}[/bold]")
    for record in records[:SHOWN]:
        console.print(
            f"  {escape(record.source_file)}: {escape(record.reason)}",
            highlight=False,
            soft_wrap=True,
        )
    if len(records) > SHOWN:
        console.print(f"  ... and {len(records) - SHOWN:,} more (--json lists all)")
