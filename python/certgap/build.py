"""``certgap build``: dbt build, then the join guards, then the publication.

dbt runs as its own process, exactly as an analyst would run it, and reports as JSON lines. They
drive the progress bar; where something fails they are put into words a user can act on.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from certgap import lock
from certgap.database import (
    FULL_WORDS,
    check_can_be_opened,
    check_folder,
    disk_is_full,
    explain_duckdb_error,
)
from certgap.errors import CheckFailed, UserError
from certgap.guards import Report, check
from certgap.project import VENDOR_REFERENCE_FILES, Project
from certgap.reference import unreadable_files

DBT = [sys.executable, "-m", "certgap.dbt_process"]
SHOWN_FAILURES = 8
PARTIAL_PARSE_FILE_NAME = "partial_parse.msgpack"
SELECTIONS = {"--select", "-s", "--models", "-m", "--model", "--exclude", "--selector"}

HEADING = re.compile(r"^(?:Compilation|Runtime|Database|Parsing|Validation) Error\b.*$")
TRACE = re.compile(r"^> (?:in|called by) (?:macro|model|test|analysis|operation)\b.*$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
MISSING_NODE = re.compile(r"depends on a node named '(?P<name>[^']+)' .*?not found", re.S)


@dataclass
class DbtRun:
    """What one dbt process said."""

    exit_code: int = 0
    invocation_id: str = ""
    errors: list[str] = field(default_factory=list)
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=20))


def plain_words(message: str) -> str:
    """dbt's error text without its headings, call traces and colours."""
    lines = [line.strip() for line in COLOUR.sub("", message).strip().splitlines()]
    kept = [line for line in lines if line and not HEADING.match(line) and not TRACE.match(line)]
    return "\n".join(line for line in kept if line != "Encountered an error:")


def explain(message: str, project: Project) -> UserError:
    """dbt's own error as a problem and a remedy."""
    known = explain_duckdb_error(project.warehouse, message)
    if known:
        return known
    missing = MISSING_NODE.search(message)
    if missing and f"{missing['name']}.csv" in project.shipped_reference_files:
        name = f"{missing['name']}.csv"
        vendor = VENDOR_REFERENCE_FILES.get(name)
        remedy = (
            f"{vendor} is enabled and reads it: copy {project.folder / 'seeds' / name} and write "
            "your own values into it."
            if vendor
            else f"Copy its header line from {project.folder / 'seeds' / name}: a reference "
            "folder holds every file, header-only where it is unused."
        )
        return UserError(f"The reference file {project.reference / name} is missing.", remedy)
    if "Could not find profile" in message:
        return missing_profile(project)
    return UserError(plain_words(message))


def missing_profile(project: Project) -> UserError:
    """There is no profiles.yml, or it has no profile `certgap`."""
    return UserError(
        f"dbt finds no profile `certgap`: there is no profiles.yml in {project.folder} "
        "(or the one in use does not name it).",
        "Copy profiles.yml.example to profiles.yml; `make build` does it for you.",
    )


def _events(stream: Iterator[str], run: DbtRun) -> Iterator[dict[str, Any]]:
    """dbt's JSON lines; anything else it prints is kept for the error report."""
    for line in stream:
        try:
            event = json.loads(line)
            event["info"]["name"]
        except (ValueError, KeyError, TypeError):
            run.last_lines.append(COLOUR.sub("", line.rstrip()))
            continue
        yield event


# A node is done. dbt 1.11 numbers them, but its total has the unit tests several times (6,573 for
# 1,838): they run with their models, and are not counted here.
FINISHED = {
    "LogModelResult",
    "LogNodeNoOpResult",
    "LogSeedResult",
    "LogTestResult",
    "SkippingDetails",
}


def _kind(data: dict[str, Any]) -> str:
    """The kind of node an event is about; one that was skipped has it beside its name."""
    return (data.get("node_info") or data).get("resource_type", "")


