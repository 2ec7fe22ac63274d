"""The ``certgap`` command.

Exit codes: 0 the answer is yes, 1 the work was done and the answer is no (a test, a gate, a
comparison), 2 nothing was judged (wrong usage, a setting or a file that is not as needed).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from certgap import __version__
from certgap.errors import CheckFailed, UserError

app = typer.Typer(
    name="certgap",
    help="From LMS, HRIS and usage exports to adoption figures a board can read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
PassOn = Annotated[
    list[str] | None,
    typer.Argument(
        help="Options for dbt, after `--`: certgap build -- --vars '{as_of_date: 2026-06-30}'",
        show_default=False,
    ),
]


def _console(*, as_json: bool = False) -> Console:
    """Where progress and words go: beside the JSON, never into it."""
    return Console(stderr=as_json)


def _print_json(data: Any) -> None:
    print(json.dumps(data, indent=2, default=str))


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def build(
    dbt_arguments: PassOn = None,
    publish: Annotated[bool, typer.Option(help="Publish when everything passed.")] = True,
    as_of_publication: Annotated[
        int | None,
        typer.Option(
            help="Build this publication again, into a database of its own, and compare every "
            "figure; nothing is published.",
            show_default=False,
        ),
    ] = None,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Where another build is running, wait until it has ended."),
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show dbt's output.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build and test everything, publish it and print the headline figures."""
    from certgap import lock
    from certgap.project import Project
    from certgap.publish.rebuild import past_of

    project = Project.find()
    console = _console(as_json=as_json)
    arguments = list(dbt_arguments or [])
    built = project if as_of_publication is None else past_of(project, as_of_publication)

    def say(words: str) -> None:
        console.print(escape(words), highlight=False, soft_wrap=True)

    with lock.hold(built.warehouse, "certgap build", wait=wait, say=say):
        say(f"Building from {project.raw}")
        if as_of_publication is not None:
            _rebuild(project, as_of_publication, arguments, console, verbose, as_json)
        else:
            _build(project, arguments, console, publish, verbose, as_json)


