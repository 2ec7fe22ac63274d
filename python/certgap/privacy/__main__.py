"""The command line: ``python -m certgap.privacy [PATH …]``, after a build.

Without paths: whatever a build leaves for others to read than those of the working database, that
is the published database with its earlier publications, the report, the pages on deliveries, dbt's
artifacts and logs. Exit code 0: nobody was found, 1: somebody was, 2: something could not be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

from certgap.deliveries.store import folder_of
from certgap.errors import UserError
from certgap.privacy.marks import marks_in
from certgap.privacy.scan import scan
from certgap.project import Project


def places(project: Project) -> list[Path]:
    """What a build leaves for others, as far as it is there."""
    beside = project.published.parent.glob(f"{project.published.stem}*{project.published.suffix}")
    others = [project.report, folder_of(project), project.target, project.log.parent]
    return [path for path in (*sorted(beside), *others) if path.exists()]


def main(arguments: list[str] | None = None) -> int:
    """Scan and say what was found, without saying who."""
    parser = argparse.ArgumentParser(prog="python -m certgap.privacy", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="files and folders to read")
    options = parser.parse_args(arguments)
    try:
        project = Project.find()
        if not project.warehouse.is_file():
            raise UserError(f"There is no {project.warehouse}.", "Run `certgap build` first.")
        marks = marks_in(project.warehouse)
        # The working database may lie below a folder that is read.
        restricted = [project.warehouse, project.publications]
        done = scan(options.paths or places(project), marks, restricted)
    except UserError as error:
        print(f"{error.problem} {error.remedy}", file=sys.stderr)
        return error.exit_code
    except duckdb.Error as error:
        print(f"The working database cannot be read: {error}", file=sys.stderr)
        return 2
    for line in done.as_lines():
        print(line)
    for path in done.restricted:
        print(f"{path} is a working database, which holds people: not read, keep it from others")
    print(
        f"{len(marks):,} marks of people looked for in {done.n_files:,} files"
        f" ({done.n_characters / 1e6:,.0f} million characters): found in {len(done.hits)} places."
    )
    return 1 if done.hits else 0


if __name__ == "__main__":
    sys.exit(main())
