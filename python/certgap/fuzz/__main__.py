"""``python -m certgap.fuzz``: mutants of every feed of every vendor; exits 1 on any fault."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from certgap.fuzz.catalog import fuzzed_feeds
from certgap.fuzz.fuzzing import Settings, fuzz
from certgap.fuzz.kept import Result
from certgap.fuzz.report import table, write
from certgap.project import Project


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.fuzz", description=__doc__)
    parser.add_argument("--mutants", type=int, default=1000, help="of each feed (1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--together", type=int, default=500, help="so many of a feed at a time")
    parser.add_argument("--vendors", default="", help="comma between; none: all")
    parser.add_argument("--forms", default="plain,parquet", help="plain (with gz), parquet")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--report", type=Path, help="write the table there")
    asked = parser.parse_args()
    project = Project.find()
    wanted = [name for name in asked.vendors.split(",") if name]
    feeds = [f for f in fuzzed_feeds(project) if not wanted or f.feed.vendor in wanted]
    whole = Result()
    for form in asked.forms.split(","):
        settings = Settings(
            asked.mutants, asked.seed, asked.folder.resolve(), asked.together, form == "parquet"
        )
        for part in fuzz(project, feeds, settings):
            whole.add_all(part)
            for fault in part.faults:
                print(f"FAULT {fault}", flush=True)
            print(f"{whole.mutants:,} mutants", flush=True)
            if asked.report:
                write(asked.report, whole, asked.seed, is_complete=False)
    if asked.report:
        write(asked.report, whole, asked.seed, is_complete=True)
    print(table(whole))
    return 1 if whole.faults else 0


if __name__ == "__main__":
    sys.exit(main())