def _follow(stream: Iterator[str], run: DbtRun, console: Console) -> None:
    """Turn dbt's events into progress: a bar on a terminal, a line per tenth elsewhere."""
    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[node]}"),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task("reading", total=None, node="")
        done = told = total = 0
        for event in _events(stream, run):
            info, data = event["info"], event["data"]
            run.invocation_id = info["invocation_id"]
            if info["name"] == "ConcurrencyLine":
                total = data["node_count"]
            elif info["name"] == "LogStartLine":
                progress.update(task, description="building", total=total, node=data["description"])
            elif info["name"] in FINISHED and _kind(data) != "unit_test":
                done += 1
                progress.update(task, completed=done)
                if not console.is_terminal and total and done * 10 // total > told:
                    told = done * 10 // total
                    console.print(f"  built and tested {done} of {total}")
            if info["name"] == "JinjaLogWarning":
                # What a macro of the project warns of; failed tests that warn are told at the end.
                words = " ".join(plain_words(info["msg"]).split())
                console.print(f"Warning: {escape(words)}", highlight=False, soft_wrap=True)
            if info["level"] == "error" and info["name"] != "MainStackTrace":
                run.errors.append(info["msg"])


def run_dbt(
    project: Project, arguments: Sequence[str], console: Console, *, verbose: bool = False
) -> DbtRun:
    """Run dbt in the project folder; ``verbose`` shows its own output instead of the progress."""
    run = DbtRun()
    environment = {**project.environment, "PYTHONUNBUFFERED": "1"}
    if lock.is_held(project.warehouse):
        environment[lock.HOLDER] = str(os.getpid())
    # dbt looks for the profile in its folder only when it is not told where to look.
    profile = project.profile
    if profile is not None:
        environment["DBT_PROFILES_DIR"] = str(profile.parent)
    if verbose:
        run.exit_code = subprocess.run(
            [*DBT, *arguments],
            cwd=project.folder,
            env=environment,
            check=False,
            pass_fds=lock.inherited(),
        ).returncode
        return run
    with subprocess.Popen(
        [*DBT, "--log-format", "json", "--log-level", "info", *arguments],
        cwd=project.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        pass_fds=lock.inherited(),
    ) as process:
        _follow(iter(process.stdout or ()), run, console)
    run.exit_code = process.returncode
    return run


def _failures(project: Project, run: DbtRun) -> list[dict[str, Any]]:
    """Failed nodes of this run, from run_results.json; none where dbt stopped before it ran any."""
    try:
        results = project.artifact("run_results.json")
    except UserError:
        return []
    if run.invocation_id and results["metadata"]["invocation_id"] != run.invocation_id:
        return []
    return [r for r in results["results"] if r["status"] in ("error", "fail", "runtime error")]


def _relative(path: str | None, folder: Path) -> str:
    """A path as a user would type it in the project folder."""
    if not path:
        return ""
    return os.path.relpath(folder / path, folder)


def failure_report(project: Project, run: DbtRun) -> UserError:
    """The error to raise after a dbt run that did not succeed."""
    failures = _failures(project, run)
    if not failures:
        message = next(
            (error for error in reversed(run.errors) if "Encountered an error" in error),
            run.errors[-1] if run.errors else "\n".join(run.last_lines),
        )
        return explain(message or "dbt stopped without saying why.", project)
    hooks = [f for f in failures if f["unique_id"].startswith("operation.")]
    if hooks:
        # Settings and raw files are checked before the first model: nothing else has run.
        return explain(hooks[0]["message"] or "", project)
    if any(FULL_WORDS.search(failure["message"] or "") for failure in failures):
        return disk_is_full(project.warehouse)
    lines = []
    for failure in failures[:SHOWN_FAILURES]:
        kind, _, name = failure["unique_id"].split(".")[:3]
        lines.append(f"{kind} {name}: {plain_words(failure['message'] or '')}")
        if failure.get("compiled_code") and failure["status"] == "fail" and kind == "test":
            lines.append(f"  rows: {_compiled_path(project, failure['unique_id'])}")
    if len(failures) > SHOWN_FAILURES:
        lines.append(f"... and {len(failures) - SHOWN_FAILURES} more")
    return CheckFailed(
        f"{len(failures)} of the project's models or tests failed. Nothing was published.\n"
        + "\n".join(lines),
        "Each compiled test is a query that returns the rows at fault; run it on "
        f"{project.warehouse}. The whole log: {project.log}.",
    )


def _compiled_path(project: Project, unique_id: str) -> str:
    node = project.artifact("manifest.json")["nodes"].get(unique_id, {})
    return _relative(node.get("compiled_path"), project.folder)


