"""``python -m certgap.bi write | zip | up | down | test``: the Superset dashboard.

Exit code 0 when all went well, 1 when a chart fails or a figure differs, 2 when nothing was judged.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from certgap.bi import bundle
from certgap.bi.proof import BROWSERS, look, prove
from certgap.bi.server import Client, Superset, free_port
from certgap.errors import UserError
from certgap.project import Project

BUNDLE = Path("bi/superset")
FOLDER = Path("build/bi")


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.bi", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write", help=f"write {BUNDLE} from charts and dbt's manifest")
    zipped = commands.add_parser("zip", help="the bundle as one file, to import into your Superset")
    zipped.add_argument("--out", type=Path, default=FOLDER / "certification_gap.zip")
    up = commands.add_parser("up", help="start Superset here with the dashboard in it")
    up.add_argument("--port", type=int, help="8088 where none is given")
    commands.add_parser("down", help="stop it")
    commands.add_parser("test", help="start one, ask for every chart, compare, stop it")
    options = parser.parse_args(arguments)
    try:
        project = Project.find()
        if options.command == "down":
            stopped = Superset(project.folder, project.folder / FOLDER).stop()
            print("Superset is stopped." if stopped else "No Superset was running.")
            return 0
        if options.command == "write":
            bundle.write(bundle.make(project.artifact("manifest.json")), project.folder / BUNDLE)
            print(f"{BUNDLE} is written.")
            return 0
        if not project.published.is_file():
            raise UserError(
                f"There is no published database at {project.published}.", "Run make build first."
            )
        return _run(options, project)
    except UserError as error:
        print(f"{error.problem} {error.remedy}", file=sys.stderr)
        return error.exit_code
    except PermissionError as error:
        print(f"{error.filename or error} belongs to another user.", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace, project: Project) -> int:
    published = project.published
    made = bundle.zipped(bundle.read(project.folder / BUNDLE), published)
    if options.command == "zip":
        out = project.folder / options.out
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(made)
        print(f"{out}: import it on Superset's page of dashboards. It reads {published}.")
        return 0
    if options.command == "up":
        superset = Superset(project.folder, project.folder / FOLDER, options.port)
        print("Starting Superset (the first time about a minute)", flush=True)
        superset.start()
        Client(superset).import_bundle(made)
        print(f"{superset.address}/superset/dashboard/{bundle.SLUG}/")
        print(f"User admin, password in {superset.folder / 'password'}. Stop: make bi-down")
        return 0
    return _test(project, published, made)


def _test(project: Project, published: Path, made: bytes) -> int:
    home = project.folder / FOLDER / "test"
    superset = Superset(project.folder, home, free_port())
    superset.stop()
    shutil.rmtree(home, ignore_errors=True)
    try:
        print("Setting Superset up", flush=True)
        superset.start()
        client = Client(superset)
        client.import_as_people_do(made)
        # Over what is there, as after an update.
        client.import_bundle(made)
        outcome = prove(superset, published, lambda words: print(words, flush=True))
        faults = outcome.faults
        print(f"{outcome.n_answers} answers of {outcome.n_charts} charts, "
              f"{outcome.n_figures} figures equal to the published tables.")  # fmt: skip
        browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
        if browser:
            picture = home.with_name("dashboard.png")
            seen = look(superset, published, browser, picture)
            faults += seen.faults
            print(f"In a browser: {seen.n_answers} of {seen.n_charts} charts, "
                  f"{seen.n_figures} figures equal. Picture: {picture}")  # fmt: skip
        else:
            print("Not looked at: there is no Chromium here (on Debian: the package chromium).")
    finally:
        superset.stop()
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults.")
    if not faults:
        shutil.rmtree(home)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