def _build(
    project: Any,
    arguments: list[str],
    console: Console,
    publish: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    from certgap import build as builder
    from certgap.publish.publisher import publish as publish_build
    from certgap.report import command, summary

    builder.build(project, arguments, console, verbose=verbose)
    console.print(builder.guard_joins(project, arguments, console).headline, highlight=False)
    figures = summary.of_project(project)
    publication = publish_build(project) if publish else None
    written = command.write(project.published, project.report) if publish else None
    if as_json:
        _print_json(
            {
                "summary": figures,
                "publication": publication.as_json() if publication else None,
                "report": written.as_json() if written else None,
            }
        )
        return
    summary.render(figures, console)
    summary.where_to_look(project, console)


def _rebuild(
    project: Any, number: int, arguments: list[str], console: Console, verbose: bool, as_json: bool
) -> None:
    from certgap.publish.rebuild import rebuild

    rebuilt = rebuild(project, number, arguments, console, verbose=verbose)
    if as_json:
        _print_json(rebuilt.as_json())
        return
    console.print(
        f"Publication {number} is reproduced: {rebuilt.n_figures:,} figures are equal. "
        f"vars: {rebuilt.variables}. Database: {escape(str(rebuilt.warehouse))}",
        highlight=False,
        soft_wrap=True,
    )


@app.command("check-deliveries")
def check_deliveries(
    as_of: Annotated[
        str | None,
        typer.Option(help="Day by which feeds must not be late; default: the newest delivery's."),
    ] = None,
    judge_all: Annotated[
        bool, typer.Option("--all", help="Judge every delivery again, not only new ones.")
    ] = False,
    accept: Annotated[
        str | None, typer.Option(help="Take this failed delivery all the same (with --because).")
    ] = None,
    because: Annotated[str, typer.Option(help="Why it is accepted.")] = "",
    write_suites: Annotated[
        bool, typer.Option("--write-suites", help="Write a suite for each feed that has none.")
    ] = False,
    docs: Annotated[bool, typer.Option(help="Write the pages (Data Docs).")] = True,
    as_json: AsJson = False,
) -> None:
    """Is each delivery what its vendor promises? Judge new ones before a build reads them."""
    from certgap.deliveries import command
    from certgap.project import Project

    project, console = Project.find(), _console(as_json=as_json)
    if write_suites:
        command.write_suites(project, console)
        return
    if accept is not None:
        command.accept(project, accept, because, console)
        return
    report = command.check(project, console, as_of=as_of, judge_all=judge_all, write_docs=docs)
    if as_json:
        _print_json(report.as_json())
    else:
        command.render(report, console)
    raise typer.Exit(command.exit_code(report))


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write the deliveries and truth/ to.")],
    learners: Annotated[int, typer.Option(help="Employees, 100 to 2,000,000.")] = 600,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 7,
    world: Annotated[
        str, typer.Option(help="Injected effects: default, or null for a world without any.")
    ] = "default",
    sources: Annotated[
        str,
        typer.Option(
            help="all: the sample's vendors; or vendors, comma between, generic for the rest;"
            " vendor:feed where an export has several forms."
        ),
    ] = "all",
    file_format: Annotated[
        str, typer.Option("--format", help="csv or parquet, of generic files.")
    ] = "csv",
    as_json: AsJson = False,
) -> None:
    """Write the exports of an invented company, with the exact expected figures beside them."""
    from rich.progress import Progress

    from certgap.simulate.simulation import run
    from certgap.simulate.sources import choose_sources

    names = None if sources == "all" else [name.strip() for name in sources.split(",")]
    console = _console(as_json=as_json)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks: dict[str, Any] = {}

        def report(step: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=1.0)
            progress.update(tasks[step], completed=share)

        try:
            effects = run(
                learners,
                seed,
                out,
                world=world,
                sources=names,
                fmt=file_format,
                progress=report,
            )
        except ValueError as error:
            raise UserError(f"{error}.", "`certgap simulate --help` lists the options.") from None
    if as_json:
        _print_json(effects)
        return
    chosen = choose_sources(names)
    reference, variables = "", ""
    if not chosen.are_of_the_seeds:
        reference = f"CERTGAP_REFERENCE={out / 'reference'} "
    if names:
        variables = f" -- --vars '{{enabled_sources: [{', '.join(chosen.enabled)}]}}'"
    command = f"{reference}CERTGAP_PSEUDONYM_KEY=… certgap build{variables}"
    console.print(
        f"{learners:,} invented employees (seed {seed}) in {escape(str(out))}. To build from them: "
        f"CERTGAP_RAW={escape(str(out))} {escape(command)}",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def publish(
    restore: Annotated[
        bool,
        typer.Option("--restore", help="Put back the publication before the one that is read now."),
    ] = False,
    publication: Annotated[
        int | None,
        typer.Option(help="With --restore: put back this publication.", show_default=False),
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Only check the published file; nothing is changed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Replace the published database with the last build, if that build was complete and clean."""
    from certgap import lock
    from certgap.project import Project
    from certgap.publish.publisher import publish as publish_build
    from certgap.publish.restore import restore as put_back

    if (restore and audit) or (publication is not None and not restore):
        raise UserError("--publication goes with --restore, --audit with neither.")
    project = Project.find()
    if audit:
        _audit(project, as_json)
        return
    if restore:
        restored = put_back(project, publication)
        if as_json:
            _print_json(restored.as_json())
            return
        before = (
            f" instead of publication {restored.instead_of}, which is kept beside it"
            if restored.instead_of is not None
            else ""
        )
        words = f"{restored.path} holds publication {restored.publication_id} again{before}."
    else:
        with lock.hold(project.warehouse, "certgap publish"):
            published = publish_build(project)
        if as_json:
            _print_json(published.as_json())
            return
        words = (
            f"Published {len(published.tables)} tables as of {published.as_of_date}, "
            f"publication {published.publication_id}, to {published.path}"
        )
    _console().print(escape(words), highlight=False, soft_wrap=True)


def _audit(project: Any, as_json: bool) -> None:
    from certgap.publish.audit import audit

    found = audit(project.published)
    if as_json:
        _print_json(found.as_json())
    elif found.passed:
        _console().print(
            f"{escape(str(found.path))} is whole: publication {found.publication_id}, "
            f"{len(found.tables)} tables, {sum(found.tables.values()):,} rows.",
            highlight=False,
            soft_wrap=True,
        )
    if not found.passed:
        if as_json:
            raise typer.Exit(1)
        raise CheckFailed(
            f"{found.path} is not whole. {' '.join(found.problems)}",
            "Run `certgap publish`, or `certgap publish --restore` for the publication before.",
        )


@app.command()
def report(
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write to (default: CERTGAP_REPORT).", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the executive report of the published database: one HTML file and a PDF."""
    from certgap.project import Project
    from certgap.report import command

    project = Project.find()
    written = command.write(project.published, (out or project.report).absolute())
    if as_json:
        _print_json(written.as_json())
        return
    for path in (written.html, written.pdf):
        _console().print(escape(str(path)), highlight=False, soft_wrap=True)


@app.command()
def summary(as_json: AsJson = False) -> None:
    """Print the headline figures of the last build again."""
    from certgap.project import Project
    from certgap.report import summary as summaries

    project = Project.find()
    figures = summaries.of_project(project)
    if as_json:
        _print_json(figures)
        return
    summaries.render(figures, _console())
    summaries.where_to_look(project, _console())


@app.command()
def guards(as_json: AsJson = False) -> None:
    """Is every join of the compiled SQL declared, and every declaration a join?"""
    from certgap import build as builder
    from certgap.guards import command
    from certgap.project import Project

    project = Project.find()
    target = builder.compile_all(project, _console(as_json=as_json))
    raise typer.Exit(command.run(project.folder, target, as_json=as_json))


@app.command()
def compare(
    truth: Annotated[Path, typer.Argument(help="truth/world of a simulated company.")],
    schema: Annotated[str, typer.Option(help="Schema of the marts.")] = "main",
    examples: Annotated[int, typer.Option(help="Differences shown per column.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Compare the built tables with the exact expected ones, row by row and cell by cell."""
    from dataclasses import asdict

    import duckdb

    from certgap.compare import compare as compare_with_truth
    from certgap.project import Project

    warehouse = Project.find().warehouse
    for path in (truth, warehouse):
        if not path.exists():
            raise UserError(f"{path} does not exist.", "Simulate and build the company first.")
    try:
        report = compare_with_truth(truth, warehouse, schema, examples)
    except (duckdb.Error, OSError, ValueError) as error:
        raise UserError(f"{truth} and {warehouse} cannot be compared: {error}") from None
    if as_json:
        _print_json({"agrees": report.agrees, **asdict(report)})
    else:
        print(report.text())
    if not report.agrees:
        raise typer.Exit(1)


@app.command("new-source")
def new_source(
    category: Annotated[str, typer.Option(help="hris, lms or usage.")],
    vendor: Annotated[str, typer.Option(help="Name of the vendor's folder, such as acme_ai.")],
    feed: Annotated[str, typer.Option(help="Name of the export, such as daily_usage.")],
    sample: Annotated[Path, typer.Option(help="A file as the vendor exports it: CSV or JSON.")],
    relation: Annotated[
        str | None,
        typer.Option(
            help="Relation of the contract it fills; else its category's usual one: employees, "
            "learning_events or tool_usage_daily."
        ),
    ] = None,
    elements: Annotated[
        str | None,
        typer.Option(help="Where a JSON page has its rows, such as $.data, if not in one place."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a new vendor's folder, fixture and tests from a sample, with a mapping to fill in."""
    from certgap.new_source import report, scaffold
    from certgap.project import Project

    made = scaffold.make(Project.find(), category, vendor, feed, sample, relation, elements)
    if as_json:
        _print_json(made.as_json())
        return
    report.render(made, _console())


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Is my set-up right? Which feeds are there, until when, and which are missing?"""
    from certgap import doctor as doctors
    from certgap.project import Project

    found = doctors.findings(Project.find())
    problems = [finding for finding in found if finding.level == "problem"]
    if as_json:
        _print_json([finding.as_json() for finding in found])
    else:
        console = _console()
        marks = {"ok": "[green]ok[/green]", "note": "[yellow]note[/yellow]"}
        for finding in found:
            mark = marks.get(finding.level, "[red]PROBLEM[/red]")
            console.print(
                f"{mark}\t{escape(finding.subject)}: {escape(finding.detail)}",
                highlight=False,
                soft_wrap=True,
            )
            if finding.remedy:
                console.print(f"\t  {escape(finding.remedy)}", highlight=False, soft_wrap=True)
        console.print(
            f"{len(problems)} problem{'s' * (len(problems) > 1)}"
            if problems
            else "Everything needed for a build is there."
        )
    if problems:
        raise typer.Exit(1)


def main() -> None:
    """Entry point: user errors are printed in words, without a traceback."""
    try:
        app()
    except UserError as error:
        console = Console(stderr=True)
        label = "failed" if isinstance(error, CheckFailed) else "error"
        console.print(
            f"[red]{label}:[/red] {escape(error.problem)}", highlight=False, soft_wrap=True
        )
        if error.remedy:
            console.print(escape(error.remedy), highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped.")
        sys.exit(130)


if __name__ == "__main__":
    main()
