"""The command line: ``python -m certgap.privacy [PATH …]``, after a build.

Without paths: whatever a build leaves for others to read than those of the working database, that
is the published database with its earlier publications, the report, the pages on deliveries, dbt's
artifacts and logs. Exit code 0: nobody was found, 1: somebody was, or a working database lies where
others read, 2: something could not be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

from certgap.deliveries.store import folder_of
from certgap.errors import UserError
from certgap.privacy.marks import identifiers_in, marks_of, without_plain_mark
from certgap.privacy.scan import scan
from certgap.project import Project


def places(project: Project) -> list[Path]:
    """What a build leaves for others; UserError where it has left nothing to be read."""
    if not project.published.exists():
        raise UserError(f"There is no {project.published}.", "Run `certgap build` first.")
    beside = project.published.parent.glob(f"{project.published.stem}.*{project.published.suffix}")
    earlier = [path for path in sorted(beside) if path.resolve() != project.published.resolve()]
    others = [project.report, folder_of(project), project.target, project.log.parent]
    return [project.published, *earlier, *(path for path in others if path.exists())]


def main(arguments: list[str] | None = None) -> int:
    """Scan and say what was found, without saying who."""
    parser = argparse.ArgumentParser(prog="python -m certgap.privacy", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="files and folders to read")
    options = parser.parse_args(arguments)
    try:
        project = Project.find()
        if not project.warehouse.is_file():
            raise UserError(f"There is no {project.warehouse}.", "Run `certgap build` first.")
        identifiers = identifiers_in(project.warehouse)
        marks = marks_of(identifiers)
        paths = options.paths or places(project)
        # The working database may lie below a folder that is read; who names it wants to know.
        named = {path.resolve() for path in paths}
        restricted = [project.warehouse, project.publications]
        done = scan(paths, marks, [path for path in restricted if path.resolve() not in named])
    except UserError as error:
        print(f"{error.problem} {error.remedy}", file=sys.stderr)
        return error.exit_code
    except duckdb.Error as error:
        print(f"The working database cannot be read: {error}", file=sys.stderr)
        return 2
    for line in done.as_lines():
        print(line)
    # Tests keep theirs below target/test; what was named is meant to be read by others.
    tests = project.folder / "target" / "test"
    kept = [
        path
        for path in done.restricted
        if path.resolve().is_relative_to(tests.resolve()) and path.resolve() not in named
    ]
    misplaced = [path for path in done.restricted if path not in kept]
    for path in done.restricted:
        where = "not read" if path in kept else "it must not lie here"
        print(f"{path} is a working database, full of people: {where}")
    n_short = without_plain_mark(identifiers)
    print(
        f"{len(identifiers):,} identifiers of people looked for in {done.n_files:,} files"
        f" ({done.n_characters / 1e6:,.0f} million characters), {n_short:,} of them, short or only"
        f" digits, by their digests alone: found in {len(done.hits)} places."
    )
    return 1 if done.hits or misplaced else 0


if __name__ == "__main__":
    sys.exit(main())