def check_before(project: Project) -> None:
    """Raise the first thing that would make dbt fail in words harder to understand."""
    if project.profile is None:
        raise missing_profile(project)
    if not project.raw.is_dir():
        raise UserError(
            f"There is no folder of raw deliveries {project.raw}.",
            "Set CERTGAP_RAW to the folder that holds <category>/<vendor>/<feed>/..., or run "
            "`certgap simulate --out DIR` to make one.",
        )
    if not project.reference.is_dir():
        raise UserError(
            f"There is no folder of reference files {project.reference}.",
            f"Set CERTGAP_REFERENCE to a folder with the same files as {project.folder / 'seeds'}.",
        )
    missing = [name for name in project.reference_files if not (project.reference / name).is_file()]
    if missing:
        raise UserError(
            f"{project.reference} lacks the reference file{'s' * (len(missing) > 1)} "
            f"{', '.join(missing)}.",
            f"Copy the header line of each from {project.folder / 'seeds'}: a reference folder "
            "holds every file, header-only where it is unused.",
        )
    for file in unreadable_files(project.reference):
        raise UserError(file.problem, file.remedy)
    # Now, and not after dbt's start-up or a whole build.
    check_can_be_opened(project.warehouse)
    for database in (project.publications, project.published):
        check_folder(database)


def build(
    project: Project, arguments: Sequence[str], console: Console, *, verbose: bool = False
) -> DbtRun:
    """Check the settings and run ``dbt build``; raises where anything failed."""
    check_before(project)
    run = run_dbt(project, ["build", *arguments], console, verbose=verbose)
    if run.exit_code:
        raise failure_report(project, run)
    return run


def arguments_of_compile(arguments: Sequence[str]) -> list[str]:
    """Arguments of `dbt build` without selections and what `dbt compile` refuses."""
    if not arguments:
        return []
    from dbt.cli import main as dbt

    def options(command: Any) -> dict[str, Any]:
        return {name: one for one in command.params for name in (*one.opts, *one.secondary_opts)}

    known, refused = options(dbt.compile), options(dbt.build)
    kept: list[str] = []
    is_value_refused = False
    for argument in arguments:
        name, has_value = argument.partition("=")[::2]
        if argument.startswith("-"):
            is_refused = name in refused and (name not in known or name in SELECTIONS)
            # dbt's options of many values take all that follow up to the next option.
            is_value_refused = is_refused and not has_value and not refused[name].is_flag
            kept += [] if is_refused else [argument]
        elif not is_value_refused:
            kept.append(argument)
    return kept


def compile_all(project: Project, console: Console) -> Path:
    """Compile every node, analyses included, beside the build's artifacts; the target folder."""
    return _compile(project, [], console)


def compile_analyses(project: Project, arguments: Sequence[str], console: Console) -> Path:
    """What a build has compiled, and the analyses, which it has not; the target folder."""
    target = _folder_of_compile(project)
    shutil.rmtree(target / "compiled", ignore_errors=True)
    shutil.copytree(project.target / "compiled", target / "compiled")
    selected = ["--select", "resource_type:analysis"]
    return _compile(project, [*selected, *arguments_of_compile(arguments)], console)


def _folder_of_compile(project: Project) -> Path:
    """Of its own: `dbt compile` would replace the run_results.json `certgap publish` reads."""
    target = project.target / "compiled_all"
    target.mkdir(parents=True, exist_ok=True)
    return target


def _compile(project: Project, arguments: Sequence[str], console: Console) -> Path:
    target = _folder_of_compile(project)
    parsed = project.target / PARTIAL_PARSE_FILE_NAME
    if parsed.is_file():
        # dbt takes it where project, profile and vars are those of the build: no second parsing.
        shutil.copy2(parsed, target / parsed.name)
    run = run_dbt(project, ["compile", "--target-path", str(target), *arguments], console)
    if run.exit_code:
        raise failure_report(project, run)
    return target


def guard_joins(project: Project, arguments: Sequence[str], console: Console) -> Report:
    """Check after a build that every join is declared; raises where one is not."""
    manifest = project.artifact("manifest.json")
    has_analyses = any(node["resource_type"] == "analysis" for node in manifest["nodes"].values())
    # A build compiles everything but analyses.
    target = compile_analyses(project, arguments, console) if has_analyses else project.target
    report = check(project.folder, target)
    if not report.ok:
        raise CheckFailed(
            f"{report.headline}. Nothing was published.\n"
            + "\n".join(str(failure) for failure in report.failures),
            "Declare the join under config.meta.joins of its model, or remove the declaration.",
        )
    return report
